from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.engine.laws import associativity, commutativity
from tests.slow import noise

LENGTHS = st.tuples(*[st.integers(1, 30) | st.integers(800, 2000)] * 3)


@settings(max_examples=40, deadline=None)
@given(lengths=LENGTHS)
def test_whole_results_obey_both_laws_to_rounding(lengths: tuple[int, int, int]) -> None:
    f, g, h = (noise(length, seed=length) for length in lengths)
    swapped = commutativity(f, g)
    np.testing.assert_allclose(swapped.left, np.convolve(f.astype(float), g), atol=1e-9)
    assert swapped.holds
    bracketed = associativity(f, g, h)
    assert len(bracketed.left) == sum(lengths) - 2
    assert bracketed.broken == ()
    assert bracketed.largest < 1e-9


def test_same_keeps_another_part_when_they_are_swapped() -> None:
    """[1 2 3] * [1 1] = 1 3 5 3: of the first three values and the first two are left over."""
    sides = commutativity([1, 2, 3], [1, 1], "same")
    assert sides.left.tolist() == [1, 3, 5, 0]
    assert sides.right.tolist() == [0, 3, 5, 0]
    assert sides.broken == (0,)
    assert sides.largest == 1
    assert commutativity([1, 2, 3], [4, 0, 1], "same").holds


def test_valid_may_be_swapped() -> None:
    assert commutativity(noise(9), noise(4, seed=1), "valid").holds


def test_brackets_matter_where_a_border_cuts_something_off() -> None:
    """f g = 0 0 1 1 1 0 cut to 0 0 1 1 … by hand, with a spike at the end of f."""
    f, g, h = [0, 0, 0, 1], [1, 1, 1], [1, 1, 1]
    sides = associativity(f, g, h, "same")
    # (f * g): 0 0 1 1 kept of 0 0 0 1 1 1 from index 1 on; then with h: 0 1 2 2.
    # (g * h): 2 3 2 kept of 1 2 3 2 1; then with f: 0 0 2 3.
    assert sides.left.tolist() == [0, 0, 0, 1, 2, 2, 0, 0]
    assert sides.right.tolist() == [0, 0, 0, 0, 2, 3, 0, 0]
    assert sides.difference.tolist() == [0, 0, 0, 1, 0, -1, 0, 0]
    assert sides.broken == (3, 5)
    assert not sides.holds


def test_far_from_the_border_brackets_do_not_matter() -> None:
    """Where g has zeros around it, so that nothing of g * h is cut off."""
    f, h = noise(60), noise(3, seed=2)
    g = np.pad(noise(5, seed=1), 1)
    broken = set(associativity(f, g, h, "same").broken)
    assert broken
    assert broken <= {*range(9), *range(59, 67)}


def test_valid_keeps_less_after_more_cuts() -> None:
    sides = associativity(np.ones(10), np.ones(3), np.ones(2), "valid")
    assert np.flatnonzero(sides.left).tolist() == list(range(3, 10))
    assert np.flatnonzero(sides.right).tolist() == list(range(2, 11))
    assert sides.broken == (2, *sides.broken[1:])
    assert set(sides.broken) >= {2, 10}


def test_what_is_no_signal_or_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="g of shape"):
        associativity([1], [[1]], [1])
    with pytest.raises(ValueError, match="mode 'half' is unknown"):
        commutativity([1], [1], "half")
