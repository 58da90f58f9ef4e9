"""The real window, run for measuring."""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from convlab.app import make_application
from convlab.bench.table import Row, at_most
from convlab.document.document import Document, Lab
from convlab.document.kernel.edits import set_cell
from convlab.document.request import AnyShown
from convlab.document.source import SourceSpec
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.session import Session
from convlab.runtime.settings import Settings
from convlab.ui.labs import EVALUATORS, PAGE_EVALUATORS
from convlab.ui.main_window import MainWindow
from convlab.ui.palettes import ThemeName
from convlab.ui.theme import apply_theme, load_fonts
from convlab.ui.widgets.kernel_grid import KernelGrid

WARM_UP = 1.0  # [s]
SETTLE = 0.5  # [s]
MOVING_720P = "pattern:drift"
DRAG = 5.0  # [s]
MEGABYTE = 1024 * 1024


@contextmanager
def open_window(
    document: Document, lab: Lab = Lab.KERNEL, throttled: bool = True
) -> Iterator[MainWindow]:
    """The real window on a document, running."""
    with tempfile.TemporaryDirectory() as home:
        pipeline = Pipeline(Session(document), EVALUATORS, throttled, PAGE_EVALUATORS)
        window = MainWindow(pipeline, Settings(Path(home)))
        window.show_lab(lab)
        window.show()
        window.start(prefer_camera=False)
        try:
            yield window
        finally:
            window.close()
            window.deleteLater()


def dress() -> QApplication:
    """Return the application in the program's colours and fonts."""
    app = make_application()
    pyqtgraph.setConfigOptions(imageAxisOrder="row-major", antialias=True)
    load_fonts(app)
    apply_theme(app, ThemeName.LIGHT)
    return app


def run(seconds: float) -> None:
    """Run the event loop as the program does: asleep while nothing happens."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def on_source(source: str) -> Document:
    """Return the first document, on a source."""
    return Document(source=SourceSpec.parse(source))


def with_cell(document: Document, value: float) -> Document:
    """Change the middle cell of the kernel."""
    return replace(document, kernel=set_cell(document.kernel, 1, 1, value))


def play(window: MainWindow, playing: bool) -> None:
    """Let frames through, or hold the one there is."""
    window.session.look(replace(window.session.viewing, playing=playing))


def frame_rate(window: MainWindow, seconds: float) -> float:
    """Run for a time; return the frames shown per second."""
    shown, started = window.pump.frames_shown, perf_counter()
    run(seconds)
    return (window.pump.frames_shown - shown) / (perf_counter() - started)


def time_until(
    window: MainWindow,
    painted: SignalInstance,
    act: Callable[[], object],
    is_there: Callable[[AnyShown], bool],
    limit: float = 2.0,
) -> float:
    """Return the time from an act to its result painted [ms].

    Args:
        window: The window.
        painted: What its view says when it has painted.
        act: What a person does.
        is_there: Tells whether what the window shows is the result.
        limit: How long to wait for it [s].
    """
    loop, overdue = QEventLoop(), QTimer()
    overdue.setSingleShot(True)
    overdue.timeout.connect(loop.quit)

    def on_painted() -> None:
        if window.pump.shown is not None and is_there(window.pump.shown):
            loop.quit()

    painted.connect(on_painted)
    overdue.start(round(limit * 1000))
    started = perf_counter()
    act()
    loop.exec()
    elapsed = (perf_counter() - started) * 1000
    overdue.stop()
    painted.disconnect(on_painted)
    return elapsed


def unaccounted(window: MainWindow) -> Row:
    """Hold the picture; return how many frames were neither shown nor counted as dropped."""
    play(window, False)
    run(SETTLE)  # until the last frame is painted
    lost = abs(window.pipeline.captured - window.pump.frames_shown - window.pump.frames_dropped)
    return at_most("frames neither shown nor counted as dropped", lost, "", 0)


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


def gaps_while_dragging(grid: KernelGrid, what: str) -> list[Row]:
    """Drag the middle cell of a kernel; return the figures of the event loop's gaps."""
    start = grid.cell_rect(1, 1).center().toPoint()
    meter = GapMeter()
    QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=start)
    end, moved = perf_counter() + DRAG, 0
    while perf_counter() < end:
        moved += 1
        QTest.mouseMove(grid, start + QPoint(abs(moved % 120 - 60), 0))
        run(0.008)
    QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=start)
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
