"""Data sets in tables: a row of pixels and a label for each picture, as MNIST's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import numpy as np

from convlab.document.table_form import FOUND, DecimalSign, Separator
from convlab.engine.arrays import AnyArray
from convlab.io import bounds, text
from convlab.io.dataset_arrays import Found
from convlab.io.reading import go_on
from convlab.io.rejection import Rejection
from convlab.io.table_layout import Layout, layouts, split

_SIGNS = {Separator.COMMA: ",", Separator.SEMICOLON: ";", Separator.TAB: "\t"}
_TITLES = ("label", "labels", "class", "y", "target", "digit")
_SAMPLE = 20  # lines
_OFTEN = 500  # lines
_REMEDY = "give a label and the pixels in each row, or the names of pictures beside it and labels"


def read_pixels(data: bytes) -> Found:
    """Read a table of pixels; the labels are in the column called so, else the first or last.

    Raises:
        Rejection: It is none.
    """
    lines = _followed(text.lines(data), len(data))
    head = list(islice(lines, _SAMPLE))
    found = [each for each in layouts(head, FOUND) if each.decimal is DecimalSign.POINT]
    if not found or found[0].width < 2:
        raise Rejection("it is no table of pixels, and names no pictures beside it", _REMEDY)
    layout = found[0]
    start = next(k for k, line in enumerate(head) if layout.fits(split(line, layout.separator)))
    table = _numbers(chain(head[start:], lines), layout)
    titles = split(head[start - 1], layout.separator) if start else []
    place = _label_place(table, titles)
    labels, last = table[:, place].astype(np.float64), layout.width - 1
    if place in (0, last):  # a view: there is no room for a copy of each large table
        return Found(table[:, 1:] if place == 0 else table[:, :-1], labels)
    return Found(np.delete(table, place, axis=1), labels)


def _followed(lines: Iterable[str], size: int) -> Iterator[str]:
    """Give the lines that are not empty, and say now and then how far that is."""
    done = 0
    for number, line in enumerate(lines):
        done += len(line)
        if number % _OFTEN == 0:
            go_on(done, size)
        if line.strip():
            yield line


def _numbers(lines: Iterable[str], layout: Layout) -> AnyArray:
    """Return all rows, as bytes where they are."""
    most = 2 * bounds.MOST_DATASET_VALUES // layout.width
    try:
        table: AnyArray = np.loadtxt(
            lines,
            np.float32,
            comments=None,
            delimiter=_SIGNS.get(layout.separator),
            max_rows=most + 1,
            ndmin=2,
            quotechar='"',
        )
    except (ValueError, MemoryError) as error:
        found = re.search(r"row (\d+)", str(error))
        where = f"row {int(found[1])}" if found else "a row"
        raise Rejection(f"{where} of it is not {layout.width} numbers", _REMEDY) from None
    if len(table) > most:
        raise Rejection(f"it has more than {most:,} rows", "cut it shorter")
    small = table.astype(np.uint8, casting="unsafe") if _has_bytes(table) else table
    return small if small is table or np.array_equal(small, table) else table


def _has_bytes(table: AnyArray) -> bool:
    return bool(table.min() >= 0 and table.max() <= 255)  # not so if one is no number


def _label_place(table: AnyArray, titles: list[str]) -> int:
    """Return the column of the labels."""
    for place, title in enumerate(titles):
        if title.strip().lower() in _TITLES:
            return place
    for place in (0, table.shape[1] - 1):
        values = np.unique(table[:, place])
        is_whole = bool((values == np.floor(values)).all())
        if 2 <= len(values) <= bounds.MOST_DATASET_CLASSES and is_whole:
            return place
    raise Rejection(
        "neither its first column nor its last holds labels", "call the one that does “label”"
    )
