"""Which tiles are transformed in float32, and that it is exact enough where it is said to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.engine.algorithms.tile_precision import Weights, empty_windows, is_bright_enough
from convlab.engine.arrays import FloatArray
from tests.slow import noise

SIDE = 96
WHOLE = (0, SIDE), (0, SIDE)


def middle() -> FloatArray:
    return np.random.default_rng(0).uniform(0.2, 0.8, (SIDE, SIDE)).astype(np.float32)


def weights(size: int = 15, outputs: int = 1) -> Weights:
    return Weights.of(noise(outputs, size, size, seed=1))


@pytest.mark.parametrize("size", [13, 15, 21, 31, 41])
def test_a_picture_of_middling_numbers_is_transformed_in_float32(size: int) -> None:
    half = size // 2
    assert is_bright_enough(middle(), weights(size), WHOLE)
    padded = np.pad(middle(), half)[:SIDE, :SIDE]
    frame = (half, SIDE), (half, SIDE)
    assert is_bright_enough(padded, weights(size), frame)
    assert not is_bright_enough(padded, weights(size), WHOLE)  # black is then a part of it


def test_dark_beside_bright_is_not() -> None:
    tile = middle()
    tile[:, 48:] *= 1e-3
    assert not is_bright_enough(tile, weights(), WHOLE)
    assert not is_bright_enough(tile * np.float32(1e-30), weights(), WHOLE)
    empty = empty_windows(tile[np.newaxis], [weights()])
    assert empty is not None
    assert not empty.any()


def test_windows_of_zeros_are_told_from_others() -> None:
    tile = np.zeros((1, 40, 50), np.float32)
    tile[0, 30, 20] = 7
    empty = empty_windows(tile, [weights(9)])
    assert empty is not None
    expected = np.ones((32, 42), bool)
    expected[22:31, 12:21] = False
    np.testing.assert_array_equal(empty, expected)


def test_what_float64_does_not_resolve_is_not_transformed() -> None:
    tile = middle()
    tile[:, 48:] = 1e-14
    assert empty_windows(tile[np.newaxis], [weights()]) is None


def test_nothing_is_exact() -> None:
    assert is_bright_enough(np.zeros((20, 20), np.float32), weights(), WHOLE)
    assert is_bright_enough(middle(), Weights.of(np.zeros((2, 3, 3), np.float32)), WHOLE)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    columns=st.tuples(st.integers(0, 7), st.integers(0, 7)),
)
def test_the_share_of_the_weights_inside(rows: tuple[int, int], columns: tuple[int, int]) -> None:
    kernels = np.abs(noise(3, 5, 7))
    inside = kernels[:, min(rows) : max(rows), min(columns) : max(columns)].sum((1, 2))
    expected = (inside / kernels.sum((1, 2))).min()
    ends = (np.array([[min(side)], [max(side)]]) for side in (rows, columns))
    found = Weights.of(kernels).share_inside(*ends)
    assert found.item() == pytest.approx(expected, abs=1e-6)


def test_the_darkest_case_is_told_from_the_smallest_weights() -> None:
    found = Weights.of(np.array([[[4, 1], [3, 2]]], np.float32))
    np.testing.assert_allclose(found.shares, [0, 0.1, 0.3, 0.6, 1])
    assert found.most_dark(0.25).item() == 2
    assert found.most_dark(np.array([0.0, 0.61, 1.1])).tolist() == [4, 0, -1]
