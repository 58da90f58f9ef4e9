"""Times direct against Fourier convolution in a thread of its own."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

from convlab.engine.race import COUNTS, Measurement, race
from convlab.runtime.priority import go_behind_window


class Racer(QObject):
    """Lives in the window's thread.

    Signals:
        progressed: ``measurements`` has one more, or the race has ended.
    """

    progressed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.measurements: tuple[Measurement, ...] = ()
        self.is_running = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> float:
        """The share of lengths that are done, 0 to 1."""
        return len(self.measurements) / len(COUNTS)

    def start(self) -> None:
        """Start again."""
        self.stop()
        self._stopping = threading.Event()
        self.measurements, self.is_running = (), True
        self._thread = threading.Thread(
            target=self._run, args=(self._stopping,), name="convlab-race"
        )
        self._thread.start()

    def cancel(self) -> None:
        """Call it off; ``progressed`` tells when it has ended, after the length in hand."""
        self._stopping.set()

    def stop(self) -> None:
        """Call it off; returns when the thread has ended."""
        self._stopping.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()
        self.is_running = False

    def _run(self, stopping: threading.Event) -> None:
        go_behind_window()
        try:
            for measurement in race():
                self.measurements = (*self.measurements, measurement)
                self.progressed.emit()
                if stopping.is_set():
                    break
        finally:
            self.is_running = False
            self.progressed.emit()
