"""The pump: takes results in the window's thread, newer ones only, and keeps the books."""

from __future__ import annotations

import math
import time
from collections import deque

from PySide6.QtCore import QObject, Signal

from convlab.document.document import Lab
from convlab.document.frame import Frame
from convlab.document.request import AnyShown
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.timers import single_shot

RATE_WINDOW = 1.0  # [s]
PAINT_LIMIT = 250  # a window that has not painted by then is not seen [ms]


class Pump(QObject):
    """Hands each result to the window, at most as fast as that paints.

    Every frame is either shown or counted as dropped: frames are numbered in one row, so showing
    number n accounts for all up to n.

    Signals:
        result_changed: ``shown`` or ``error`` is new.
        pages_changed: ``pages`` or ``pages_error`` is new.
    """

    result_changed = Signal()
    pages_changed = Signal()

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__(pipeline)
        self._pipeline = pipeline
        self._last_order = self._pages_order = (-1, -1, -1)
        self._painting = False
        self._overdue = single_shot(self, PAINT_LIMIT, self._on_overdue)
        self.shown: AnyShown | None = None
        self.error: str | None = None
        self.lab: Lab | None = None  # whose they are
        self.pages: AnyShown | None = None
        self.pages_error: str | None = None
        self.pages_lab: Lab | None = None
        self.frames_shown = 0
        self.frames_dropped = 0
        self.latency = 0.0  # from capture to paint [ms]
        self._last_frame = -1
        self._captured_at = -math.inf  # of the last frame shown
        self._marks: deque[tuple[float, int, int]] = deque()
        pipeline.result_ready.connect(self._on_result_ready)
        pipeline.pages_ready.connect(self._on_pages_ready)

    def _on_result_ready(self) -> None:
        if not self._painting:
            self._take()

    def _take(self) -> None:
        result = self._pipeline.results.take()
        if result is None or result.order <= self._last_order:
            return
        self._last_order = result.order
        self.error, self.lab = result.error, result.lab
        if result.shown is not None:
            self.shown = result.shown
            self._pipeline.session.moment = result.shown.job.frame.moment
            self._painting = True
            self._overdue.start()
        self.result_changed.emit()

    def _on_pages_ready(self) -> None:
        """Take what was made beside the picture; it is painted whenever the window comes to it."""
        result = self._pipeline.pages.take()
        if result is None or result.order <= self._pages_order:
            return
        self._pages_order = result.order
        self.pages, self.pages_error, self.pages_lab = result.shown, result.error, result.lab
        self.pages_changed.emit()

    def painted(self) -> None:
        """The window has painted ``shown``, however late: count it and take the next."""
        if self.shown is None:
            return
        frame = self.shown.job.frame
        if frame.index > self._last_frame:
            self.frames_shown += 1
            self.frames_dropped += frame.index - self._last_frame - 1
            self._last_frame, self._captured_at = frame.index, frame.captured_at
            self._pipeline.note_painted(frame.index)
            self.latency = (time.perf_counter() - frame.captured_at) * 1000
        if self._painting:
            self._painting = False
            self._overdue.stop()
            self._take()

    def present_frame(self) -> Frame | None:
        """Return the frame of what is shown."""
        return None if self.shown is None else self.shown.job.frame

    @property
    def answered(self) -> int:
        """The newest request that is answered with the picture and all pages, if not painted."""
        has_pages = self._pipeline.session.viewing.shown_part.shows_pages
        generation = self._last_order[0]
        return min(generation, self._pages_order[0]) if has_pages else generation

    @property
    def is_answered(self) -> bool:
        """The newest request has been answered, if not painted yet."""
        return self.answered == self._pipeline.generation

    @property
    def is_up_to_date(self) -> bool:
        """What is on the screen has seen the newest request."""
        return not self._painting and self.is_answered

    def _on_overdue(self) -> None:
        """Nothing can be painted (minimised, panel closed): go on without counting it as shown."""
        self._painting = False
        self._take()

    def rates(self) -> tuple[float, float, float]:
        """Return frames in, shown and dropped per second, over about the last second.

        The clock is that of the capture: a window that was held up, and then counts the frames of
        all that time at once, has not been given more of them.
        """
        now = time.perf_counter()
        mark = (self._captured_at, self.frames_shown, self.frames_dropped)
        if now - self._captured_at > RATE_WINDOW:  # or there was none yet
            return 0.0, 0.0, 0.0
        if not self._marks or mark != self._marks[-1]:
            self._marks.append(mark)
        while len(self._marks) > 2 and mark[0] - self._marks[1][0] > RATE_WINDOW:
            self._marks.popleft()
        then, shown_then, dropped_then = self._marks[0]
        elapsed = max(self._captured_at - then, 1e-3)
        shown = (self.frames_shown - shown_then) / elapsed
        dropped = (self.frames_dropped - dropped_then) / elapsed
        return shown + dropped, shown, dropped
