"""Run what is held, A, on the canvas of what is edited, B."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

from convlab.document.comparison import CompareMode
from convlab.document.kernel.auto_display import OutputRange
from convlab.document.kernel.compare import (
    Canvas,
    check_planes,
    composed,
    difference,
    measure_apart,
    on_canvas,
)
from convlab.document.kernel.job import Compared, KernelJob, Key, Panel, Prepared, Shown
from convlab.document.kernel.model import Display
from convlab.document.kernel.panels import output_panel
from convlab.document.kernel.side import Side, looks_of
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
        check_planes(job, other)
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
        mode, key = found.job.comparison.mode, (*found.key, *held.key)
        apart, figures, message = None, None, ""
        if with_figures or mode is CompareMode.DIFFERENCE:
            try:
                make = partial(difference, canvas, found.convolved.planes)
                apart = self._side.cached("apart", key, make)
            except ValueError as error:
                message = str(error)
        if with_figures and apart is not None:
            figures = self._side.cached("figures", key, partial(measure_apart, canvas, apart))
        if mode is CompareMode.DIFFERENCE:
            if apart is None:
                return Compared(panel, message=message)
            other = self._difference(found.job, key, apart, with_figures)
            return Compared(other, mode, None, figures)
        side = self._held_panel(found, held, canvas, painted, with_figures)
        turns = side if mode is CompareMode.BLINK else None
        return Compared(composed(found.job, panel, side), mode, turns, figures, message)

    def _held_panel(
        self, found: Prepared, held: Prepared, canvas: Canvas, painted: Shown, with_figures: bool
    ) -> Panel:
        """Return A's output on B's canvas; beside a line it has no axis of its own."""
        job = found.job
        key = (*held.key, *looks_of(held.job, painted), job.axes, job.output_size)
        make = partial(output_panel, replace(held.job, axes=job.axes), canvas.planes, *painted)
        has_axis = job.comparison.mode is not CompareMode.WIPE
        return self._side.panel("painted", key, make, with_figures and has_axis)

    def _difference(self, job: KernelJob, key: Key, apart: FloatArray, with_figures: bool) -> Panel:
        """Return the panel of A − B, in signed colours over a range of its own."""
        display = Display(DisplayMode.SIGNED, curve=job.state.display.curve)
        job = replace(job, state=replace(job.state, display=display))
        painted = self._apart_range.choose(job, DisplayMode.SIGNED, apart, time.perf_counter())
        make = partial(output_panel, job, apart, *painted)
        return self._side.panel("difference", (*key, *looks_of(job, painted)), make, with_figures)
