"""One kernel's way from the picture to its panels; each stage keeps its last answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from convlab.document.cache import StageCache
from convlab.document.kernel.auto_display import OutputRange, painted_mode
from convlab.document.kernel.job import Convolved, KernelJob, Key, Panel, Prepared, Shown, Usage
from convlab.document.kernel.panels import input_panel, measured, output_panel, shrunk_by
from convlab.document.kernel.transposed import scatter, spread
from convlab.document.kernel.usage import usage_of, usage_panel
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.color import split, to_unit
from convlab.engine.conv2d import run_planned
from convlab.engine.conv_arguments import build_problem
from convlab.engine.conv_transpose2d import plan_transposed, scatter_add
from convlab.engine.planner import plan_problem


class Side:
    """One kernel's way from the picture to its panels; each stage keeps its last answer."""

    def __init__(self) -> None:
        self.cached = StageCache()
        self.range = OutputRange()

    def prepare(
        self, job: KernelJob, planes: tuple[AnyArray, FloatArray] | None = None
    ) -> Prepared:
        """Return the output of a job, and how it is painted by itself.

        Args:
            job: What is wanted.
            planes: What ``active_planes`` would return, if it is at hand.
        """
        state = job.state
        picture_key = (job.frame, state.channels, job.spread)
        key = (*picture_key, state.weights, state.per_channel, state.geometry, state.scaling)
        own, active = self.cached("planes", picture_key, lambda: planes or active_planes(job))
        convolved = self.cached("output", key, partial(convolve, job, active))
        mode = self.cached("mode", (*key, state.display), partial(painted_mode, job, active))
        painted = self.range.choose(job, mode, convolved.planes, time.perf_counter())
        return Prepared(job, key, own, active, convolved, painted)

    def input(self, found: Prepared, with_figures: bool) -> Panel:
        """Return the panel of the picture as it goes in."""
        job, geometry = found.job, found.job.state.geometry
        if job.viewing.shows_usage:
            counts = (job.axes, job.input_size, job.spread, job.palette, shrunk_by(job))
            return self.panel("uses", counts, partial(usage_panel, job), with_figures)
        looks = (job.axes, geometry.border, geometry.value, job.palette, shrunk_by(job))
        key = (job.frame, job.state.channels, job.spread, *looks)
        make = partial(input_panel, job, found.own, found.planes)
        return self.panel("input", key, make, with_figures, found.own)

    def usage(self, job: KernelJob) -> Usage | None:
        """Return how the outputs share the picture, if that is looked at."""
        if not job.viewing.shows_usage:
            return None
        return self.cached("usage", (job.axes, job.input_size, job.spread), partial(usage_of, job))

    def output(self, found: Prepared, painted: Shown, with_figures: bool) -> Panel:
        """Return the panel of the output, painted in a way."""
        job, looks = found.job, looks_of(found.job, painted)
        make = partial(output_panel, job, found.convolved.planes, *painted)
        return self.panel("painted", (*found.key, *looks), make, with_figures)

    def panel(
        self,
        stage: str,
        key: Key,
        make: Callable[[], Panel],
        with_figures: bool,
        own: AnyArray | None = None,
    ) -> Panel:
        """Return a panel, with its figures if they are wanted."""
        panel = self.cached(stage, key, make)
        if not with_figures:
            return panel
        return self.cached(stage + " figures", key, lambda: measured(panel, own))


def looks_of(job: KernelJob, painted: Shown) -> Key:
    """Return all that the colours of an output depend on."""
    return (painted, job.state.display.curve, job.palette, shrunk_by(job))


def active_planes(job: KernelJob) -> tuple[AnyArray, FloatArray]:
    """Return the planes that are not muted, in the picture's own type and as float32."""
    channels = job.state.channels
    own = split(job.frame.pixels, channels.space)
    active = channels.active()
    if len(active) < len(own):
        own = own[list(active)]
    planes = to_unit(own)
    return spread(own, job.spread), frozen(spread(planes, job.spread))


def convolve(job: KernelJob, planes: FloatArray) -> Convolved:
    """Return the output planes: one per input plane, or one for their sum."""
    layer = job.layer
    started = time.perf_counter()
    if job.copies is not None:
        step = job.spread
        scattered = scatter(planes[:, ::step, ::step], layer, job.copies)
        plan, output = plan_transposed(scattered), scatter_add(scattered)[0]
    else:
        problem, _ = build_problem(planes, layer.weight, layer.offsets, **layer.arguments)
        plan = plan_problem(problem)
        output = run_planned(problem, plan)[0]
    return Convolved(frozen(output), plan, (time.perf_counter() - started) * 1000)
