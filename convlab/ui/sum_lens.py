"""A part of a sum whose cells have no room for their numbers, painted large beside the whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from convlab.ui.theme import px
from convlab.ui.widgets.number_grid import CAPTION, OPERATOR

COLUMN, ROW = 40, 22  # of a number in the lens [px]
WIDTHS = (7, 5, 3, 1)  # columns of the lens
MOST_ROWS = 7
LEAST_SIDE = 40  # of the whole beside it [px]
GAP = 20  # between the whole and the lens [px]


class Part(NamedTuple):
    """Some rows and columns of a kernel as it is laid."""

    row: int
    column: int
    rows: int
    columns: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Its rows and columns."""
        return (
            slice(self.row, self.row + self.rows),
            slice(self.column, self.column + self.columns),
        )

    def rect(self, first: QRectF) -> QRectF:
        """Return its place in a grid whose first cell is given."""
        wide, high = first.width(), first.height()
        corner = first.topLeft()
        return QRectF(
            corner.x() + self.column * wide,
            corner.y() + self.row * high,
            self.columns * wide,
            self.rows * high,
        )


class Placed(NamedTuple):
    """A grid that is painted.

    Attributes:
        first: Its first cell [px].
        shape: Its rows and columns.
        corner: (row, column) of the kernel's cell, as it is laid, in its first cell.
        plane: The plane it belongs to.
    """

    first: QRectF
    shape: tuple[int, int]
    corner: tuple[int, int] = (0, 0)
    plane: int = 0

    def inside(self, cell: tuple[int, int]) -> tuple[int, int] | None:
        """Return where a cell of the kernel as it is laid stands in it, or None."""
        row, column = cell[0] - self.corner[0], cell[1] - self.corner[1]
        is_inside = 0 <= row < self.shape[0] and 0 <= column < self.shape[1]
        return (row, column) if is_inside and cell[0] >= 0 else None


def found_at(
    placed: Iterable[Placed], position: QPointF
) -> tuple[tuple[int, int], int] | tuple[tuple[int, int], None]:
    """Return the cell of the kernel as it is laid, and the plane; (-1, -1) and None: none."""
    for grid in placed:
        row = int((position.y() - grid.first.top()) // grid.first.height())
        column = int((position.x() - grid.first.left()) // grid.first.width())
        if 0 <= row < grid.shape[0] and 0 <= column < grid.shape[1]:
            return (grid.corner[0] + row, grid.corner[1] + column), grid.plane
    return (-1, -1), None


class LensRooms(NamedTuple):
    """Where the whole and the lens stand, and how many numbers the lens has."""

    whole: QRectF
    lens: QRectF
    rows: int
    columns: int


def part_around(shape: tuple[int, int], focus: tuple[int, int], size: tuple[int, int]) -> Part:
    """Return the part of a grid around a cell, that cell in its middle where that can be.

    >>> part_around((9, 9), (4, 8), (3, 3))
    Part(row=3, column=6, rows=3, columns=3)

    Args:
        shape: Rows and columns of the grid.
        focus: (row, column) of the cell.
        size: Rows and columns of the part; no larger than the grid.
    """
    rows, columns = (min(wanted, side) for wanted, side in zip(size, shape, strict=True))
    row = min(max(focus[0] - rows // 2, 0), shape[0] - rows)
    column = min(max(focus[1] - columns // 2, 0), shape[1] - columns)
    return Part(row, column, rows, columns)


def share(
    room: QRectF, grids: int, count: int, column: int = COLUMN, sign: int = OPERATOR
) -> LensRooms:
    """Share a room out between the whole of a sum and its lens, which is as wide as it can be.

    Args:
        room: All there is [px].
        grids: How many grids stand beside each other in each group of the whole.
        count: How many groups there are, one for each channel.
        column: Width of a number in the lens at scale 1 [px].
        sign: Width of the room between two grids at scale 1 [px].
    """
    high = room.height() - px(CAPTION)
    rows = min(max(int(high // px(ROW)), 1), MOST_ROWS)
    signs = count * (grids - 1) * px(sign) + (count - 1) * px(GAP)
    for columns in WIDTHS:
        wide = 3 * columns * px(column) + 2 * px(sign)
        side = (room.width() - wide - px(GAP) - signs) / (grids * count)
        if side >= px(LEAST_SIDE):
            break
    side = max(min(side, high), 1.0)
    whole = QRectF(room.left(), room.top(), side * grids * count + signs, room.height())
    left = whole.right() + px(GAP)
    return LensRooms(
        whole, QRectF(left, room.top(), room.right() - left, room.height()), rows, columns
    )
