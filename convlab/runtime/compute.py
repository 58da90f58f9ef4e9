"""The compute worker: the newest request and the newest frame become the newest result."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from convlab.document.document import Document, Lab, Viewing
from convlab.document.frame import Frame
from convlab.document.job import Result
from convlab.document.learning.training import Training
from convlab.document.request import LabEvaluator, Request
from convlab.engine.errors import as_message
from convlab.runtime.latest import Latest
from convlab.runtime.memory import give_back_blocks
from convlab.runtime.priority import go_behind_window
from convlab.runtime.supervision import keep_working

log = logging.getLogger(__name__)

PATIENCE = 0.1  # how long a stop may have to wait [s]

Evaluators: TypeAlias = Mapping[Lab, Callable[[], LabEvaluator]]
"""What makes the evaluator of each lab."""

_Wanted: TypeAlias = tuple[int, Document, Viewing]


class ComputeWorker:
    """A thread that lets the evaluator of the lab on the screen answer.

    Args:
        evaluators: Of each lab.
        on_result: Called in the worker's thread when a result was put into an empty box. It must
            do no more than wake the taker.
        on_error: Takes a message about what nobody foresaw; called in the worker's thread.
    """

    def __init__(
        self, evaluators: Evaluators, on_result: Callable[[], None], on_error: Callable[[str], None]
    ) -> None:
        self._wake = threading.Event()
        self._requests: Latest[_Wanted] = Latest(self._wake)
        self.frames: Latest[Frame] = Latest(self._wake)
        self.trainings: Latest[Training] = Latest(self._wake)
        self.results: Latest[Result] = Latest()
        self._on_result = on_result
        self._on_error = on_error
        self._stopping = threading.Event()
        self._generation = 0
        self._is_held = False
        self._evaluators = {lab: make() for lab, make in evaluators.items()}
        # What is answered; it outlives an error.
        self._wanted: _Wanted | None = None
        self._frame: Frame | None = None
        self._training: Training | None = None
        self._turn = 0
        self._largest = 0  # picture since memory was given back [bytes]
        self._thread = threading.Thread(target=self._work, name="convlab-compute")

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    @property
    def generation(self) -> int:
        """Number of the newest request."""
        return self._generation

    def request(self, document: Document, viewing: Viewing) -> None:
        """Ask for the present frame and all later ones to be shown like this."""
        self._generation += 1
        self._requests.put((self._generation, document, viewing))

    def hold(self, is_held: bool) -> None:
        """Say whether a hand drags something; what waited for it is answered when it lets go."""
        self._is_held = is_held
        if not is_held:
            self._wake.set()

    def stop(self) -> None:
        """End the thread after the job in hand."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        go_behind_window()
        keep_working(self._compute, "Computing", self._stopping.wait, self._on_error)

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
                result = self._answer(Request(*wanted, frame, self._training, self._is_held))
                answered, is_complete = wanted, result.is_complete
                due = self._evaluators[wanted[2].lab].due
                self._publish(result)
                if is_complete:
                    self._give_back(frame.pixels.nbytes)

    def _give_back(self, size: int) -> None:
        """Let go of the memory of a much larger picture, once nothing of it is on the screen."""
        if size < self._largest // 4:
            give_back_blocks()
            self._largest = 0
        self._largest = max(self._largest, size)

    def _publish(self, result: Result) -> None:
        """Hand a result over once the last one was taken.

        So the worker is one result ahead of the window and never more: what it made beyond that
        would be thrown away, and would take time from the painting.
        """
        while not (self._stopping.is_set() or self.results.wait_taken(PATIENCE)):
            pass
        if self.results.put(result):
            self._on_result()

    def _answer(self, request: Request) -> Result:
        """Answer once; whatever goes wrong becomes one message, and the next edit recovers."""
        shown, error = None, None
        try:
            shown = self._evaluators[request.viewing.lab].answer(request)
        except ValueError as rejected:
            error = as_message(rejected)
        except MemoryError:
            error = "There is not enough memory for this: choose a smaller picture or padding."
        except Exception as unforeseen:
            log.exception("A job failed")
            error = f"This could not be computed: {unforeseen}"
        frame, lab = request.frame.index, request.viewing.lab
        return Result(request.generation, frame, shown, error, self._turn, lab)
