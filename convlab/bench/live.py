"""The real window, run for measuring."""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from convlab.bench.table import Row, at_most
from convlab.document.document import Document, Lab
from convlab.document.source import SourceSpec
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.session import Session
from convlab.runtime.settings import Settings
from convlab.ui.main_window import MainWindow

WARM_UP = 1.0  # [s]
SETTLE = 0.5  # [s]
MOVING_720P = "pattern:drift"
MEGABYTE = 1024 * 1024


@contextmanager
def open_window(
    document: Document, lab: Lab = Lab.KERNEL, throttled: bool = True
) -> Iterator[MainWindow]:
    """The real window on a document, running."""
    with tempfile.TemporaryDirectory() as home:
        pipeline = Pipeline(Session(document), throttled)
        window = MainWindow(pipeline, Settings(Path(home)))
        window.show_lab(lab)
        window.show()
        window.start(prefer_camera=False)
        try:
            yield window
        finally:
            window.close()
            window.deleteLater()


def run(seconds: float) -> None:
    """Run the event loop as the program does: asleep while nothing happens."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def on_source(source: str) -> Document:
    """Return the first document, on a source."""
    return Document(source=SourceSpec.parse(source))


def play(window: MainWindow, playing: bool) -> None:
    """Let frames through, or hold the one there is."""
    window.session.look(replace(window.session.viewing, playing=playing))


def unaccounted(window: MainWindow) -> int:
    """Hold the picture; return how many frames were neither shown nor counted as dropped."""
    play(window, False)
    run(SETTLE)  # until the last frame is painted
    return abs(window.pipeline.captured - window.pump.frames_shown - window.pump.frames_dropped)


class GapMeter(QObject):
    """Measures how long the event loop keeps a due timer waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def _on_timeout(self) -> None:
        now = perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


def gap_rows(meter: GapMeter, what: str) -> list[Row]:
    """Return the figures of the event loop's gaps."""
    name = f"event-loop gap while dragging {what}, p99"
    return [
        at_most(name, float(np.percentile(meter.gaps, 99)), "ms", 16),
        at_most("the same, worst", max(meter.gaps), "ms", 50),
    ]


def resident() -> float:
    """Return the resident memory [MB]; the peak where the present one is not told."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / MEGABYTE
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGABYTE if sys.platform == "darwin" else peak / 1024
