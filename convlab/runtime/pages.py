"""The page worker: what takes longer than the picture is computed beside it, of the newest one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from convlab.document.document import Lab
from convlab.document.job import Result
from convlab.document.request import AnyShown, PageEvaluator
from convlab.engine.parallel import stay_on_one_core
from convlab.runtime.latest import Latest
from convlab.runtime.result_worker import ResultWorker

PageEvaluators: TypeAlias = Mapping[Lab, Callable[[], PageEvaluator]]
"""What makes the page evaluator of each lab that has pages."""


class PageWorker(ResultWorker):
    """A thread that is given results of the compute worker, and makes the pages beside them.

    So the picture and what an edit does to it never wait for a page. A page's result has the order
    of the picture's: it is shown if that is above the last one's, however new the picture is by
    then.

    Args:
        evaluators: Of each lab that has pages.
        on_result: As of ResultWorker.
        on_error: As of ResultWorker.
    """

    def __init__(
        self,
        evaluators: PageEvaluators,
        on_result: Callable[[], None],
        on_error: Callable[[str], None],
    ) -> None:
        super().__init__("pages", on_result, on_error)
        self.pictures: Latest[Result] = Latest(self._wake)
        self._makers = evaluators
        self._evaluator: PageEvaluator | None = None  # of the lab whose pages are open
        self._lab: Lab | None = None
        self._unanswered: Result | None = None  # it outlives an error

    def _compute(self) -> None:
        stay_on_one_core()
        while True:
            if self._unanswered is None:
                self._wake.wait()
            self._wake.clear()
            if self._stopping.is_set():
                return
            self._unanswered = self.pictures.take() or self._unanswered
            if self._unanswered is not None:
                self._publish(self._result(self._unanswered))
                self._unanswered = None

    def _result(self, picture: Result) -> Result:
        pages, error = self._answer(lambda: self._pages(picture))
        if pages is None:
            self._evaluator = None  # nothing is kept of what is closed
        return replace(picture, shown=pages, error=error)

    def _pages(self, picture: Result) -> AnyShown | None:
        """Return the pages beside a picture; None: none is open, or there is no picture."""
        lab = picture.lab
        if picture.shown is None or lab is None or lab not in self._makers:
            return None
        if self._evaluator is None or self._lab is not lab:
            self._lab, self._evaluator = lab, self._makers[lab]()
        return self._evaluator.answer(picture.shown)
