"""Has a network look at all pictures of a folder, in a thread of its own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from convlab.document.frame import Frame, own_scale
from convlab.document.input_range import InputRange, in_range
from convlab.document.stack.survey import Survey, SurveyResult
from convlab.engine.errors import as_message
from convlab.io.images import ImageLoadError
from convlab.io.picture_folder import FolderPicture, pictures_in
from convlab.runtime.latest import Latest
from convlab.runtime.priority import go_behind_window

NEWS_EVERY = 0.5  # what was seen so far is told [s]


class Surveyed(NamedTuple):
    """How far a survey is.

    Attributes:
        done: How many pictures were looked at, or could not be read.
        total: How many there are; 0: that is not known yet.
        unread: How many could not be read.
        result: What was seen so far; None: nothing yet.
        is_running: More is to come.
        error: Why it ended early, one message with its remedy; "" if it did not.
    """

    done: int = 0
    total: int = 0
    unread: int = 0
    result: SurveyResult | None = None
    is_running: bool = True
    error: str = ""


class Surveyor(QObject):
    """Lives in the window's thread; looks through one folder at a time.

    Signals:
        changed: ``news`` has something to take.

    Attributes:
        news: How far it is, the newest only.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.news: Latest[Surveyed] = Latest()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """A folder is being looked through."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, folder: str | os.PathLike[str], make: Callable[[], Survey]) -> None:
        """Begin with a folder; one that is being looked through is left.

        Args:
            folder: It.
            make: Returns what looks at pictures; called in the thread.
        """
        self.stop()
        self.news.take()  # of the one before
        self._stopping = threading.Event()
        arguments = (folder, make, self._stopping)
        self._thread = threading.Thread(target=self._run, args=arguments, name="convlab-survey")
        self._thread.start()

    def cancel(self) -> None:
        """Leave it after the picture in hand; what was seen until then is told."""
        self._stopping.set()

    def stop(self) -> None:
        """Leave it; returns when the thread has ended."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    # ---- the thread ----

    def _run(
        self,
        folder: str | os.PathLike[str],
        make: Callable[[], Survey],
        stopping: threading.Event,
    ) -> None:
        go_behind_window()
        try:
            pictures = pictures_in(folder)
            self._look_through(pictures, make(), stopping)
        except ValueError as error:
            self._notify(Surveyed(is_running=False, error=as_message(error)))
        except MemoryError:
            text = "There is too little memory for this: choose a smaller input."
            self._notify(Surveyed(is_running=False, error=text))

    def _look_through(
        self, pictures: Sequence[FolderPicture], survey: Survey, stopping: threading.Event
    ) -> None:
        notified, unread, done = time.monotonic(), 0, 0
        for done, picture in enumerate(pictures, 1):
            try:
                pixels = picture.read()
                frame = Frame(pixels, done, 0.0, scale=own_scale(pixels))
                survey.add(in_range(frame, InputRange()), picture.label)
            except ImageLoadError:
                unread += 1
            if stopping.is_set():
                break
            if time.monotonic() - notified >= NEWS_EVERY:
                self._notify(Surveyed(done, len(pictures), unread, survey.result()))
                notified = time.monotonic()
        result = survey.result()
        self._notify(Surveyed(done, len(pictures), unread, result, is_running=False))

    def _notify(self, news: Surveyed) -> None:
        if self.news.put(news):
            self.changed.emit()
