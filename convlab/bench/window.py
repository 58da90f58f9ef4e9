"""The live window: throughput, latency of an edit, the event loop's gaps, idling, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from time import perf_counter, process_time

import numpy as np
from PySide6.QtWidgets import QApplication

from convlab import paths
from convlab.bench.bare import frames_per_second
from convlab.bench.live import (
    MOVING_720P,
    WARM_UP,
    dress,
    frame_rate,
    gaps_while_dragging,
    on_source,
    open_window,
    play,
    run,
    time_until,
    unaccounted,
    with_cell,
)
from convlab.bench.table import Row, at_least, at_most
from convlab.document.document import Lab
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import PixelPage
from convlab.document.request import AnyShown
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.main_window import MainWindow

TURNS = 3
TURN = 3.0  # [s]
EDITS = 120
PLACES = 60.0  # to which a kernel slides in a second
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
    app = dress()
    return [*_memory(), *_throughput(app), *_edit_latency(), *_gaps(), *_sliding(), *_idling()]


def _throughput(app: QApplication) -> list[Row]:
    """Live 720p without a throttle, in turns with the bare loop."""
    ours, bares = [], []
    with open_window(on_source(MOVING_720P), throttled=False) as window:
        run(WARM_UP)
        for _ in range(TURNS):
            ours.append(frame_rate(window, TURN))
            play(window, False)
            bares.append(frames_per_second(app, TURN))
            play(window, True)
        lost = unaccounted(window)
    rate, bare_rate = float(np.median(ours)), float(np.median(bares))
    return [
        Row("bare loop, 720p", bare_rate, "frames/s"),
        at_least("live 720p shown, unthrottled", rate, "frames/s", 60),
        at_least("live against the bare loop", rate / bare_rate, "x", 0.67),
        lost,
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

    def edit() -> None:
        window.session.edit(with_cell(window.session.document, value), "change cell")

    def is_there(shown: AnyShown) -> bool:
        return isinstance(shown, KernelShown) and shown.job.state.weights[1][1] == np.float32(value)

    return time_until(window, window.labs.of(KernelLab).output.view.painted, edit, is_there)


def _gaps() -> list[Row]:
    """The event loop's gaps while a cell is dragged with 720p video running."""
    with open_window(on_source(MOVING_720P)) as window:
        run(WARM_UP)
        return gaps_while_dragging(window.labs.of(KernelLab).kernel.grid, "a cell")


def _sliding() -> list[Row]:
    """Return how many places a second the kernel slides to, over a photo."""
    with open_window(on_source(str(paths.sample_pictures()[0]))) as window:
        run(WARM_UP)
        viewing = window.session.viewing
        kernel = replace(viewing.kernel, page=PixelPage.SLIDE, probe=(0, 0), pinned=True)
        kernel = replace(kernel, speed=PLACES, is_playing=True)
        window.session.look(viewing.with_part(Lab.KERNEL, kernel))
        run(WARM_UP)
        shown: list[int] = []  # a place is a result of the same picture
        window.pump.result_changed.connect(lambda: shown.append(1))
        run(TURN)
        rate = len(shown) / TURN
    name = "a kernel sliding over a photo, asked for 60 places a second"
    return [at_least(name, rate, "frames/s", 0.95 * PLACES)]


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
