"""Cells of a table: which are numbers, which say that there is none, and what they are worth."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

import numpy as np

from convlab.document.table_form import DecimalSign
from convlab.engine.arrays import AnyArray

_EXPONENT = r"(?:[eEdD][+-]?\d{1,5})?"
_NARROW = "'’\u00a0\u2009\u202f"  # part thousands, whichever the decimal sign
_POINTED = r"\d*\.(?:\d{1,2}|\d{4,})"
_HAS_POINT = re.compile(rf"[+-]?{_POINTED}{_EXPONENT}", re.ASCII)


def _number(sign: str, whole: str, others: str) -> re.Pattern[str]:
    """Compile a number: plain, or with groups of three digits that one of the others parts."""
    grouped = rf"[1-9]\d{{0,2}}(?:([{others}{_NARROW}])\d{{3}})(?:\1\d{{3}})*(?:{sign}\d*)?"
    return re.compile(rf"[+-]?(?:{whole}|{sign}\d+|{grouped}){_EXPONENT}", re.ASCII)


_NUMBERS = {
    DecimalSign.POINT: _number(r"\.", r"\d+(?:\.\d*)?", ", "),
    # A point that cannot part thousands is a decimal point here, too.
    DecimalSign.COMMA: _number(",", rf"\d+(?:,\d+)?|{_POINTED}", ". "),
}
_PLAIN = frozenset("0123456789+-.eE\n")
_PARTED = str.maketrans(dict.fromkeys(f" {_NARROW}", ""))
_NO_NUMBER = re.compile(
    r"|[+-]?nan(?:\(ind\))?|-?1\.#[A-Z]{3,4}|#?n\.?/?a\.?|null|none|-+|\?", re.I
)
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞)", re.IGNORECASE)
_LONGEST = 64  # letters of a number
LARGEST = float(np.finfo(np.float32).max)


def tidied(cell: str) -> str:
    """Return a cell without what only decorates it."""
    return cell.strip().replace("−", "-")


def is_number(cell: str, decimal: DecimalSign) -> bool:
    """Tell whether a tidied cell is a number, an infinite one too."""
    found = len(cell) <= _LONGEST and _NUMBERS[decimal].fullmatch(cell)
    return bool(found or _INFINITE.fullmatch(cell))


def is_gap(cell: str) -> bool:
    """Tell whether a tidied cell is empty, or says that there is no number."""
    return len(cell) <= _LONGEST and _NO_NUMBER.fullmatch(cell) is not None


def parted(cell: str, decimal: DecimalSign) -> str:
    """Return the sign between the thousands of a tidied number; "" if there is none."""
    found = _NUMBERS[decimal].fullmatch(cell) if len(cell) <= _LONGEST else None
    return "" if found is None else found[1] or ""


def value(cell: str, decimal: DecimalSign) -> float:
    """Return the number in a tidied cell that is one; what overflows is infinite."""
    if _INFINITE.fullmatch(cell):
        return math.inf
    plain = cell.translate(_PARTED)
    if decimal is DecimalSign.COMMA and not _HAS_POINT.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    return float(plain.replace(",", "").replace("d", "e").replace("D", "e"))


def plain_values(cells: Sequence[str]) -> AnyArray | None:
    """Return the numbers of a column in the form that nearly all have, quickly; None: look closely.

    Returns:
        float64 ``(n,)``, all finite as float32.
    """
    text = "\n".join(cells)
    if not _PLAIN.issuperset(text):
        return None
    try:
        values: AnyArray = np.array(list(map(float, cells)), np.float64)
    except ValueError:
        return None
    return values if (np.abs(values) <= LARGEST).all() else None


def bridged(values: Iterable[float]) -> AnyArray:
    """Return numbers with a straight line over each NaN; at an end the nearest number goes on."""
    numbers = np.array(list(values), np.float64)
    known = np.flatnonzero(~np.isnan(numbers))
    if not len(known):
        return numbers
    return np.interp(np.arange(len(numbers)), known, numbers[known])
