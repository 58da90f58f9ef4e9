"""The one place that imports OpenCV.

The wheel's ``cv2`` points Qt at the Qt 5 plugins and fonts it carries (or at folders that do not
exist) and leaves an empty entry in the library path. PySide6 would then fail to start, so the three
variables are put back as they were.
"""

import os

_REWRITTEN_BY_CV2 = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")
_before = {name: os.environ.get(name) for name in _REWRITTEN_BY_CV2}

# A header may promise gigabytes: OpenCV rejects before it allocates (read once, at import).
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(64 * 1024 * 1024))

# What OpenCV and FFmpeg print of a file they reject helps nobody: whoever asked is told in one
# message. Set the variables to see it.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

import cv2  # noqa: E402, TID251

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2"]
