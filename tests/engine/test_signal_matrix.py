from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.engine.conv1d import conv1d
from convlab.engine.signal_matrix import signal_matrix
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
    matrix = signal_matrix([3, 5], 3, "valid", is_flipped=False)
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
    is_flipped=st.booleans(),
)
def test_the_matrix_does_what_the_sum_does(
    lengths: tuple[int, int], mode: str, is_flipped: bool
) -> None:
    f, g = noise(lengths[0]), noise(lengths[1], seed=1)
    matrix = signal_matrix(g, lengths[0], mode, is_flipped)
    expected = conv1d(f, g if is_flipped else g[::-1], mode)
    assert matrix.values.shape == (len(expected), lengths[0])
    np.testing.assert_allclose(matrix.values @ f, expected, atol=1e-5)
    for place, cell in np.ndenumerate(matrix.cells):
        assert matrix.values[place] == (0 if cell == ZERO else g[cell])


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_what_does_not_fit_is_rejected(mode: str) -> None:
    with pytest.raises(ValueError, match=r"too large to look at: take fewer samples"):
        signal_matrix([1, 2], 5000, mode)
    with pytest.raises(ValueError, match="count 0"):
        signal_matrix([1, 2], 0, mode)
    with pytest.raises(ValueError, match="is no signal"):
        signal_matrix([[1, 2]], 4, mode)
