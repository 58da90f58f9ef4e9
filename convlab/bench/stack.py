"""The stack lab: its engine beside other libraries, every map kept, and its live window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np

import convlab.bench.rivals as rivals
from convlab.bench.live import (
    MOVING_720P,
    WARM_UP,
    frame_rate,
    gaps_while_dragging,
    on_source,
    open_window,
    resident,
    run,
    time_until,
    unaccounted,
)
from convlab.bench.table import Row, Task, at_least, at_most, in_blocks
from convlab.document.document import Document, Lab
from convlab.document.request import AnyShown
from convlab.document.stack import edits
from convlab.document.stack.job import StackShown
from convlab.document.stack.model import StackState, Unit
from convlab.engine.algorithms import onnxruntime
from convlab.io.project import load_project
from convlab.layers.editing import with_cell
from convlab.layers.graph import Graph
from convlab.networks import runner as runner_module
from convlab.networks.runner import GraphRunner
from convlab.paths import resource, sample_pictures
from convlab.ui.main_window import MainWindow
from convlab.ui.stack.stack_lab import StackLab
from convlab.ui.widgets.kernel_grid import KernelGrid

LIVE = "640x480-8-16-32-maps"
TINY = "tinyvgg-shape"
TURN = 4.0  # [s]
EDITS = 60
_NOISE = np.random.default_rng(0)


def measure(rounds: int = 15) -> list[Row]:
    """Return all figures of the stack lab; the application is there."""
    return [*_window_rows(), *_tiny(), *engine_rows(rounds)]


def ready(name: str) -> StackState:
    """Return a ready stack by the name of its file."""
    return load_project(resource("stacks", f"{name}.convlab")).stack


@contextmanager
def without_onnx_runtime() -> Iterator[None]:
    """Let the program believe that ONNX Runtime is not installed."""
    with (
        patch.object(onnxruntime, "is_installed", lambda: False),
        patch.object(runner_module, "is_installed", lambda: False),
    ):
        yield


# The engine alone.


def engine_rows(rounds: int) -> list[Row]:
    """Return one pass through the stack of 640x480, in turns with other libraries."""
    stack = ready(LIVE).stack()
    x = _NOISE.random((3, 480, 640), dtype=np.float32)
    runner, graph = GraphRunner(), Graph.of(stack)

    def alone() -> object:
        with without_onnx_runtime():
            return stack.forward(x)

    def live() -> object:
        return runner.run(graph, x.copy())  # another picture each time

    tasks: dict[str, Task | None] = {
        "convlab": live,
        "convlab's own layers": alone,
        "ONNX Runtime": rivals.onnx_stack(x, stack.layers),
    }
    times = in_blocks(tasks, rounds)
    rows = [Row(f"stack of 640x480, every map kept, {who}", t, "ms") for who, t in times.items()]
    if "ONNX Runtime" in times:
        ratio = times["convlab"] / times["ONNX Runtime"]
        own = times["convlab's own layers"] / times["ONNX Runtime"]
        rows.append(at_most("the stack against ONNX Runtime", ratio, "x", 1.05))
        rows.append(at_most("its own layers against ONNX Runtime", own, "x", 1.4))
    torch = rivals.pytorch_stack(x, stack.layers)
    if torch is not None:
        times = in_blocks({"convlab": alone, "PyTorch": torch}, rounds)
        theirs = times["PyTorch"]
        rows.append(Row("stack of 640x480, every map kept, PyTorch", theirs, "ms"))
        ratio = times["convlab"] / theirs
        rows.append(at_most("its own layers against PyTorch", ratio, "x", 0.8))
    return rows


# The window.


def _window_rows() -> list[Row]:
    """Return the live figures of the stack of 640x480, all maps on the screen."""
    document = with_stack(MOVING_720P, LIVE)
    rows = []
    with open_window(document, Lab.STACK, throttled=False) as window:
        run(2 * WARM_UP)
        rate = frame_rate(window, TURN)
        rows.append(at_least("live stack of 640x480, all maps shown", rate, "frames/s", 50))
        rows.append(unaccounted(window))
        rows.append(at_most("resident memory, live stack", resident(), "MB", 600))
        times = [_edit(window, (number + 1) / 100) for number in range(EDITS)]
        median = float(np.median(times))
        rows.append(at_most("edit of the first layer to all maps painted", median, "ms", 33))
    if onnxruntime.is_installed():
        with without_onnx_runtime(), open_window(document, Lab.STACK, throttled=False) as window:
            run(2 * WARM_UP)
            rate = frame_rate(window, TURN)
            rows.append(at_least("live stack without ONNX Runtime", rate, "frames/s", 30))
    with open_window(document, Lab.STACK) as window:
        run(WARM_UP)
        rows += _gaps(window)
    return rows


def with_stack(source: str, name: str) -> Document:
    """Return the first document, on a source and with a ready stack."""
    document = on_source(source)
    return Document(source=document.source, stack=ready(name))


def with_weight(document: Document, value: float) -> Document:
    """Change a weight of the first layer."""
    stack = document.stack
    changed = edits.edit_layer(stack, stack.slots[0].uid, with_cell, 0, 0, 1, 1, value)
    return replace(document, stack=changed)


def _edit(window: MainWindow, value: float) -> float:
    """Return the time from the edit of a weight of the first layer to its maps painted [ms]."""
    session = window.session

    def edit() -> None:
        session.edit(with_weight(session.document, value), "change weight")

    def is_there(shown: AnyShown) -> bool:
        return isinstance(shown, StackShown) and _weight(shown.job.state) == np.float32(value)

    return time_until(window, window.labs.of(StackLab).maps.grid.painted, edit, is_there)


def _weight(state: StackState) -> float:
    return float(state.slots[0].layer.weight[0, 0, 1, 1])  # type: ignore[attr-defined]


def _gaps(window: MainWindow) -> list[Row]:
    """Return the event loop's gaps while a weight is dragged with video running."""
    slot = window.session.document.stack.slots[0]
    window.labs.of(StackLab).look_at_unit(Unit(slot.uid, 0, 100, 100))
    return gaps_while_dragging(_filter_grid(window), "a weight of the stack")


def _filter_grid(window: MainWindow) -> KernelGrid:
    """Wait until the weights of the unit are shown; a busy machine takes seconds."""
    detail = window.labs.of(StackLab).detail
    for _ in range(100):
        run(0.1)
        grid = detail.findChild(KernelGrid, "filter_grid")
        if grid is not None:
            return grid
    raise TimeoutError("the weights of the unit are not shown: run it on a quieter machine")


def _tiny() -> list[Row]:
    """Return the time from choosing another picture to all maps of a small network painted."""
    times = []
    pictures = [str(path) for path in sample_pictures()]
    with open_window(with_stack(pictures[0], TINY), Lab.STACK) as window:
        run(WARM_UP)
        for path in (pictures[1:] + pictures) * 2:

            def choose(path: str = path) -> None:
                window.openings.open_source(path)

            def is_there(shown: AnyShown, path: str = path) -> bool:
                is_of_stack = isinstance(shown, StackShown)
                return is_of_stack and window.session.document.source.name == path

            painted = window.labs.of(StackLab).maps.grid.painted
            times.append(time_until(window, painted, choose, is_there))
    median = float(np.median(times))
    return [at_most("another picture to all maps painted, 64x64", median, "ms", 33)]
