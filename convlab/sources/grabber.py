"""The capture process: opens a camera or video and puts its frames into shared memory.

A read from a camera has no time limit, and one stuck open blocks every other in its process; so
this runs in a child that the parent can kill. It owns its main thread and nothing else.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.heap import BufferWrapper
from pathlib import Path

import numpy as np

from convlab.engine.arrays import AnyArray, ByteArray
from convlab.engine.cv import cv2
from convlab.sources.attached import is_attached
from convlab.sources.base import Pacer
from convlab.sources.film import Capture, Film, usable_fps
from convlab.sources.protocol import (
    LARGEST_HEIGHT,
    LARGEST_WIDTH,
    SLOT_BYTES,
    SLOTS,
    Arrived,
    CaptureSpec,
    Ended,
    Failed,
    Message,
    Opened,
    Place,
    Release,
    Remark,
    Working,
    pack,
    unpack_command,
)

LARGEST_SCANNED = 1 << 30  # of larger files what they say of themselves is believed [bytes]
_CHECK_EVERY = 1.0
_TELL_EVERY = 0.4  # less than the parent's patience [s]
_UNDECODED = -1
_FIRST_SCAN, _SCAN = 0.15, 0.004  # what is looked through before the first frame, and at a time [s]


class Lost(Exception):
    """Capture is over; the text goes to the parent."""


def run(spec: CaptureSpec, memory: BufferWrapper, pipe: Connection) -> None:
    """Capture until the parent closes its end of the pipe; the child's main function."""
    # Ctrl+C in a terminal reaches the whole group: the parent decides when its child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Windows takes tens of seconds to open a camera if it first looks for hardware that converts
    # colours.
    os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
    slots = np.frombuffer(memory.create_memoryview(), np.uint8)[: SLOTS * SLOT_BYTES]
    # A hung device never comes back to Python, and its parent may be gone: this timer still ends
    # the process, and with it the hold on the device.
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        Grabber(spec, slots, pipe, alive=_Alive(spec.hang_after, nowhere.fileno())).run()


class _Alive:
    """Ends the process when it is not called for ``limit`` seconds."""

    def __init__(self, limit: float, output: int) -> None:
        self._limit = limit
        self._output = output
        self._again_at = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now >= self._again_at:
            faulthandler.dump_traceback_later(self._limit, file=self._output, exit=True)
            self._again_at = now + _CHECK_EVERY


def open_capture(spec: CaptureSpec) -> Capture:
    """Open the device or file, and ask a device for its size and rate."""
    if isinstance(spec.target, str):
        return _open_file(spec.target)
    capture = cv2.VideoCapture(spec.target)
    if spec.fps is not None:  # uncompressed, few cameras have more than ten large pictures a second
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, spec.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, spec.height)
    if spec.fps is not None:
        capture.set(cv2.CAP_PROP_FPS, spec.fps)
    # A queue inside the driver would show the past.
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture


def _open_file(path: str) -> Capture:
    """Open a file by the player that knows most kinds, or else by any that there is."""
    name = _openable(path)
    capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
    return capture if capture.isOpened() else cv2.VideoCapture(name)


def open_packets(spec: CaptureSpec) -> Capture | None:
    """Open a file so that its packets are read and not decoded; None where that cannot be."""
    path = Path(str(spec.target))
    if not path.is_file() or path.stat().st_size > LARGEST_SCANNED:
        return None
    capture = cv2.VideoCapture(
        _openable(str(path)), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, _UNDECODED]
    )
    return capture if capture.isOpened() else None


