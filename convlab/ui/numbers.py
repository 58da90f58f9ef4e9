"""Numbers as people read them: true minus sign, never a negative zero, fractions where exact."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

import numpy as np

MINUS = "−"
LARGEST_DENOMINATOR = 1000
LONG = 1e5  # from here on a number is written with a power of ten


@lru_cache(maxsize=4096)  # asked for each number over a picture at each paint
def show_number(value: float, digits: int = 3) -> str:
    """Round for reading: at most ``digits`` digits after the point."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
    if value != 0.0 and (abs(value) >= LONG or abs(value) < 0.5 * 10.0**-digits):
        mantissa, exponent = f"{value:.{max(digits - 1, 1)}e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    else:
        text = f"{value:.{digits}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", MINUS)


def show_fixed(value: float, digits: int = 2) -> str:
    """Round to a fixed number of decimals, so that a column of changing numbers stands still.

    Numbers of more than five digits, and what is none, are written as ``show_number`` does.
    """
    if not abs(value) < LONG:
        return show_number(value, digits)
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


@lru_cache(maxsize=1024)  # asked for each cell at each paint
def show_weight(value: float) -> str:
    """A kernel's cell: a fraction such as 1/9 where that is exactly the cell, else a decimal."""
    single = float(np.float32(value))
    if single == np.float32(round(single, 3)):
        return show_number(single)
    fraction = Fraction(single).limit_denominator(LARGEST_DENOMINATOR)
    if abs(fraction.numerator) <= 100 and float(np.float32(float(fraction))) == single:
        return f"{fraction.numerator}/{fraction.denominator}".replace("-", MINUS)
    if abs(single) < 0.5e-3:  # a cell has room for one digit and its power of ten
        mantissa, exponent = f"{single:.0e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    return show_number(single)


def show_exact(value: float) -> str:
    """Every digit that tells this float32 from its neighbours."""
    return str(np.float32(value)).replace("-", MINUS)
