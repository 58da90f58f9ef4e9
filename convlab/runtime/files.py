"""Reading and writing files in threads of their own: a slow disk stops nobody."""

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

from convlab.io.reading import Cancelled, followed
from convlab.runtime.latest import Latest

log = logging.getLogger(__name__)

MOST_LEFT = 4  # openings that nobody waits for any more, and that have yet to notice


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
    """One thread does one job after another, others open files. Lives in the window's thread.

    One file is opened at a time, the one that was asked for last: what goes on of another is let go
    of, and nobody hears of it.

    Signals:
        done: A job is done, and is to be delivered.
        progressed: ``progress`` has news.

    Attributes:
        progress: How much of the file that is being opened was read, 0 to 1.
    """

    done = Signal()
    progressed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.progress: Latest[float] = Latest()
        self._outcomes: deque[tuple[int | None, Callable[[], None]]] = deque()
        self._pool = ThreadPoolExecutor(1, "convlab-files")
        self._openers = ThreadPoolExecutor(1 + MOST_LEFT, "convlab-opening")
        self._last: Future[None] | None = None
        self._opening: Future[None] | None = None
        self._number = 0  # of the newest opening; another one, and a cancel, is the next
        self.done.connect(self.deliver)

    @property
    def is_busy(self) -> bool:
        """Something is being read or written, or what came of it was not delivered yet."""
        running = (each for each in (self._last, self._opening) if each is not None)
        return bool(self._outcomes) or not all(each.done() for each in running)

    def do(self, job: FileJob) -> None:
        """Begin a job when those before it are done."""
        self._last = self._pool.submit(self._run, job)

    def open(self, job: FileJob) -> None:
        """Begin to open a file at once; what is being opened is cancelled."""
        self.cancel()
        self._opening = self._openers.submit(self._open, self._number, job, self._last)

    def cancel(self) -> None:
        """Let go of what is being opened."""
        self._number += 1
        self._opening = None
        self.progress.take()

    def deliver(self) -> None:
        """Tell who asked what came of all that is done."""
        while self._outcomes:
            number, outcome = self._outcomes.popleft()
            if number in (None, self._number):
                outcome()

    def finish(self, limit: float) -> None:
        """Wait until all jobs are done, but no longer than that [s], and deliver what came of them.

        What is being opened is let go of.
        """
        self.cancel()
        with suppress(TimeoutError):
            self._pool.submit(lambda: None).result(limit)
        self.deliver()

    def stop(self) -> None:
        """Finish the jobs, let go of what is being opened, and end the threads."""
        self.cancel()
        self._pool.shutdown(wait=True)
        self._openers.shutdown(wait=True, cancel_futures=True)

    # ---- the threads ----

    def _run(self, job: FileJob) -> None:
        self._put(None, _outcome(job))

    def _open(self, number: int, job: FileJob, before: Future[None] | None) -> None:
        if before is not None:
            before.result()  # it may have written the file

        def report(done: int, total: int) -> None:
            if number != self._number:
                raise Cancelled
            if total and self.progress.put(done / total):
                self.progressed.emit()

        with suppress(Cancelled), followed(report):
            self._put(number, _outcome(job))

    def _put(self, number: int | None, outcome: Callable[[], None]) -> None:
        self._outcomes.append((number, outcome))
        self.done.emit()


def _outcome(job: FileJob) -> Callable[[], None]:
    """Do a job, and return what is to be called then.

    Raises:
        Cancelled: Nobody waits for it any more.
    """
    try:
        return partial(job.take, job.work())
    except Cancelled:
        raise
    except (ValueError, OSError) as error:
        return partial(job.fail, str(error))
    except Exception as error:
        log.exception("A file job failed")
        return partial(job.fail, f"This could not be read or written: {error}")
