"""A network that knows everyday objects, live: every result of its 144 nodes, all maps painted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import convlab.bench.rivals as rivals
from convlab.bench.live import (
    MOVING_720P,
    WARM_UP,
    frame_rate,
    on_source,
    open_window,
    resident,
    run,
    time_until,
    unaccounted,
)
from convlab.bench.stack import without_onnx_runtime
from convlab.bench.table import Row, Task, at_least, at_most, in_blocks
from convlab.document.document import Document, Lab
from convlab.document.request import AnyShown
from convlab.document.stack import edits
from convlab.document.stack.job import StackShown
from convlab.document.stack.opened import opened
from convlab.io.networks import load_network
from convlab.layers.editing import with_cell
from convlab.networks.runner import GraphRunner
from convlab.paths import resource
from convlab.ui.main_window import MainWindow
from convlab.ui.stack.stack_lab import StackLab

NETWORK = "everyday-objects"
TURN = 6.0  # [s]
EDITS = 14  # of each
EDITED = (0, 11, 65)  # places of the layers whose weights are dragged


def measure(rounds: int = 15) -> list[Row]:
    """Return all figures of the network; the application is there."""
    return [*_window_rows(), *engine_rows(rounds)]


def engine_rows(rounds: int) -> list[Row]:
    """Return one pass with every result, in turns with ONNX Runtime's."""
    path = resource("networks", f"{NETWORK}.onnx")
    network = load_network(path)
    x = np.random.default_rng(0).normal(size=network.shape).astype(np.float32)
    runner, graph = GraphRunner(), network.graph

    def alone() -> object:
        with without_onnx_runtime():
            return GraphRunner().run(graph, x)

    def live() -> object:
        return runner.run(graph, x.copy())  # another picture each time

    for _ in range(3 * rounds):  # the fastest way is found by trying
        live()
    tasks: dict[str, Task | None] = {
        "convlab": live,
        "convlab's own layers": alone,
        "ONNX Runtime": rivals.onnx_file(x, path),
    }
    times = in_blocks(tasks, rounds)
    rows = [Row(f"every result of {len(graph)} nodes, {who}", t, "ms") for who, t in times.items()]
    if "ONNX Runtime" in times:
        theirs = times["ONNX Runtime"]
        ratio, own = times["convlab"] / theirs, times["convlab's own layers"] / theirs
        rows.append(at_most("the network against ONNX Runtime", ratio, "x", 1.15))
        rows.append(at_most("its own layers against ONNX Runtime", own, "x", 1.6))
    return rows


def everyday(source: str) -> Document:
    """Return the first document, on a source and with the network."""
    network = load_network(resource("networks", f"{NETWORK}.onnx"))
    return replace(on_source(source), stack=opened(network, "Everyday objects"))


def _window_rows() -> list[Row]:
    rows = []
    with open_window(everyday(MOVING_720P), Lab.STACK, throttled=False) as window:
        while window.pump.shown is None or not _maps_painted(window):
            run(WARM_UP)
        rows.append(at_least("maps painted", _maps_painted(window), "", 300))
        rate = frame_rate(window, TURN)
        rows.append(at_least("live network of 144 nodes", rate, "frames/s", 25))
        rows.append(unaccounted(window))
        rows.append(at_most("resident memory, live network", resident(), "MB", 700))
        times = [_edit(window, place, (turn + 1) / 100) for turn, place in _turns()]
        late = float(np.percentile(times, 95))
        rows.append(at_most("edit of a weight to all maps painted, p95", late, "ms", 60))
    return rows


def _turns() -> list[tuple[int, int]]:
    """Return edits layer by layer, as a hand drags one weight and then another."""
    return [(turn, place) for place in EDITED for turn in range(EDITS)]


def _maps_painted(window: MainWindow) -> int:
    shown = window.pump.shown
    assert isinstance(shown, StackShown)
    return sum(len(column.tiles) for column in shown.columns if column.tiles is not None)


def _edit(window: MainWindow, place: int, value: float) -> float:
    """Return the time from the edit of a layer's first weight to its maps painted [ms]."""
    session = window.session
    uid = session.document.stack.slots[place].uid

    def edit() -> None:
        document = session.document
        stack = edits.edit_layer(document.stack, uid, with_cell, 0, 0, 0, 0, value)
        session.edit(replace(document, stack=stack), "change weight")

    def is_there(shown: AnyShown) -> bool:
        if not isinstance(shown, StackShown):
            return False
        layer = shown.job.state.slots[place].layer
        return float(layer.weight[0, 0, 0, 0]) == np.float32(value)  # type: ignore[attr-defined]

    return time_until(window, window.labs.of(StackLab).maps.grid.painted, edit, is_there)
