"""A video file: at its own pace, over and over."""

from __future__ import annotations

import os

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

    def read(self) -> Frame | None:
        """Give the next frame when it is due, or None.

        Raises:
            SourceError: The file is no video, or cannot be read any further.
        """
        if self._pacer and not self._pacer.wait():
            return None
        frame = self._process.next(LONGEST_WAIT)
        if frame is None:
            return None
        if self._pacer is None:
            self._pacer = Pacer(self._process.fps)
        self._pacer.advance()
        return frame

    def close(self) -> None:
        """Let go of the file."""
        self._process.kill()
