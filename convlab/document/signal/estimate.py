"""How well an average of noisy measurements follows what was measured: its lag and its noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.document.signal.model import SignalKind, SignalState
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.conv1d import Signal, conv1d
from convlab.engine.signals import track

LONGEST = 20_000
"""Samples of a track that is compared with the truth."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """The truth behind a noisy track, and how far the average is from it.

    Attributes:
        truth: Where the car really is, ``(count,)``.
        lag: Mean age of what is averaged: a steady drive is followed so much later [time].
        noise: Root mean square of what is left of the measurement's errors.
        error: Root mean square of estimate − truth: lag and noise together.
        measured: Root mean square of measurement − truth, to compare with.
    """

    truth: Signal
    lag: float
    noise: float
    error: float
    measured: float


def estimate_of(f: Signal, g: Signal, result: FloatArray, state: SignalState) -> Estimate | None:
    """Compare a convolution of a noisy track with the track; None of any other signals.

    Before the first measurement there is nothing: what is averaged counts it as zero.
    """
    spec, count = state.f, state.count
    is_track = spec.kind is SignalKind.TRACK and not spec.is_normalised
    if not is_track or not state.is_flipped or count > LONGEST:
        return None
    truth = track(count, state.step, spec.position, spec.width, spec.height, noise=0.0)
    weights, ages = g, np.arange(count) * state.step
    total = float(weights.sum())
    lag = float((weights * ages).sum() / total) if total else 0.0
    scale = state.step if state.is_continuous else 1.0
    without = conv1d(truth, g)[:count] * scale
    estimate = result[:count].astype(np.float64)
    return Estimate(
        frozen(truth),
        lag,
        _root_mean_square(estimate - without),
        _root_mean_square(estimate - truth),
        _root_mean_square(f - truth),
    )


def _root_mean_square(values: Signal) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
