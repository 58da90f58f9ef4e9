"""What is drawn over the maps for a selected unit: its path, and the kernels on the links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene

from convlab.engine.arrays import ByteArray
from convlab.ui.theme import theme
from convlab.ui.widgets.pixels import PixelItem

THUMB = 20.0  # side of a kernel on its link [scene px]
MOST_LINKS = 64
LEAST_FRAME = 3.0  # a frame is at least so large [scene px]


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """One map that feeds the selected one.

    Attributes:
        start: Where the map is [scene px].
        kernel: What it is multiplied with, painted, ``(h, w, 4)`` BGRA; None where there is none.
        strength: Of the line, 0 to 1.
    """

    start: QRectF
    kernel: ByteArray | None
    strength: float = 1.0


class LinkItems:
    """Owns the items that are drawn over the maps."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._items: list[QGraphicsItem] = []

    def clear(self) -> None:
        """Draw nothing."""
        for item in self._items:
            self._scene.removeItem(item)
        self._items = []

    def show_links(self, links: Sequence[Link], end: QRectF) -> None:
        """Draw a line from each map that feeds the selected one, its kernel on it."""
        for link in links[:MOST_LINKS]:
            path = _curve(link.start, end)
            pen = QPen(QColor(theme().mark), 1.6)
            pen.setCosmetic(True)
            line = QGraphicsPathItem(path)
            line.setPen(pen)
            line.setOpacity(0.25 + 0.75 * link.strength)
            line.setZValue(1)
            self._add(line)
        for link in links[:MOST_LINKS]:
            if link.kernel is not None:
                self._add_thumb(link.kernel, _middle(link.start, end))

    def show_selected(self, tile: QRectF) -> None:
        """Frame the selected map."""
        self._frame([tile.adjusted(-2, -2, 2, 2)], QColor(theme().mark), 3.0)

    def show_fields(self, fields: Sequence[QRectF]) -> None:
        """Frame the parts of the maps that the unit is made from."""
        if fields:
            grown = [_at_least(field) for field in fields]
            self._frame(grown, QColor(0, 0, 0, 150), 2.8)
            self._frame(grown, QColor(theme().mark), 1.5)

    def show_shade(self, tiles: Sequence[QRectF], fields: Sequence[QRectF]) -> None:
        """Fade what lies outside the receptive field."""
        path = QPainterPath()
        for tile, field in zip(tiles, fields, strict=True):
            path.addRect(tile)
            path.addRect(field & tile)
        item = QGraphicsPathItem(path)
        color = QColor(theme().window)
        color.setAlpha(170)
        item.setBrush(QBrush(color))
        item.setPen(QPen(QColor(0, 0, 0, 0), 0))
        item.setZValue(2)
        self._add(item)

    def _frame(self, rects: Sequence[QRectF], color: QColor, width: float) -> None:
        path = QPainterPath()
        for rect in rects:
            path.addRect(rect)
        item = QGraphicsPathItem(path)
        pen = QPen(color, width)
        pen.setCosmetic(True)
        item.setPen(pen)
        item.setZValue(3)
        self._add(item)

    def _add_thumb(self, kernel: ByteArray, center: QPointF) -> None:
        height, width = kernel.shape[:2]
        item = PixelItem()
        item.show_pixels(kernel)
        scale = THUMB / max(height, width)
        item.setTransform(QTransform.fromScale(scale, scale))
        item.setPos(center.x() - scale * width / 2, center.y() - scale * height / 2)
        item.setZValue(4)
        self._add(item)
        edge = QRectF(item.pos(), item.pos() + QPointF(scale * width, scale * height))
        self._frame([edge], QColor(theme().quiet), 1.0)

    def _add(self, item: QGraphicsItem) -> None:
        self._scene.addItem(item)
        self._items.append(item)


def _curve(start: QRectF, end: QRectF) -> QPainterPath:
    a = QPointF(start.right(), start.center().y())
    b = QPointF(end.left(), end.center().y())
    bend = max((b.x() - a.x()) / 2, 20.0)
    path = QPainterPath(a)
    path.cubicTo(a + QPointF(bend, 0), b - QPointF(bend, 0), b)
    return path


def _middle(start: QRectF, end: QRectF) -> QPointF:
    """Where a kernel stands on its line: nearer to the map it multiplies, so they do not pile."""
    return _curve(start, end).pointAtPercent(0.28)


def _at_least(rect: QRectF) -> QRectF:
    """Grow a frame that could not be seen."""
    grow_x = max(LEAST_FRAME - rect.width(), 0.0) / 2
    grow_y = max(LEAST_FRAME - rect.height(), 0.0) / 2
    return rect.adjusted(-grow_x, -grow_y, grow_x, grow_y)
