"""What must be true of a video file before a capture process is started for it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from convlab.document.file_name import shown_name
from convlab.sources.base import SourceError


def require_video_file(path: str | os.PathLike[str]) -> Path:
    """Give the file's absolute path.

    Absolute, because a player would take a relative name such as ``http:x`` for an address.

    Raises:
        SourceError: It is missing, a folder, a device or pipe (opening that could hang), or empty.
    """
    full, name = Path(path).absolute(), shown_name(path)
    try:
        status = full.stat()
    except (OSError, ValueError) as error:
        raise SourceError(f"The video {name} is not there: choose another file.") from error
    if stat.S_ISDIR(status.st_mode):
        raise SourceError(f"{name} is a folder: choose a video file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{name} is a device or pipe: choose a video file.")
    if status.st_size == 0:
        raise SourceError(f"The video {name} is empty: choose another file.")
    return full
