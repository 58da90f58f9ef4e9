from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.engine.activate import relu
from convlab.engine.conv1d import conv1d
from convlab.engine.signal_matrix import (
    difference_from_sum,
    signal_matrix,
    two_tap_layer,
    two_tap_matrix,
    two_tap_sums,
)
from convlab.engine.weight_matrix import ZERO, Sharing
from tests.slow import noise

# Numbers worked out by hand.


def test_full_by_hand() -> None:
    matrix = signal_matrix([3, 5], 3)
    assert matrix.values.tolist() == [[3, 0, 0], [5, 3, 0], [0, 5, 3], [0, 0, 5]]
    assert matrix.cells.tolist() == [[0, -1, -1], [1, 0, -1], [-1, 1, 0], [-1, -1, 1]]
    assert matrix.kernel.tolist() == [[3, 5]]


def test_same_and_valid_by_hand() -> None:
    assert signal_matrix([3, 5, 7], 3, "same").values.tolist() == [[5, 3, 0], [7, 5, 3], [0, 7, 5]]
    assert signal_matrix([3, 5], 3, "valid").values.tolist() == [[5, 3, 0], [0, 5, 3]]
    assert signal_matrix([3, 5, 7], 2, "valid").values.tolist() == [[5, 3], [7, 5]]


def test_correlation_by_hand() -> None:
    matrix = signal_matrix([3, 5], 3, "valid", is_turned=False)
    assert matrix.values.tolist() == [[3, 5, 0], [0, 3, 5]]
    assert matrix.cells.tolist() == [[0, 1, -1], [-1, 0, 1]]


def test_from_dense_to_cut_to_tied() -> None:
    """Three taps on ten values, valid: 8 rows of 10."""
    matrix = signal_matrix([1, 2, 1], 10, "valid")
    assert [matrix.weight_count(sharing) for sharing in Sharing] == [80, 24, 3]
    assert (matrix.connections, matrix.zeros, matrix.tied) == (24, 56, 3)
    cut = matrix.shared(Sharing.CUT)
    assert len(np.unique(cut)) == 25, "24 weights, each its own, and the zero"
    np.testing.assert_array_equal(cut == 0, matrix.cells == ZERO)
    np.testing.assert_array_equal(matrix.shared(Sharing.TIED), matrix.values)


# Oracle.


@settings(deadline=None)
@given(
    lengths=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    mode=st.sampled_from(["full", "same", "valid"]),
    is_turned=st.booleans(),
)
def test_the_matrix_does_what_the_sum_does(
    lengths: tuple[int, int], mode: str, is_turned: bool
) -> None:
    f, g = noise(lengths[0]), noise(lengths[1], seed=1)
    matrix = signal_matrix(g, lengths[0], mode, is_turned)
    expected = conv1d(f, g if is_turned else g[::-1], mode)
    assert matrix.values.shape == (len(expected), lengths[0])
    np.testing.assert_allclose(matrix.values @ f, expected, atol=1e-5)
    assert difference_from_sum(matrix, f, mode, is_turned) < 1e-5
    for place, cell in np.ndenumerate(matrix.cells):
        assert matrix.values[place] == (0 if cell == ZERO else g[cell])


def test_the_difference_is_seen() -> None:
    matrix = signal_matrix([1, 2], 5)
    matrix.values[0, 0] += np.float32(0.5)
    assert difference_from_sum(matrix, [4, 0, 0, 0, 0]) == 2


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_what_does_not_fit_is_refused(mode: str) -> None:
    with pytest.raises(ValueError, match=r"too large to look at: take fewer samples"):
        signal_matrix([1, 2], 5000, mode)
    with pytest.raises(ValueError, match="count 0"):
        signal_matrix([1, 2], 0, mode)
    with pytest.raises(ValueError, match="is no signal"):
        signal_matrix([[1, 2]], 4, mode)


# The layer of two taps.


def test_the_weights_of_two_taps_step_down_the_diagonal() -> None:
    matrix = two_tap_matrix(3, 5, 5)
    assert matrix.values.tolist() == [
        [3, 5, 0, 0, 0],
        [0, 3, 5, 0, 0],
        [0, 0, 3, 5, 0],
        [0, 0, 0, 3, 5],
    ]
    assert (matrix.zeros, matrix.connections, matrix.tied) == (12, 8, 2)


def test_two_taps_are_the_convolution_with_the_turned_weights() -> None:
    x = noise(40)
    y = [0.75 * x[n] - 0.5 * x[n + 1] + 0.25 for n in range(39)]
    np.testing.assert_allclose(two_tap_sums(x, 0.75, -0.5, 0.25), y, atol=1e-6)
    np.testing.assert_allclose(two_tap_sums(x, 0.75, -0.5), conv1d(x, [-0.5, 0.75], "valid"), 1e-5)
    product = two_tap_matrix(0.75, -0.5, 40).values @ x
    np.testing.assert_allclose(two_tap_sums(x, 0.75, -0.5), product, atol=1e-6)


def test_a_negative_weight_inhibits_and_the_bias_is_the_threshold() -> None:
    x = [0, 1, 1, 0]
    assert two_tap_sums(x, 1, -1, -0.5).tolist() == [-1.5, -0.5, 0.5]
    assert two_tap_layer(x, 1, -1, -0.5, relu).tolist() == [0, 0, 0.5]
    np.testing.assert_allclose(
        two_tap_layer(x, 1, -1), [1 / (1 + np.e), 0.5, 1 / (1 + 1 / np.e)], rtol=1e-6
    )


def test_one_value_has_no_neighbours() -> None:
    with pytest.raises(ValueError, match="x of 1 value has no neighbours: give at least 2"):
        two_tap_layer([1], 1, 1)
    with pytest.raises(ValueError, match="count 1"):
        two_tap_matrix(1, 1, 1)
