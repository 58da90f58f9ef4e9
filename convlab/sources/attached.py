"""Whether a camera is still there; known without opening it."""

from __future__ import annotations

import sys
from pathlib import Path

from convlab.sources.devices import list_cameras

IS_CHEAP = sys.platform == "linux"
"""To look costs nothing: no program has to be asked."""

_NUMBERS_PER_BACKEND = 100


def is_attached(number: int) -> bool:
    """Tell whether a camera is there, by OpenCV's number of it."""
    if IS_CHEAP:
        return Path(f"/dev/video{number % _NUMBERS_PER_BACKEND}").exists()
    names = {camera.spec_name for camera in list_cameras()}
    return str(number) in names
