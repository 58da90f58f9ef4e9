from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.ui.numbers import MINUS, show_exact, show_fixed, show_number, show_weight

SINGLES = st.floats(width=32, allow_nan=False, allow_infinity=False)


def read(text: str) -> float:
    """What a person reads."""
    return float(text.replace(MINUS, "-"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (30.0, "30"),
        (-30.0, "−30"),
        (100.0, "100"),
        (0.5, "0.5"),
        (1 / 3, "0.333"),
        (-2.0004, "−2"),
        (1234.5678, "1234.568"),
        (0.001, "0.001"),
        (0.000123, "1.23e-4"),
        (99999.0, "99999"),
        (123456.0, "1.23e5"),
        (-1e12, "−1.00e12"),
    ],
)
def test_a_number_is_rounded_for_reading(value: float, expected: str) -> None:
    assert show_number(value).replace(MINUS, "-") == expected.replace(MINUS, "-")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(math.nan, "not a number"), (math.inf, "∞"), (-math.inf, f"{MINUS}∞")],
)
def test_what_is_no_number_is_said_so(value: float, expected: str) -> None:
    assert show_number(value) == expected


@pytest.mark.parametrize(("digits", "expected"), [(0, "12"), (1, "12.3"), (5, "12.34568")])
def test_digits_after_the_point_can_be_chosen(digits: int, expected: str) -> None:
    assert show_number(12.345678, digits) == expected


@pytest.mark.parametrize("value", [10.0, 100.0, 12340.0])
def test_zeros_before_the_point_stay(value: float) -> None:
    assert show_number(value, 0) == f"{value:.0f}"


@given(st.floats(-1e30, 1e30))
def test_a_number_is_read_back_to_the_digits_shown(value: float) -> None:
    shown = read(show_number(value))
    assert shown == pytest.approx(value, rel=0.06, abs=0.000_51)
    assert show_number(value) not in ("-0", f"{MINUS}0", "")


@given(st.floats(-1e30, 1e30), st.integers(0, 6))
def test_only_the_true_minus_stands_before_a_number(value: float, digits: int) -> None:
    for text in (show_number(value, digits), show_fixed(value, digits)):
        assert not text.startswith("-")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, "1.00"), (-1.234, f"{MINUS}1.23"), (0.0, "0.00"), (-0.001, "0.00"), (-0.0, "0.00")],
)
def test_a_fixed_number_keeps_its_decimals(value: float, expected: str) -> None:
    assert show_fixed(value) == expected


@given(st.floats(-99_999, 99_999))
def test_a_fixed_number_has_always_as_many_decimals(value: float) -> None:
    assert len(show_fixed(value, 3).partition(".")[2]) == 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1 / 9, "1/9"),
        (-1 / 9, f"{MINUS}1/9"),
        (2 / 3, "2/3"),
        (1 / 256, "1/256"),
        (1 / 16, "1/16"),
        (0.5, "0.5"),
        (0.25, "0.25"),
        (-0.125, f"{MINUS}0.125"),
        (3.0, "3"),
        (-1.0, f"{MINUS}1"),
        (0.0, "0"),
        (0.1, "0.1"),
        (math.pi, "3.142"),
    ],
)
def test_a_weight_is_a_fraction_where_that_is_exactly_it(value: float, expected: str) -> None:
    assert show_weight(float(np.float32(value))) == expected


@given(SINGLES.filter(lambda value: abs(value) < 1e5))
def test_a_fraction_shown_is_the_very_cell(value: float) -> None:
    text = show_weight(value)
    if "/" in text:
        above, below = text.replace(MINUS, "-").split("/")
        assert np.float32(int(above) / int(below)) == np.float32(value)


@given(SINGLES)
def test_an_exact_number_is_read_back_bit_by_bit(value: float) -> None:
    assert np.float32(read(show_exact(value))) == np.float32(value)


def test_an_exact_number_has_no_more_digits_than_needed() -> None:
    assert show_exact(0.1) == "0.1"
    assert show_exact(float(np.float32(0.1))) == "0.1"
    assert show_exact(-2.5) == f"{MINUS}2.5"


def test_a_long_number_is_short_wherever_decimals_are_fixed() -> None:
    assert [show_fixed(value) for value in (1e38, -2.5e7, math.inf, math.nan, 99_999.0)] == [
        "1.0e38",
        "−2.5e7",
        "∞",
        "not a number",
        "99999.00",
    ]
