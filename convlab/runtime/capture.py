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
from dataclasses import replace
from queue import SimpleQueue

from convlab.document.document import FIRST_SOURCE
from convlab.document.frame import Frame
from convlab.document.playback import Speed
from convlab.document.source import SourceKind, SourceSpec
from convlab.io.reading import Cancelled, followed
from convlab.runtime.capture_request import CaptureRequest, Change, SourceEvent, as_shown
from convlab.runtime.frame_numbers import FrameNumbers
from convlab.runtime.latest import Latest
from convlab.runtime.opening import Open
from convlab.runtime.supervision import keep_working
from convlab.sources.attached import IS_CHEAP, is_attached
from convlab.sources.base import Source, SourceError
from convlab.sources.camera import Camera
from convlab.sources.drawing import DrawingSource
from convlab.sources.pattern import PatternSource
from convlab.sources.timed import TimedSource

log = logging.getLogger(__name__)

FIRST_RETRY = 1.0  # [s]
LONGEST_RETRY = 15.0  # [s]
PATIENCE = 0.1  # how long a stop may have to wait [s]


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
        self._requests: Latest[CaptureRequest] = Latest(self._wake)
        self._request = self._newest = CaptureRequest()
        self._sought: Latest[int] = Latest(self._wake)
        self._step_wanted = threading.Event()
        self._painted = threading.Event()
        self._last_painted = -1
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="convlab-capture")

        self._source: Source | None = None
        self._candidate: Source | None = None  # opened, has not delivered yet
        self._current: SourceSpec | None = None  # what the source is of; None for a fallback
        self._tried: SourceSpec | None = None  # what was opened last, well or not
        self._lost: SourceSpec | None = None  # the camera that is waited for
        self._was_attached = True
        self._retry_at = 0.0
        self._retry_pause = FIRST_RETRY
        self._numbering = FrameNumbers()
        self._must_reopen = False
        self._stands = False  # until the window has taken note of it
        self._remark = ""

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def want(self, request: CaptureRequest) -> None:
        """Tell which source to read, with which dials, and whether to go on by itself."""
        self._newest = request
        self._requests.put(request)

    def step(self) -> None:
        """Let one more frame through while not playing."""
        self._step_wanted.set()
        self._wake.set()

    def go_to(self, number: int) -> None:
        """Show a frame of a film or a page of a file, playing or not."""
        self._sought.put(number)

    def note_painted(self, number: int) -> None:
        """A frame is on the screen, by its number in the common row."""
        self._last_painted = number
        self._painted.set()

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
                while self._apply_request():
                    pass  # what was opened may not be wanted any more
                self._try_candidate()
                self._seek()
                self._read()
        finally:
            self._close()

    def _apply_request(self) -> bool:
        """Do what is wanted now; return False if there was nothing new."""
        request = self._requests.take()
        if request is None:
            return False
        options_changed = request.options != self._request.options
        is_redrawn = request.drawing != self._request.drawing
        is_asked = request.opening != self._request.opening
        before, self._request = self._request, request
        self._stands = self._stands and request.playing
        if request.spec != self._tried or is_asked:
            self._switch(is_asked)
        self._apply_playing(before)
        if options_changed and isinstance(self._source, PatternSource):
            self._source.set_options(request.options)
        if is_redrawn and isinstance(self._source, DrawingSource):
            self._source.set_drawing(request.drawing)
        return True

    def _apply_playing(self, before: CaptureRequest) -> None:
        """Play and look as is wanted now."""
        playback, camera = self._request.playback, self._request.camera
        for source in (self._source, self._candidate):
            if isinstance(source, TimedSource) and playback != before.playback:
                source.set_playback(playback)
            elif isinstance(source, Camera) and camera.mirror != before.camera.mirror:
                source.mirror(camera.mirror)
        if self._request.playing and not before.playing and self._is_bare:
            self._open_candidate()  # who presses play wants it tried once more
        if camera.asked != before.camera.asked and isinstance(self._source, Camera):
            self._reopen()

    @property
    def _is_bare(self) -> bool:
        """What was shown is lost, and nothing else is opened."""
        return self._source is None and self._candidate is None

    def _reopen(self) -> None:
        """Open the camera once more, for another size or rate; it can be open only once."""
        if self._source is not None and self._current == self._request.spec:
            self._source.close()
            self._source = self._current = None
            self._drop_candidate()
            self._open_candidate()

    def _seek(self) -> None:
        """Go to the frame that is wanted; a film that was lost is opened again for it."""
        number = self._sought.take()
        if number is None:
            return
        if isinstance(self._source, TimedSource):
            self._source.go_to(number)
            self._step_wanted.set()
        elif self._is_bare:
            self._open_candidate()
            if isinstance(self._candidate, TimedSource):
                self._candidate.go_to(number)

    def _switch(self, is_asked: bool) -> None:
        """Open what is requested, unless it is what is being shown already."""
        self._drop_candidate()
        spec = self._request.spec
        if spec not in (self._current, self._lost):
            self._open_candidate()
            return
        self._tried = spec  # shown already, or tried again in due time
        if is_asked and spec == self._current:
            self._stands = isinstance(self._source, TimedSource) and self._source.stands
            self._notify(SourceEvent(Change.OPENED, spec, stands=self._stands))

    def _drop_candidate(self) -> None:
        if self._candidate is not None:
            self._candidate.close()
            self._candidate = None

    def _open_candidate(self) -> None:
        request = self._request
        self._tried = request.spec
        try:
            with followed(self._check_wanted):
                self._candidate = self._open(request.spec, request.options, request.camera)
        except Cancelled:
            return
        except SourceError as error:
            self._failed(error)
        if isinstance(self._candidate, DrawingSource):
            self._candidate.set_drawing(request.drawing)
        if isinstance(self._candidate, TimedSource):
            self._candidate.set_playback(request.playback)
            if request.spec.frame:
                self._candidate.go_to(request.spec.frame)

    def _check_wanted(self, _done: int, _total: int) -> None:
        """Leave a file that nobody waits for any more, while it is read."""
        wanted, newest = self._request, self._newest
        is_other = newest.opening != wanted.opening or newest.spec.name != wanted.spec.name
        if is_other or self._stopping.is_set():
            raise Cancelled

    def _try_candidate(self) -> None:
        """Let the candidate take over as soon as it delivers."""
        is_waited_for = self._lost is not None and self._lost == self._request.spec
        if is_waited_for and self._candidate is None:
            if self._has_come_back():
                self._retry_at, self._retry_pause = 0.0, FIRST_RETRY
            if time.monotonic() >= self._retry_at:
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

    def _has_come_back(self) -> bool:
        """Tell whether the camera was plugged in since this was asked last."""
        name = "" if self._lost is None else self._lost.name
        if not (IS_CHEAP and name.isdigit()):
            return False
        was_attached, self._was_attached = self._was_attached, is_attached(int(name))
        return self._was_attached and not was_attached

    def _take_over(self, frame: Frame) -> None:
        if self._source is not None:
            self._source.close()
        self._source, self._candidate = self._candidate, None
        spec = self._request.spec
        self._current = as_shown(spec, self._source)
        change = Change.BACK if self._lost == spec else Change.OPENED
        self._lost = None
        self._retry_pause = FIRST_RETRY
        self._numbering.restart()
        self._stands = isinstance(self._source, TimedSource) and self._source.stands
        self._remark = ""
        self._publish(frame)
        shown = None if self._current == spec else self._current
        self._notify(SourceEvent(change, spec, shown=shown, stands=self._stands))

    def _failed(self, error: SourceError) -> None:
        """What was opened did not open, or delivered nothing."""
        self._drop_candidate()
        spec = self._request.spec
        if spec.kind is SourceKind.CAMERA:
            self._show_fallback(spec, error)
            return
        self._notify(SourceEvent(Change.FAILED, spec, str(error)))
        if self._source is None:
            self._use_fallback()

    def _show_fallback(self, spec: SourceSpec, error: SourceError) -> None:
        if self._lost != spec:
            self._lost = spec
            self._retry_pause = FIRST_RETRY
            self._use_fallback()
            self._notify(SourceEvent(Change.LOST, spec, str(error)))
        self._retry_at = time.monotonic() + self._retry_pause
        self._retry_pause = min(2 * self._retry_pause, LONGEST_RETRY)

    def _use_fallback(self) -> None:
        if self._source is not None:
            self._source.close()
        self._source = self._open(FIRST_SOURCE, self._request.options, self._request.camera)
        self._current = None
        self._numbering.restart()

    def _on_source_lost(self, error: SourceError) -> None:
        """The source that was shown went away; its last picture stays until there is another."""
        spec = self._current
        if spec is not None and spec.kind is SourceKind.CAMERA and spec == self._request.spec:
            self._show_fallback(spec, error)
            return
        if self._source is not None:
            self._source.close()
        self._source = self._current = None
        self._notify(SourceEvent(Change.FAILED, spec or self._request.spec, str(error)))

    def _read(self) -> None:
        """Read one frame, or sleep until something is wanted."""
        source = self._source
        if source is None or (self._frozen and source.moves):
            self._sleep()
            return
        if not (self._throttled or self._frames.wait_taken(PATIENCE)) or not self._may_go_on():
            return
        try:
            frame = source.read()
        except SourceError as error:
            self._on_source_lost(error)
            return
        if frame is not None:
            if not (isinstance(source, TimedSource) and source.is_seeking):
                self._step_wanted.clear()
            self._publish(frame)
        elif not source.moves:
            self._step_wanted.clear()  # a still has no next frame
            self._sleep()
        self._say_remark(source)

    def _may_go_on(self) -> bool:
        """Wait a moment until the last frame is painted, where each is to be seen."""
        source = self._source
        waits = isinstance(source, TimedSource) and self._request.playback.speed is Speed.EVERY
        if not waits or self._step_wanted.is_set():
            return True
        self._painted.clear()
        if self._last_painted < self.captured - 1:
            self._painted.wait(PATIENCE)
        return self._last_painted >= self.captured - 1

    def _say_remark(self, source: Source) -> None:
        if isinstance(source, TimedSource) and source.remark != self._remark:
            self._remark = source.remark
            self._notify(SourceEvent(Change.REMARK, self._request.spec, source.remark))

    @property
    def _frozen(self) -> bool:
        is_playing = self._request.playing and not self._stands
        return not (is_playing or self._step_wanted.is_set())

    def _sleep(self) -> None:
        """Wait for a request; while a candidate is being tried, only a moment."""
        patience = 0.01 if self._candidate is not None else 0.5 if self._lost else None
        self._wake.wait(patience)
        self._wake.clear()

    def _publish(self, frame: Frame) -> None:
        self._frames.put(replace(frame, index=self._numbering.number(frame.index)))

    def _notify(self, event: SourceEvent) -> None:
        self.events.put(event)
        self._on_event()

    def _close(self) -> None:
        opened = (self._source, self._candidate)
        self._source = self._candidate = self._current = self._tried = self._lost = None
        self._numbering.restart()
        for source in opened:
            if source is not None:
                source.close()
