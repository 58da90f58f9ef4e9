"""From what is said of a signal to its samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from convlab.document.signal.model import FIGURES, Held, SignalKind, SignalSpec
from convlab.engine import signals
from convlab.engine.arrays import AnyArray
from convlab.engine.conv1d import Signal

Read: TypeAlias = Callable[[str], Held | None]
"""Takes a path and returns what a sound of the program's own holds; None of any other file."""

_MAKERS: Mapping[SignalKind, Callable[..., Signal]] = MappingProxyType(
    {
        SignalKind.BOX: signals.box,
        SignalKind.TRIANGLE: signals.triangle,
        SignalKind.GAUSSIAN: signals.gaussian,
        SignalKind.DECAY: signals.decay,
        SignalKind.SPIKES: signals.spikes,
        SignalKind.SAWTOOTH: signals.sawtooth,
        SignalKind.DICE: lambda count, _step: signals.dice(count),
        SignalKind.TRACK: signals.track,
        SignalKind.EDGE: signals.edge,
        SignalKind.ECHO: signals.echo,
        SignalKind.LOW_PASS: signals.low_pass,
        SignalKind.REVERB: signals.reverb,
        SignalKind.STEP: signals.step_up,
        SignalKind.SINE: signals.sine,
        SignalKind.CHIRP: signals.chirp,
        SignalKind.SINC: signals.sinc,
        SignalKind.NOISE: signals.noise,
    }
)
"""Each takes the count, the step and the figures of its kind."""


def samples(
    spec: SignalSpec, count: int, step: float, read: Read, is_continuous: bool = False
) -> Signal:
    """Return a signal at t = n · step.

    Args:
        spec: The signal.
        count: Number of samples.
        step: Time between two of them.
        read: Gives the program's own sounds; asked only where the spec holds no samples itself.
        is_continuous: A normalised signal has an area of 1, not a sum of 1.

    Returns:
        float64 ``(count,)``. Files and drawings are cut, or go on with zeros.

    Raises:
        ValueError: A file holds what is no number.
    """
    maker = _MAKERS.get(spec.kind)
    if maker is None:
        signal = _held(spec, count, read)
    else:
        signal = maker(count, step, *(getattr(spec, name) for name in FIGURES[spec.kind]))
    return _normalised(signal, step if is_continuous else 1.0) if spec.is_normalised else signal


def held_of(spec: SignalSpec, read: Read) -> Held | None:
    """Return what the file of a signal holds; None if it has none, or one that nobody has read."""
    if not spec.is_from_file:
        return None
    return read(spec.path) if spec.held is None else spec.held


def _held(spec: SignalSpec, count: int, read: Read) -> Signal:
    """Return what was drawn, or is in a file; a signal without either is silence."""
    held = np.zeros(count)
    file = held_of(spec, read)
    values: AnyArray = np.asarray(spec.values, np.float64) if file is None else file.values
    values = values[:count]
    if not np.isfinite(values).all():
        index = int(np.flatnonzero(~np.isfinite(values))[0])
        raise ValueError(f"Value {index} is not a finite number: choose another file.")
    held[: len(values)] = values
    return held


def _normalised(signal: Signal, step: float) -> Signal:
    """Return the signal scaled to an area of 1; one without an area has no such scale."""
    area = float(signal.sum()) * step
    # What is left of +1 and −1 after rounding is no area either.
    if abs(area) <= 1e-12 * float(np.abs(signal).sum()) * step:
        return signal
    return signal / area
