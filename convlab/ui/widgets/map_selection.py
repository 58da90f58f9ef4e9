"""What a unit changes on the map grid: a frame around its map, and its receptive field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

from convlab.document.stack.model import Unit
from convlab.document.stack.path import Box
from convlab.layers.graph import INPUT
from convlab.ui.theme import theme
from convlab.ui.widgets.dark_room import DARKNESS, dark_room
from convlab.ui.widgets.map_column import ColumnItems
from convlab.ui.widgets.pixels import screen_pen

LEAST_FRAME = 3.0  # a frame is at least so large [scene px]


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A unit, and what it is made from.

    Attributes:
        unit: The unit; None: none is pointed at.
        boxes: What it is made from, by the uid of the layer; itself included.
        has_torch: Of the input only what the unit is made from is lit.
    """

    unit: Unit | None
    boxes: dict[int, Box | None]
    has_torch: bool = False


class Frames(QGraphicsPathItem):
    """Frames whose lines have the same width at every zoom."""

    def __init__(self, path: QPainterPath, color: QColor, width: float) -> None:
        super().__init__(path)
        self._color, self._width = color, width
        self.setPen(QPen(color, 2 * width))  # for what it covers
        self.setZValue(3)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setPen(screen_pen(painter, self._color, self._width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path())


class SelectionItems:
    """Draws a selection over the columns of a scene."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._items: list[QGraphicsItem] = []

    def clear(self) -> None:
        """Draw nothing."""
        for item in self._items:
            self._scene.removeItem(item)
        self._items = []

    def show(self, selection: Selection | None, columns: Mapping[int, ColumnItems]) -> None:
        """Draw what belongs to a unit."""
        self.clear()
        if selection is None:
            return
        if selection.has_torch:
            self._darken(columns.get(INPUT), selection.boxes.get(INPUT))
        column = None if selection.unit is None else columns.get(selection.unit.uid)
        if selection.unit is None or column is None:
            return
        rect = column.tile_of(selection.unit)
        if rect is not None:
            self._frame([rect.adjusted(-2, -2, 2, 2)], QColor(theme().mark), 3.0)
            self._show_fields(selection, columns)

    def _darken(self, picture: ColumnItems | None, box: Box | None) -> None:
        """Light only what a box is of the picture."""
        if picture is None:
            return
        lit = [] if box is None else [field for _, field in _fields(picture, True, box)]
        dark = QGraphicsPathItem(dark_room(picture.place.cells, lit))
        dark.setPen(QPen(Qt.PenStyle.NoPen))
        dark.setBrush(DARKNESS)
        dark.setZValue(2)  # over the picture, under the frames
        self._add(dark)

    def _show_fields(self, selection: Selection, columns: Mapping[int, ColumnItems]) -> None:
        """Frame the receptive field in each map before the unit."""
        fields = []
        for uid, box in selection.boxes.items():
            column = columns.get(uid)
            if box is None or column is None:
                continue
            for cell, found in _fields(column, uid == INPUT, box):
                if found != cell:  # a frame around all of it would say nothing
                    fields.append(_at_least(found))
        if fields:
            self._frame(fields, QColor(0, 0, 0, 150), 2.8)
            self._frame(fields, QColor(theme().mark), 1.5)

    def _frame(self, rects: Sequence[QRectF], color: QColor, width: float) -> None:
        path = QPainterPath()
        for rect in rects:
            path.addRect(rect)
        self._add(Frames(path, color, width))

    def _add(self, item: QGraphicsItem) -> None:
        self._scene.addItem(item)
        self._items.append(item)


def _fields(column: ColumnItems, is_input: bool, box: Box) -> list[tuple[QRectF, QRectF]]:
    """The cells of the maps in a box, and where the box lies in each."""
    shown = column.shown
    if shown is None or len(shown.shape) != 3:
        return []
    height, width = shown.shape[1:]
    cells, before = column.place.cells, column.lead - shown.first
    first = 0 if is_input else max(box.channels.first + before, 0)
    found = []
    for cell in cells[first : max(box.channels.last + before + 1, 0)]:
        x, y = cell.width() / width, cell.height() / height
        field = QRectF(
            cell.left() + box.columns.first * x,
            cell.top() + box.rows.first * y,
            box.columns.length * x,
            box.rows.length * y,
        )
        found.append((cell, field))
    return found


def _at_least(rect: QRectF) -> QRectF:
    """Grow a frame that could not be seen."""
    grow_x = max(LEAST_FRAME - rect.width(), 0.0) / 2
    grow_y = max(LEAST_FRAME - rect.height(), 0.0) / 2
    return rect.adjusted(-grow_x, -grow_y, grow_x, grow_y)
