"""Computes the design page that is looked at, for each picture and each edit."""

from __future__ import annotations

from convlab.document.cache import StageCache
from convlab.document.kernel.design.example import show_example
from convlab.document.kernel.design.model import DesignPage
from convlab.document.kernel.design.shown import DesignShown
from convlab.document.kernel.design.trial import show_trial
from convlab.document.kernel.design.undoing import show_undoing
from convlab.document.kernel.design.waves import show_waves
from convlab.document.kernel.job import KernelJob
from convlab.engine.arrays import FloatArray
from convlab.engine.errors import as_message

_PARTS = {
    DesignPage.EXAMPLE: "example",
    DesignPage.WAVES: "waves",
    DesignPage.TRIAL: "trial",
    DesignPage.UNDO: "undoing",
}


class Designer:
    """Keeps the last answer; one worker owns it."""

    def __init__(self) -> None:
        self._cached = StageCache()

    def show(self, job: KernelJob, planes: FloatArray) -> DesignShown | None:
        """Return the page that is looked at; None: all are closed, and nothing is computed.

        Args:
            job: The picture, the lab's kernel, and what is wanted on the pages.
            planes: Those of the picture that are not muted, ``(C, H, W)``.
        """
        page, state = job.viewing.design, job.state
        if page is DesignPage.CLOSED:
            self._cached.forget("page")
            return None
        settings = getattr(state.design, _PARTS[page])
        kernel = state.weights, state.geometry, state.scaling
        key = (
            page,
            job.frame,
            job.spread,
            state.channels,
            settings,
            *kernel,
            job.stack,
            job.palette,
        )
        return self._cached("page", key, lambda: self._page(job, planes))

    def _page(self, job: KernelJob, planes: FloatArray) -> DesignShown:
        try:
            return self._computed(job, planes)
        except ValueError as error:  # said on the page; the lab goes on
            return DesignShown(text=as_message(error), is_warning=True)

    def _computed(self, job: KernelJob, planes: FloatArray) -> DesignShown:
        design, cached = job.state.design, self._cached
        match job.viewing.design:
            case DesignPage.EXAMPLE:
                return show_example(job, planes, design.example)
            case DesignPage.WAVES:
                return show_waves(job, planes, design.waves, cached)
            case DesignPage.UNDO:
                return show_undoing(job, planes, design.undoing, cached)
            case _:
                return show_trial(job, planes, design.trial, cached)
