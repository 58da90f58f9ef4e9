"""The capture worker: reads the source that is wanted and puts its frames into the compute box.

A new source takes over when it has delivered its first frame, so that what was there stays until
then and for good if the new one fails. A camera that is lost is replaced by a pattern and tried
again, with growing pauses, until it answers.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from queue import SimpleQueue

from convlab.document.document import FIRST_SOURCE
from convlab.document.drawing import BLANK_DRAWING, Drawing
from convlab.document.frame import Frame
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.runtime.latest import Latest
from convlab.runtime.opening import Open
from convlab.runtime.supervision import keep_working
from convlab.sources.base import Source, SourceError
from convlab.sources.drawing import DrawingSource
from convlab.sources.pattern import PatternSource

log = logging.getLogger(__name__)

FIRST_RETRY = 1.0  # [s]
LONGEST_RETRY = 15.0  # [s]
PATIENCE = 0.1  # how long a stop may have to wait [s]


class Change(Enum):
    """What happened to a source."""

    OPENED = auto()
    FAILED = auto()  # it cannot be opened; the one before goes on
    LOST = auto()  # a camera does not answer; a pattern is shown meanwhile
    BACK = auto()  # the camera answers again


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """News of a source; ``message`` is one sentence when something is wrong."""

    change: Change
    spec: SourceSpec
    message: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the window wants of the capture thread."""

    spec: SourceSpec = FIRST_SOURCE
    options: PatternOptions = field(default_factory=PatternOptions)
    playing: bool = True
    drawing: Drawing = BLANK_DRAWING
    opening: int = 0  # counts what a person opens: what is shown already is told of once more


