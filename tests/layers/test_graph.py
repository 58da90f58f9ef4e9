from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.layers import Conv2d, MaxPool2d, ReLU, Stack
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.merge import Add, Concat

X = np.random.default_rng(0).standard_normal((3, 8, 10), np.float32)
CONV = Conv2d(3, 3, 3, padding=1)
# A skip connection, then both halves side by side.
NODES = (
    Node(1, CONV, (INPUT,), name="conv"),
    Node(2, ReLU(), (1,), name="relu"),
    Node(3, Add(), (INPUT, 2), name="add"),
    Node(4, Concat(), (3, 1), name="concat"),
)


def test_a_node_takes_what_it_names() -> None:
    results = Graph(NODES).forward(X)
    conv = CONV.forward(X)
    added = X + np.maximum(conv, 0)
    assert np.array_equal(results[3], added)
    assert np.array_equal(results[4], np.concatenate([added, conv]))
    assert not any(result.flags.writeable for result in results.values())


def test_shapes_are_known_before_anything_is_computed() -> None:
    shapes = Graph(NODES).shapes((3, 8, 10))
    assert shapes == {0: (3, 8, 10), 1: (3, 8, 10), 2: (3, 8, 10), 3: (3, 8, 10), 4: (6, 8, 10)}


def test_a_node_that_is_off_hands_its_first_input_on() -> None:
    off = [replace(node, is_on=node.uid not in (1, 2)) for node in NODES]
    graph = Graph(off)
    results = graph.forward(X)
    assert results.keys() == {0, 3, 4}
    assert np.array_equal(results[3], 2 * X)
    assert np.array_equal(results[4], np.concatenate([2 * X, X]))
    assert graph.sources(graph[4]) == (3, INPUT)


def test_a_chain_is_a_graph_and_gives_the_same() -> None:
    stack = Stack([CONV, ReLU(), MaxPool2d(2)])
    graph = Graph.of(stack)
    assert graph.is_chain()
    assert not Graph(NODES).is_chain()
    results = graph.forward(X)
    for uid, expected in enumerate(stack.forward(X), 1):
        assert np.array_equal(results[uid], expected)


def test_what_nobody_takes_is_an_answer() -> None:
    assert Graph(NODES).ends == (4,)
    assert Graph(NODES[:3]).ends == (3,)
    assert Graph([Node(1, ReLU()), Node(2, ReLU())]).ends == (1, 2)


def test_the_caller_may_change_his_picture_afterwards() -> None:
    x = X.copy()
    results = Graph(NODES).forward(x)
    before = results[INPUT].copy()
    x[:] = 0
    assert np.array_equal(results[INPUT], before)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([Node(0, ReLU())], "uid 0 cannot be used"),
        ([Node(1, ReLU()), Node(1, ReLU())], "uid 1 cannot be used"),
        ([Node(1, ReLU(), (2,)), Node(2, ReLU())], "its input 2 does not stand before it"),
        ([Node(1, ReLU(), (INPUT, INPUT), name="r")], r"r \(ReLU\): it takes 1 input, not 2"),
        ([Node(1, Add(), ())], "it takes at least one input, not 0"),
    ],
)
def test_nodes_that_cannot_be_computed_are_rejected(nodes: list[Node], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Graph(nodes)


def test_a_misfit_names_the_node() -> None:
    graph = Graph([Node(1, MaxPool2d(2), (INPUT,), name="pool"), Node(2, Add(), (INPUT, 1))])
    with pytest.raises(ValueError, match=r"Add\(\): shapes \(3, 8, 10\) and \(3, 4, 5\)"):
        graph.shapes((3, 8, 10))
    with pytest.raises(ValueError, match=r"pool \(MaxPool2d\): "):
        graph.forward(np.zeros((3, 1, 1), np.float32))
