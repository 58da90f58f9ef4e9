"""Receptive fields through branches, against every pixel found one by one."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from convlab.engine.receptive_field import Span
from convlab.engine.window import TransposedWindow, Window
from convlab.layers import AvgPool2d, Conv2d, GlobalAvgPool2d, ReLU, Upsample
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.merge import Add, Multiply


def pixels(graph: Graph, uid: int, unit: int) -> set[int]:
    """All pixels of a row that a unit sees, as if the picture had no edge."""
    if uid == INPUT:
        return {unit}
    node = graph[uid]
    axes = node.layer.axes((1, 64, 64))
    met = [unit] if axes is None else axes[1].inputs(np.array([unit])).tolist()
    return set().union(*(pixels(graph, source, each) for source in node.inputs for each in met))


def random_graph(random: Random) -> Graph:
    """Blocks with two branches each, of which every map has the size of the picture's again."""
    nodes: list[Node] = []

    def add(layer: object, *inputs: int) -> int:
        nodes.append(Node(len(nodes) + 1, layer, inputs))  # type: ignore[arg-type]
        return len(nodes)

    last = INPUT
    for _ in range(random.randint(1, 3)):
        size, gap = random.choice([1, 3, 5]), random.choice([1, 2])
        one = add(Conv2d(1, 1, size, padding="same", dilation=gap), last)
        if random.random() < 0.5:
            factor = random.choice([2, 4])
            down = add(AvgPool2d(factor), last)
            mixed = add(Conv2d(1, 1, 3, padding=1), down)
            two = add(Upsample(factor, random.choice(["nearest", "bilinear"])), mixed)
        else:
            two = add(ReLU(), last)
        last = add(Add(), *random.sample([one, two], 2))
    return Graph(nodes)


@pytest.mark.parametrize("seed", range(25))
def test_a_field_holds_all_that_a_unit_sees_through_its_branches(seed: int) -> None:
    graph = random_graph(Random(seed))
    summaries = graph.summary((1, 64, 64))
    for node in graph:
        fields = summaries[node.uid].fields
        assert fields is not None
        found = [pixels(graph, node.uid, unit) for unit in range(64, 64 + 8)]
        assert fields[1].size == max(max(seen) - min(seen) + 1 for seen in found)


def test_a_gate_made_of_the_whole_picture_sees_all() -> None:
    graph = Graph([Node(1, ReLU()), Node(2, GlobalAvgPool2d(), (1,)), Node(3, Multiply(), (1, 2))])
    assert graph.summary((4, 8, 8))[3].fields is None


def test_units_that_do_not_lie_alike_have_no_common_field() -> None:
    one, two = (Span.of_picture().after(Window(3, stride)) for stride in (1, 2))
    assert one.beside(two) is None


def test_branches_of_different_periods_meet() -> None:
    """Behind a pool of 2 and a transposed convolution of 2 every other unit sees more."""
    coarse = Span.of_picture().after(Window(2, 2)).after(TransposedWindow(3, 2, 1, 1))
    both = coarse.beside(Span.of_picture())
    assert both is not None
    assert (len(both.first), both.stride) == (2, Fraction(1))
    assert both.field.size == 4
