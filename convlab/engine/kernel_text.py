"""Kernels as text: whatever a notebook, a spreadsheet or a person writes, read without ``eval``."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.kernel_forms import LARGEST, laid_out, plain
from convlab.engine.kernel_number import (
    NUMBER,
    SIGNS,
    TOO_LARGE,
    compact,
    not_a_number,
    parse_number,
)
from convlab.engine.kernel_products import product
from convlab.engine.kernel_writing import TextStyle as TextStyle
from convlab.engine.kernel_writing import to_text as to_text

_LONGEST = 65_536  # characters: room for 31 × 31 numbers in full precision, and a bound on the work
_ARRAY_CALL = re.compile(
    r"(?:\w+\s*=\s*)?(?:\w+\.)*"
    r"(?:array|asarray|[mM]atrix|mat|tensor|\w*Tensor|constant|float32|float64)\s*\((?!\s*[\d.+-])"
)
_Rows = list[list[str]]


class ReadText(NamedTuple):
    """What a text spells.

    Attributes:
        kernels: One or more of one size, ``(N, kh, kw)`` float32.
        note: What a person may not know of how it was read; "" is nothing.
    """

    kernels: FloatArray
    note: str = ""


def parse(text: str) -> FloatArray:
    """Return the kernel that a text spells, ``(kh, kw)`` float32; see ``read_text``.

    Raises:
        ValueError: If there is no kernel in it, or several; the message has a remedy.
    """
    read = read_text(text).kernels
    if len(read) > 1:
        raise ValueError("the brackets have more than two dimensions: give the rows of one kernel")
    kernel: FloatArray = read[0]
    return kernel


def read_text(text: str) -> ReadText:
    """Return what a text spells, with a note where that is not plain to see.

    It reads nested lists and ``np.array(...)``, MATLAB's ``[1 0 -1; 2 0 -2]``, rows separated by
    lines with commas, tabs, semicolons or spaces between the numbers, fractions such as 1/9, and a
    factor in front (``1/9 * ...``) or behind (``[...] * (1/9)``). Between tabs or semicolons a
    comma is a decimal comma. Arrays of C, matrices of LaTeX, OpenCV's ``Mat_<float>(3, 3) << ...``,
    kernels of ImageMagick, ``np.ones((3, 3)) / 9``, ``np.outer``, and matrices of R, GLSL and
    Fortran, whose columns come first, are read, too; comments, types and declarations are passed
    over. Brackets of three dimensions are several kernels, one for each channel.

    Raises:
        ValueError: If there is no kernel in it; the message has a remedy.
    """
    if len(text) > _LONGEST:
        raise ValueError(
            f"the text has {len(text)} characters: paste only the kernel, "
            f"at most {LARGEST}×{LARGEST} numbers"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("...\n", " ")
    multiplied = product(text, parse)
    if multiplied is not None:
        return ReadText(multiplied.astype(np.float32)[np.newaxis])
    written = plain(text)
    factor, body = _split_factor(written.text.strip("\n "))
    groups = _bracketed_rows(body) if "[" in body else [_plain_rows(body)]
    shape = written.shape if len(groups) == 1 else None
    read = [_values(laid_out([row for row in rows if row], shape)) for rows in groups]
    if len({each.shape for each in read}) > 1:
        raise ValueError("the kernels differ in size: give all of them equally many numbers")
    values = np.stack(read) * factor
    values = values.swapaxes(1, 2) if written.is_transposed else values
    if not np.abs(values).max() < TOO_LARGE:
        raise ValueError("a weight times the factor is too large: stay below 3.4e38")
    return ReadText(values.astype(np.float32), written.note)


def _values(rows: _Rows) -> AnyArray:
    """Return the numbers in the cells of one kernel."""
    _check_rows(rows)
    return np.array([[parse_number(cell) for cell in row] for row in rows])


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
    text = compact(text.translate(SIGNS))
    factor = 1.0
    head, star, rest = text.partition("*")
    if star and NUMBER.fullmatch(head.strip(" []")):
        factor, text = parse_number(head.strip(" []")), rest
    body, bracket, tail = text.rpartition("]")
    if bracket and tail.strip(" \n;,"):
        factor *= _trailing_factor(tail.strip(" \n;,"))
        text = body + bracket
    return factor, text


def _trailing_factor(tail: str) -> float:
    if tail[0] == "*":
        return parse_number(tail[1:])
    if tail[0] == "/":
        divisor = parse_number(tail[1:])
        if divisor == 0:
            raise ValueError("the kernel is divided by zero: write another divisor")
        return 1 / divisor
    raise ValueError(not_a_number(tail, tail))


def _bracketed_rows(text: str) -> list[_Rows]:
    """Return the rows of each kernel in brackets.

    Each innermost pair is a row, or a lone pair is a matrix as MATLAB writes. The brackets around
    the rows are the kernels.
    """
    pieces = re.split(r"([\[\]])", text)
    depths = _depths(pieces)
    deepest = max(depths)
    groups: list[list[str]] = [[]]
    for piece, depth in zip(pieces, depths, strict=True):
        if piece == "[" and depth == deepest - 1 and groups[-1]:
            groups.append([])
        elif depth == deepest and piece not in "[]":
            groups[-1].append(piece)
        elif piece.strip(" \t\n,;[]"):
            raise ValueError(not_a_number(piece, piece))
    if len(groups) == 1 and len(groups[0]) == 1:
        return [[_words(line) for line in re.split("[\n;]", groups[0][0])]]
    return [[_words(row) for row in rows] for rows in groups]


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
