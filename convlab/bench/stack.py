"""The stack lab: its engine beside other libraries, every map kept, and its live window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest

import convlab.bench.rivals as rivals
from convlab.bench.live import (
    MOVING_720P,
    WARM_UP,
    GapMeter,
    gap_rows,
    on_source,
    open_window,
    resident,
    run,
    unaccounted,
)
from convlab.bench.table import Row, at_least, at_most, medians
from convlab.document.document import Document, Lab
from convlab.document.stack import edits
from convlab.document.stack.job import StackShown
from convlab.document.stack.model import StackState, Unit
from convlab.engine.algorithms import onnxruntime
from convlab.io.project import load_project
from convlab.paths import resource, sample_pictures
from convlab.ui.main_window import MainWindow

LIVE = "640x480-8-16-32-maps"
TINY = "tinyvgg-shape"
TURN = 4.0  # [s]
EDITS = 60
DRAG = 4.0  # [s]
LIMIT = 2000  # [ms]
_NOISE = np.random.default_rng(0)


def measure(rounds: int = 15) -> list[Row]:
    """Return all figures of the stack lab; the application is there."""
    return [*_window_rows(), *_tiny(), *engine_rows(rounds)]


def ready(name: str) -> StackState:
    """Return a ready stack by the name of its file."""
    return load_project(resource("stacks", f"{name}.convlab")).stack


@contextmanager
def without_extra() -> Iterator[None]:
    """Let the planner believe that the extra ``fast`` is not installed."""
    with patch.object(onnxruntime, "is_installed", lambda: False):
        yield


# The engine alone.


def engine_rows(rounds: int) -> list[Row]:
    """Return one pass through the stack of 640x480, in turns with other libraries."""
    stack = ready(LIVE).stack()
    x = _NOISE.random((3, 480, 640), dtype=np.float32)

    def default() -> object:
        with without_extra():
            return stack.forward(x)

    tasks: dict[str, rivals.Task | None] = {
        "convlab": default,
        "convlab[fast]": partial(stack.forward, x),
        "ONNX Runtime": rivals.onnx_stack(x, stack.layers),
    }
    present = {name: task for name, task in tasks.items() if task is not None}
    times = dict(zip(present, medians(list(present.values()), rounds, 3), strict=True))
    rows = [Row(f"stack of 640x480, every map kept, {who}", t, "ms") for who, t in times.items()]
    if "ONNX Runtime" in times:
        plain = times["convlab"] / times["ONNX Runtime"]
        fast = times["convlab[fast]"] / times["ONNX Runtime"]
        rows.append(at_most("the stack against ONNX Runtime", plain, "x", 1.4))
        rows.append(at_most("the same with the extra", fast, "x", 1.15))
    torch = rivals.pytorch_stack(x, stack.layers)
    if torch is not None:  # its threads spin after each call, and slow down all others
        ours, theirs = medians([default, torch], rounds, 3, rest=0.03)
        rows.append(Row("stack of 640x480, every map kept, PyTorch", theirs, "ms"))
        rows.append(at_most("the stack against PyTorch", ours / theirs, "x", 0.8))
    return rows


# The window.


def _window_rows() -> list[Row]:
    """Return the live figures of the stack of 640x480, all maps on the screen."""
    document = with_stack(MOVING_720P, LIVE)
    rows = []
    with without_extra(), open_window(document, Lab.STACK, throttled=False) as window:
        run(2 * WARM_UP)
        rate = _throughput(window)
        rows.append(at_least("live stack of 640x480, all maps shown", rate, "frames/s", 30))
        rows.append(
            at_most("frames neither shown nor counted as dropped", unaccounted(window), "", 0)
        )
        rows.append(at_most("resident memory, live stack", resident(), "MB", 600))
        times = [_edit(window, (number + 1) / 100) for number in range(EDITS)]
        median = float(np.median(times))
        rows.append(at_most("edit of the first layer to all maps painted", median, "ms", 33))
    if onnxruntime.is_installed():
        with open_window(document, Lab.STACK, throttled=False) as window:
            run(2 * WARM_UP)
            rate = _throughput(window)
            rows.append(at_least("live stack with the extra", rate, "frames/s", 50))
    with open_window(document, Lab.STACK) as window:
        run(WARM_UP)
        rows += _gaps(window)
    return rows


def with_stack(source: str, name: str) -> Document:
    """Return the first document, on a source and with a ready stack."""
    document = on_source(source)
    return Document(source=document.source, stack=ready(name))


def _throughput(window: MainWindow) -> float:
    """Return frames shown per second."""
    shown, started = window.pump.frames_shown, perf_counter()
    run(TURN)
    return (window.pump.frames_shown - shown) / (perf_counter() - started)


def _edit(window: MainWindow, value: float) -> float:
    """Return the time from the edit of a weight of the first layer to its maps painted [ms]."""
    session = window.session
    state = session.document.stack
    uid = state.slots[0].uid
    after = edits.set_cell(state, uid, 0, 0, 1, 1, value)

    def edit() -> None:
        window.stack_lab.edits.change_cell(uid, (0, 0), (1, 1), value)

    wanted = after.slots[0].layer
    return _until(window, edit, lambda shown: _weight(shown.job.state) == _weight_of(wanted))


def _weight(state: StackState) -> float:
    return _weight_of(state.slots[0].layer)


def _weight_of(layer: object) -> float:
    return float(layer.weight[0, 0, 1, 1])  # type: ignore[attr-defined]


def _gaps(window: MainWindow) -> list[Row]:
    """Return the event loop's gaps while a weight is dragged with video running."""
    slot = window.session.document.stack.slots[0]
    window.stack_lab.look_at_unit(Unit(slot.uid, 0, 100, 100))
    run(0.3)
    grid = window.stack_lab.filter.grid
    start = grid.cell_rect(1, 1).center().toPoint()
    meter = GapMeter()
    QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=start)
    end, moved = perf_counter() + DRAG, 0
    while perf_counter() < end:
        moved += 1
        QTest.mouseMove(grid, start + QPoint(abs(moved % 120 - 60), 0))
        run(0.008)
    QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=start)
    return gap_rows(meter, "a weight of the stack")


def _tiny() -> list[Row]:
    """Return the time from choosing another picture to all maps of a small network painted."""
    times = []
    pictures = [str(path) for path in sample_pictures()]
    with open_window(with_stack(pictures[0], TINY), Lab.STACK) as window:
        run(WARM_UP)
        for path in (pictures[1:] + pictures) * 2:

            def choose(path: str = path) -> None:
                window.openings.open_source(path)

            def is_there(shown: StackShown, path: str = path) -> bool:
                del shown
                return window.session.document.source.name == path

            times.append(_until(window, choose, is_there))
    median = float(np.median(times))
    return [at_most("another picture to all maps painted, 64x64", median, "ms", 33)]


def _until(
    window: MainWindow, act: Callable[[], None], is_there: Callable[[StackShown], bool]
) -> float:
    """Return the time from an act to its result painted [ms]."""
    loop = QEventLoop()

    def on_painted() -> None:
        shown = window.pump.shown
        if isinstance(shown, StackShown) and is_there(shown):
            loop.quit()

    painted = window.stack_lab.maps.grid.painted
    painted.connect(on_painted)
    QTimer.singleShot(LIMIT, loop.quit)
    started = perf_counter()
    act()
    loop.exec()
    elapsed = (perf_counter() - started) * 1000
    painted.disconnect(on_painted)
    return elapsed
