from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from convlab.engine.numbers import finite, not_negative, positive, to_float


def test_what_is_no_number_is_nan() -> None:
    assert to_float("2.5") == 2.5
    assert all(map(math.isnan, map(to_float, ("two", None, [1, 2], 10**400))))


@pytest.mark.parametrize(
    ("check", "good", "bad", "allowed"),
    [
        (finite, -3, math.inf, "give a finite number"),
        (positive, 0.5, 0, "give a number above 0"),
        (not_negative, 0, -1e-9, "give a number of at least 0"),
    ],
)
def test_bounds(
    check: Callable[[str, object], float], good: float, bad: float, allowed: str
) -> None:
    assert check("rate", good) == good
    for value in (bad, math.nan, math.inf, None):
        with pytest.raises(ValueError, match=f"rate {value!r} cannot be used: {allowed}"):
            check("rate", value)
