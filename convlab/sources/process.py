"""The parent's side of a capture process: starts it, copies its frames out, kills it when silent.

Every wait is bounded, so no thread is needed here and none can hang.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.heap import BufferWrapper
from typing import NoReturn

import numpy as np

from convlab.document.frame import Frame, Moment
from convlab.engine.arrays import ByteArray
from convlab.engine.cv import cv2
from convlab.sources import grabber
from convlab.sources.base import SourceError
from convlab.sources.protocol import (
    SLOT_BYTES,
    SLOTS,
    Arrived,
    CaptureSpec,
    Command,
    Ended,
    Failed,
    Message,
    Opened,
    Release,
    Remark,
    Working,
    pack,
    unpack,
)
from convlab.sources.spawning import waited, without_main_module

FIRST_FRAME_LIMIT = 8.0
SILENCE_LIMIT = 1.5
_LONGEST_COUNTED = 0.25
_END_LIMIT = 2.0

_SILENT_DEVICE = "stopped answering: unplug it and plug it in, or open it again."
_SILENT_FILE = "stopped answering: go to another place in it, or convert it to MP4 or WebM first."

_NO_SLOTS = np.empty((0, SLOT_BYTES), np.uint8)


class CaptureProcess:
    """A child process that captures; starts at once, and never blocks longer than it is told.

    Args:
        spec: What to open, and how.
        title: The source's title; every error begins with it.
        first_frame_limit: Silence after which a child without a frame so far is killed [s].
        silence_limit: The same once frames have come [s].
        clock: Gives the time [s]; tests pass their own.

    Raises:
        SourceError: No process can be started.

    Attributes:
        fps: The device's or file's own rate [1/s]; None until it is open.
        remark: What the child has to say of a film, with its title; "" is nothing.
        is_mirrored: Left and right of each picture are exchanged.
    """

    def __init__(
        self,
        spec: CaptureSpec,
        title: str,
        first_frame_limit: float = FIRST_FRAME_LIMIT,
        silence_limit: float = SILENCE_LIMIT,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.fps: float | None = None
        self.remark = ""
        self.is_mirrored = False
        self._title = title
        self._silence = _SILENT_DEVICE if spec.is_device else _SILENT_FILE
        self._limit = first_frame_limit
        self._silence_limit = silence_limit
        self._clock = clock
        self._last_call = clock()
        self._silent = 0.0
        self._waited = 0.0
        self._failure: SourceError | None = None
        self._closed = False
        try:
            self._start(spec)
        except OSError as error:
            text = f"{title} cannot be opened, memory or disk is full: close other programs."
            raise SourceError(text) from error

    def _start(self, spec: CaptureSpec) -> None:
        # The buffer is a sparse file mapped by both: pages cost memory only once they are written,
        # nothing has a name, so nothing is left behind by a crash.
        memory = BufferWrapper(SLOTS * SLOT_BYTES)
        self._memory: BufferWrapper | None = memory  # lets go of the buffer when it goes itself
        view = np.frombuffer(memory.create_memoryview(), np.uint8)
        self._slots: ByteArray = view[: SLOTS * SLOT_BYTES].reshape(SLOTS, SLOT_BYTES)
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=grabber.run, args=(spec, memory, theirs), name="capture", daemon=True
        )
        with without_main_module():
            self._process.start()
        theirs.close()  # The child's end lives in the child alone: its death is our end of file.
        self.pid = self._process.pid

    def latest(self, timeout: float) -> Frame | None:
        """Take the newest frame and let go of the older ones; None when none came in time.

        Raises:
            SourceError: The child failed, died or fell silent.
        """
        newest: Arrived | None = None
        while isinstance(arrived := self.receive(0.0 if newest else timeout), Arrived):
            if newest:
                self.release(newest)
            newest = arrived
        return None if newest is None else self.frame_of(newest)

    def receive(self, timeout: float) -> Arrived | Ended | None:
        """Wait for what comes next, and note on the way what else the child says.

        Returns:
            A frame in its slot, the end of a film, or None when neither came in time.

        Raises:
            SourceError: The child failed, died or fell silent.
        """
        if self._failure:
            raise self._failure
        if self._closed:
            return None
        end = self._clock() + timeout
        while self._has_message(max(0.0, end - self._clock())):
            received = self._understood(self._read())
            if received:
                return received
        self._count_silence()
        return None

    def frame_of(self, arrived: Arrived) -> Frame:
        """Copy a frame out of its slot, and give the slot back."""
        shape = (arrived.height, arrived.width, 3)
        pixels = self._slots[arrived.slot, : arrived.height * arrived.width * 3].reshape(shape)
        own = np.asarray(cv2.flip(pixels, 1)) if self.is_mirrored else pixels.copy()
        place = arrived.place
        moment = None
        if place is not None:
            moment = Moment(place.number, place.count, place.time, place.duration)
        self.release(arrived)
        return Frame(own, arrived.index, arrived.captured_at, moment=moment)

    def release(self, arrived: Arrived) -> None:
        """Give a slot back."""
        self.send(Release(arrived.slot))

    def send(self, command: Command) -> None:
        """Tell the child something; one that just died is found out by the next read."""
        with suppress(OSError):
            self._pipe.send_bytes(pack(command))

    def kill(self) -> None:
        """End the child, whatever it is doing; may be called twice."""
        if self._closed:
            return
        self._closed = True
        self._pipe.close()
        self._process.kill()
        self._process.join(_END_LIMIT)
        with suppress(ValueError):  # Even a kill waits for a driver that is stuck in the kernel.
            self._process.close()
        # An error that is still known holds this object, and with it a mapping of 75 MB.
        self._slots, self._memory = _NO_SLOTS, None

    def _has_message(self, timeout: float) -> bool:
        try:
            return self._pipe.poll(timeout)
        except OSError:
            return True  # A broken pipe: reading it tells.

    def _read(self) -> Message:
        try:
            return unpack(self._pipe.recv_bytes())
        except (EOFError, OSError):
            return Failed(self._silence)

    def _understood(self, message: Message) -> Arrived | Ended | None:
        self._silent, self._last_call = 0.0, self._clock()
        match message:
            case Arrived() | Ended():
                self._limit = self._silence_limit
                return message
            case Working():
                return None
            case Remark(text):
                self.remark = f"{self._title} {text}"
                return None
            case Opened(fps):
                self.fps = fps
                return None
            case Failed(text):
                self._fail(text)

    def _count_silence(self) -> None:
        """Add up the time spent asking in which the child could have answered.

        A pause in which nobody asked is no silence, nor is the time in which the child wanted to
        run and other programs had all processors.
        """
        now, total = self._clock(), waited(self.pid)
        asked = min(now - self._last_call, _LONGEST_COUNTED)
        self._silent += max(0.0, asked - max(0.0, total - self._waited))
        self._last_call, self._waited = now, total
        if self._silent >= self._limit:
            self._fail(self._silence)

    def _fail(self, text: str) -> NoReturn:
        self.kill()
        self._failure = SourceError(f"{self._title} {text}")
        raise self._failure
