"""Where keys lead in a grid of cells, alike in every grid."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import Qt

Place: TypeAlias = tuple[int, int]
"""(row, column)."""

ARROWS: dict[Qt.Key, Place] = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
"""By how many (rows, columns) each arrow key moves."""


def moved(place: Place, by: Place, shape: Place) -> Place:
    """Return the cell so many (rows, columns) away, or the last one on the way in a grid."""
    row, column = place[0] + by[0], place[1] + by[1]
    return min(max(row, 0), shape[0] - 1), min(max(column, 0), shape[1] - 1)


def read_on(place: Place, cells: int, shape: Place) -> Place:
    """Return the cell so many further on as one reads, line by line; it ends at the last.

    >>> read_on((0, 2), 1, (3, 3))
    (1, 0)
    """
    number = place[0] * shape[1] + place[1] + cells
    row, column = divmod(min(max(number, 0), shape[0] * shape[1] - 1), shape[1])
    return row, column
