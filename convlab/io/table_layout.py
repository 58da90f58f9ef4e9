"""How a table is laid out, found from some of its rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convlab.document.table_form import DecimalSign, Separator, TableForm
from convlab.io.bounds import MOST_TABLE_NUMBERS
from convlab.io.rejection import Rejection
from convlab.io.table_cells import is_gap, is_number, parted, tidied

_LOOKED_AT = 64  # cells of a row
_SIGNS = {
    Separator.TAB: "\t",
    Separator.SEMICOLON: ";",
    Separator.COMMA: ",",
    Separator.BAR: "|",
}
_ORDER = (*_SIGNS, Separator.BLANK, Separator.NONE)  # what is rarer in a text tells more
_BLANKS = re.compile(r"\S[ \t]+\S")
_LEADING_ZERO = re.compile(r"[+-]?\d+,0\d+|[+-]0?,\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to read a table.

    Attributes:
        separator: Between two cells; never AUTO.
        decimal: The decimal sign; never AUTO.
        width: Cells of a row.
        numeric: Which columns hold numbers, of the first 64.
        quality: The share of cells and of rows that are as they should be, 0 to 1.
        gaps: Cells without a number among those looked at.
        is_headed: The row before the numbers has as many cells as they, or there is none.
        thousands: The signs that stand between thousands.
    """

    separator: Separator
    decimal: DecimalSign
    width: int
    numeric: tuple[bool, ...]
    quality: float = 0.0
    gaps: int = 0
    is_headed: bool = True
    thousands: frozenset[str] = frozenset()

    def fits(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is one of numbers."""
        if len(cells) != self.width:
            return False
        looked_at = [cell for cell, is_one in zip(cells, self.numeric, strict=False) if is_one]
        is_whole = all(is_number(cell, self.decimal) or is_gap(cell) for cell in looked_at)
        return is_whole and any(cell.strip("-") for cell in looked_at)  # no rule under a heading

    def is_as_likely_as(self, other: Layout) -> bool:
        """Tell whether nothing in the rows speaks for the other."""
        return self._flaws <= other._flaws

    @property
    def _flaws(self) -> tuple[float, int, bool]:
        return -round(self.quality, 6), self.gaps, not self.is_headed

    @property
    def rank(self) -> tuple[object, ...]:
        """What sorts the likeliest first."""
        is_decimal = self.decimal is DecimalSign.COMMA
        is_odd = bool(self.thousands)
        if self.separator is Separator.COMMA:  # those within quotes part thousands
            is_odd = is_decimal or not self.thousands <= {","}
        return *self._flaws, is_odd, _ORDER.index(self.separator), is_decimal


def layouts(sample: Sequence[str], form: TableForm) -> list[Layout]:
    """Return the ways to read some rows, the likeliest first; none if they hold no numbers."""
    found = sorted(_layouts(sample, form), key=lambda layout: layout.rank)
    if found and (found[0].separator, found[0].decimal) == (Separator.COMMA, DecimalSign.POINT):
        single = [each for each in found if each.separator is Separator.NONE]
        if single and single[0].is_as_likely_as(found[0]) and _are_decimals(sample):
            return [each for each in found if each.separator is not Separator.COMMA]
    return found


def doubt(found: Sequence[Layout]) -> str:
    """Say why numbers may be others than they are taken for; empty if that is clear."""
    best = found[0]
    for other in found[1:]:
        if not other.is_as_likely_as(best):
            continue
        if {best.separator, other.separator} == {Separator.COMMA, Separator.NONE}:
            return "The commas may stand between two cells, or be decimal signs."
        # A point is hardly ever in doubt, nor is a comma between semicolons.
        point = best if best.decimal is DecimalSign.POINT else other
        is_clear = best.separator is Separator.SEMICOLON or not point.thousands
        if other.decimal is not best.decimal and not is_clear:
            return "The commas may be decimal signs, or part thousands."
    return ""


def _are_decimals(sample: Sequence[str]) -> bool:
    """Tell whether lines with one comma are decimal numbers for sure, and not two cells."""
    return any(_LEADING_ZERO.fullmatch(tidied(line)) for line in sample)


# ---- cells ----


def split(line: str, separator: Separator) -> list[str]:
    """Return the tidied cells of a row.

    Raises:
        Rejection: It has too many, or a quoted one is too long.
    """
    sign = _SIGNS.get(separator)
    if separator is Separator.NONE:
        line = line.strip()
        is_quoted = len(line) > 1 and line[0] == line[-1] == '"'
        return [tidied(line[1:-1] if is_quoted else line)]
    count = line.count(" ") + line.count("\t") if sign is None else line.count(sign)
    if count >= MOST_TABLE_NUMBERS:
        raise Rejection(f"a line has more than {MOST_TABLE_NUMBERS:,} cells", "cut it shorter")
    if '"' in line:
        cells = _quoted(line.replace("\t", " ") if sign is None else line, sign or " ")
    else:
        cells = line.split(sign)
    return list(map(tidied, _within_bars(cells) if separator is Separator.BAR else cells))


def cell_at(line: str, separator: Separator, place: int) -> str:
    """Return one tidied cell of a row; what is behind its end is empty."""
    if separator in (Separator.BAR, Separator.NONE) or '"' in line:
        cells = split(line, separator)
    else:
        cells = line.split(_SIGNS.get(separator), place + 1)
    return tidied(cells[place]) if place < len(cells) else ""


def _quoted(line: str, sign: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=sign, skipinitialspace=True))
    except (csv.Error, StopIteration):
        raise Rejection("a quoted cell is too long", "close its quotes") from None


def _within_bars(cells: list[str]) -> list[str]:
    """Take off what stands outside the bars of ``| 1 | 2 |``."""
    start = 1 if len(cells) > 1 and not cells[0].strip() else 0
    stop = -1 if len(cells) > 1 and not cells[-1].strip() else None
    return cells[start:stop]


# ---- finding out ----


def _layouts(sample: Sequence[str], form: TableForm) -> Iterator[Layout]:
    for separator in _separators(sample, form):
        rows = [split(line, separator) for line in sample]
        for decimal in (DecimalSign.POINT, DecimalSign.COMMA):
            if form.decimal in (DecimalSign.AUTO, decimal):
                layout = _layout(rows, separator, decimal)
                if layout is not None:
                    yield layout


def _separators(sample: Sequence[str], form: TableForm) -> list[Separator]:
    """Return the separators that occur, or the one that was chosen."""
    if form.separator is not Separator.AUTO:
        return [form.separator]
    found = [each for each, sign in _SIGNS.items() if any(sign in line for line in sample)]
    if any(map(_BLANKS.search, sample)):
        found.append(Separator.BLANK)
    return [*found, Separator.NONE]


def _layout(rows: Sequence[list[str]], separator: Separator, decimal: DecimalSign) -> Layout | None:
    """Return what rows look like if they are read so; None if they hold no numbers."""
    kinds = [_kinds(row, decimal) for row in rows]
    widths = Counter(len(row) for row, kind in zip(rows, kinds, strict=True) if "n" in kind)
    if not widths:
        return None
    width = max(widths, key=lambda each: (widths[each], each))
    regular = [kind for row, kind in zip(rows, kinds, strict=True) if len(row) == width]
    columns = ["".join(column) for column in zip(*regular, strict=True)]
    numeric = tuple(map(_is_numeric, columns))
    layout = Layout(separator, decimal, width, numeric)
    start = next((k for k, row in enumerate(rows) if any(numeric) and layout.fits(row)), None)
    if start is None:
        return None
    return _judged(layout, rows, start)


def _is_numeric(kinds: str) -> bool:
    """Tell whether a column holds numbers, by the kinds of its cells; words may stand above."""
    lower = kinds[len(kinds) // 2 :]
    return 0 < kinds.count("n") >= kinds.count("w") or lower.count("n") > lower.count("w")


def _judged(layout: Layout, rows: Sequence[list[str]], start: int) -> Layout:
    """Return a layout with what speaks for it and against it.

    Args:
        layout: The separator, the decimal sign and the columns.
        rows: All rows.
        start: The first of them that is one of numbers.
    """
    regular = [row for row in rows[start:] if len(row) == layout.width]
    heading = rows[start - 1] if start else None
    kinds = "".join(_kinds(row, layout.decimal) for row in regular)
    numbers, words = kinds.count("n"), kinds.count("w")
    is_headed = heading is None or len(heading) == layout.width
    if heading is not None and layout.separator is Separator.NONE:
        is_headed = not any(sign in heading[0] for sign in _SIGNS.values())
    return Layout(
        layout.separator,
        layout.decimal,
        layout.width,
        layout.numeric,
        numbers / (numbers + words) * len(regular) / len(rows),
        kinds.count("g"),
        is_headed,
        frozenset(parted(cell, layout.decimal) for row in regular for cell in row[:_LOOKED_AT])
        - {""},
    )


def _kinds(cells: Sequence[str], decimal: DecimalSign) -> str:
    """Return a letter for each cell: number, gap or word."""
    return "".join(
        "n" if is_number(cell, decimal) else "g" if is_gap(cell) else "w"
        for cell in cells[:_LOOKED_AT]
    )
