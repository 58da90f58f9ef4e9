"""The live window: throughput, latency of an edit, the event loop's gaps, idling, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from time import perf_counter, process_time

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from convlab.app import make_application
from convlab.bench.bare import frames_per_second
from convlab.bench.live import (
    MOVING_720P,
    WARM_UP,
    GapMeter,
    gap_rows,
    on_source,
    open_window,
    play,
    run,
    unaccounted,
)
from convlab.bench.table import Row, at_least, at_most
from convlab.document import edits
from convlab.document.job import Shown
from convlab.ui.main_window import MainWindow
from convlab.ui.theme import ThemeName, apply_theme, load_fonts

TURNS = 3
TURN = 3.0  # [s]
EDITS = 120
EDIT_LIMIT = 1000  # [ms]
DRAG = 5.0  # [s]
IDLE = 3.0  # [s]
LIMIT = 60  # [s]
# All labs are there by the time it says what it holds.
PROGRAM = """
import sys
from convlab.app import create_window, make_application
from convlab.bench.live import resident, run
app = make_application()
window = create_window(["--source", sys.argv[1]])
window.show()
run(5)
print(resident())
window.close()
"""


def measure() -> list[Row]:
    """Return all figures of the window."""
    app = make_application()
    pyqtgraph.setConfigOptions(imageAxisOrder="row-major", antialias=True)
    load_fonts(app)
    apply_theme(app, ThemeName.LIGHT)
    return [*_memory(), *_throughput(app), *_edit_latency(), *_gaps(), *_idling()]


def _throughput(app: QApplication) -> list[Row]:
    """Live 720p without a throttle, in turns with the bare loop."""
    ours, bares = [], []
    with open_window(on_source(MOVING_720P), throttled=False) as window:
        run(WARM_UP)
        pump = window.pump
        for _ in range(TURNS):
            shown, started = pump.frames_shown, perf_counter()
            run(TURN)
            ours.append((pump.frames_shown - shown) / (perf_counter() - started))
            play(window, False)
            bares.append(frames_per_second(app, TURN))
            play(window, True)
        lost = unaccounted(window)
    rate, bare_rate = float(np.median(ours)), float(np.median(bares))
    return [
        Row("bare loop, 720p", bare_rate, "frames/s"),
        at_least("live 720p shown, unthrottled", rate, "frames/s", 60),
        at_least("live against the bare loop", rate / bare_rate, "x", 0.67),
        at_most("frames neither shown nor counted as dropped", lost, "", 0),
    ]


def _edit_latency() -> list[Row]:
    """From the edit of a cell on a 720p still to the new picture painted."""
    times = []
    with open_window(on_source(MOVING_720P)) as window:
        run(WARM_UP)
        play(window, False)
        run(0.2)
        for number in range(EDITS):
            times.append(_edit(window, (number + 1) / 100))
    return [
        at_most("edit of a cell to picture painted, median", float(np.median(times)), "ms", 16),
        at_most("the same, 95th percentile", float(np.percentile(times, 95)), "ms", 33),
    ]


def _edit(window: MainWindow, value: float) -> float:
    """Return the time of one edit [ms]."""
    loop = QEventLoop()

    def on_painted() -> None:
        shown = window.pump.shown
        if isinstance(shown, Shown) and shown.job.weights[1, 1] == np.float32(value):
            loop.quit()

    painted = window.kernel_lab.output.view.painted
    painted.connect(on_painted)
    QTimer.singleShot(EDIT_LIMIT, loop.quit)
    started = perf_counter()
    window.session.edit(edits.set_cell(window.session.document, 1, 1, value), "change cell")
    loop.exec()
    elapsed = (perf_counter() - started) * 1000
    painted.disconnect(on_painted)
    return elapsed


def _gaps() -> list[Row]:
    """The event loop's gaps while a cell is dragged with 720p video running."""
    with open_window(on_source(MOVING_720P)) as window:
        run(WARM_UP)
        grid = window.kernel_lab.kernel.grid
        start = grid.cell_rect(1, 1).center().toPoint()
        meter = GapMeter()
        QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=start)
        end, moved = perf_counter() + DRAG, 0
        while perf_counter() < end:
            moved += 1
            QTest.mouseMove(grid, start + QPoint(abs(moved % 120 - 60), 0))
            run(0.008)
        QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=start)
    return gap_rows(meter, "a cell")


def _idling() -> list[Row]:
    """Processor time of an untouched still."""
    with open_window(on_source("pattern:zone-plate")) as window:
        run(2 * WARM_UP)
        before, started = process_time(), perf_counter()
        run(IDLE)
        share = (process_time() - before) / (perf_counter() - started)
        assert window.pump.shown is not None
    return [at_most("processor share of an untouched still", 100 * share, "%", 1.0)]


def _memory() -> list[Row]:
    """Resident memory of the program with live 720p: this process holds much else."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "CONVLAB_HOME": home}
        command = [sys.executable, "-c", PROGRAM, MOVING_720P]
        done = subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=LIMIT
        )
    used = float(done.stdout)
    return [at_most("resident memory, live 720p", used, "MB", 300)]
