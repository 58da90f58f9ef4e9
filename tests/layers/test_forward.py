from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pytest

from convlab.engine.arrays import FloatArray
from convlab.layers import Conv2d, Dropout, Layer, Linear, MaxPool2d, ReLU, Stack
from convlab.layers.base import Shape
from convlab.layers.forward import Forward
from convlab.layers.graph import Graph, Node
from convlab.layers.merge import Add

X = np.random.default_rng(0).standard_normal((2, 12, 12), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Counted(Layer):
    """Adds one, and counts how often."""

    kind: ClassVar[str] = "counted"
    runs: list[int] = field(default_factory=list)

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def forward(self, x: FloatArray) -> FloatArray:
        self.runs.append(1)
        return x + np.float32(1)


def chain(layers: Sequence[Layer]) -> Graph:
    return Graph.of(Stack(layers))


def test_the_results_are_those_of_the_stack() -> None:
    stack = Stack([Conv2d(2, 4, 3), ReLU(), MaxPool2d(2)])
    results = Forward().run(Graph.of(stack), X).values()
    for result, expected in zip(results, stack.forward(X), strict=True):
        np.testing.assert_array_equal(result, expected)
        assert not result.flags.writeable


@pytest.mark.parametrize("changed", range(4))
def test_an_edit_runs_its_layer_and_those_after_it_only(changed: int) -> None:
    layers = [Counted() for _ in range(4)]
    forward = Forward()
    forward.run(chain(layers), X)
    edited = Counted()
    results = forward.run(chain([*layers[:changed], edited, *layers[changed + 1 :]]), X)
    assert [len(layer.runs) for layer in layers] == [
        1 if number <= changed else 2 for number in range(4)
    ]
    assert len(edited.runs) == 1
    np.testing.assert_allclose(results[max(results)], X + 4, atol=1e-5)


def test_nothing_runs_where_nothing_changed_and_all_where_the_picture_did() -> None:
    layers = [Counted(), Counted()]
    forward = Forward()
    forward.run(chain(layers), X)
    forward.run(chain(layers), X)
    assert [len(layer.runs) for layer in layers] == [1, 1]
    results = forward.run(chain(layers), X + 1)
    assert [len(layer.runs) for layer in layers] == [2, 2]
    np.testing.assert_allclose(results[max(results)], X + 3, atol=1e-5)


def test_layers_may_be_put_in_and_taken_out() -> None:
    first, second, third = Counted(), Counted(), Counted()
    forward = Forward()
    assert len(forward.run(chain([first, second]), X)) == 2
    assert len(forward.run(chain([first, third, second]), X)) == 3
    assert len(forward.run(chain([first]), X)) == 1
    assert [len(layer.runs) for layer in (first, second, third)] == [1, 2, 1]


def test_a_layer_that_fails_is_named_and_what_is_before_it_kept() -> None:
    first, wrong = Counted(), Linear(5, 2)
    forward = Forward()
    with pytest.raises(ValueError, match=r"2 linear \(Linear\)"):
        forward.run(chain([first, wrong]), X)
    results = forward.run(chain([first, ReLU()]), X)
    assert len(first.runs) == 1
    assert len(results) == 2


def test_the_callers_picture_stays_its_own() -> None:
    x = X.copy()
    [result] = Forward().run(chain([Dropout()]), x).values()
    assert not result.flags.writeable
    assert x.flags.writeable


def test_of_two_branches_the_edited_one_runs_and_what_takes_it() -> None:
    left, right, edited = Counted(), Counted(), Counted()
    forward, skip = Forward(), Add()

    def graph(second: Layer) -> Graph:
        return Graph([Node(1, left), Node(2, second), Node(3, skip, (1, 2))])

    forward.run(graph(right), X)
    results = forward.run(graph(edited), X)
    assert (len(left.runs), len(edited.runs), forward.kept) == (1, 1, 1)
    np.testing.assert_allclose(results[3], 2 * X + 2, atol=1e-5)
