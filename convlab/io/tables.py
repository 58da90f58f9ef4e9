"""One column of numbers from a text file: CSV, TSV, or one number a line."""

from __future__ import annotations

import csv
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from convlab.engine.arrays import FloatArray, frozen
from convlab.io.refusal import Refusal, read_regular_file

LARGEST_FILE = 16 << 20
MOST_NUMBERS = 200_000
_REMEDY = "choose a file with a column of numbers"
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|∞)", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[^,]*|[ ]*[+\-−]?\d*,\d+([eE][+-]?\d+)?[ ]*", re.ASCII)
_LARGEST = float(np.finfo(np.float32).max)

# The number of a line, and its cells.
_Row: TypeAlias = tuple[int, list[str]]


class TableError(ValueError):
    """No numbers can be had from a file; the text is one sentence with its remedy."""


def read_table(path: str | os.PathLike[str]) -> FloatArray:
    """Read the first column that holds numbers.

    Columns are separated by tabs, else by semicolons, else by commas; numbers have a decimal point
    or comma. Where each line could be one number with a decimal comma it is one. A first line
    without a number is a heading. One line alone is read as a column too.

    Returns:
        float32 ``(n,)``, read-only.

    Raises:
        TableError: The file is missing, too large or no text, or something in the column is no
            finite number; the message has its line.
    """
    path = Path(path)
    try:
        return _column(_rows(_text(read_regular_file(path, LARGEST_FILE))))
    except Refusal as error:
        name = path.name[:80].encode("utf-8", "replace").decode("utf-8")
        raise TableError(
            f"{name} gives no numbers, because {error.why}: {error.remedy}."
        ) from error


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("it is no text", "save it as UTF-8") from None
    if "\0" in text:
        raise Refusal("it is no text", "save it as UTF-8")
    return text


def _rows(text: str) -> list[_Row]:
    """Return the lines that are not empty."""
    lines = text.splitlines()
    separator = _separator(lines)
    rows = [
        (number, [cell.strip().replace("−", "-") for cell in _split(line, separator, number)])
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if not rows:
        raise Refusal("it is empty", _REMEDY)
    return rows


def _separator(lines: Sequence[str]) -> str:
    for separator in "\t;":
        if any(separator in line for line in lines):
            return separator
    is_decimal = all(_DECIMAL_COMMA.fullmatch(line) for line in lines)
    return ";" if is_decimal else ","


def _split(line: str, separator: str, number: int) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator))
    except csv.Error:
        raise Refusal(f"line {number} cannot be read", _REMEDY) from None


def _column(rows: list[_Row]) -> FloatArray:
    if len(rows) > 1 and not any(map(_is_number, rows[0][1])):
        rows = rows[1:]  # below the heading
    first, cells = rows[0]
    place = next((k for k, cell in enumerate(cells) if _is_number(cell)), None)
    if place is None:
        raise _word(first, cells[0] if cells else "")
    if len(rows) == 1:
        rows, place = [(first, [cell]) for cell in cells], 0
    if len(rows) > MOST_NUMBERS:
        raise Refusal(
            f"it holds {len(rows):,} numbers where {MOST_NUMBERS:,} are the most", "cut it shorter"
        )
    return frozen(np.array([_number(row, place) for row in rows], np.float32))


def _is_number(cell: str) -> bool:
    """Tell whether it is a number, or says that it is none."""
    return bool(_NUMBER.fullmatch(cell) or _NOT_FINITE.fullmatch(cell))


def _number(row: _Row, place: int) -> float:
    line, cells = row
    cell = cells[place] if place < len(cells) else ""
    if not _is_number(cell):
        raise _word(line, cell)
    value = math.nan if _NOT_FINITE.fullmatch(cell) else float(cell.replace(",", "."))
    if not abs(value) <= _LARGEST:
        raise Refusal(f"{cell[:20]!r} in line {line} is not finite", "put a finite number there")
    return value


def _word(line: int, cell: str) -> Refusal:
    shown = repr(cell[:20]) if cell else "nothing"
    return Refusal(f"line {line} has {shown} where a number belongs", "put a number there")
