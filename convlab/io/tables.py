"""Numbers from a text file, whoever wrote it: one column, or all as a matrix.

The window, scripts and every other reader of tables come here. How a table is laid out is found by
``table_layout``, and may be said by a ``TableForm``.
"""

from __future__ import annotations

import math
import os
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from convlab.document.table_form import AUTO, FOUND, DecimalSign, Gaps, Separator, TableForm
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.io import text
from convlab.io.bounds import LARGEST_TABLE_FILE, MOST_TABLE_NUMBERS
from convlab.io.rejection import Rejection, in_words, raised_as, read_regular_file
from convlab.io.table_cells import LARGEST, bridged, is_gap, is_number, plain_values, value
from convlab.io.table_layout import Layout, cell_at, doubt, layouts, split

_REMEDY = "choose a file with a column of numbers"
_WHAT = "gives no numbers"
_MOST_HEADING = 1000  # lines before the numbers
_SAMPLE = 60  # lines from the beginning, and as many from all of it
_SHOWN_ROWS, _SHOWN_COLUMNS = 12, 32
_PACKED = b"PK\3\4", b"\xd0\xcf\x11\xe0"  # what Excel and LibreOffice write
_COMMENT = re.compile(r"\s*(?:#|%|//)")
_NUMBERS_ONLY = re.compile(r"[-+−\d.,;:|'eE \t]*", re.ASCII)
_NOTE = re.compile(r"#|//|% *[^\W\d_]")
_SEP = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_SEPARATORS = {
    ",": Separator.COMMA,
    ";": Separator.SEMICOLON,
    "\t": Separator.TAB,
    "|": Separator.BAR,
}


class TableError(ValueError):
    """No numbers can be had from a file; the text is one message with its remedy."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How a table was read, for a person to judge.

    Attributes:
        form: The same with nothing left to be found.
        titles: Of the columns shown, as far as the table has any.
        rows: The first rows of numbers, as they stand in the file.
        numeric: Which columns hold numbers.
        count: Rows of numbers.
        first_line: The line in which they begin.
        width: Columns of the table.
        is_row: It is one line, whose cells are a column too.
        doubt: Why they may be others; empty if that is clear.
        values: The column, ``(n,)`` float32, read-only; None if it cannot be had.
        error: Why not, as one message with its remedy.
    """

    form: TableForm
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    count: int
    first_line: int
    width: int
    is_row: bool
    doubt: str
    values: FloatArray | None
    error: str = ""

    @property
    def is_clear(self) -> bool:
        """There is one column of numbers, and one way to read it."""
        is_one = self.is_row or sum(self.numeric) == 1
        return is_one and not self.doubt and self.values is not None


def read_table(path: str | os.PathLike[str], form: TableForm = FOUND) -> FloatArray:
    """Read a column of numbers from a file.

    Args:
        path: A text file: CSV, TSV, columns with blanks between them, one number a line.
        form: How to read it; what it leaves open is found.

    Returns:
        float32 ``(n,)``, read-only.

    Raises:
        TableError: As ``unpack_table``, or it is no regular file.
    """
    path = Path(path)
    with raised_as(TableError, path, _WHAT):
        data = read_regular_file(path, LARGEST_TABLE_FILE)
    return unpack_table(data, path.name, form)


def unpack_table(data: bytes, name: str, form: TableForm = FOUND) -> FloatArray:
    """Read a column of numbers from the bytes of a table.

    Cells are separated by tabs, semicolons, commas, bars or blanks, whichever makes most of them
    numbers; the decimal sign is a point or a comma, thousands may be parted. Headings and lines
    that begin with #, % or // are passed over. The first column of numbers is taken; one line
    alone is a column too.

    Args:
        data: The whole file.
        name: What to call it in an error.
        form: How to read it; what it leaves open is found.

    Returns:
        float32 ``(n,)``, read-only.

    Raises:
        TableError: It is no text, or something in the column is no finite number; the message has
            its line.
    """
    with raised_as(TableError, name, _WHAT):
        return frozen(_Table(data, form).column())


def look_at_table(data: bytes, name: str, form: TableForm = FOUND) -> Reading:
    """Return how a table is read, also where its column cannot be had.

    Raises:
        TableError: It holds no numbers at all.
    """
    with raised_as(TableError, name, _WHAT):
        table = _Table(data, form)
        table.layout  # noqa: B018  # else there is nothing to judge
    try:
        with raised_as(TableError, name, _WHAT):
            values, error = frozen(table.column()), ""
    except TableError as rejected:
        return table.reading(None, str(rejected))
    return table.reading(values, error)


