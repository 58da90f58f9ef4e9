"""Run a KernelJob: planes, convolution, colours, statistics, the sum under the cursor.

Each stage keeps its last answer, so that an edit recomputes only what it touches: turning the
colour map does not convolve again, moving the mouse does not paint again.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from convlab.document.cache import StageCache
from convlab.document.kernel.auto_display import OutputRange, painted_mode
from convlab.document.kernel.detail import sums, take_profile
from convlab.document.kernel.job import KernelJob, KernelShown, KernelTiming, Panel
from convlab.document.kernel.panels import input_panel, measured, output_panel, shrunk_by
from convlab.document.kernel.resolve import resolve
from convlab.document.kernel.slide import take_slide
from convlab.document.request import LATER, LabEvaluator, Request
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.color import split, to_unit
from convlab.engine.conv2d import run_planned
from convlab.engine.conv_arguments import build_problem
from convlab.engine.planner import Plan, plan_problem

FIGURES_EVERY = 0.12  # statistics that change faster cannot be read [s]
LARGE = 1 << 22  # values of an output whose figures may be waited for
FIGURES_PATIENCE = (
    1.0  # under a hand that does not rest, those of a large picture come as often [s]
)
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Convolved:
    """Output planes ``(C, H', W')``, the plan they were made by and how long it took [ms]."""

    planes: FloatArray
    plan: Plan
    milliseconds: float


class KernelEvaluator(LabEvaluator):
    """Runs jobs one after another; not thread-safe, one worker owns it."""

    def __init__(self) -> None:
        self._cached = StageCache()
        self._range = OutputRange()
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
        started = time.perf_counter()
        state, geometry = job.state, job.state.geometry
        picture_key = (job.frame, state.channels)
        output_key = (*picture_key, state.weights, geometry, state.scaling)
        padding_key = (job.padding, geometry.border, geometry.value)

        own, planes = self._cached("planes", picture_key, partial(active_planes, job))
        convolved = self._cached("output", output_key, partial(convolve, job, planes))
        output = convolved.planes
        shown_input = self._panel(
            "input",
            (*picture_key, *padding_key, job.palette, shrunk_by(job)),
            partial(input_panel, job, own, planes),
            with_figures,
            own,
        )
        mode = self._cached(
            "mode", (*output_key, state.display), partial(painted_mode, job, planes)
        )
        painted = self._range.choose(job, mode, output, time.perf_counter())
        shown_output = self._panel(
            "painted",
            (*output_key, painted, state.display.curve, job.palette, shrunk_by(job)),
            partial(output_panel, job, output, *painted),
            with_figures,
        )
        timing = self._cached("timing", output_key, partial(_timing, convolved, started))
        return KernelShown(
            job,
            shown_input,
            shown_output,
            sums(job, planes, output),
            take_profile(job, planes, output),
            take_slide(job, planes, shown_output.planes),
            timing,
            self._range.is_settled,
        )

    def _panel(
        self,
        stage: str,
        key: Key,
        make: Callable[[], Panel],
        with_figures: bool,
        own: AnyArray | None = None,
    ) -> Panel:
        """Return a panel, with its figures if they are wanted."""
        panel = self._cached(stage, key, make)
        if not with_figures:
            return panel
        return self._cached(stage + " figures", key, lambda: measured(panel, own))


def _timing(convolved: Convolved, started: float) -> KernelTiming:
    """Time of the work since ``started``; kept until there is something to convolve again."""
    total = (time.perf_counter() - started) * 1000
    return KernelTiming(convolved.plan, convolved.milliseconds, total)


def active_planes(job: KernelJob) -> tuple[AnyArray, FloatArray]:
    """Return the planes that are not muted, in the picture's own type and as float32."""
    channels = job.state.channels
    own = split(job.frame.pixels, channels.space)
    active = channels.active()
    if len(active) < len(own):
        own = own[list(active)]
    return own, frozen(to_unit(own))


def convolve(job: KernelJob, planes: FloatArray) -> Convolved:
    """Return the output planes: one per input plane, or one for their sum."""
    layer = job.layer
    started = time.perf_counter()
    problem, _ = build_problem(planes, layer.weight, layer.offsets, **layer.arguments)
    plan = plan_problem(problem)
    output = run_planned(problem, plan)[0]
    return Convolved(frozen(output), plan, (time.perf_counter() - started) * 1000)
