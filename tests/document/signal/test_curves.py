from __future__ import annotations

import numpy as np
import pytest

from convlab.document.signal.curves import curve, thinned
from tests.slow import noise


def test_few_values_are_painted_as_they_are() -> None:
    values = noise(4000)
    assert thinned(values) is values


def test_groups_are_those_computed_by_hand() -> None:
    made = curve(np.arange(8.0), np.array([3, 1, 4, 1, 5, 9, 2, 6]), 4)
    assert made.values.tolist() == [[1, 2], [4, 9]]
    assert made.times.tolist() == [1.5, 5.5]


def test_a_last_group_that_is_not_full_holds_only_what_is_there() -> None:
    assert thinned(np.array([5, 6, 7, 8, -1]), 4).tolist() == [[5, -1], [7, 8]]


@pytest.mark.parametrize("count", [4001, 5000, 99_999, 100_000, 399_999])
def test_no_peak_of_a_long_signal_is_lost(count: int) -> None:
    values = noise(count)
    band = thinned(values)
    assert band.size <= 4000
    size = -(-count // 2000)
    for column, first in enumerate(range(0, count, size)):
        group = values[first : first + size]
        assert band[:, column].tolist() == [group.min(), group.max()]


def test_curves_are_read_only_and_what_they_were_made_of_is_as_it_was() -> None:
    times, values = np.arange(3.0), np.ones(3)
    made = curve(times, values)
    assert not made.times.flags.writeable
    assert not made.values.flags.writeable
    assert values.flags.writeable
