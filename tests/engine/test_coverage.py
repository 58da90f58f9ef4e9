from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from convlab.engine import coverage
from convlab.engine.arrays import AnyArray
from convlab.engine.shapes import effective_size
from convlab.engine.window import Layer, TransposedWindow, Window, sizes, upsampling
from tests.engine import stacks


def ways(layers: list[Layer], size: int) -> AnyArray:
    """Return in how many ways each input (column) reaches each output (row), by plain loops."""
    found = np.eye(size, dtype=object)
    for layer, below in zip(layers, sizes(layers, size), strict=False):
        pairs, outputs = stacks.meetings(layer, below)
        higher = np.zeros((outputs, size), object)
        for met, fed in pairs:
            higher[fed] += found[met]
        found = higher
    return found


# Numbers worked out by hand.


@pytest.mark.parametrize(
    ("window", "size", "expected"),
    [
        (Window(3), 6, [1, 2, 3, 3, 2, 1]),
        (Window(3, 1, 1, 1), 6, [2, 3, 3, 3, 3, 2]),
        (Window(3, 1, 2, 2), 4, [3, 3, 3, 3]),
        (Window(3, 2), 7, [1, 1, 2, 1, 2, 1, 1]),
        (Window(3, 3), 7, [1, 1, 1, 1, 1, 1, 0]),
        (Window(2, 3), 8, [1, 1, 0, 1, 1, 0, 1, 1]),
        (Window(2, dilation=2), 3, [1, 0, 1]),
        (TransposedWindow(3, 2), 3, [3, 3, 3]),
        (TransposedWindow(3, 2, 1, 1), 3, [2, 3, 2]),
        (upsampling(2), 3, [2, 2, 2]),
        (upsampling(2, smooth=True), 3, [3, 4, 3]),
    ],
)
def test_one_layer_by_hand(window: Layer, size: int, expected: list[int]) -> None:
    assert coverage.paths([window], size).tolist() == expected
    assert coverage.viewers([window], size).tolist() == expected


def test_corners_are_covered_once_and_the_middle_nine_times() -> None:
    row = coverage.viewers([Window(3)], 6)
    plane = coverage.over_plane(row, row)
    assert plane[[0, 0, -1, -1], [0, -1, 0, -1]].tolist() == [1, 1, 1, 1]
    assert plane[0].tolist() == [1, 2, 3, 3, 2, 1]
    assert plane[2, 2] == 9


def test_seven_by_three_in_steps_of_three_leaves_one_row_and_one_column() -> None:
    layer = Window(3, stride=3)
    assert layer.output_size(7) == 2
    assert coverage.never_used([layer], 7).tolist() == [6]
    row = coverage.viewers([layer], 7)
    plane = coverage.over_plane(row, row)
    assert np.count_nonzero(plane == 0) == 7 + 7 - 1
    assert not plane[6].any()
    assert not plane[:, 6].any()


def test_a_stack_has_paths_by_kernel_and_viewers_by_unit() -> None:
    stack = [Window(3), Window(3)]
    assert coverage.paths(stack, 6).tolist() == [1, 3, 5, 5, 3, 1]
    assert coverage.viewers(stack, 6).tolist() == [1, 2, 2, 2, 2, 1]
    # 8 -> 6 -> 3 -> 1: what the second layer drops is no longer seen.
    assert coverage.never_used([Window(3), Window(2, 2), Window(2, 2)], 8).tolist() == [6, 7]


def test_without_layers_each_pixel_is_its_own_output() -> None:
    assert coverage.paths([], 3).tolist() == coverage.viewers([], 3).tolist() == [1, 1, 1]


# Against loops.


@settings(deadline=None)
@given(case=stacks.stacks())
def test_counts_are_those_of_plain_loops(case: tuple[list[Layer], int]) -> None:
    layers, size = case
    expected = ways(layers, size)
    assert coverage.paths(layers, size).tolist() == expected.sum(axis=0).tolist()
    viewers = (expected > 0).sum(axis=0).tolist()
    assert coverage.viewers(layers, size).tolist() == viewers
    assert coverage.never_used(layers, size).tolist() == [
        pixel for pixel, count in enumerate(viewers) if count == 0
    ]


@settings(deadline=None)
@given(rows=stacks.stacks(most=2), columns=stacks.stacks(most=2))
def test_a_plane_is_the_product_of_its_axes(
    rows: tuple[list[Layer], int], columns: tuple[list[Layer], int]
) -> None:
    down, right = ways(*rows), ways(*columns)
    expected = np.zeros((rows[1], columns[1]), object)
    for y in down:  # each unit of the plane, with what it sees of rows and columns
        for x in right:
            expected += np.multiply.outer(y, x)
    found = coverage.over_plane(coverage.paths(*rows), coverage.paths(*columns))
    assert found.tolist() == expected.tolist()


@given(window=stacks.windows())
def test_without_gaps_only_the_end_is_left_over(window: Window) -> None:
    size, span = 19, effective_size(window.kernel, window.dilation)
    gaps = window.dilation > 1 or window.stride > span
    if gaps or size + window.before + window.after < span:
        return
    last = (window.output_size(size) - 1) * window.stride - window.before
    left = min(max(size - last - span, 0), size)
    assert coverage.never_used([window], size).tolist() == list(range(size - left, size))


def test_gaps_between_positions_are_never_used_either() -> None:
    assert coverage.never_used([Window(1, 2, 1, 1)], 5).tolist() == [0, 2, 4]


# Large numbers and large pictures.


def test_counts_beyond_64_bits_are_exact() -> None:
    deep = [Window(31, 1, 15, 15)] * 20
    row = coverage.paths(deep, 641)
    assert row.max() <= 31**20
    assert row[320] == 31**20
    assert row.dtype == object
    assert coverage.over_plane(row[:3], row[:3]).tolist()[0][0] == row[0] ** 2
    few = np.array([1, 2**40])
    assert coverage.over_plane(few, few).tolist()[1][1] == 2**80
    assert coverage.over_plane(few[:1], few).dtype == np.int64


def test_a_whole_picture() -> None:
    stack = [Window(3, 1, 1, 1), Window(2, 2)] * 4
    for count in (coverage.paths, coverage.viewers):
        plane = coverage.over_plane(count(stack, 720), count(stack, 1280))
        assert plane.shape == (720, 1280)
        assert plane.dtype == np.int64
        assert plane.all()
    total = math.prod(layer.kernel for layer in stack) ** 2 * 45 * 80
    assert (
        coverage.over_plane(coverage.paths(stack, 720), coverage.paths(stack, 1280)).sum() < total
    )


@pytest.mark.parametrize("count", [coverage.paths, coverage.viewers, coverage.never_used])
def test_a_stack_that_does_not_fit_is_rejected(count: Any) -> None:
    with pytest.raises(ValueError, match="layer 2: a kernel of 5"):
        count([Window(3), Window(5)], 5)
