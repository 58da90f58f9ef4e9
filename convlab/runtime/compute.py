"""The compute worker: the newest request and the newest frame become the newest result."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from convlab.document.document import Document, Lab, Viewing
from convlab.document.frame import Frame
from convlab.document.job import AnyShown, Result
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.resolve import resolve
from convlab.document.learning.evaluate import LearningEvaluator
from convlab.document.learning.job import LearningJob
from convlab.document.learning.model import LearningPage
from convlab.document.learning.training import Training
from convlab.document.signal.evaluate import SignalEvaluator
from convlab.document.signal.job import SignalJob
from convlab.document.signal.samples import Read
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.job import StackJob
from convlab.engine.errors import as_message
from convlab.io.signal_files import own_sound
from convlab.runtime.latest import Latest
from convlab.runtime.priority import go_behind_window
from convlab.runtime.supervision import keep_working

log = logging.getLogger(__name__)

PATIENCE = 0.1  # how long a stop may have to wait [s]
FIGURES_EVERY = 0.12  # statistics that change faster cannot be read [s]

_Request: TypeAlias = tuple[int, Document, Viewing]


class ComputeWorker:
    """A thread that runs jobs.

    Statistics and histograms come with a result when the last ones are old enough, and soon after
    the last one, so that what stands still is always complete.

    Args:
        on_result: Called in the worker's thread when a result was put into an empty box. It must
            do no more than wake the taker.
        on_error: Takes a message about what nobody foresaw; called in the worker's thread.
        read: Gives the program's own sounds, and no other file; called in the worker's thread.
    """

    def __init__(
        self,
        on_result: Callable[[], None],
        on_error: Callable[[str], None],
        read: Read = own_sound,
    ) -> None:
        self._wake = threading.Event()
        self._requests: Latest[_Request] = Latest(self._wake)
        self.frames: Latest[Frame] = Latest(self._wake)
        self.trainings: Latest[Training] = Latest(self._wake)
        self.results: Latest[Result] = Latest()
        self._on_result = on_result
        self._on_error = on_error
        self._stopping = threading.Event()
        self._generation = 0
        self._kernel = KernelEvaluator()
        self._stack = StackEvaluator()
        self._signal = SignalEvaluator(read)
        self._learning = LearningEvaluator()
        # What is answered; it outlives an error.
        self._request: _Request | None = None
        self._frame: Frame | None = None
        self._training: Training | None = None
        self._figures_due = 0.0
        self._turn = 0
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
        answered: _Request | None = None
        is_complete = self._request is None  # what an error cut off is answered again
        while True:
            due = max(self._figures_due - time.perf_counter(), 0.0)
            self._wake.wait(None if is_complete else due)
            self._wake.clear()
            if self._stopping.is_set():
                return
            arrived, learned = self.frames.take(), self.trainings.take()
            self._request = request = self._requests.take() or self._request
            self._frame = frame = arrived or self._frame
            self._training = learned or self._training
            if request is None or frame is None:
                continue
            news = (arrived and request[2].shows_source) or (learned and _shows_training(request))
            if request is not answered or not is_complete or news:
                self._turn += 1
                result = replace(self._answer(*request, frame), turn=self._turn)
                answered, is_complete = request, result.is_complete
                self._publish(result)

    def _publish(self, result: Result) -> None:
        """Hand a result over once the last one was taken.

        So the worker is one result ahead of the window and never more: what it made beyond that
        would be thrown away, and would take time from the painting.
        """
        while not (self._stopping.is_set() or self.results.wait_taken(PATIENCE)):
            pass
        if self.results.put(result):
            self._on_result()

    def _answer(
        self, generation: int, document: Document, viewing: Viewing, frame: Frame
    ) -> Result:
        """Run one job; whatever goes wrong becomes one message, and the next edit recovers."""
        try:
            shown = self._run(generation, document, viewing, frame)
        except ValueError as error:
            return Result(generation, frame.index, error=as_message(error))
        except MemoryError:
            message = "There is not enough memory for this: choose a smaller picture or padding."
            return Result(generation, frame.index, error=message)
        except Exception as error:
            log.exception("A job failed")
            return Result(generation, frame.index, error=f"This could not be computed: {error}")
        return Result(generation, frame.index, shown)

    def _run(self, generation: int, document: Document, viewing: Viewing, frame: Frame) -> AnyShown:
        """Run what the lab on the screen shows."""
        if viewing.lab is Lab.STACK:
            return self._stack.run(StackJob(generation, frame, document.stack, viewing.stack))
        if viewing.lab is Lab.SIGNAL:
            return self._signal.run(SignalJob(generation, frame, document.signal, viewing.signal))
        if viewing.lab is Lab.LEARNING:
            return self._learning.run(
                LearningJob(generation, frame, document.learning, viewing.learning, self._training)
            )
        now = time.perf_counter()
        with_figures = now >= self._figures_due
        if with_figures:
            self._figures_due = now + FIGURES_EVERY
        job = resolve(document.kernel, viewing.kernel, frame, generation)
        return self._kernel.run(job, with_figures)


def _shows_training(request: _Request) -> bool:
    """Tell whether what is on the screen is made of a network in training."""
    viewing = request[2]
    return viewing.lab is Lab.LEARNING and viewing.learning.page is LearningPage.NETWORK
