"""Reading and writing files in a thread of its own: a slow disk stops nobody."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class FileJob:
    """Something to be read or written.

    Attributes:
        work: Does it, in the worker's thread. ValueError and OSError are messages for a person.
        take: Gets what that returned, in the window's thread.
        fail: Gets the message why it could not be done, in the window's thread.
    """

    work: Callable[[], Any]
    take: Callable[[Any], None]
    fail: Callable[[str], None]


class FileWorker(QObject):
    """One thread that does one job after another. Lives in the window's thread.

    Signals:
        done: A job is done, and is to be delivered.
    """

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._outcomes: deque[Callable[[], None]] = deque()
        self._pool = ThreadPoolExecutor(1, "convlab-files")
        self._last: Future[None] | None = None
        self.done.connect(self.deliver)

    @property
    def is_busy(self) -> bool:
        """Something is being read or written, or what came of it was not delivered yet."""
        return bool(self._outcomes) or not (self._last is None or self._last.done())

    def do(self, job: FileJob) -> None:
        """Begin a job when those before it are done."""
        self._last = self._pool.submit(self._run, job)

    def deliver(self) -> None:
        """Tell who asked what came of all that is done."""
        while self._outcomes:
            self._outcomes.popleft()()

    def finish(self, limit: float) -> None:
        """Wait until all that was begun is done, but no longer than that [s], and deliver it."""
        with suppress(TimeoutError):
            self._pool.submit(lambda: None).result(limit)
        self.deliver()

    def stop(self) -> None:
        """Finish what was begun, and end the thread."""
        self._pool.shutdown(wait=True)

    def _run(self, job: FileJob) -> None:
        try:
            outcome = partial(job.take, job.work())
        except (ValueError, OSError) as error:
            outcome = partial(job.fail, str(error))
        except Exception as error:
            log.exception("A file job failed")
            outcome = partial(job.fail, f"This could not be read or written: {error}")
        self._outcomes.append(outcome)
        self.done.emit()
