from __future__ import annotations

import io
import sys
import threading
from pathlib import Path

import numpy as np
import onnx
import pytest

from convlab.layers import BatchNorm2d, Conv2d, Linear, MaxPool2d, ReLU, Stack
from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.merge import Add, Concat, Multiply, Subtract
from convlab.networks.building import build
from convlab.networks.interrupt import Interrupt, Interrupted
from convlab.networks.whole import WholeSession
from convlab.networks.written import NoOperator, write
from tests.io.test_networks import EXPORTED, member
from tests.networks.models import light, one_node

pytest.importorskip("onnxruntime", reason="a session needs ONNX Runtime")

RNG = np.random.default_rng(0)
X = RNG.standard_normal((3, 8, 10), np.float32)
CONV = Conv2d(3, 3, 3, padding=1, bias=RNG.standard_normal(3, np.float32))
TOLERANCE = 1e-5  # of a result's largest magnitude


def compare(graph: Graph, shape: tuple[int, ...]) -> None:
    """Hold every result of a session against that of the layers."""
    x = RNG.standard_normal(shape, np.float32)
    session = WholeSession(graph, shape, [node.uid for node in graph.active])
    expected = graph.forward(x)
    results = session.run(x, graph)
    assert results.keys() == expected.keys() - {INPUT}
    for uid, result in results.items():
        assert result.shape == expected[uid].shape
        assert not result.flags.writeable
        worst = np.abs(result - expected[uid]).max()
        assert worst <= TOLERANCE * max(np.abs(expected[uid]).max(), 1e-30), graph[uid]


def test_every_way_to_merge_gives_the_same_in_a_session() -> None:
    graph = Graph(
        [
            Node(1, CONV),
            Node(2, Add(), (INPUT, 1, 1)),
            Node(3, Subtract(), (1, 2)),
            Node(4, Multiply(), (3, 2, 1)),
            Node(5, Concat(), (1, 4)),
            Node(6, ChannelSlice(1, 6, 2), (5,)),
            Node(7, Affine(3, [1.0, -2.0, 3.0], [0.5, 0.0, 1.0]), (6,)),  # type: ignore[arg-type]
            Node(8, Affine(1, [2.0], [1.0]), (7,)),  # type: ignore[arg-type]
            Node(9, Add(), (8,)),
            Node(10, ReLU(), (9,), is_on=False),
            Node(11, MaxPool2d(2), (10,)),
        ]
    )
    compare(graph, X.shape)


@pytest.mark.parametrize("name", EXPORTED)
def test_networks_of_pytorch_give_the_same_in_a_session(name: str) -> None:
    built = build(onnx.load(io.BytesIO(member(name))))
    compare(built.graph, built.shape)


def test_operations_without_a_layer_of_ours_run_in_it_too() -> None:
    built = build(light("shufflenet", 1))
    assert any(node.layer.kind == "onnx" for node in built.graph)
    compare(built.graph, built.shape)


def test_an_operation_of_an_old_file_runs_in_it() -> None:
    built = build(one_node("ReduceMean", (1, 6, 9, 11), axes=(1,), opset=9))
    compare(built.graph, built.shape)


def test_the_arrays_of_an_edited_node_enter_with_each_run() -> None:
    norm = BatchNorm2d(3, weight=RNG.standard_normal(3, np.float32))
    session = WholeSession(Graph([Node(1, CONV), Node(2, norm, (1,))]), X.shape, [1, 2], 1)
    for _ in range(2):
        graph = Graph([Node(1, Conv2d(3, 3, 3, padding=1)), Node(2, norm, (1,))])
        results, expected = session.run(X, graph), graph.forward(X)
        assert all(np.allclose(results[uid], expected[uid], atol=1e-5) for uid in (1, 2))


def test_results_stay_as_they_are_for_as_long_as_somebody_holds_one() -> None:
    """Those of one run lie in one block, which is used again."""
    graph = Graph([Node(1, CONV), Node(2, ReLU(), (1,))])
    shape, held = (3, 128, 160), []
    session = WholeSession(graph, shape, [1, 2])
    for number in range(12):
        x = RNG.standard_normal(shape, np.float32)
        results = session.run(x, graph)
        if number % 3:
            held.append((graph.forward(x)[2], results[2]))
        del results
    for expected, result in held:
        assert np.allclose(result, expected, atol=1e-5)


def test_a_run_is_ended_by_another_thread() -> None:
    """Its layers take half a second; what ends it is asked for between two of them."""
    layers = [Conv2d(64, 64, 7, padding=3) for _ in range(10)]
    graph, x = Graph.of(Stack(layers)), np.zeros((64, 96, 96), np.float32)
    session, interrupt = WholeSession(graph, x.shape, [10]), Interrupt()
    interrupted = threading.Timer(0.02, interrupt.set)
    interrupted.start()
    with pytest.raises(Interrupted):
        session.run(x, graph, interrupt)
    interrupted.join()
    assert session.run(x, graph).keys() == {10}


def test_only_what_is_wanted_is_given() -> None:
    graph = Graph([Node(1, CONV), Node(2, ReLU(), (1,)), Node(3, Add(), (1, 2))])
    assert WholeSession(graph, X.shape, [3]).run(X, graph).keys() == {3}


def test_a_layer_without_an_operator_is_named() -> None:
    graph = Graph([Node(1, Conv2d(3, 2, 3, padding=1, border="circular"))])
    with pytest.raises(NoOperator, match="circular"):
        WholeSession(graph, X.shape, [1])


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux counts")
def test_weights_are_written_into_a_model_once() -> None:
    """Networks of half a gigabyte of weights must find room: each further copy is one too many."""

    def megabytes(what: str) -> int:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split(what + ":")[1].split()[0]) >> 10

    layers = [Linear(2048, 2048) for _ in range(6)]
    weights = sum(layer.weight.nbytes for layer in layers) >> 20
    graph = Graph.of(Stack(layers))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    before = megabytes("VmRSS")
    model = write(graph, (2048,), [1]).fill()
    assert len(model.graph.initializer) >= 6
    assert megabytes("VmHWM") - before < 1.8 * weights
