"""The pages beside the kernel lab's picture: designed, analysed, in four displays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from convlab.document.cache import StageCache
from convlab.document.kernel.analysis import (
    Analysed,
    AnalysisPage,
    curve_of,
    parts_of,
    shown_tuning,
    waves_of,
)
from convlab.document.kernel.design.designer import Designer
from convlab.document.kernel.design.shown import DesignShown
from convlab.document.kernel.displays import DisplayShown, take_displays
from convlab.document.kernel.job import KernelJob, KernelShown
from convlab.document.request import PageEvaluator


@dataclass(frozen=True, slots=True, eq=False)
class KernelPages:
    """What stands beside one picture.

    Attributes:
        job: The picture's.
        design: The design page that is looked at; None: none is.
        displays: The output in four displays; none where nobody looks at them.
        analysed: What of the kernel by itself is looked at; None: nothing is.
    """

    job: KernelJob
    design: DesignShown | None
    displays: tuple[DisplayShown, ...]
    analysed: Analysed | None

    @property
    def is_complete(self) -> bool:
        """All that is looked at is there."""
        return True


class KernelPageEvaluator(PageEvaluator):
    """Computes the pages that are looked at; each keeps its last answer."""

    def __init__(self) -> None:
        self._cached = StageCache()
        self._designer = Designer()

    def answer(self, shown: KernelShown) -> KernelPages | None:
        """Return the pages that are looked at; None: all are closed."""
        job = shown.job
        if not job.viewing.shows_pages:
            return None
        return KernelPages(
            job,
            self._designer.show(job, shown.found.planes),
            take_displays(self._cached, shown.found),
            analyse(self._cached, job),
        )


def analyse(cached: StageCache, job: KernelJob) -> Analysed | None:
    """Return what of the kernel by itself is looked at."""
    state, page = job.state, job.viewing.analysis
    if page is AnalysisPage.CLOSED:
        return None
    kernel_key = (state.weights, state.scaling, state.geometry.flip)
    kernel = cached("kernel", kernel_key, state.laid)
    if page is AnalysisPage.FREQUENCY:
        make = partial(waves_of, kernel, job.palette)
        return Analysed(waves=cached("waves", (*kernel_key, job.palette), make))
    if page is AnalysisPage.RANK:
        return Analysed(parts=cached("parts", kernel_key, partial(parts_of, kernel)))
    key = (*kernel_key, state.analysis)
    curve = cached("curve", key, partial(curve_of, kernel, state.analysis))
    angle = job.viewing.analysis_angle
    make_shown = partial(shown_tuning, kernel, state.analysis, curve, angle)
    return Analysed(tuning=cached("tuning", (*key, angle), make_shown))
