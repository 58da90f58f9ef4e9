"""The compute worker: the newest request and the newest frame become the newest result."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from convlab.document.document import Document, Lab, Viewing
from convlab.document.frame import Frame
from convlab.document.input_range import Ranged
from convlab.document.job import Result
from convlab.document.learning.training import Training
from convlab.document.request import LabEvaluator, Outdated, Request
from convlab.engine import heap
from convlab.networks.interrupt import Interrupt
from convlab.runtime.latest import Latest
from convlab.runtime.result_worker import ResultWorker

Evaluators: TypeAlias = Mapping[Lab, Callable[[], LabEvaluator]]
"""What makes the evaluator of each lab."""

_Wanted: TypeAlias = tuple[int, Document, Viewing]


class ComputeWorker(ResultWorker):
    """A thread that lets the evaluator of the lab on the screen answer.

    Args:
        evaluators: Of each lab.
        on_result: As of ResultWorker.
        on_error: As of ResultWorker.
        pictures: Is given each result beside which there are pages, and the one that ends them.
    """

    def __init__(
        self,
        evaluators: Evaluators,
        on_result: Callable[[], None],
        on_error: Callable[[str], None],
        pictures: Latest[Result] | None = None,
    ) -> None:
        super().__init__("compute", on_result, on_error)
        self._requests: Latest[_Wanted] = Latest(self._wake)
        self.frames: Latest[Frame] = Latest(self._wake)
        self.trainings: Latest[Training] = Latest(self._wake)
        self._pictures = pictures
        self._had_pages = False
        self._generation = 0
        self._is_held = False
        self._evaluators = {lab: make() for lab, make in evaluators.items()}
        # What is answered; it outlives an error.
        self._wanted: _Wanted | None = None
        self._frame: Frame | None = None
        self._training: Training | None = None
        self._interrupt = Interrupt()  # of what is computed, if that may give way
        self._ranged = Ranged()
        self._turn = 0
        self._largest = 0  # picture since memory was given back [bytes]

    @property
    def generation(self) -> int:
        """Number of the newest request."""
        return self._generation

    def request(self, document: Document, viewing: Viewing) -> None:
        """Ask for the present frame and all later ones to be shown like this."""
        self._generation += 1
        self._requests.put((self._generation, document, viewing))
        self._interrupt.set()

    def hold(self, is_held: bool) -> None:
        """Say whether a hand drags something; what waited for it is answered when it lets go."""
        self._is_held = is_held
        if not is_held:
            self._wake.set()

    def _compute(self) -> None:
        answered: _Wanted | None = None
        is_complete = self._wanted is None  # what an error cut off is answered again
        due = 0.0
        while True:
            self._wake.wait(None if is_complete else max(due - time.perf_counter(), 0.0))
            self._wake.clear()
            if self._stopping.is_set():
                return
            arrived, learned = self.frames.take(), self.trainings.take()
            self._wanted = wanted = self._requests.take() or self._wanted
            self._frame = frame = arrived or self._frame
            self._training = learned or self._training
            if wanted is None or frame is None:
                continue
            looked_at = wanted[2].shown_part
            is_news = (arrived and looked_at.shows_source) or (learned and looked_at.shows_training)
            if wanted is not answered or not is_complete or is_news:
                self._turn += 1
                ranged = self._ranged.of(frame, wanted[1].input_range)
                request = Request(*wanted, ranged, self._training, self._is_held)
                if wanted is answered:
                    self._let_interrupt(request.interrupt)
                try:
                    result = self._result(request)
                except Outdated:
                    continue  # to the edit, with the newest frame there is then
                answered, is_complete = wanted, result.is_complete
                due = self._evaluators[wanted[2].lab].due
                self._pass_to_pages(result, looked_at.shows_pages)
                self._publish(result)
                if is_complete:
                    self._give_back(frame.pixels.nbytes)

    def _let_interrupt(self, interrupt: Interrupt) -> None:
        """Let the next request set an interrupt."""
        self._interrupt = interrupt
        if self._requests.is_full():  # it came before
            interrupt.set()

    def _result(self, request: Request) -> Result:
        frame, lab = request.frame.index, request.viewing.lab
        shown, error = self._answer(lambda: self._evaluators[lab].answer(request))
        return Result(request.generation, frame, shown, error, self._turn, lab)

    def _pass_to_pages(self, result: Result, has_pages: bool) -> None:
        """Let the pages be made of a result; nobody waits for them here."""
        if self._pictures is not None and (has_pages or self._had_pages):
            self._pictures.put(result)
        self._had_pages = has_pages

    def _give_back(self, size: int) -> None:
        """Let go of the memory of a much larger picture, once nothing of it is on the screen."""
        if size < self._largest // 4:
            heap.give_back()
            self._largest = 0
        self._largest = max(self._largest, size)
