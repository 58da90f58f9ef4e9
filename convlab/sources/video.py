"""A video file: at its own pace, frame by frame when asked, over and over."""

from __future__ import annotations

import os
import time

from convlab.document.file_name import shown_name
from convlab.document.frame import Frame
from convlab.sources.base import LONGEST_WAIT, Pacer
from convlab.sources.files import require_video_file
from convlab.sources.process import CaptureProcess
from convlab.sources.protocol import CaptureSpec


class VideoFile:
    """Plays a video in a loop and drops nothing. To pause it, do not read it.

    Args:
        path: A regular file.

    Raises:
        SourceError: It is missing, a folder, a device or pipe, or empty. That it is no video at
            all is found out by the first ``read``.
    """

    moves = True

    def __init__(self, path: str | os.PathLike[str]) -> None:
        full = require_video_file(path)
        self.title = shown_name(full)
        self._process = CaptureProcess(CaptureSpec(str(full), live=False), self.title)
        self._pacer: Pacer | None = None

    @property
    def pid(self) -> int | None:
        """The number of the capture process."""
        return self._process.pid

    @property
    def fps(self) -> float | None:
        """The file's own rate [1/s]; None until it is open."""
        return self._process.fps

    def read(self) -> Frame | None:
        """Give the next frame when it is due, or None.

        Raises:
            SourceError: The file is no video, or cannot be read any further.
        """
        if self._pacer and not self._pacer.wait():
            return None
        return self._take(LONGEST_WAIT)

    def step(self, timeout: float = 1.0) -> Frame | None:
        """Give the next frame whether it is due or not; None when it could not be had in time.

        Raises:
            SourceError: The file is no video, or cannot be read any further.
        """
        end = time.perf_counter() + timeout
        frame = self._take(LONGEST_WAIT)
        while frame is None and time.perf_counter() < end:
            frame = self._take(LONGEST_WAIT)
        return frame

    def close(self) -> None:
        """Let go of the file."""
        self._process.kill()

    def _take(self, timeout: float) -> Frame | None:
        frame = self._process.next(timeout)
        if frame is None:
            return None
        if self._pacer is None:
            self._pacer = Pacer(self._process.fps)
        self._pacer.advance()
        return frame
