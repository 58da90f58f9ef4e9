"""One number of a kernel as people write it."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 64  # letters of a number
TOO_LARGE = 2.0**128 - 2.0**103
"""What is nearer to infinity than to the largest float32."""

DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
NUMBER = re.compile(rf"({DECIMAL})(?:/({DECIMAL}))?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")
SIGNS = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "\u00a0": " ", "\u2009": " ", "\ufeff": " "}
    | {"{": "[", "}": "]", "(": "[", ")": "]"}
    | {"٫": ".", "\u061c": None, "\u200e": None, "\u200f": None}  # marks of the writing direction
)


def parse_number(text: str) -> float:
    """Return the number in one cell: ``-1``, ``0.5``, ``0,5``, ``1e-3`` or a fraction ``1/9``.

    Its digits may be those of any script.

    Raises:
        ValueError: If it is a word, NaN or infinite, divides by zero or does not fit float32.
    """
    plain = compact(text.translate(SIGNS).strip()) if len(text) <= LONGEST else ""
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    match = NUMBER.fullmatch(plain)
    if match is None:
        raise ValueError(not_a_number(text, plain))
    top, bottom = float(match[1]), float(match[2] or 1)
    if bottom == 0:
        raise ValueError(f"{plain} divides by zero: write another number below the line")
    if not abs(top / bottom) < TOO_LARGE:
        raise ValueError(f"{plain} is too large for a weight: stay below 3.4e38")
    return top / bottom


def not_a_number(text: str, plain: str) -> str:
    """Return the message that something is no number; ``plain`` is it without foreign signs."""
    if _NOT_FINITE.fullmatch(plain):
        return f"{plain} cannot be a weight: write a finite number"
    if not text.strip():
        return "a cell is empty: write 0 where there is no weight"
    shown = text.strip() if len(text) <= 24 else f"{text.strip()[:20]}…"
    if len(_LETTERS.findall(text)) > 5:  # no slip of the finger
        return f"{shown!r} is not a number: paste the numbers alone, as 1 0 -1 or [[1, 0], [0, -1]]"
    return f"{shown!r} is not a number: write one such as 1, -0.5 or 1/9"


def compact(text: str) -> str:
    """Close the gaps around fraction strokes: each cell is then one word."""
    return "/".join(part.strip(" ") for part in text.split("/"))
