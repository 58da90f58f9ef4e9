from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.engine import counts
from convlab.engine.counts import Cost
from convlab.engine.window import Window

# The numbers that must come out (FEATURES.md).


def test_six_kernels_of_5_by_5_by_3_on_32_by_32() -> None:
    size = Window(5).output_size(32)
    assert size == 28
    cost = counts.convolution((6, 3, 5, 5), (size, size))
    assert cost.parameters == (5 * 5 * 3 + 1) * 6 == 456
    assert 6 * size * size == 4_704
    assert cost.multiply_adds == 75 * 4_704 == 352_800
    dense = counts.linear(3 * 32 * 32, 6 * size * size)
    assert (dense.weights, dense.biases) == (14_450_688, 4_704)
    assert dense.multiply_adds == dense.weights


@pytest.mark.parametrize(
    ("side", "weights"), [(100, 3_000_000), (128, 4_915_200), (1000, 300_000_000)]
)
def test_one_grey_picture_into_300_units(side: int, weights: int) -> None:
    assert counts.linear(side * side, 300).weights == weights
    assert counts.linear(side * side, 300).parameters == weights + 300
    assert counts.linear(side * side, 300, bias=False).parameters == weights


# Each kind of layer, by hand.


def test_groups_are_in_the_shape_of_the_weight() -> None:
    whole = counts.convolution((32, 16, 3, 3), (10, 20), bias=False)
    assert whole == Cost(weights=4_608, multiply_adds=4_608 * 200)
    halves = counts.convolution((32, 8, 3, 3), (10, 20), bias=False)
    assert halves.weights * 2 == whole.weights
    assert halves.multiply_adds * 2 == whole.multiply_adds
    depthwise = counts.convolution((16, 1, 3, 3), (10, 20))
    assert depthwise == Cost(weights=144, biases=16, multiply_adds=9 * 16 * 200)


def test_transposed_convolution() -> None:
    cost = counts.transposed_convolution((16, 8, 4, 2), (5, 6))
    assert cost == Cost(weights=1_024, biases=8, multiply_adds=1_024 * 30)
    grouped = counts.transposed_convolution((16, 2, 4, 2), (5, 6), groups=4)
    assert grouped == Cost(weights=256, biases=8, multiply_adds=256 * 30)


def test_pooling_learns_nothing() -> None:
    assert counts.max_pool((2, 2), (6, 14, 14)) == Cost(comparisons=3 * 1_176)
    assert counts.average_pool((3, 2), (6, 14, 14)) == Cost(additions=5 * 1_176, divisions=1_176)
    assert counts.max_pool((2, 2), (6, 14, 14)).parameters == 0


def test_batch_norm() -> None:
    assert counts.batch_norm((8, 10, 20)) == Cost(weights=8, biases=8, multiply_adds=1_600)


def test_a_whole_stack_adds_up() -> None:
    """LeCun, Bottou, Bengio and Haffner's LeNet-5, with full connections everywhere."""
    stack = [
        counts.convolution((6, 1, 5, 5), (28, 28)),
        counts.average_pool((2, 2), (6, 14, 14)),
        counts.convolution((16, 6, 5, 5), (10, 10)),
        counts.average_pool((2, 2), (16, 5, 5)),
        counts.linear(400, 120),
        counts.linear(120, 84),
        counts.linear(84, 10),
    ]
    total = sum(stack, Cost())
    assert total.parameters == 156 + 2_416 + 48_120 + 10_164 + 850 == 61_706
    assert total.multiply_adds == 117_600 + 240_000 + 48_000 + 10_080 + 840
    assert (total.additions, total.divisions) == (3 * 1_576, 1_576)
    pooled = sum([counts.max_pool((2, 2), (1, 1, 1))] * 3, Cost())
    assert pooled == Cost(comparisons=9)


# Against loops: count while computing.

small = st.integers(1, 4)


@given(depth=small, outputs=small, groups=small, kernel=st.tuples(small, small), size=small)
def test_multiply_adds_are_the_products_of_plain_loops(
    depth: int, outputs: int, groups: int, kernel: tuple[int, int], size: int
) -> None:
    shape = outputs * groups, depth, *kernel
    weight, products = np.zeros(shape), 0
    for _ in np.ndindex(size, 3):
        for output in range(len(weight)):
            products += sum(1 for _ in np.ndindex(weight[output].shape))
    cost = counts.convolution(shape, (size, 3))
    assert cost == Cost(weight.size, outputs * groups, products)
    # Backwards the same weights meet the same cells: as many products.
    back = counts.transposed_convolution((outputs * groups, depth, *kernel), (size, 3), groups)
    assert back == Cost(weight.size, depth * groups, products)


@given(channels=small, kernel=st.tuples(small, small), size=small)
def test_pooling_compares_and_adds_as_plain_loops_do(
    channels: int, kernel: tuple[int, int], size: int
) -> None:
    comparisons = 0
    for _ in np.ndindex(channels, size, 2):
        window = list(np.ndindex(kernel))
        comparisons += sum(1 for _ in window[1:])
    shape = channels, size, 2
    assert counts.max_pool(kernel, shape).comparisons == comparisons
    assert counts.average_pool(kernel, shape).additions == comparisons


# Rejections.

REJECTED: list[tuple[Any, tuple[Any, ...], str]] = [
    (counts.convolution, ((6, 3, 5), (28, 28)), r"weight shape \(6, 3, 5\) .* 4 whole numbers"),
    (counts.convolution, ((6, 3, 5, 0), (28, 28)), r"weight shape \(6, 3, 5, 0\): 0 .* at least 1"),
    (counts.convolution, ((6, 3, 5, 5), (28, 1.5)), r"output size \(28, 1.5\): 1.5"),
    (counts.transposed_convolution, ((6, 3, 5, 5), (28,)), r"input size \(28,\) .* 2 whole"),
    (counts.transposed_convolution, ((6, 3, 5, 5), (9, 9), 0), "groups 0"),
    (counts.transposed_convolution, ((6, 3, 5, 5), (9, 9), 4), "6 input channels .* 4 groups"),
    (counts.max_pool, ((2, 0), (6, 14, 14)), r"kernel size \(2, 0\): 0"),
    (counts.average_pool, ((2, 2), (14, 14)), r"output shape \(14, 14\) .* 3 whole"),
    (counts.linear, (0, 3), "inputs 0"),
    (counts.linear, (3, -1), "outputs -1"),
    (counts.batch_norm, ((8,),), r"shape \(8,\)"),
]


@pytest.mark.parametrize(("count", "arguments", "message"), REJECTED)
def test_what_is_no_shape_is_rejected(count: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        count(*arguments)
