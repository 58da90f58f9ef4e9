"""Numbers that callers give: each as a float, or rejected with its name and what is allowed."""

from __future__ import annotations

import math


def to_float(value: object) -> float:
    """Return a number as a float; NaN of what is none, or too large."""
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan


def finite(name: str, value: object) -> float:
    """Return a number that is neither infinite nor NaN.

    Raises:
        ValueError: If it is another; the message has it and its name.
    """
    return _checked(name, value, -math.inf < to_float(value) < math.inf, "a finite number")


def positive(name: str, value: object) -> float:
    """Return a finite number above 0.

    Raises:
        ValueError: If it is another.
    """
    return _checked(name, value, 0 < to_float(value) < math.inf, "a number above 0")


def not_negative(name: str, value: object) -> float:
    """Return a finite number of at least 0.

    Raises:
        ValueError: If it is another.
    """
    return _checked(name, value, 0 <= to_float(value) < math.inf, "a number of at least 0")


def _checked(name: str, value: object, is_fine: bool, allowed: str) -> float:
    if not is_fine:
        raise ValueError(f"{name} {value!r} cannot be used: give {allowed}")
    return to_float(value)
