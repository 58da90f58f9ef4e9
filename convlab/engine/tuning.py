"""How strongly a kernel answers to a bar or an edge that turns, and moves across it.

Measured as Hubel and Wiesel measured a simple cell ("Receptive fields of single neurones in the
cat's striate cortex", 1959): for each angle the stimulus moves over the kernel, and the strongest
answer counts. A sum below zero is no answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray

STEP = 5.0  # between two angles [degrees]
PACES = 80  # places of the stimulus on its way over the kernel
PEAK = 0.75  # of the strongest answer, and what is above belongs to the peak
ROUNDING = 1e-6  # of the sum of the magnitudes: less is no answer
ALIKE = 0.1  # a curve that varies by less than that share of its peak has no best angle


class Stimulus(StrEnum):
    """What moves over the kernel; the value is the name used in files."""

    BAR = "bar"
    EDGE = "edge"


@dataclass(frozen=True, slots=True, eq=False)
class Tuning:
    """A tuning curve.

    Attributes:
        angles: 0 to 355, where the line runs, counter-clockwise from the horizontal; an edge is
            bright on its left, seen along it [degrees].
        answers: The strongest answer at each, 0 where all are negative.
        best: Angle of the peak, between samples too; of a bar 0 to 180. None: all are alike.
        width: How far from it the answer has fallen to half [degrees]; None: it never does.
    """

    angles: FloatArray
    answers: FloatArray
    best: float | None
    width: float | None


def tuning(kernel: AnyArray, stimulus: Stimulus = Stimulus.BAR, bar: float = 3.0) -> Tuning:
    """Measure a kernel ``(kh, kw)``, laid as correlation.

    Args:
        kernel: The weights.
        stimulus: What moves.
        bar: Width of the bar [px].
    """
    is_bar = stimulus is Stimulus.BAR
    angles = np.arange(0.0, 180.0 if is_bar else 360.0, STEP)
    answers = np.array([passage(kernel, angle, stimulus, bar)[1].max() for angle in angles])
    answers = np.maximum(answers, 0.0)
    if is_bar:  # half a turn further it is the same bar
        angles, answers = np.arange(0.0, 360.0, STEP), np.tile(answers, 2)
    best = _peak(answers, 180.0 if is_bar else 360.0)
    width = None if best is None else _half_width(angles, answers, best)
    return Tuning(angles.astype(np.float32), answers.astype(np.float32), best, width)


def passage(
    kernel: AnyArray, degrees: float, stimulus: Stimulus = Stimulus.BAR, bar: float = 3.0
) -> tuple[FloatArray, FloatArray]:
    """Return the answers while the stimulus moves across the kernel, at right angles to its line.

    Back again the same answers come in the reverse order: no still kernel knows which way it went.

    Args:
        kernel: ``(kh, kw)``.
        degrees: Where the line runs.
        stimulus: What moves.
        bar: Width of the bar [px].

    Returns:
        Where the middle of the line is, left of the kernel's middle seen along it [px], ``(P,)``;
        and the sums there, ``(P,)``; what is rounding of their terms is 0.
    """
    weights = np.asarray(kernel, np.float32)
    reach = math.hypot(*weights.shape) / 2 + (bar / 2 if stimulus is Stimulus.BAR else 0.0) + 1.0
    places = np.linspace(-reach, reach, PACES + 1, dtype=np.float32)
    lights = light(weights.shape, degrees, places, stimulus, bar)
    answers = np.asarray(lights @ weights.ravel())
    answers[np.abs(answers) <= ROUNDING * np.abs(weights).sum()] = 0.0
    return places, answers


def light(
    shape: tuple[int, ...], degrees: float, places: AnyArray, stimulus: Stimulus, bar: float
) -> FloatArray:
    """Return how bright each cell is while the line stands at some places, ``(P, kh · kw)``.

    A cell that the rim of the stimulus crosses is as bright as its lit share.
    """
    rows, columns = shape
    angle = math.radians(degrees)
    y = (rows - 1) / 2 - np.arange(rows)[:, None]
    x = np.arange(columns)[None, :] - (columns - 1) / 2
    cell = abs(math.cos(angle)) + abs(math.sin(angle))  # its width across the line
    across = (y * math.cos(angle) - x * math.sin(angle)).astype(np.float32).ravel() / cell
    lit = (across + 0.5)[None, :] - (np.asarray(places, np.float32) / cell)[:, None]
    if stimulus is Stimulus.EDGE:
        return np.asarray(np.clip(lit, 0.0, 1.0))
    half = np.float32(bar / 2 / cell)
    return np.asarray(np.clip(lit + half, 0.0, 1.0) - np.clip(lit - half, 0.0, 1.0))


def _peak(answers: AnyArray, period: float) -> float | None:
    """Return the middle of the peak: small kernels have flat ones.

    None where there is no answer, where all are alike, or where several angles are as good.
    """
    curve = np.asarray(answers[: round(period / STEP)], np.float64)
    top, count = float(curve.max()), len(curve)
    if top <= 0.0 or top - float(curve.min()) < ALIKE * top:
        return None
    at = int(curve.argmax())
    rolled = np.roll(curve, count // 2 - at)  # the peak in the middle
    is_high = rolled >= PEAK * top
    low = np.flatnonzero(~is_high)
    first = int(low[low < count // 2].max(initial=-1)) + 1
    last = int(low[low > count // 2].min(initial=count))
    if is_high.sum() > last - first:  # another peak
        return None
    weights = rolled[first:last] - PEAK * top
    middle = float((weights * np.arange(first, last)).sum() / weights.sum())
    return (STEP * (middle - count // 2 + at)) % period


def _half_width(angles: AnyArray, answers: AnyArray, best: float) -> float | None:
    half = float(answers.max()) / 2
    away = np.abs((angles - best + 180.0) % 360.0 - 180.0)
    below = away[answers < half]
    return float(below.min()) if below.size else None
