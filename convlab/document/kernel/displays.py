"""The same output in four displays, and how much of it each clips."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.document.cache import StageCache
from convlab.document.kernel.job import KernelJob, Panel, Prepared, Shown
from convlab.document.kernel.panels import output_panel
from convlab.document.kernel.side import looks_of
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.display import DisplayMode

MODES = (DisplayMode.RAW, DisplayMode.ABSOLUTE, DisplayMode.CLIPPED, DisplayMode.OFFSET)
FOLLOWING = (DisplayMode.SIGNED, DisplayMode.ABSOLUTE)


@dataclass(frozen=True, slots=True, eq=False)
class DisplayShown:
    """The output in one display.

    Attributes:
        mode: Which.
        panel: Its colours, whose numbers are what the display stands for.
        clipped: Share of the values beyond the ends of its colours, 0 to 1.
    """

    mode: DisplayMode
    panel: Panel
    clipped: float


def take_displays(cached: StageCache, found: Prepared) -> tuple[DisplayShown, ...]:
    """Return the output in each display; none where nobody looks at them.

    Args:
        cached: Keeps what need not be made again.
        found: The output.
    """
    job = found.job
    if not job.viewing.shows_displays:
        return ()
    shown = []
    for mode in MODES:
        painted = Shown(mode, limit_of(job, mode, found.painted))
        key = (*found.key, *looks_of(job, painted))

        def make(painted: Shown = painted) -> DisplayShown:
            return _display(job, found.convolved.planes, painted)

        shown.append(cached(f"display {mode}", key, make))
    return tuple(shown)


def limit_of(job: KernelJob, mode: DisplayMode, painted: Shown) -> float | None:
    """Return the largest magnitude painted; None: the picture's white, or the largest there is.

    Absolute values follow the picture as signed ones do; a chosen range holds for all.
    """
    if job.state.display.limit is not None:
        return job.state.display.limit
    return painted.limit if mode is DisplayMode.ABSOLUTE and painted.mode in FOLLOWING else None


def _display(job: KernelJob, output: FloatArray, painted: Shown) -> DisplayShown:
    panel = output_panel(job, output, *painted)
    return DisplayShown(painted.mode, panel, clipped_share(panel.planes, panel))


def clipped_share(values: FloatArray, panel: Panel) -> float:
    """Return which share of some values lies beyond the ends of a panel's colours, 0 to 1.

    What is beyond by no more than rounding is not clipped.
    """
    rounding = panel.scale.rounding
    low, high = panel.scale.low - rounding, panel.scale.high + rounding
    beyond = np.count_nonzero(values < low) + np.count_nonzero(values > high)
    return float(beyond / values.size)


def as_shown(panel: Panel, values: FloatArray) -> FloatArray:
    """Return the numbers that some values ``(C, ...)`` of an output are shown as."""
    if not panel.parts:
        return panel.shown(values)
    pairs = zip(panel.parts, values, strict=True)
    return frozen(np.stack([part.shown(plane) for part, plane in pairs]))
