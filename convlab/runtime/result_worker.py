"""What the two threads that compute have in common: woken, they answer, and hand over."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from convlab.document.job import Result
from convlab.document.request import AnyShown, Outdated
from convlab.engine.errors import as_message
from convlab.runtime.latest import Latest
from convlab.runtime.priority import go_behind_window
from convlab.runtime.supervision import keep_working

log = logging.getLogger(__name__)

PATIENCE = 0.1  # how long a stop may have to wait [s]


class ResultWorker:
    """A thread that makes results, each of the newest there is when the last one was taken.

    Args:
        name: Of the thread.
        on_result: Called in the worker's thread when a result was put into an empty box. It must
            do no more than wake the taker.
        on_error: Takes a message about what nobody foresaw; called in the worker's thread.
    """

    def __init__(
        self, name: str, on_result: Callable[[], None], on_error: Callable[[str], None]
    ) -> None:
        self.results: Latest[Result] = Latest()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._on_result = on_result
        self._on_error = on_error
        self._thread = threading.Thread(target=self._work, name=f"convlab-{name}")

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

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
        """Answer until the end; it begins again after what nobody foresaw."""
        raise NotImplementedError

    def _answer(self, make: Callable[[], AnyShown | None]) -> tuple[AnyShown | None, str | None]:
        """Answer once; whatever goes wrong becomes one message, and the next edit recovers.

        Raises:
            Outdated: An edit waits.
        """
        try:
            return make(), None
        except Outdated:
            raise
        except ValueError as rejected:
            return None, as_message(rejected)
        except MemoryError:
            return None, "There is not enough memory for this: choose a smaller picture or padding."
        except Exception as unforeseen:
            log.exception("A job failed")
            return None, f"This could not be computed: {unforeseen}"

    def _publish(self, result: Result) -> None:
        """Hand a result over once the last one was taken.

        So the worker is one result ahead of the window and never more: what it made beyond that
        would be thrown away, and would take time from the painting.
        """
        while not (self._stopping.is_set() or self.results.wait_taken(PATIENCE)):
            pass
        if self.results.put(result):
            self._on_result()
