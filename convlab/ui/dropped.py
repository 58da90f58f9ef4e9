"""The files of what is dragged over the window, dropped on it or pasted."""

from __future__ import annotations

import os
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl


def dropped_files(data: QMimeData) -> list[str]:
    """Return the paths of all files on this machine."""
    return [_path_of(url) for url in data.urls() if url.isLocalFile()]


def _path_of(url: QUrl) -> str:
    """Return a file's path; Qt would lose the bytes of a name that are no text."""
    if os.name != "posix":
        return url.toLocalFile()
    encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    return os.fsdecode(unquote_to_bytes(encoded))
