"""Run a KernelJob: planes, convolution, colours, statistics, the sum under the cursor.

What takes longer than that stands on pages of its own, which ``pages.py`` computes.

Each stage keeps its last answer, so that an edit recomputes only what it touches: turning the
colour map does not convolve again, moving the mouse does not paint again.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from functools import partial

from convlab.document.comparison import CompareMode
from convlab.document.kernel.compare import common_range, has_common_range
from convlab.document.kernel.comparer import KernelComparer
from convlab.document.kernel.design.model import DesignPage
from convlab.document.kernel.detail import sums, take_profile
from convlab.document.kernel.displays import as_shown
from convlab.document.kernel.job import (
    Compared,
    Convolved,
    KernelJob,
    KernelShown,
    KernelTiming,
    Panel,
    Prepared,
)
from convlab.document.kernel.live_tuning import TuningRecord
from convlab.document.kernel.resolve import resolve
from convlab.document.kernel.side import Side
from convlab.document.kernel.slide import take_slide
from convlab.document.request import LATER, LabEvaluator, Request
from convlab.engine.errors import as_message

FIGURES_EVERY = 0.12  # statistics that change faster cannot be read [s]
LARGE = 1 << 22  # values of an output whose figures may be waited for
FIGURES_PATIENCE = (
    1.0  # under a hand that does not rest, those of a large picture come as often [s]
)


class KernelEvaluator(LabEvaluator):
    """Runs jobs one after another; not thread-safe, one worker owns it."""

    def __init__(self) -> None:
        self._side = Side()
        self._comparer: KernelComparer | None = None
        self._tuning = TuningRecord()
        self._figures_due = 0.0
        self._subject: object = None  # of the last answer

    def answer(self, request: Request) -> KernelShown:
        """Return what is painted of the kernel of a document.

        Statistics and histograms come with it when the last ones are old enough, and soon after
        the last one, so that what stands still is always complete.
        """
        viewing = request.viewing
        job = resolve(
            request.document.kernel,
            viewing.kernel,
            request.frame,
            request.generation,
            viewing.palette,
            request.is_held,
        )
        if job.viewing.design is DesignPage.TRIAL:
            job = replace(job, stack=request.document.stack)
        now = time.perf_counter()
        with_figures = self._is_time_for_figures(job, now)
        if with_figures:
            self._figures_due = now + FIGURES_EVERY
        # A range that waits for a hand to let go is not looked at before.
        self.due = now + LATER if with_figures and request.is_held else self._figures_due
        return self.run(job, with_figures)

    def _is_time_for_figures(self, job: KernelJob, now: float) -> bool:
        """Tell whether the statistics come with this answer.

        Those of a large picture take longer than a person waits: they follow once it is painted.
        """
        is_waited_for = len(job.names) * math.prod(job.output_size) > LARGE
        subject = (job.frame, job.state)
        is_new, self._subject = subject != self._subject, subject
        if is_waited_for and is_new:
            return now >= self._figures_due + FIGURES_PATIENCE
        return now >= self._figures_due

    def run(self, job: KernelJob, with_figures: bool = True) -> KernelShown:
        """Return everything the window paints for a job.

        Args:
            job: What is wanted.
            with_figures: Statistics and histograms, too; they take a third of all the time.

        Raises:
            ValueError: The border cannot be built for this picture.
        """
        started, side = time.perf_counter(), self._side
        found = side.prepare(job)
        planes, output = found.planes, found.convolved.planes
        shown_input = side.input(found, with_figures)
        shown_output, compared = self._compare(found, with_figures)
        timing = side.cached("timing", found.key, partial(_timing, found.convolved, started))
        comparer, behind = self._comparer, sums(job, planes, output)
        return KernelShown(
            found,
            shown_input,
            shown_output,
            behind,
            take_profile(job, planes, output, partial(as_shown, shown_output)),
            take_slide(job, planes, output, partial(as_shown, shown_output)),
            side.usage(job),
            timing,
            side.range.is_settled and (comparer is None or comparer.is_settled),
            compared,
            self._tuning.note(found, behind),
        )

    def _compare(self, found: Prepared, with_figures: bool) -> tuple[Panel, Compared | None]:
        """Return the panel of the output, and the comparison that it stands in."""
        job, side, painted = found.job, self._side, found.painted
        if job.held is None:
            self._comparer = None  # what was held is not kept in memory
            panel = side.output(found, painted, with_figures)
            return panel, Compared(panel, message=job.held_error) if job.held_error else None
        comparer = self._comparer = self._comparer or KernelComparer()
        try:
            held, canvas = comparer.prepare(job.held, found)
        except ValueError as error:
            panel = side.output(found, painted, with_figures)
            return panel, Compared(panel, message=as_message(error))
        output, held_output = found.convolved.planes, held.convolved.planes
        has_range = has_common_range(painted, held.painted)
        painted, held_painted = common_range(job, painted, output, held.painted, held_output)
        panel = side.output(found, painted, with_figures)
        compared = comparer.show(found, panel, held, canvas, held_painted, with_figures)
        is_apart = compared.mode is CompareMode.DIFFERENCE
        return panel, replace(compared, has_range=has_range and not is_apart)


def _timing(convolved: Convolved, started: float) -> KernelTiming:
    """Time of the work since ``started``; kept until there is something to convolve again."""
    total = (time.perf_counter() - started) * 1000
    return KernelTiming(convolved.plan, convolved.milliseconds, total)
