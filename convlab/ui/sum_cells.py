"""The sums behind a value as a table: a row for each product, then what comes of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convlab.document.stack.arithmetic import Products, TransposedProducts
from convlab.ui.cell_table import Cells
from convlab.ui.numbers import show_number, show_weight

COLUMNS = ("Input", "Weight", "Product")
NONE = Cells((0, 0), lambda row, column: "", str, str)


def sum_cells(sums: Sequence[Products | TransposedProducts], names: Sequence[str] = ()) -> Cells:
    """Return the terms of sums, each with its place, and behind each sum its bias and its result.

    Args:
        sums: What was added up.
        names: What each input map is called; none: by its number.
    """
    rows = [row for sum_ in sums for row in _rows(sum_, names)]
    if not rows:
        return NONE
    return Cells(
        (len(rows), len(COLUMNS)),
        lambda row, column: rows[row][1][column],
        lambda row: rows[row][0],
        lambda column: COLUMNS[column],
    )


def _rows(
    sum_: Products | TransposedProducts, names: Sequence[str]
) -> list[tuple[str, tuple[str, str, str]]]:
    """Return title and texts of each row of one sum."""
    values, weights = sum_.operands
    rows = []
    for at in np.ndindex(values.shape):
        number, (row, column) = sum_.channels[at[0]], at[1:]
        name = names[number] if number < len(names) else f"channel {number}"
        value, weight = float(values[at]), float(weights[at])
        texts = show_number(value), show_weight(weight), show_number(value * weight)
        rows.append((f"{name}, row {row + 1}, column {column + 1}", texts))
    if sum_.bias is not None:
        rows.append(("bias", ("", "", show_number(sum_.bias))))
    rows.append(("sum", ("", "", show_number(sum_.result))))
    return rows
