"""Run what is held, A, on the canvas of what is edited, B."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

from convlab.document.comparison import CompareMode
from convlab.document.kernel.auto_display import OutputRange, Shown
from convlab.document.kernel.compare import (
    ONE_PICTURE,
    Canvas,
    composed,
    difference,
    measure_apart,
    on_canvas,
)
from convlab.document.kernel.job import Compared, KernelJob, Panel
from convlab.document.kernel.model import Display
from convlab.document.kernel.panels import output_panel
from convlab.document.kernel.side import Key, Prepared, Side, looks_of
from convlab.engine.arrays import FloatArray
from convlab.engine.display import DisplayMode


class KernelComparer:
    """Runs what is held, on the canvas of what is edited; made while it is to be seen."""

    def __init__(self) -> None:
        self._side = Side()
        self._apart_range = OutputRange()

    @property
    def is_settled(self) -> bool:
        """No range is about to follow what it shows."""
        return self._side.range.is_settled and self._apart_range.is_settled

    def prepare(self, job: KernelJob, found: Prepared) -> tuple[Prepared, Canvas]:
        """Return A's output, and the same where B's lies.

        Args:
            job: A.
            found: Of B.

        Raises:
            ValueError: They cannot lie on each other, or A cannot be computed.
        """
        other = found.job
        if job.shows_planes or other.shows_planes:
            raise ValueError(ONE_PICTURE)
        is_same = job.state.channels == other.state.channels
        held = self._side.prepare(job, (found.own, found.planes) if is_same else None)
        key = (*held.key, other.axes, other.output_size)
        make = partial(on_canvas, job, held.convolved.planes, other)
        return held, self._side.cached("canvas", key, make)

    def show(
        self,
        found: Prepared,
        panel: Panel,
        held: Prepared,
        canvas: Canvas,
        painted: Shown,
        with_figures: bool,
    ) -> Compared:
        """Return what is painted of the comparison.

        Args:
            found: Of B.
            panel: B's output.
            held: Of A.
            canvas: A's output where B's lies.
            painted: How A is painted.
            with_figures: Statistics and numbers, too.
        """
        job = found.job
        key = (*held.key, *looks_of(held.job, painted), job.axes, job.output_size)
        make = partial(output_panel, replace(held.job, axes=job.axes), canvas.planes, *painted)
        side = self._side.panel("painted", key, make, with_figures)
        is_difference = job.comparison.mode is CompareMode.DIFFERENCE
        if not is_difference and not with_figures:
            return Compared(composed(job, panel, side), side)
        key = (*found.key, *held.key)
        try:
            apart = self._side.cached(
                "apart", key, lambda: difference(canvas, found.convolved.planes)
            )
        except ValueError as error:
            return Compared(composed(job, panel, side), side, message=str(error))
        figures = None
        if with_figures:
            figures = self._side.cached("figures", key, partial(measure_apart, canvas, apart))
        if is_difference:
            panel = self._difference(job, key, apart, with_figures)
        return Compared(composed(job, panel, side), side, figures)

    def _difference(self, job: KernelJob, key: Key, apart: FloatArray, with_figures: bool) -> Panel:
        """Return the panel of A − B, in signed colours over a range of its own."""
        display = Display(DisplayMode.SIGNED, curve=job.state.display.curve)
        job = replace(job, state=replace(job.state, display=display))
        painted = self._apart_range.choose(job, DisplayMode.SIGNED, apart, time.perf_counter())
        make = partial(output_panel, job, apart, *painted)
        return self._side.panel("difference", (*key, *looks_of(job, painted)), make, with_figures)
