"""Signals that are heard: they are handed to the system's player as a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from convlab.engine.arrays import AnyArray
from convlab.io.sounds import Sound, write_sound
from convlab.paths import user_cache_dir
from convlab.ui.file_desk import FileDesk

SOUND = "sound"
"""Owner of a message."""

SLOWEST_SOUND = 1000  # samples per second; what is slower is no sound


class Listener:
    """Has sounds written and played; what fails is said in the window.

    Args:
        desk: Writes the file.
    """

    def __init__(self, desk: FileDesk) -> None:
        self._desk = desk

    def play(self, samples: AnyArray, rate: float) -> None:
        """Play samples ``(n,)`` at a rate [Hz]; they are made quieter rather than clipped."""
        path = user_cache_dir() / "convolved.wav"
        write = partial(write_sound, path, Sound(samples[np.newaxis], round(rate)))
        self._desk.do(SOUND, write, partial(self._open, path))

    def _open(self, path: Path, _: object) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            text = f"No program here plays sounds: open {path} with one of yours."
            self._desk.message.show_message(text, SOUND)