class CaptureWorker:
    """A thread that reads frames.

    Args:
        open_source: Makes a source; raises SourceError.
        frames: Where frames go.
        on_event: Called in the worker's thread when ``events`` has news.
        on_error: Takes a message about what nobody foresaw; called in the worker's thread.
        throttled: False reads the next frame as soon as the last one was taken: sources without a
            clock of their own would fill the machine with frames that nobody sees.
    """

    def __init__(
        self,
        open_source: Open,
        frames: Latest[Frame],
        on_event: Callable[[], None],
        on_error: Callable[[str], None],
        throttled: bool = True,
    ) -> None:
        self.events: SimpleQueue[SourceEvent] = SimpleQueue()
        self._open = open_source
        self._frames = frames
        self._on_event = on_event
        self._on_error = on_error
        self._throttled = throttled
        self._wake = threading.Event()
        self._wishes: Latest[Wish] = Latest(self._wake)
        self._wish = Wish()
        self._step_wanted = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="convlab-capture")

        self._source: Source | None = None
        self._candidate: Source | None = None  # opened, has not delivered yet
        self._current: SourceSpec | None = None  # what the source is of; None for a fallback
        self._tried: SourceSpec | None = None  # what was opened last, well or not
        self._lost: SourceSpec | None = None  # the camera that is waited for
        self._retry_at = 0.0
        self._retry_pause = FIRST_RETRY
        self._numbering = _Numbering()
        self._must_reopen = False

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def want(self, wish: Wish) -> None:
        """Tell which source to read, with which dials, and whether to go on by itself."""
        self._wishes.put(wish)

    def step(self) -> None:
        """Let one more frame through while not playing."""
        self._step_wanted.set()
        self._wake.set()

    def stop(self) -> None:
        """End the thread and close what it had open."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def captured(self) -> int:
        """How many frames all sources have delivered or dropped so far."""
        return self._numbering.next

    # ---- the thread ----

    def _work(self) -> None:
        keep_working(self._capture, "Capture", self._stopping.wait, self._on_error)

    def _capture(self) -> None:
        try:
            if self._must_reopen:
                self._switch(False)
            self._must_reopen = True  # unless this ends well
            while not self._stopping.is_set():
                self._obey()
                self._try_candidate()
                self._read()
        finally:
            self._close()

    def _obey(self) -> None:
        wish = self._wishes.take()
        if wish is None:
            return
        dials_turned = wish.options != self._wish.options
        is_redrawn = wish.drawing != self._wish.drawing
        is_asked = wish.opening != self._wish.opening
        self._wish = wish
        if wish.spec != self._tried or is_asked:
            self._switch(is_asked)
        if dials_turned and isinstance(self._source, PatternSource):
            self._source.set_options(wish.options)
        if is_redrawn and isinstance(self._source, DrawingSource):
            self._source.set_drawing(wish.drawing)

    def _switch(self, is_asked: bool) -> None:
        """Open what is wished for, unless it is what is being shown already."""
        self._drop_candidate()
        spec = self._wish.spec
        if spec not in (self._current, self._lost):
            self._open_candidate()
            return
        self._tried = spec  # shown already, or tried again in due time
        if is_asked and spec == self._current:
            self._tell(SourceEvent(Change.OPENED, spec))

    def _drop_candidate(self) -> None:
        if self._candidate is not None:
            self._candidate.close()
            self._candidate = None

    def _open_candidate(self) -> None:
        self._tried = self._wish.spec
        try:
            self._candidate = self._open(self._wish.spec, self._wish.options)
        except SourceError as error:
            self._failed(error)
        if isinstance(self._candidate, DrawingSource):
            self._candidate.set_drawing(self._wish.drawing)

    def _try_candidate(self) -> None:
        """Let the candidate take over as soon as it delivers."""
        is_waited_for = self._lost is not None and self._lost == self._wish.spec
        if is_waited_for and self._candidate is None and time.monotonic() >= self._retry_at:
            self._open_candidate()
        if self._candidate is None:
            return
        try:
            frame = self._candidate.read()
        except SourceError as error:
            self._failed(error)
            return
        if frame is not None:
            self._take_over(frame)

    def _take_over(self, frame: Frame) -> None:
        if self._source is not None:
            self._source.close()
        self._source, self._candidate = self._candidate, None
        self._current = self._wish.spec
        change = Change.BACK if self._lost == self._current else Change.OPENED
        self._lost = None
        self._retry_pause = FIRST_RETRY
        self._numbering.restart()
        self._publish(frame)
        self._tell(SourceEvent(change, self._wish.spec))

    def _failed(self, error: SourceError) -> None:
        """What was opened did not open, or delivered nothing."""
        self._drop_candidate()
        spec = self._wish.spec
        if spec.kind is SourceKind.CAMERA:
            self._show_fallback(spec, error)
            return
        self._tell(SourceEvent(Change.FAILED, spec, str(error)))
        if self._source is None:
            self._use_fallback()

    def _show_fallback(self, spec: SourceSpec, error: SourceError) -> None:
        if self._lost != spec:
            self._lost = spec
            self._retry_pause = FIRST_RETRY
            self._use_fallback()
            self._tell(SourceEvent(Change.LOST, spec, str(error)))
        self._retry_at = time.monotonic() + self._retry_pause
        self._retry_pause = min(2 * self._retry_pause, LONGEST_RETRY)

    def _use_fallback(self) -> None:
        if self._source is not None:
            self._source.close()
        self._source = self._open(FIRST_SOURCE, self._wish.options)
        self._current = None
        self._numbering.restart()

    def _broke_off(self, error: SourceError) -> None:
        """The source that was shown went away; its last picture stays until there is another."""
        spec = self._current
        if spec is not None and spec.kind is SourceKind.CAMERA and spec == self._wish.spec:
            self._show_fallback(spec, error)
            return
        if self._source is not None:
            self._source.close()
        self._source = self._current = None
        self._tell(SourceEvent(Change.FAILED, spec or self._wish.spec, str(error)))

    def _read(self) -> None:
        """Read one frame, or sleep until something is wanted."""
        source = self._source
        if source is None or (self._frozen and source.moves):
            self._sleep()
            return
        if not (self._throttled or self._frames.wait_taken(PATIENCE)):
            return
        try:
            frame = source.read()
        except SourceError as error:
            self._broke_off(error)
            return
        if frame is not None:
            self._step_wanted.clear()
            self._publish(frame)
        elif not source.moves:
            self._step_wanted.clear()  # a still has no next frame
            self._sleep()

    @property
    def _frozen(self) -> bool:
        return not (self._wish.playing or self._step_wanted.is_set())

    def _sleep(self) -> None:
        """Wait for a wish; while a candidate is being tried, only a moment."""
        patience = 0.01 if self._candidate is not None else 0.5 if self._lost else None
        self._wake.wait(patience)
        self._wake.clear()

    def _publish(self, frame: Frame) -> None:
        self._frames.put(replace(frame, index=self._numbering.number(frame.index)))

    def _tell(self, event: SourceEvent) -> None:
        self.events.put(event)
        self._on_event()

    def _close(self) -> None:
        opened = (self._source, self._candidate)
        self._source = self._candidate = self._current = self._tried = self._lost = None
        self._numbering.restart()
        for source in opened:
            if source is not None:
                source.close()


class _Numbering:
    """Numbers the frames of all sources in one row, keeping the gaps a source left."""

    def __init__(self) -> None:
        self.next = 0
        self._base = 0
        self._first: int | None = None

    def restart(self) -> None:
        """A new source counts from zero (or from where it had got to before it took over)."""
        self._base = self.next
        self._first = None

    def number(self, index: int) -> int:
        """Return the number of a source's frame in the common row."""
        if self._first is None:
            self._first = index
        number = self._base + index - self._first
        self.next = number + 1
        return number
