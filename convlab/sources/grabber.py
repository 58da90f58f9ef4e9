"""The capture process: opens a camera or video and puts its frames into shared memory.

A read from a camera has no time limit, and one stuck open blocks every other in its process; so
this runs in a child that the parent can kill. It owns its main thread and nothing else.
"""

from __future__ import annotations

import faulthandler
import math
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.heap import BufferWrapper
from typing import Protocol

import numpy as np

from convlab.engine.arrays import AnyArray, ByteArray
from convlab.engine.cv import cv2
from convlab.sources.base import Pacer
from convlab.sources.protocol import (
    LARGEST_HEIGHT,
    LARGEST_WIDTH,
    SLOT_BYTES,
    SLOTS,
    Arrived,
    CaptureSpec,
    Failed,
    Message,
    Opened,
    pack,
)

USUAL_FPS = 30.0
_SLOWEST_FPS, _FASTEST_FPS = 0.1, 240.0
_CHECK_EVERY = 1.0


class Lost(Exception):
    """Capture is over; the text goes to the parent."""


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that is used, so that tests can stand in for a device."""

    def isOpened(self) -> bool: ...  # noqa: D102
    def read(self) -> tuple[bool, AnyArray]: ...  # noqa: D102
    def get(self, propId: int, /) -> float: ...  # noqa: D102
    def set(self, propId: int, value: float, /) -> bool: ...  # noqa: D102
    def release(self) -> None: ...  # noqa: D102


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
    """Open the device or file, and ask a device for its size."""
    if isinstance(spec.target, str):
        return cv2.VideoCapture(_openable(spec.target))
    capture = cv2.VideoCapture(spec.target)
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, spec.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, spec.height)
    # A queue inside the driver would show the past.
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture


def _openable(path: str) -> str:
    """Return a name that OpenCV can take: it wants text, and bytes in a name need be none.

    Such a file stays open as long as the process; Linux knows it by its number too.
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        return f"/proc/self/fd/{os.open(path, os.O_RDONLY)}"
    return path


def usable_fps(fps: float) -> float:
    """Give the rate that a file states, or 30 when it is not a sensible one."""
    return fps if math.isfinite(fps) and _SLOWEST_FPS <= fps <= _FASTEST_FPS else USUAL_FPS


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
    """

    def __init__(
        self,
        spec: CaptureSpec,
        memory: ByteArray,
        pipe: Connection,
        opener: Callable[[CaptureSpec], Capture] = open_capture,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._spec = spec
        self._memory = memory.reshape(SLOTS, -1)
        self._pipe = pipe
        self._opener = opener
        self._alive = alive
        self._free = list(range(SLOTS))
        self._shape: tuple[int, ...] | None = None
        self._repetition = Repetition(spec.same_after)

    def run(self) -> None:
        """Capture until the parent is gone or the device is lost; tells the parent the reason."""
        # The parent is gone when the pipe breaks: nobody is left to tell.
        with suppress(EOFError, OSError):
            try:
                self._capture()
            except (Lost, cv2.error, MemoryError) as error:
                text = str(error) if isinstance(error, Lost) else _lost(self._spec)
                self._send(Failed(text))

    def _capture(self) -> None:
        self._alive()
        capture = self._open()
        try:
            fps = usable_fps(capture.get(cv2.CAP_PROP_FPS))
            self._send(Opened(fps))
            pacer = Pacer(fps if self._spec.live and not self._spec.is_device else None)
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
        raise Lost("cannot be played: convert it to MP4 or WebM first.")

    def _await_turn(self, pacer: Pacer) -> None:
        """Wait until the next frame is due, or in file mode until there is a place for it."""
        while True:
            self._alive()
            blocked = not self._spec.live and not self._free
            patience = _CHECK_EVERY if blocked else min(pacer.remaining(), _CHECK_EVERY)
            if self._pipe.poll(patience):
                self._free.extend(self._pipe.recv_bytes())
            elif not blocked and pacer.remaining() == 0.0:
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
            self._check(ok, picture)
        except Lost:
            capture.release()
            raise
        return capture, picture

    def _check(self, ok: bool, picture: AnyArray | None) -> None:
        if not ok or picture is None or picture.size == 0:
            raise Lost(_lost(self._spec))
        if self._shape is None:
            self._shape = picture.shape
        if picture.shape != self._shape or picture.dtype != np.uint8:
            raise Lost("changed its picture format while running: open it again.")
        if picture.shape[0] * picture.shape[1] * 3 > self._memory.shape[1]:
            raise Lost(
                f"is larger than {LARGEST_WIDTH}×{LARGEST_HEIGHT} pixels: choose a smaller format."
            )
        if self._spec.is_device and self._repetition.is_stuck(picture, time.monotonic()):
            raise Lost("repeats one and the same picture: unplug it and plug it in again.")

    def _hand_over(self, picture: AnyArray, index: int) -> None:
        """Put the picture into a free slot; without one it is dropped, and its index missing."""
        captured_at = time.perf_counter()
        if not self._free:
            return
        slot = self._free.pop(0)
        height, width = picture.shape[:2]
        target = self._memory[slot, : height * width * 3].reshape(height, width, 3)
        grey = picture.ndim == 2
        cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB if grey else cv2.COLOR_BGR2RGB, dst=target)
        self._send(Arrived(slot, height, width, index, captured_at))

    def _send(self, message: Message) -> None:
        self._pipe.send_bytes(pack(message))


def _lost(spec: CaptureSpec) -> str:
    if spec.is_device:
        return "stopped delivering pictures: unplug it and plug it in again."
    return "cannot be read any further: convert it to MP4 or WebM first."
