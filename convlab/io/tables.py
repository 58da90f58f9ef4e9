"""One column of numbers from a text file: CSV, TSV, or one number a line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import TypeAlias

import numpy as np

from convlab.engine.arrays import FloatArray, frozen
from convlab.io import bounds
from convlab.io.rejection import Rejection, raised_as

_REMEDY = "choose a file with a column of numbers"
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|∞)", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[^,]*|[ ]*[+\-−]?\d*,\d+([eE][+-]?\d+)?[ ]*", re.ASCII)
_LARGEST = float(np.finfo(np.float32).max)

# The number of a line, and its cells.
_Row: TypeAlias = tuple[int, list[str]]


class TableError(ValueError):
    """No numbers can be had from a file; the text is one message with its remedy."""


def unpack_table(data: bytes, name: str) -> FloatArray:
    """Read the first column that holds numbers from the bytes of a table.

    Columns are separated by tabs, else by semicolons, else by commas; numbers have a decimal point
    or comma. Where each line could be one number with a decimal comma it is one. A first line
    without a number is a heading. One line alone is read as a column too.

    Args:
        data: The whole file.
        name: What to call it in an error.

    Returns:
        float32 ``(n,)``, read-only.

    Raises:
        TableError: It is no text, or something in the column is no finite number; the message has
            its line.
    """
    with raised_as(TableError, name, "gives no numbers"):
        return _column(data)


def _column(data: bytes) -> FloatArray:
    """Return the column; no more of a row is kept than its cell."""
    _require_few_rows(data)
    rows = _rows(data, _separator(data))
    heading = next(rows, None)
    if heading is None:
        raise Rejection("it is empty", _REMEDY)
    first = next(rows, None)
    if first is None:
        return _single(heading)
    start = [first] if not any(map(_is_number, heading[1])) else [heading, first]
    place = _place(start[0])
    numbers = np.fromiter((_number(row, place) for row in chain(start, rows)), np.float32)
    if len(numbers) > bounds.MOST_TABLE_NUMBERS:
        raise _too_many()
    return frozen(numbers)


def _single(row: _Row) -> FloatArray:
    """Return a line that is alone, which is a column too."""
    _place(row)
    return frozen(np.array([_number((row[0], [cell]), 0) for cell in row[1]], np.float32))


def _place(row: _Row) -> int:
    """Return where in a row the first number stands."""
    number, cells = row
    place = next((k for k, cell in enumerate(cells) if _is_number(cell)), None)
    if place is None:
        raise _word(number, cells[0] if cells else "")
    return place


def _require_few_rows(data: bytes) -> None:
    """Count before anything is made of the lines: their bytes are the cheapest form of them."""
    if b"\0" in data:
        raise Rejection("it is no text", "save it as UTF-8")
    lines = (line for line in _lines(data) if line.strip())
    if (
        next(islice(lines, bounds.MOST_TABLE_NUMBERS + 1, None), None) is not None
    ):  # one may be a heading
        raise _too_many()


def _too_many() -> Rejection:
    return Rejection(f"it holds more than {bounds.MOST_TABLE_NUMBERS:,} numbers", "cut it shorter")


def _lines(data: bytes) -> Iterator[str]:
    """Give one line after the other, as text; nobody ever holds them all."""
    try:
        yield from io.TextIOWrapper(io.BytesIO(data), "utf-8-sig")
    except UnicodeDecodeError:
        raise Rejection("it is no text", "save it as UTF-8") from None


def _rows(data: bytes, separator: str) -> Iterator[_Row]:
    """Give the lines that are not empty."""
    for number, line in enumerate(_lines(data), 1):
        if line.strip():
            cells = _split(line.rstrip("\n"), separator, number)
            yield number, [cell.strip().replace("−", "-") for cell in cells]


def _separator(data: bytes) -> str:
    for separator in "\t;":
        if separator.encode() in data:
            return separator
    is_decimal = all(_DECIMAL_COMMA.fullmatch(line.rstrip("\n")) for line in _lines(data))
    return ";" if is_decimal else ","


def _split(line: str, separator: str, number: int) -> list[str]:
    if line.count(separator) >= bounds.MOST_TABLE_NUMBERS:
        raise Rejection(
            f"line {number} has more than {bounds.MOST_TABLE_NUMBERS:,} cells", "cut it shorter"
        )
    try:
        return next(csv.reader([line], delimiter=separator))
    except csv.Error:
        raise Rejection(f"line {number} cannot be read", _REMEDY) from None


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
        raise Rejection(f"{cell[:20]!r} in line {line} is not finite", "put a finite number there")
    return value


def _word(line: int, cell: str) -> Rejection:
    shown = repr(cell[:20]) if cell else "nothing"
    return Rejection(f"line {line} has {shown} where a number belongs", "put a number there")
