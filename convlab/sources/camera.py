"""A camera, or a video file played through the camera's path."""

from __future__ import annotations

from convlab.document.camera import USUAL_CAMERA, CameraOptions
from convlab.document.file_name import shown_name
from convlab.document.frame import Frame
from convlab.sources.base import LONGEST_WAIT
from convlab.sources.files import require_video_file
from convlab.sources.process import FIRST_FRAME_LIMIT, SILENCE_LIMIT, CaptureProcess
from convlab.sources.protocol import CaptureSpec

_NUMBERS_PER_BACKEND = 100


class Camera:
    """Gives the newest picture of a camera; what nobody took in time is dropped.

    Opening does not block: ``read`` gives None until the first picture is there.

    Args:
        name: A camera's number (OpenCV's, which may carry the backend: 1400 is the first camera
            of backend 1400), or the path of a video file that stands in for a camera.
        options: What is asked of it.
        first_frame_limit: How long to wait for the first picture [s].
        silence_limit: How long to wait for each one after that [s].

    Raises:
        SourceError: ``name`` is neither a number nor a file that could be a video.
    """

    moves = True

    def __init__(
        self,
        name: str,
        options: CameraOptions = USUAL_CAMERA,
        *,
        first_frame_limit: float = FIRST_FRAME_LIMIT,
        silence_limit: float = SILENCE_LIMIT,
    ) -> None:
        target: int | str
        if name.isascii() and name.isdigit():
            target = int(name)
            self.title = f"Camera {target % _NUMBERS_PER_BACKEND}"
        else:
            path = require_video_file(name)
            target, self.title = str(path), shown_name(path)
        width, height = options.size.pixels
        spec = CaptureSpec(target, True, width, height, options.rate.fps)
        self._process = CaptureProcess(spec, self.title, first_frame_limit, silence_limit)
        self.mirror(options.mirror)

    def mirror(self, is_mirrored: bool) -> None:
        """Exchange left and right of what comes from now on, or not."""
        self._process.is_mirrored = is_mirrored

    def read(self) -> Frame | None:
        """Give the newest picture, or None when none came since the last.

        Raises:
            SourceError: The camera is not there, or is lost.
        """
        return self._process.latest(LONGEST_WAIT)

    def close(self) -> None:
        """Let go of the camera."""
        self._process.kill()
