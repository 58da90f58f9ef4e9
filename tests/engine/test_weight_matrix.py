from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convlab.engine.conv2d import conv2d
from convlab.engine.weight_matrix import (
    ZERO,
    Sharing,
    WeightMatrix,
    largest_difference,
    weight_matrix,
)
from tests import slow
from tests.slow import noise

SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]


def test_two_taps_by_hand() -> None:
    matrix = weight_matrix([[3, 5]], (1, 4))
    assert matrix.values.tolist() == [[3, 5, 0, 0], [0, 3, 5, 0], [0, 0, 3, 5]]
    assert matrix.cells.tolist() == [[0, 1, -1, -1], [-1, 0, 1, -1], [-1, -1, 0, 1]]
    assert (matrix.input_size, matrix.output_size) == ((1, 4), (1, 3))
    assert (matrix.zeros, matrix.connections, matrix.tied) == (6, 6, 2)


def test_padding_has_no_column() -> None:
    matrix = weight_matrix([[3, 5, 7]], (1, 3), padding="same")
    assert matrix.values.tolist() == [[5, 7, 0], [3, 5, 7], [0, 3, 5]]


def test_stride_and_dilation_by_hand() -> None:
    assert weight_matrix([[3, 5]], (1, 5), stride=2).values.tolist() == [
        [3, 5, 0, 0, 0],
        [0, 0, 3, 5, 0],
    ]
    assert weight_matrix([[3], [5]], (4, 1), dilation=2).values.tolist() == [
        [3, 0, 5, 0],
        [0, 3, 0, 5],
    ]


def test_the_counts_of_three_by_three_on_six_by_six() -> None:
    matrix = weight_matrix(SOBEL, (6, 6))
    assert matrix.values.shape == (16, 36)
    assert (matrix.zeros, matrix.connections, matrix.tied) == (432, 144, 9)
    counts = [matrix.weight_count(sharing) for sharing in Sharing]
    assert counts == [576, 144, 9]


def test_a_weight_of_zero_is_no_structural_zero() -> None:
    matrix = weight_matrix(SOBEL, (3, 3))
    assert matrix.cells.tolist() == [list(range(9))]
    assert matrix.zeros == 0


@st.composite
def cases(draw: st.DrawFn) -> tuple[WeightMatrix, dict[str, Any]]:
    kernel = noise(*draw(st.tuples(*[st.integers(1, 4)] * 2)), seed=draw(st.integers(0, 99)))
    options = {
        "stride": draw(st.tuples(*[st.integers(1, 3)] * 2)),
        "padding": draw(st.tuples(*[st.integers(0, 4)] * 4)),
        "dilation": draw(st.tuples(*[st.integers(1, 3)] * 2)),
    }
    size = draw(st.tuples(*[st.integers(1, 7)] * 2))
    try:
        return weight_matrix(kernel, size, **options), options
    except ValueError:
        assume(False)
        raise


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_matrix_times_picture_is_the_convolution(
    case: tuple[WeightMatrix, dict[str, Any]],
) -> None:
    matrix, options = case
    picture = noise(*matrix.input_size)
    found = (matrix.values @ picture.ravel()).reshape(matrix.output_size)
    expected = slow.conv2d(
        picture[None, None].astype(np.float64),
        matrix.kernel[None, None].astype(np.float64),
        **options,
    )[0, 0]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_allclose(found, conv2d(picture, matrix.kernel, **options), atol=1e-5)
    assert largest_difference(matrix, **options) < 1e-5


@settings(max_examples=50, deadline=None)
@given(case=cases())
def test_the_cells_name_the_weights(
    case: tuple[WeightMatrix, dict[str, Any]],
) -> None:
    matrix, _ = case
    for place in np.ndindex(*matrix.cells.shape):
        cell = matrix.cells[place]
        expected = 0 if cell == ZERO else matrix.kernel.flat[cell]
        assert matrix.values[place] == expected


def test_the_difference_is_seen() -> None:
    """With a weight moved, matrix and convolution are not the same any more."""
    matrix = weight_matrix(SOBEL, (5, 5))
    matrix.values[0, 0] += np.float32(0.5)
    assert largest_difference(matrix) > 1e-3


def test_ways_of_sharing() -> None:
    matrix = weight_matrix(SOBEL, (4, 5))
    dense, cut = (matrix.shared(sharing) for sharing in (Sharing.DENSE, Sharing.CUT))
    connected = matrix.cells != ZERO
    assert len(np.unique(dense)) == dense.size
    assert np.abs(dense).max() <= 2
    np.testing.assert_array_equal(cut, np.where(connected, dense, 0))
    np.testing.assert_array_equal(matrix.shared(Sharing.TIED), matrix.values)
    np.testing.assert_array_equal(matrix.shared(Sharing.DENSE), dense)
    assert (matrix.shared(Sharing.DENSE, seed=1) != dense).any()


def test_a_kernel_of_zeros_has_weights_too() -> None:
    matrix = weight_matrix(np.zeros((2, 2)), (3, 3))
    assert matrix.connections == 16
    assert matrix.shared(Sharing.DENSE).any()


def test_what_does_not_fit_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"kernel of 3 does not fit .* 2 px"):
        weight_matrix(SOBEL, (2, 5))
    with pytest.raises(ValueError, match=r"kernel of shape \(3,\)"):
        weight_matrix([1, 2, 3], (5, 5))
    with pytest.raises(ValueError, match="size 0"):
        weight_matrix(SOBEL, (0, 5))
    with pytest.raises(ValueError, match="3844 × 4096 is too large"):
        weight_matrix(SOBEL, (64, 64))
