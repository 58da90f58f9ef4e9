"""Imports what will be wanted later in a thread of its own, so that the window does not wait."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from convlab.runtime.priority import go_behind_window


class Preloader(QObject):
    """Lives in the window's thread.

    Signals:
        loaded: All modules are there.
    """

    loaded = Signal()

    def __init__(self, modules: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._modules = modules
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_stopped(self) -> bool:
        """Nothing is wanted any more."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin to import, unless that was begun before."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="convlab-preload")
            self._thread.start()

    def stop(self) -> None:
        """End after the module in hand; returns when the thread has ended."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _load(self) -> None:
        go_behind_window()
        for module in self._modules:
            if self._stopping.is_set():
                return
            importlib.import_module(module)
        self.loaded.emit()
