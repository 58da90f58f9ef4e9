"""What a kernel does by itself: to waves, as columns times rows, and to a bar that turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from convlab.document.painted import Painted, paint
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.color_maps import Palette
from convlab.engine.display import DisplayMode, Scale
from convlab.engine.rank_one import RankOne, rank_one_parts
from convlab.engine.spectrum import spectrum
from convlab.engine.tuning import Stimulus, Tuning, light, passage, tuning
from convlab.engine.value_range import ROUNDING, nice_ceiling
from convlab.layers.parameters import choice, decimal

WAVES = 128  # along each side of the map of waves
CELLS = 9  # of the stimulus shown along each cell of a small kernel
SHOWN = 99  # pixels of the stimulus at most


class AnalysisPage(StrEnum):
    """What of a kernel is looked at."""

    CLOSED = "closed"
    FREQUENCY = "frequency"
    RANK = "rank"
    TUNING = "tuning"


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a kernel is measured with.

    Attributes:
        stimulus: What turns, and moves over it.
        bar: Width of the bar [px].
    """

    stimulus: Stimulus = field(
        default=Stimulus.BAR,
        metadata=choice(
            "Stimulus",
            ((Stimulus.BAR, "bar"), (Stimulus.EDGE, "edge")),
            "<i>bar</i>: bright on dark, the same at 180° more.<br><i>edge</i>: bright on "
            "the left of its line, seen along it, dark on the right.",
        ),
    )
    bar: float = field(
        default=3.0,
        metadata=decimal(
            "Bar",
            0.5,
            32.0,
            0.5,
            "A bar that is wider than the kernel is no bar to it: it sees nothing but white.",
            unit="px",
            title="Width of the bar",
            noun="width of the bar",
            needs=("stimulus", Stimulus.BAR),
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """By how much a kernel multiplies each wave.

    Attributes:
        map: Magnitudes from −1/2 to 1/2 cycles per pixel, the flat picture in the middle.
        cycles: 0 to 1/2 per pixel, ``(N,)``.
        across: Of waves that change from left to right, ``(N,)``.
        down: Of waves that change from top to bottom, ``(N,)``.
    """

    map: Painted
    cycles: FloatArray
    across: FloatArray
    down: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class TuningShown:
    """A tuning curve, and one angle of it at length.

    Attributes:
        curve: Of all angles.
        stimulus: Which it was.
        angle: The one that is looked at [degrees].
        places: Of the stimulus on its way across the kernel [px].
        answers: Sums there.
        place: Where the answer is strongest; the middle where there is none [px].
        picture: The kernel's patch while the answer is strongest.
    """

    curve: Tuning
    stimulus: Stimulus
    angle: float
    places: FloatArray
    answers: FloatArray
    place: float
    picture: Painted


@dataclass(frozen=True, slots=True, eq=False)
class Analysed:
    """The page that is looked at; the others are None."""

    waves: Waves | None = None
    parts: tuple[RankOne, ...] | None = None
    tuning: TuningShown | None = None


def waves_of(kernel: FloatArray, palette: Palette) -> Waves:
    """Return what a kernel ``(kh, kw)`` does to waves."""
    magnitudes = np.abs(spectrum(kernel, (WAVES, WAVES))).astype(np.float32)
    magnitudes[magnitudes <= ROUNDING * float(np.abs(kernel).sum())] = 0.0
    scale = Scale(0.0, nice_ceiling(float(magnitudes.max())))
    middle = WAVES // 2
    # The fastest wave has its place at −1/2 only.
    across = np.append(magnitudes[middle, middle:], magnitudes[middle, 0])
    down = np.append(magnitudes[middle:, middle], magnitudes[0, middle])
    cycles = np.linspace(0.0, 0.5, middle + 1, dtype=np.float32)
    map = paint(magnitudes[np.newaxis], DisplayMode.ABSOLUTE, scale, palette)
    return Waves(map, frozen(cycles), frozen(across), frozen(down))


def parts_of(kernel: FloatArray) -> tuple[RankOne, ...]:
    """Return the columns and rows that make a kernel."""
    return rank_one_parts(kernel)


def shown_tuning(
    kernel: FloatArray, analysis: Analysis, curve: Tuning, angle: float
) -> TuningShown:
    """Return a curve with one angle of it at length."""
    places, answers = passage(kernel, angle, analysis.stimulus, analysis.bar)
    best = float(places[int(answers.argmax()) if answers.any() else len(places) // 2])
    picture = _picture(kernel, analysis, angle, best)
    return TuningShown(curve, analysis.stimulus, angle, places, answers, best, picture)


def curve_of(kernel: FloatArray, analysis: Analysis) -> Tuning:
    """Return how strongly a kernel answers at each angle."""
    return tuning(kernel, analysis.stimulus, analysis.bar)


def _picture(kernel: AnyArray, analysis: Analysis, angle: float, place: float) -> Painted:
    """Return the stimulus over the kernel's cells, finer than they are where that can be."""
    rows, columns = kernel.shape
    fine = max(min(CELLS, SHOWN // max(rows, columns)), 1)
    shape = rows * fine, columns * fine
    lit = light(shape, angle, np.array([place * fine]), analysis.stimulus, analysis.bar * fine)
    planes = lit.reshape(1, *shape).astype(np.float32)
    return paint(planes, DisplayMode.CLIPPED, Scale(0.0, 1.0))
