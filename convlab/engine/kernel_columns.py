"""Kernels of languages that write a matrix column after column: R, GLSL, Fortran, MATLAB.

Each call is rewritten as brackets of rows; see ``kernel_forms``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from convlab.engine.kernel_number import DECIMAL

NOTE = "Read column after column, as {who} writes a matrix."

_QUOTIENT = rf"{DECIMAL}(?:\s?/\s?{DECIMAL})?"
_CELLS = r"[^()\[\]]{1,4000}"


def _loose(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a blank stands for none or some, but not for any number."""
    return re.compile(pattern.replace(" ", r"\s{0,40}"))


_ARROW = _loose(r"\A [A-Za-z.][\w.]{0,60} <- ")
_LONG = re.compile(r"(?<=\d)L\b")  # whole numbers of R
_R = _loose(
    rf"(?<![\w.])matrix \( (?:data = )?(?:c \( ({_CELLS})\)|({_QUOTIENT})) "
    r"((?:,[^(),]{0,60}){1,4})\)"
)
_R_ARGUMENT = _loose(r" (?:(\w{1,8}) = )?(\w{1,8}) ")
_BOUND = _loose(rf"(?<![\w.])([rc])bind \(((?: c \( {_CELLS}\) ,?){{1,31}}) \)")
_EACH = _loose(rf"c \( ({_CELLS})\)")
_VECTOR = _loose(rf"\b[di]?vec[234] \( ({_CELLS})\)")
_GLSL = _loose(rf"(?<![\w.])(transpose \( )?d?mat([234])(?:x([234]))? \( ({_CELLS})\)(?(1) \))")
_RESHAPE = _loose(
    rf"(?<![\w.])reshape \( \(?[\[/] ?({_CELLS})/?[\])] ,"
    r" (?:\(/|\[)? (\d{1,2}) [,\s] (\d{1,2}) (?:/\)|\])? \)"
)


def row_by_row(text: str) -> tuple[str, str]:
    """Rewrite what stands column after column, and binds of rows and columns.

    Returns:
        The text, and a note that it was read so; "" where nothing was.
    """
    text = _ARROW.sub("k = ", text)
    if "bind" in text or "matrix" in text:
        text = _BOUND.sub(_bind, _LONG.sub("", text))
    notes: list[str] = []

    def noted(make: Callable[[re.Match[str]], tuple[str, str]]) -> Callable[[re.Match[str]], str]:
        def rewrite(found: re.Match[str]) -> str:
            written, who = make(found)
            if who:
                notes.append(NOTE.format(who=who))
            return written

        return rewrite

    text = _VECTOR.sub(r"\1", text)
    for pattern, make in ((_R, _r_matrix), (_GLSL, _glsl_matrix), (_RESHAPE, _reshaped)):
        text = pattern.sub(noted(make), text)
    return text, notes[0] if notes else ""


def _r_matrix(found: re.Match[str]) -> tuple[str, str]:
    """Read ``matrix(c(1, 0, ...), nrow = 3, byrow = TRUE)``; rows only where it says so."""
    cells = _split(found[1] or found[2])
    names = iter(("nrow", "ncol", "byrow"))
    given: dict[str, str] = {}
    for argument in found[3].split(",")[1:]:
        part = _R_ARGUMENT.fullmatch(argument)
        if part is None:
            raise ValueError(f"{argument.strip()!r} is no size of a matrix: write nrow = 3")
        given[part[1] or next(names)] = part[2]
    by_row = given.get("byrow", "F") in ("TRUE", "T")
    count = len(cells)
    rows, columns = _side(given, "nrow"), _side(given, "ncol")
    rows = rows or (-(-count // columns) if columns else count)
    columns = columns or -(-count // rows)
    if count == 1:
        cells = cells * (rows * columns)
    _check(cells, rows, columns)
    who = "" if by_row or count == 1 or 1 in (rows, columns) else "R"
    return _written(cells, rows, columns, by_row), who


def _side(given: dict[str, str], name: str) -> int:
    """Return a number of rows or columns; 0: none is given."""
    text = given.get(name, "0")
    if not text.isdecimal():
        raise ValueError(f"{text!r} is no number of rows or columns: write {name} = 3")
    return int(text)


def _bind(found: re.Match[str]) -> str:
    """Read ``rbind(c(1, 0), c(0, -1))``, and ``cbind`` of columns."""
    lines = [_split(each) for each in _EACH.findall(found[2])]
    if found[1] == "c" and len({len(line) for line in lines}) == 1:
        lines = [list(row) for row in zip(*lines, strict=True)]
    return _bracketed(lines)  # lines of other lengths are told by who reads them


def _glsl_matrix(found: re.Match[str]) -> tuple[str, str]:
    """Read ``mat3(...)``, and ``mat2x3`` of two columns, three rows; one number is a diagonal."""
    cells = _split(found[4])
    columns, rows = int(found[2]), int(found[3] or found[2])
    if len(cells) == 1:
        size = range(rows), range(columns)
        lines = [[cells[0] if at == across else "0" for across in size[1]] for at in size[0]]
        return _bracketed(lines), ""
    _check(cells, rows, columns)
    if found[1]:  # transposed: what are columns there are rows here
        return _written(cells, columns, rows, True), ""
    return _written(cells, rows, columns, False), "GLSL"


def _reshaped(found: re.Match[str]) -> tuple[str, str]:
    """Read ``reshape([1, 2, ...], [3, 3])`` of Fortran and MATLAB."""
    cells, rows, columns = _split(found[1]), int(found[2]), int(found[3])
    _check(cells, rows, columns)
    return _written(cells, rows, columns, False), "reshape"


def _split(text: str) -> list[str]:
    return [cell for cell in re.split(r"[,\s]+", text.strip(" \n\t,/")) if cell]


def _check(cells: list[str], rows: int, columns: int) -> None:
    if rows < 1 or columns < 1 or len(cells) != rows * columns:
        raise ValueError(
            f"{len(cells)} numbers do not make {rows}×{columns} cells: give as many as there are "
            "cells"
        )


def _written(cells: list[str], rows: int, columns: int, by_row: bool) -> str:
    """Return brackets of rows."""
    if by_row:
        return _bracketed([cells[at * columns :][:columns] for at in range(rows)])
    return _bracketed([cells[at::rows] for at in range(rows)])


def _bracketed(lines: list[list[str]]) -> str:
    return f"[{','.join('[' + ','.join(line) + ']' for line in lines)}]"
