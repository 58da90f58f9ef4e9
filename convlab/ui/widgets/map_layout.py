"""Where the maps of a stack lie: columns from left to right, wide layers wrapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF

CELL = 104.0  # width of a map [scene px]
GAP = 5.0  # between the maps of a layer
COLUMN_GAP = 48.0  # between layers: room for the links
CARD_WIDTH = 106.0
CARD_HEIGHT = 78.0
CARD_GAP = 8.0
BAR_GAP = 8.0
BAR_HEIGHT = 26.0  # colour bar with its numbers
LIST_CELL = 20.0  # height of a cell that shows one number of a vector
SHORT_LIST = 16  # numbers: the cells of so few are higher, so that their classes can be read
SHORT_LIST_CELL = 44.0
TALLEST = 1.6  # times its width; a map that is longer is shown narrower than it is


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """What has to be known of a layer to give it room.

    Attributes:
        uid: Of its slot.
        tiles: How many maps are shown; 0 for a layer that is switched off.
        size: (rows, columns) of a map [px].
    """

    uid: int
    tiles: int
    size: tuple[int, int]

    @property
    def cell_height(self) -> float:
        """Height of a map [scene px]."""
        rows, columns = self.size
        if rows == columns == 1:
            return SHORT_LIST_CELL if self.tiles <= SHORT_LIST else LIST_CELL
        return CELL * min(max(rows / columns, 0.05), TALLEST)


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Where a layer lies [scene px]."""

    uid: int
    card: QRectF
    cells: tuple[QRectF, ...]
    bar: QRectF

    @property
    def rect(self) -> QRectF:
        """Everything of the layer."""
        return self.card.united(self.bar)


def arrange(specs: Sequence[ColumnSpec], rows: int, gap: float = COLUMN_GAP) -> list[ColumnPlace]:
    """Place the layers from left to right.

    Args:
        specs: The layers.
        rows: Maps in one column at most; more of them stand in columns side by side.
        gap: Between layers [scene px].
    """
    left = 0.0
    places = []
    for spec in specs:
        place = _column(spec, left, rows)
        places.append(place)
        left = place.rect.right() + gap
    return places


def best_rows(specs: Sequence[ColumnSpec], room: QSizeF, gap: float = COLUMN_GAP) -> int:
    """Return the number of maps in a column with which the whole stack is shown largest."""
    most = max((spec.tiles for spec in specs), default=1)
    return max(range(1, max(most, 1) + 1), key=lambda rows: (_zoom(specs, rows, room, gap), -rows))


def bounds(places: Sequence[ColumnPlace]) -> QRectF:
    """Return the rectangle around all layers."""
    total = QRectF()
    for place in places:
        total = total.united(place.rect)
    return total


def _zoom(specs: Sequence[ColumnSpec], rows: int, room: QSizeF, gap: float) -> float:
    whole = bounds(arrange(specs, rows, gap))
    if whole.isEmpty():
        return 0.0
    # Larger than life helps nobody: columns that are less wide are better then.
    return min(room.width() / whole.width(), room.height() / whole.height(), 1.6)


def _column(spec: ColumnSpec, left: float, rows: int) -> ColumnPlace:
    columns = max(-(-spec.tiles // rows), 1)
    rows = max(-(-spec.tiles // columns), 1)  # columns of one length
    maps_width = columns * CELL + max(columns - 1, 0) * GAP
    width = max(maps_width, CARD_WIDTH)
    card = QRectF(left, 0.0, width, CARD_HEIGHT)
    first = left + (width - maps_width) / 2
    top = CARD_HEIGHT + CARD_GAP
    height = spec.cell_height
    cells = tuple(
        QRectF(
            first + (number // rows) * (CELL + GAP),
            top + (number % rows) * (height + GAP),
            CELL,
            height,
        )
        for number in range(spec.tiles)
    )
    bottom = top + rows * (height + GAP) - GAP + BAR_GAP if spec.tiles else card.bottom()
    bar = QRectF(left, bottom, width, BAR_HEIGHT if spec.tiles else 0.0)
    return ColumnPlace(spec.uid, card, cells, bar)
