"""Kernels as text: whatever a notebook, a spreadsheet or a person writes, read without ``eval``."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.kernel_forms import LARGEST, laid_out, plain
from convlab.engine.kernel_number import (
    NUMBER,
    SIGNS,
    TOO_LARGE,
    compact,
    not_a_number,
    parse_number,
)
from convlab.engine.naming import parse_name

_LONGEST = 65_536  # characters: room for 31 × 31 numbers in full precision, and a bound on the work
_ARRAY_CALL = re.compile(
    r"(?:\w+\s*=\s*)?(?:\w+\.)*"
    r"(?:array|asarray|matrix|mat|tensor|\w*Tensor|constant|float32|float64)\s*\((?!\s*[\d.+-])"
)
_Rows = list[list[str]]


class TextStyle(StrEnum):
    """How ``to_text`` writes a kernel."""

    NUMPY = "numpy"
    MATLAB = "matlab"
    CSV = "csv"
    TSV = "tsv"
    PYTHON = "python"
    PYTORCH = "pytorch"
    OPENCV = "opencv"
    C = "c"
    LATEX = "latex"


def to_text(weights: ArrayLike, style: str = "numpy") -> str:
    """Return a kernel as text that ``parse`` reads back exactly.

    Args:
        weights: ``(kh, kw)``.
        style: "numpy", "matlab", "csv", "tsv" (spreadsheets), "python" (lists), "pytorch", "opencv"
            (C++), "c" or "latex".

    Raises:
        ValueError: If the weights are not two-dimensional, or the style is unknown.
    """
    kernel = np.asarray(weights, np.float32)
    if kernel.ndim != 2:
        raise ValueError(f"a kernel of shape {kernel.shape} cannot be written: give two dimensions")
    cells = [[_shortest(value) for value in row] for row in kernel]
    return _WRITERS[parse_name(TextStyle, style, "style")](cells)


def _rows(cells: _Rows, first: str = "[", last: str = "]", indent: int = 1) -> str:
    """Return rows in brackets, each in a line of its own."""
    gap = ",\n" + " " * indent
    return gap.join(f"{first}{', '.join(row)}{last}" for row in cells)


def _opencv(cells: _Rows) -> str:
    numbers = ",\n    ".join(", ".join(row) for row in cells)
    return f"(cv::Mat_<float>({len(cells)}, {len(cells[0])}) <<\n    {numbers})"


def _c(cells: _Rows) -> str:
    floats = [
        [f"{cell}f" if "." in cell or "e" in cell else f"{cell}.0f" for cell in row]
        for row in cells
    ]
    size = f"[{len(cells)}][{len(cells[0])}]"
    return f"const float kernel{size} = {{\n    {_rows(floats, '{', '}', 4)}\n}};"


def _latex(cells: _Rows) -> str:
    rows = " \\\\\n".join(" & ".join(row) for row in cells)
    return f"\\begin{{bmatrix}}\n{rows}\n\\end{{bmatrix}}"


_WRITERS: dict[TextStyle, Callable[[_Rows], str]] = {
    TextStyle.NUMPY: lambda cells: f"np.array([{_rows(cells, indent=10)}], dtype=np.float32)",
    TextStyle.MATLAB: lambda cells: f"[{'; '.join(' '.join(row) for row in cells)}]",
    TextStyle.CSV: lambda cells: "\n".join(",".join(row) for row in cells),
    TextStyle.TSV: lambda cells: "\n".join("\t".join(row) for row in cells),
    TextStyle.PYTHON: lambda cells: f"[{_rows(cells)}]",
    TextStyle.PYTORCH: lambda cells: (
        f"torch.tensor([[[{_rows(cells, indent=16)}]]], dtype=torch.float32)"
    ),
    TextStyle.OPENCV: _opencv,
    TextStyle.C: _c,
    TextStyle.LATEX: _latex,
}


def _shortest(value: np.float32) -> str:
    """Return the fewest digits that give the same float32, without a trailing ``.0``."""
    return str(value).removesuffix(".0")


def parse(text: str) -> FloatArray:
    """Return the kernel that a text spells, ``(kh, kw)`` float32.

    It reads nested lists and ``np.array(...)``, MATLAB's ``[1 0 -1; 2 0 -2]``, rows separated by
    lines with commas, tabs, semicolons or spaces between the numbers, fractions such as 1/9, and a
    factor in front (``1/9 * ...``) or behind (``[...] * (1/9)``). Between tabs or semicolons a
    comma is a decimal comma. Arrays of C, matrices of LaTeX, OpenCV's ``Mat_<float>(3, 3) << ...``,
    kernels of ImageMagick, ``np.ones((3, 3)) / 9`` and ``np.outer`` are read, too; comments,
    types and declarations are passed over.

    Raises:
        ValueError: If there is no kernel in it; the message has a remedy.
    """
    if len(text) > _LONGEST:
        raise ValueError(
            f"the text has {len(text)} characters: paste only the kernel, "
            f"at most {LARGEST}×{LARGEST} numbers"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("...\n", " ")
    written = plain(text)
    factor, body = _split_factor(written.text.strip("\n "))
    rows = _bracketed_rows(body) if "[" in body else _plain_rows(body)
    rows = laid_out([row for row in rows if row], written.shape)
    _check_rows(rows)
    values = np.array([[parse_number(cell) for cell in row] for row in rows]) * factor
    values = values.T if written.is_transposed else values
    if not np.abs(values).max() < TOO_LARGE:
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
            raise ValueError(not_a_number(piece, piece))
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