def unpack_matrix(data: bytes, form: TableForm = FOUND) -> FloatArray:
    """Return all numbers of a table whose columns all hold numbers.

    Returns:
        float32 ``(rows, columns)``, read-only.

    Raises:
        Rejection: There is something else in it, or the rows differ.
    """
    table = _Table(data, form)
    if not all(table.layout.numeric):
        raise Rejection("a column of it holds words", "leave the numbers alone in it")
    return frozen(np.array(list(table.matrix()), np.float32))


class _Table:
    """The lines of a table that are not empty, and how they are read.

    Args:
        data: The whole file.
        form: How to read it.

    Raises:
        Rejection: It is no text, empty, too large, or has too many lines.
    """

    def __init__(self, data: bytes, form: TableForm) -> None:
        if len(data) > LARGEST_TABLE_FILE:  # inside a project, say
            raise Rejection(f"it is larger than {in_words(LARGEST_TABLE_FILE)}", "cut it shorter")
        if data.startswith(_PACKED):
            raise Rejection("it is a spreadsheet, or packed", "save the sheet as CSV")
        self._form = form
        self._lines: list[str] = []
        self._numbers = array("L")  # of each line
        self._comment = ""  # the last one before the first line
        most = MOST_TABLE_NUMBERS + _MOST_HEADING
        for number, line in enumerate(text.lines(data), 1):
            if _COMMENT.match(line):
                self._comment = self._comment if self._lines else line
            elif line.strip():
                self._take(number, line)
                if len(self._lines) > most:
                    raise _too_many()
        if not self._lines:
            raise Rejection("it is empty", _REMEDY)

    def _take(self, number: int, line: str) -> None:
        told = None if self._lines else _SEP.fullmatch(line)  # what Excel is told by
        if told is not None and told[1] in _SEPARATORS:
            if self._form.separator is Separator.AUTO:
                self._form = replace(self._form, separator=_SEPARATORS[told[1]])
            return
        self._lines.append(_without_note(line.rstrip("\n\x1a")))
        self._numbers.append(number)

    # ---- what was found ----

    @cached_property
    def _layouts(self) -> list[Layout]:
        lines = self._lines
        step = max(len(lines) // _SAMPLE, 1)
        found = layouts([*lines[:_SAMPLE], *lines[_SAMPLE::step]], self._form)
        if not found:
            raise self._no_numbers()
        return found

    def _no_numbers(self) -> Rejection:
        """Say what stands where the first number belongs: the first line may be a heading."""
        separator = self._form.separator
        known = Separator.COMMA if separator is Separator.AUTO else separator
        cells = [cell_at(line, known, 0) for line in self._lines[:_SAMPLE]]
        words = [k for k, cell in enumerate(cells) if not is_number(cell, DecimalSign.POINT)]
        place = next((k for k in words if k), 0)
        return self._word(place, cells[place])

    @cached_property
    def layout(self) -> Layout:
        """The likeliest way to read it."""
        return self._layouts[0]

    @cached_property
    def _start(self) -> int:
        """The first line of numbers."""
        rows = (split(line, self.layout.separator) for line in self._lines)
        start = next((k for k, row in enumerate(rows) if self.layout.fits(row)), 0)
        return start + self._form.has_heading

    @cached_property
    def _place(self) -> int:
        """Where in a row the column stands."""
        layout, column = self.layout, self._form.column
        return layout.numeric.index(True) if column == AUTO else column - 1

    @property
    def _is_row(self) -> bool:
        """There is one line alone: what it holds is a column too."""
        return len(self._lines) == 1 and self._form.column == AUTO

    # ---- numbers ----

    def column(self) -> FloatArray:
        """Return the numbers of the column.

        Raises:
            Rejection: There is no such column, or something in it is no number.
        """
        if self._place >= self.layout.width:
            raise Rejection(
                f"there is no column {self._place + 1} in it", f"choose 1 to {self.layout.width}"
            )
        cells = self._cells()
        if not cells:
            raise Rejection("there is nothing below its heading", _REMEDY)
        if len(cells) > MOST_TABLE_NUMBERS:
            raise _too_many()
        values = plain_values(cells)
        if values is None:
            numbers = [self._number(k, cell) for k, cell in enumerate(cells)]
            values = np.array(self._filled(numbers), np.float64)
        if not len(values) or np.isnan(values).any():
            raise Rejection("its column holds no numbers", "choose another column")
        return values.astype(np.float32)

    def matrix(self) -> Iterator[AnyArray | list[float]]:
        """Give the numbers of each row."""
        separator = self.layout.separator
        for k in range(self._start, len(self._lines)):
            cells = split(self._lines[k], separator)
            if len(cells) != self.layout.width:
                raise Rejection(
                    f"line {self._numbers[k]} has {len(cells)} cells where {self.layout.width} "
                    "belong",
                    "give all rows equally many",
                )
            plain = plain_values(cells)
            yield (
                [self._number(k - self._start, cell) for cell in cells] if plain is None else plain
            )

    def _cells(self) -> list[str]:
        separator = self.layout.separator
        if self._is_row:
            return split(self._lines[0], separator)
        return [cell_at(line, separator, self._place) for line in self._lines[self._start :]]

    def _filled(self, numbers: list[float]) -> list[float]:
        """Return numbers with what gaps, which are NaN, become."""
        match self._form.gaps:
            case Gaps.SKIP:
                return [number for number in numbers if not math.isnan(number)]
            case Gaps.ZERO:
                return [0.0 if math.isnan(number) else number for number in numbers]
            case Gaps.LINE:
                return list(bridged(numbers))
            case Gaps.REJECT:
                return numbers

    def _number(self, row: int, cell: str) -> float:
        """Return the number in a cell; NaN for a gap that becomes something."""
        place = 0 if self._is_row else self._start + row
        if is_number(cell, self.layout.decimal):
            number = value(cell, self.layout.decimal)
            if abs(number) <= LARGEST:
                return number
            raise self._not_finite(place, cell)
        if not is_gap(cell):
            raise self._word(place, cell)
        if self._form.gaps is not Gaps.REJECT:
            return math.nan
        raise self._not_finite(place, cell) if "n" in cell.lower() else self._word(place, cell)

    def _not_finite(self, place: int, cell: str) -> Rejection:
        return Rejection(
            f"{cell[:20]!r} in line {self._numbers[place]} is not finite",
            "put a finite number there",
        )

    def _word(self, place: int, cell: str) -> Rejection:
        shown = repr(cell[:20]) if cell else "nothing"
        why = f"line {self._numbers[place]} has {shown} where a number belongs"
        return Rejection(why, "put a number there")

    # ---- for a person ----

    def reading(self, values: FloatArray | None, error: str = "") -> Reading:
        """Return how it was read."""
        layout, start = self.layout, self._start
        form = replace(
            self._form,
            separator=layout.separator,
            decimal=layout.decimal,
            column=AUTO if self._is_row else self._place + 1,
        )
        shown = self._lines[start : start + _SHOWN_ROWS]
        cells = [split(line, layout.separator)[:_SHOWN_COLUMNS] for line in shown]
        return Reading(
            form,
            self._titles(),
            tuple(map(tuple, cells)),
            layout.numeric,
            len(self._lines) - start,
            self._numbers[min(start, len(self._lines) - 1)],
            layout.width,
            self._is_row,
            doubt(self._layouts),
            values,
            error,
        )

    def _titles(self) -> tuple[str, ...]:
        """Return the titles of the columns; of a comment, too."""
        separator = self.layout.separator
        if self._start:
            return tuple(split(self._lines[self._start - 1], separator)[:_SHOWN_COLUMNS])
        if not self._comment:
            return ()
        names = split(_COMMENT.sub("", self._comment, count=1).strip(), separator)
        return tuple(names[:_SHOWN_COLUMNS]) if len(names) == self.layout.width else ()


def _without_note(line: str) -> str:
    """Take off a comment behind numbers."""
    if "#" in line or "%" in line or "//" in line:
        numbers = _NUMBERS_ONLY.match(line)
        assert numbers is not None  # it may be empty
        stop = numbers.end()
        if _NOTE.match(line, stop) and any(map(str.isdigit, line[:stop])):
            return line[:stop].rstrip()
    return line


def _too_many() -> Rejection:
    return Rejection(f"it holds more than {MOST_TABLE_NUMBERS:,} numbers", "cut it shorter")
