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
    number = to_float(value)
    if not -math.inf < number < math.inf:
        raise _rejected(name, value, "a finite number")
    return number


def positive(name: str, value: object) -> float:
    """Return a finite number above 0.

    Raises:
        ValueError: If it is another.
    """
    number = to_float(value)
    if not 0 < number < math.inf:
        raise _rejected(name, value, "a number above 0")
    return number


def not_negative(name: str, value: object) -> float:
    """Return a finite number of at least 0.

    Raises:
        ValueError: If it is another.
    """
    number = to_float(value)
    if not 0 <= number < math.inf:
        raise _rejected(name, value, "a number of at least 0")
    return number


def _rejected(name: str, value: object, allowed: str) -> ValueError:
    return ValueError(f"{name} {value!r} cannot be used: give {allowed}")
