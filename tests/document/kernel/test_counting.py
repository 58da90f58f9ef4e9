from __future__ import annotations

import math
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document.kernel.counting import EXAMPLES, Counting, count, lines_of, remark_of
from convlab.layers import Conv2d, Flatten, Linear, Stack

sizes = st.tuples(st.integers(1, 12), st.integers(1, 12))


def numbers(counting: Counting) -> dict[str, int]:
    return {line.name: line.number for line in lines_of(counting)}


def test_the_numbers_of_the_texts() -> None:
    assert numbers(Counting()) == {
        "parameters": 456,
        "activations": 4704,
        "multiply-adds": 352_800,
        "fully connected": 14_450_688,
        "to the units": 921_600,
    }
    found = {example.title: numbers(example.counting) for example in EXAMPLES[1:]}
    assert [each["to the units"] for each in found.values()] == [4_915_200, 3_000_000, 300_000_000]
    assert {each["parameters"] for each in found.values()} == {3000}


@given(sizes, st.integers(1, 3), st.integers(1, 5), st.integers(1, 4), st.integers(1, 4))
def test_layers_that_are_built_cost_the_same(
    size: tuple[int, int], channels: int, kernel: int, filters: int, units: int
) -> None:
    found = count(Counting(size, channels, kernel, filters, units))
    inputs = channels * size[0] * size[1]
    assert found.units == Linear(inputs, units).weight.size
    if kernel > min(size):
        assert (found.activations, found.convolution.parameters) == (0, 0)
        return
    layer = Conv2d(channels, filters, kernel)
    (summary,) = Stack([layer]).summary((channels, *size))
    assert summary.cost == found.convolution
    assert math.prod(summary.shape) == found.activations
    after = Stack([layer, Flatten(), Linear(found.activations, 1)])
    assert after.shapes((channels, *size))[-1] == (1,)
    assert found.connected == inputs * found.activations


def test_counting_allocates_nothing() -> None:
    huge = Counting((100_000, 100_000), 100_000, 3, 100_000, 100_000)
    lines_of(huge)
    tracemalloc.start()
    try:
        assert numbers(huge)["to the units"] == 10**20
        assert tracemalloc.get_traced_memory()[1] < 50_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [(4, 9), (9, 4), (1, 1)])
def test_a_filter_without_a_place_says_so(size: tuple[int, int]) -> None:
    counting = Counting(size, 1, 5)
    assert "larger than the picture" in remark_of(counting)
    assert numbers(counting)["activations"] == 0
