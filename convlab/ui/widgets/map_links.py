"""The links between layers, always there: thin, grey, and painted once into a picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsPathItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

from convlab.ui.theme import theme
from convlab.ui.widgets.map_routes import SHORT, Line, Links
from convlab.ui.widgets.pixels import screen_pen

FAINT = 0.5  # opacity of a line
BUNDLE = 24  # lines: those of a larger bundle are fainter
WIDE = 40.0  # of the way between two layers: shorter lines are fainter [px]
ROUND = 4.0  # of the corners of an arc [px]


class _Bundle(QGraphicsPathItem):
    """All lines between two layers.

    Qt keeps it as a picture until it changes its size, so that ``paint`` is hardly ever called.
    """

    def __init__(self, links: Links) -> None:
        super().__init__(_path(links))
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)
        self.setZValue(-1)
        self._count = len(links.lines)
        self.take_colors()

    def take_colors(self) -> None:
        """Take the palette's colours."""
        color = QColor(theme().quiet)
        dense = min(1.0, (BUNDLE / max(self._count, 1)) ** 0.5)
        narrow = min(1.0, self.path().boundingRect().width() / WIDE)
        color.setAlphaF(FAINT * dense * narrow)
        self.setPen(QPen(color, 1.0))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(screen_pen(painter, self.pen().color(), 1.0))
        painter.drawPath(self.path())


class LinkItems:
    """Owns the links in a scene."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._bundles: list[_Bundle] = []

    def take_colors(self) -> None:
        """Take the palette's colours."""
        for bundle in self._bundles:
            bundle.take_colors()

    def show(self, links: Sequence[Links]) -> None:
        """Draw these links."""
        for bundle in self._bundles:
            self._scene.removeItem(bundle)
        self._bundles = [_Bundle(each) for each in links if _is_seen(each)]
        for bundle in self._bundles:
            self._scene.addItem(bundle)


def _is_seen(links: Links) -> bool:
    return bool(links.arc) or any(end.x() - start.x() >= SHORT for start, end in links.lines[:1])


def _path(links: Links) -> QPainterPath:
    path = QPainterPath()
    for line in links.lines:
        _add_line(path, line)
    if links.arc:
        path.moveTo(links.arc[0])
        for corner, after in zip(links.arc[1:-1], links.arc[2:], strict=True):
            path.lineTo(_towards(corner, path.currentPosition()))
            path.quadTo(corner, _towards(corner, after))
        path.lineTo(links.arc[-1])
    return path


def _add_line(path: QPainterPath, line: Line) -> None:
    start, end = line
    path.moveTo(start)
    if start.y() == end.y():
        path.lineTo(end)
    else:
        bend = QPointF((end.x() - start.x()) / 2, 0.0)
        path.cubicTo(start + bend, end - bend, end)


def _towards(corner: QPointF, other: QPointF) -> QPointF:
    """Return the point a little way from a corner."""
    way = other - corner
    length = max(abs(way.x()), abs(way.y()))
    return corner if length == 0.0 else corner + way * min(ROUND / length, 0.5)