def _openable(path: str) -> str:
    """Return a name that OpenCV can take: it wants text, and bytes in a name need be none.

    Such a file stays open as long as the process; Linux knows it by its number too.
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        return f"/proc/self/fd/{os.open(path, os.O_RDONLY)}"
    return path


class Repetition:
    """Notices a device that repeats one picture: some do after they were unplugged.

    Args:
        limit: How long the very same picture is tolerated [s].
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._last: AnyArray | None = None
        self._since = 0.0

    def is_stuck(self, picture: AnyArray, now: float) -> bool:
        """Tell whether this and every picture of the last ``limit`` seconds are one and the same.

        A sensor's noise changes some pixels in any sparse grid, so the full comparison is rare.
        """
        last, self._last = self._last, picture
        sparse = np.s_[::16, ::16]
        if (
            last is not None
            and np.array_equal(last[sparse], picture[sparse])
            and np.array_equal(last, picture)
        ):
            return now - self._since >= self._limit
        self._since = now
        return False


class Grabber:
    """Reads, converts, hands over.

    Args:
        spec: What to open.
        memory: The slots, one after another, uint8.
        pipe: To the parent.
        opener: Opens the device; tests pass their own.
        alive: Called at least once per frame.
        attached: Tells whether a device is still there; tests pass their own.
    """

    def __init__(
        self,
        spec: CaptureSpec,
        memory: ByteArray,
        pipe: Connection,
        opener: Callable[[CaptureSpec], Capture] = open_capture,
        alive: Callable[[], None] = lambda: None,
        attached: Callable[[int], bool] = is_attached,
    ) -> None:
        self._spec = spec
        self._memory = memory.reshape(SLOTS, -1)
        self._pipe = pipe
        self._opener = opener
        self._alive = alive
        self._attached = attached
        self._free = list(range(SLOTS))
        self._order = 0  # of the last seek
        self._wanted: int | None = None  # the frame of that, until it is gone to
        self._told_at = 0.0  # when the parent heard of work that takes long
        self._shape: tuple[int, ...] | None = None
        self._repetition = Repetition(spec.same_after)

    def run(self) -> None:
        """Capture until the parent is gone or the device is lost; tells the parent the reason."""
        # The parent is gone when the pipe breaks: nobody is left to tell.
        with suppress(EOFError, OSError):
            try:
                self._alive()
                if self._spec.live:
                    self._capture()
                else:
                    self._play()
            except (Lost, cv2.error, MemoryError) as error:
                text = str(error) if isinstance(error, Lost) else _lost(self._spec)
                self._send(Failed(text))

    # ---- a device, or a file in its place ----

    def _capture(self) -> None:
        capture = self._open()
        try:
            fps = usable_fps(capture.get(cv2.CAP_PROP_FPS))
            self._send(Opened(fps))
            pacer = Pacer(None if self._spec.is_device else fps)
            index = 0
            while True:
                self._await_turn(pacer)
                capture, picture = self._next(capture)
                self._hand_over(picture, index)
                index += 1
        finally:
            capture.release()

    def _open(self) -> Capture:
        capture = self._opener(self._spec)
        if capture.isOpened():
            return capture
        capture.release()
        if self._spec.is_device:
            raise Lost(
                "is not there or is in use by another program: plug it in or close the other "
                "program."
            )
        raise Lost(self._spec.unplayable)

    def _await_turn(self, pacer: Pacer) -> None:
        """Wait until the next picture is due."""
        while True:
            self._alive()
            if self._pipe.poll(min(pacer.remaining(), _CHECK_EVERY)):
                self._apply_command()
            elif pacer.remaining() == 0.0:
                break
        pacer.advance()

    def _next(self, capture: Capture) -> tuple[Capture, AnyArray]:
        """Read one picture; a file that has ended starts again."""
        ok, picture = capture.read()
        if not ok and not self._spec.is_device:
            # Not every backend can seek: opening again always works.
            capture.release()
            capture = self._open()
            ok, picture = capture.read()
        try:
            self._check_device(ok, picture)
        except Lost:
            capture.release()
            raise
        return capture, picture

    def _check_device(self, ok: bool, picture: AnyArray | None) -> None:
        if not ok or picture is None or picture.size == 0:
            raise Lost(_lost(self._spec))
        if self._shape is None:
            self._shape = picture.shape
        if picture.shape != self._shape or picture.dtype != np.uint8:
            raise Lost("changed its picture format while running: open it again.")
        target = self._spec.target
        if isinstance(target, int) and self._repetition.is_stuck(picture, time.monotonic()):
            # Before a covered lens that is right; some drivers do it once they are unplugged.
            if not self._attached(target):
                raise Lost("was unplugged: plug it in again.")
            self._repetition = Repetition(self._spec.same_after)

    # ---- a film ----

    def _play(self) -> None:
        film = Film(self._open, open_packets(self._spec), self._work)
        try:
            self._send(Opened(film.fps))
            film.scan(_FIRST_SCAN)
            index, is_remarked = 0, False
            while True:
                self._await_place(film)
                shot = film.read()
                if shot is None:
                    self._end(film)
                    continue
                self._hand_over(shot.picture, index, self._place(film, shot.number, shot.time))
                index += 1
                if film.remark and not is_remarked:
                    is_remarked = True
                    self._send(Remark(film.remark))
        finally:
            film.close()

    def _place(self, film: Film, number: int, time: float) -> Place:
        timeline = film.timeline
        return Place(self._order, number, time, timeline.count, timeline.duration)

    def _await_place(self, film: Film) -> None:
        """Wait until there is a place for the next frame, and go where that is wanted."""
        while True:
            self._alive()
            patience = 0.0 if self._free or film.is_scanning else _CHECK_EVERY
            if self._pipe.poll(patience):
                self._apply_command()
            elif self._free:
                break
            else:
                film.scan(_SCAN)
        self._go(film)

    def _go(self, film: Film) -> None:
        if self._wanted is not None:
            film.seek(self._wanted)
            self._wanted = None

    def _end(self, film: Film) -> None:
        """Say that there is no frame any more, and wait until another is wanted."""
        if film.timeline.is_empty:
            raise Lost(self._spec.unplayable)
        self._send(Ended(self._order, film.timeline.count))
        while self._wanted is None:
            self._alive()
            if self._pipe.poll(0.0 if film.is_scanning else _CHECK_EVERY):
                self._apply_command()
            else:
                film.scan(_SCAN)

    def _work(self) -> None:
        """Tell that this goes on: many frames may have to be decoded for one."""
        self._alive()
        now = time.monotonic()
        if now - self._told_at > _TELL_EVERY:
            self._told_at = now
            self._send(Working())

    # ---- the parent ----

    def _apply_command(self) -> None:
        """Take a command."""
        command = unpack_command(self._pipe.recv_bytes())
        if isinstance(command, Release):
            self._free.append(command.slot)
        else:
            self._order, self._wanted = command.order, command.number

    def _hand_over(self, picture: AnyArray, index: int, place: Place | None = None) -> None:
        """Put the picture into a free slot; without one it is dropped, and its index missing."""
        if picture.shape[0] * picture.shape[1] * 3 > self._memory.shape[1]:
            what = "choose a smaller format" if self._spec.is_device else "make it smaller first"
            raise Lost(f"is larger than {LARGEST_WIDTH}×{LARGEST_HEIGHT} pixels: {what}.")
        captured_at = time.perf_counter()
        if not self._free:
            return
        slot = self._free.pop(0)
        height, width = picture.shape[:2]
        target = self._memory[slot, : height * width * 3].reshape(height, width, 3)
        grey = picture.ndim == 2
        cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB if grey else cv2.COLOR_BGR2RGB, dst=target)
        self._send(Arrived(slot, height, width, index, captured_at, place))

    def _send(self, message: Message) -> None:
        self._pipe.send_bytes(pack(message))


def _lost(spec: CaptureSpec) -> str:
    if spec.is_device:
        return "stopped delivering pictures: unplug it and plug it in again."
    return "cannot be read any further: convert it to MP4 or WebM first."
