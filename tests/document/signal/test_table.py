from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.signal.model import SignalState
from convlab.document.signal.table import LONGEST_SIDE, sides_at, table_of
from tests.document.signal.slow import convolved, correlated
from tests.slow import noise

STATE = SignalState(count=6)


@pytest.mark.parametrize("is_flipped", [True, False])
@pytest.mark.parametrize("is_continuous", [True, False])
def test_each_diagonal_adds_up_to_its_place(is_flipped: bool, is_continuous: bool) -> None:
    f, g = noise(6, seed=1).astype(float), noise(6, seed=2).astype(float)
    step = 0.5 if is_continuous else 1.0
    state = replace(STATE, is_flipped=is_flipped, is_continuous=is_continuous, step=step)
    table = table_of(sides_at(0, f, g, state), f, g, state)
    slow = convolved(f, g) if is_flipped else correlated(f, g)  # type: ignore[arg-type]
    for c, expected in zip(state.own_places, slow, strict=True):
        assert table.products[table.places == c].sum() == pytest.approx(expected * step)
    assert not table.is_cut


def test_only_samples_that_are_not_zero_stand_in_it() -> None:
    f, g = np.array([0.0, 0, 2, 0, 3, 0]), np.array([0.0, 5, 0, 0, 0, 0])
    table = table_of(sides_at(4, f, g, STATE), f, g, STATE)
    assert (table.a.tolist(), table.b.tolist()) == ([2, 3, 4], [1])
    assert table.products.tolist() == [[10], [0], [15]]
    assert table.places.tolist() == [[3], [4], [5]]


@pytest.mark.parametrize("is_flipped", [True, False])
@pytest.mark.parametrize("c", [0, 7, 60, 99, 150, 198])
def test_of_long_signals_the_middle_of_what_meets_is_shown(c: int, is_flipped: bool) -> None:
    f, g = noise(100, seed=3).astype(float), noise(100, seed=4).astype(float)
    state = SignalState(count=100, is_flipped=is_flipped)
    c = c if is_flipped else c - 99
    table = table_of(sides_at(c, f, g, state), f, g, state)
    assert table.is_cut
    assert table.products.shape == (LONGEST_SIDE, LONGEST_SIDE)
    on = table.products[table.places == c]
    assert len(on) >= 1, "the diagonal goes through it"
    np.testing.assert_array_equal(table.f, f[table.a])
    np.testing.assert_array_equal(table.g, g[table.b])
