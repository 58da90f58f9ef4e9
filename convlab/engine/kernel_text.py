"""Kernels as text: whatever a notebook, a spreadsheet or a person writes, read without ``eval``."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.naming import parse_name

LARGEST = 31
_LONGEST = 65_536  # characters: room for 31 × 31 numbers in full precision, and a bound on the work
_LONGEST_NUMBER = 64
_TOO_LARGE = 2.0**128 - 2.0**103  # what is nearer to infinity than to the largest float32

_DECIMAL = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(rf"({_DECIMAL})(?:/({_DECIMAL}))?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_ARRAY_CALL = re.compile(
    r"(?:\w+ ?= ?)?(?:(?:np|numpy|torch)\.)?(?:array|asarray|matrix|tensor) ?\("
)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w* ?= ?")
_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "\u00a0": " ", "\u2009": " ", "\ufeff": " "}
    | {"{": "[", "}": "]", "(": "[", ")": "]"}
    | {"٫": ".", "\u061c": None, "\u200e": None, "\u200f": None}  # marks of the writing direction
)
_Rows = list[list[str]]


class TextStyle(StrEnum):
    """How ``to_text`` writes a kernel."""

    NUMPY = "numpy"
    MATLAB = "matlab"
    CSV = "csv"
    TSV = "tsv"


def to_text(weights: ArrayLike, style: str = "numpy") -> str:
    """Return a kernel as text that ``parse`` reads back exactly.

    Args:
        weights: ``(kh, kw)``.
        style: "numpy", "matlab", "csv" or "tsv" (spreadsheets).

    Raises:
        ValueError: If the weights are not two-dimensional, or the style is unknown.
    """
    kernel = np.asarray(weights, np.float32)
    if kernel.ndim != 2:
        raise ValueError(f"a kernel of shape {kernel.shape} cannot be written: give two dimensions")
    cells = [[_shortest(value) for value in row] for row in kernel]
    match parse_name(TextStyle, style, "style"):
        case TextStyle.NUMPY:
            rows = ",\n          ".join(f"[{', '.join(row)}]" for row in cells)
            return f"np.array([{rows}], dtype=np.float32)"
        case TextStyle.MATLAB:
            return f"[{'; '.join(' '.join(row) for row in cells)}]"
        case TextStyle.CSV:
            return "\n".join(",".join(row) for row in cells)
        case TextStyle.TSV:
            return "\n".join("\t".join(row) for row in cells)


def _shortest(value: np.float32) -> str:
    """Return the fewest digits that give the same float32, without a trailing ``.0``."""
    return str(value).removesuffix(".0")


def parse_number(text: str) -> float:
    """Return the number in one cell: ``-1``, ``0.5``, ``0,5``, ``1e-3`` or a fraction ``1/9``.

    Its digits may be those of any script.

    Raises:
        ValueError: If it is a word, NaN or infinite, divides by zero or does not fit float32.
    """
    plain = _compact(text.translate(_SIGNS).strip()) if len(text) <= _LONGEST_NUMBER else ""
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise ValueError(_not_a_number(text, plain))
    top, bottom = float(match[1]), float(match[2] or 1)
    if bottom == 0:
        raise ValueError(f"{plain} divides by zero: write another number below the line")
    if not abs(top / bottom) < _TOO_LARGE:
        raise ValueError(f"{plain} is too large for a weight: stay below 3.4e38")
    return top / bottom


def _not_a_number(text: str, plain: str) -> str:
    if _NOT_FINITE.fullmatch(plain):
        return f"{plain} cannot be a weight: write a finite number"
    if not text.strip():
        return "a cell is empty: write 0 where there is no weight"
    shown = text.strip() if len(text) <= 24 else f"{text.strip()[:20]}…"
    return f"{shown!r} is not a number: write one such as 1, -0.5 or 1/9"


def _compact(text: str) -> str:
    """Close the gaps around fraction strokes: each cell is then one word."""
    return "/".join(part.strip(" ") for part in text.split("/"))


def parse(text: str) -> FloatArray:
    """Return the kernel that a text spells, ``(kh, kw)`` float32.

    It reads nested lists and ``np.array(...)``, MATLAB's ``[1 0 -1; 2 0 -2]``, rows separated by
    lines with commas, tabs, semicolons or spaces between the numbers, fractions such as 1/9, and a
    factor in front (``1/9 * ...``) or behind (``[...] / 9``). Between tabs or semicolons a comma
    is a decimal comma.

    Raises:
        ValueError: If there is no kernel in it; the message has a remedy.
    """
    if len(text) > _LONGEST:
        raise ValueError(
            f"the text has {len(text)} characters: paste only the kernel, "
            f"at most {LARGEST}×{LARGEST} numbers"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("...\n", " ")
    factor, body = _split_factor(text.strip("\n "))
    rows = _bracketed_rows(body) if "[" in body else _plain_rows(body)
    rows = [row for row in rows if row]
    _check_rows(rows)
    values = np.array([[parse_number(cell) for cell in row] for row in rows]) * factor
    if not np.abs(values).max() < _TOO_LARGE:
        raise ValueError("a weight times the factor is too large: stay below 3.4e38")
    return values.astype(np.float32)


def _check_rows(rows: _Rows) -> None:
    if not rows:
        raise ValueError("there are no numbers: write rows such as 1 0 -1")
    if len(rows) > LARGEST or max(map(len, rows)) > LARGEST:
        raise ValueError(
            f"the kernel has {len(rows)} rows and up to {max(map(len, rows))} numbers in each: "
            f"{LARGEST}×{LARGEST} is the largest, leave some out"
        )
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]):
            raise ValueError(
                f"the rows differ: row {number} has {len(row)} where row 1 has {len(rows[0])}, "
                "give all rows equally many numbers"
            )


def _split_factor(text: str) -> tuple[float, str]:
    """Return the factor and the rest, with brackets all square and calls taken off."""
    if call := _ARRAY_CALL.search(text[:200]):
        text = text[: call.start()] + "(" + text[call.end() :]
    elif assignment := _ASSIGNMENT.match(text):
        text = text[assignment.end() :]
    text = _compact(_without_dtype(text).translate(_SIGNS))
    factor = 1.0
    head, star, rest = text.partition("*")
    if star and _NUMBER.fullmatch(head.strip(" []")):
        factor, text = parse_number(head.strip(" []")), rest
    body, bracket, tail = text.rpartition("]")
    if bracket and tail.strip(" \n;,"):
        factor *= _trailing_factor(tail.strip(" \n;,"))
        text = body + bracket
    return factor, text


def _without_dtype(text: str) -> str:
    """Take ``, dtype=...`` out of an array call."""
    head, found, tail = text.rpartition("dtype")
    if not found:
        return text
    return head.rstrip().removesuffix(",") + tail[max(tail.find(")"), 0) :]


def _trailing_factor(tail: str) -> float:
    if tail[0] == "*":
        return parse_number(tail[1:])
    if tail[0] == "/":
        divisor = parse_number(tail[1:])
        if divisor == 0:
            raise ValueError("the kernel is divided by zero: write another divisor")
        return 1 / divisor
    raise ValueError(_not_a_number(tail, tail))


def _bracketed_rows(text: str) -> _Rows:
    """Read brackets: each innermost pair is a row, or a lone pair is a matrix as MATLAB writes."""
    pieces = re.split(r"([\[\]])", text)
    depths = _depths(pieces)
    deepest = max(depths)
    parents = sum(
        piece == "[" and depth == deepest - 1 for piece, depth in zip(pieces, depths, strict=True)
    )
    if parents > 1:
        raise ValueError("the brackets have more than two dimensions: give the rows of one kernel")
    inner = []
    for piece, depth in zip(pieces, depths, strict=True):
        if depth == deepest and piece not in "[]":
            inner.append(piece)
        elif piece.strip(" \t\n,;[]"):
            raise ValueError(_not_a_number(piece, piece))
    if len(inner) == 1:
        return [_words(line) for line in re.split("[\n;]", inner[0])]
    return [_words(row) for row in inner]


def _depths(pieces: list[str]) -> list[int]:
    """Return how many brackets are open after each piece."""
    depths = list(accumulate((piece == "[") - (piece == "]") for piece in pieces))
    if depths[-1] or min(depths) < 0:
        raise ValueError("the brackets do not match: close each [ with a ]")
    return depths


def _words(text: str) -> list[str]:
    """Return the numbers of a row, separated by commas or spaces."""
    if "," not in text:
        return text.split()
    cells = [cell.strip() for cell in text.strip().removesuffix(",").split(",")]
    return cells if any(cells) else []


def _plain_rows(text: str) -> _Rows:
    """Read lines of numbers without brackets."""
    lines = [line.strip(" ").removesuffix(";") for line in text.split("\n")]
    lines = [line for line in lines if line.strip()]
    if "\t" in text:
        return [_cells(line, "\t") for line in lines]
    if any(";" in line for line in lines):
        return _semicolon_rows(lines)
    return [_words(line) for line in lines]


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip() for cell in line.removesuffix(separator).split(separator)]


def _semicolon_rows(lines: list[str]) -> _Rows:
    """Tell MATLAB's ``1 0 -1; 2 0 -2`` (rows) from a spreadsheet's ``0,5;1;2`` (cells)."""
    parts = [_cells(line, ";") for line in lines]
    flat = [cell for row in parts for cell in row]
    if any(" " in cell or cell.count(",") > 1 for cell in flat):
        return [_words(cell) for cell in flat]
    commas = [cell.count(",") for cell in flat]
    if len(lines) == 1 and min(commas) == 1:
        raise ValueError(
            "the commas may be decimal or between numbers: write decimals with a point, "
            "or rows in [ ]"
        )
    return parts
