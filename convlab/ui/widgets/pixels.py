"""Arrays as pictures on the screen, and what lies over them; their memory is shared."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import repeat

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import (
    QGraphicsObject,
    QGraphicsPixmapItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from convlab.document.painted import Painted
from convlab.document.sight import Fields
from convlab.engine.arrays import AnyArray, ByteArray
from convlab.engine.display import DisplayMode, Scale, colorize, levels
from convlab.ui.cell_texts import cell_text
from convlab.ui.theme import FONT_FAMILY, map_colors, map_palette, px, text_on_rgb, theme
from convlab.ui.widgets.dark_room import DARKNESS, dark_room

GRID_FROM = 12.0  # screen pixels a picture pixel must have before its border is drawn
VALUES_FROM = 26.0  # ... before its value is written
SEVERAL_FROM = 34.0  # ... before its values are written, one below the other
RIM_FROM = 4.0  # ... all padding on a side before the edge of the picture within it is drawn
MOST_VALUES = 1500
FIELDS_FROM = 10.0  # screen pixels between two fields before they are outlined
MOST_FIELDS = 600
LEAST_FONT = 8  # of a value [screen px]

_FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGB32,
}


def image_of(pixels: ByteArray, has_alpha: bool = False) -> QImage:
    """Return a picture that shares the memory of an array: this has to live as long.

    Args:
        pixels: Contiguous: ``(H, W)`` grey, ``(H, W, 3)`` RGB or ``(H, W, 4)`` BGRA.
        has_alpha: The fourth channel counts.
    """
    height, width = pixels.shape[:2]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    kind = QImage.Format.Format_ARGB32 if has_alpha else _FORMATS[channels]
    return QImage(pixels.data, width, height, channels * width, kind)


def signed_pixels(values: AnyArray, largest: float | None = None) -> ByteArray:
    """Return values ``(H, W)`` in the signed map's colours, ``(H, W, 4)`` BGRA.

    Args:
        values: NaN is painted as zero.
        largest: The magnitude of the strongest colour; None: the largest there is.
    """
    shown = np.nan_to_num(values).astype(np.float32)
    largest = (float(np.abs(shown).max()) if largest is None else largest) or 1.0
    steps = levels(np.ascontiguousarray(shown[np.newaxis]), Scale(-largest, largest))
    return np.ascontiguousarray(colorize(steps, DisplayMode.SIGNED, palette=map_palette()))


def map_strip(mode: DisplayMode) -> ByteArray:
    """Return the colours of a map from its first to its last, ``(1, 256, 3)`` RGB."""
    return np.ascontiguousarray(map_colors(mode)[np.newaxis])


def paint_framed(painter: QPainter, rect: QRectF, pixels: ByteArray) -> None:
    """Paint a picture with a thin line around it."""
    painter.drawImage(rect, image_of(pixels))
    painter.setPen(QPen(QColor(theme().line), 1))
    painter.drawRect(rect)


class PixelItem(QGraphicsPixmapItem):
    """A picture in a scene.

    Qt's own item paints without the interpreter's lock, so that the worker goes on meanwhile;
    pyqtgraph's ImageItem, or any ``paint`` of ours, would keep it waiting.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pixels: ByteArray | None = None
        self._cell = (1.0, 1.0)  # width and height of a pixel in the scene
        self.setShapeMode(QGraphicsPixmapItem.ShapeMode.BoundingRectShape)

    def show_pixels(self, pixels: ByteArray, extent: tuple[int, int] | None = None) -> None:
        """Show an array as ``image_of`` takes it, over (rows, columns) of the scene."""
        rows, columns = extent or pixels.shape[:2]
        width, height = columns / pixels.shape[1], rows / pixels.shape[0]
        if (width, height) != self._cell:
            self._cell = width, height
            self.setTransform(QTransform.fromScale(width, height))
        self.setPixmap(QPixmap.fromImage(image_of(pixels)))
        self._pixels = pixels  # the one before must outlive its pixmap


class PixelOverlay(QGraphicsObject):
    """Outline of the picture, frames around cells, and values inside large pixels.

    Signals:
        painted: This was painted, and so was all that lies under it.
    """

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[QRectF] = []
        self.lit: list[QRectF] | None = None  # all else is dark; None: nothing is
        self.marks: list[QRectF] = []
        self.covers: list[QRectF] = []
        self.fields: Fields | None = None
        self.outline = QRectF()
        self.content: Painted | None = None
        self.origin = (0, 0)
        self.bounds = QRectF()

    def boundingRect(self) -> QRectF:
        return self.bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        transform = painter.worldTransform()
        scale = transform.m11()
        if scale >= GRID_FROM:
            visible = self._visible(transform, painter)
            self._paint_grid(painter, visible)
            content = self.content
            if content is not None and scale >= least_zoom(content):
                self._paint_values(painter, content, transform, visible)
        if self.fields is not None:
            paint_fields(painter, self.fields, self.bounds)
        for cover in self.covers:
            painter.fillRect(cover, QColor(theme().cover))
        if self.lit is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.fillPath(dark_room([self.bounds], self.lit), DARKNESS)
        self._paint_frames(painter)
        self.painted.emit()

    def _visible(self, transform: QTransform, painter: QPainter) -> tuple[int, int, int, int]:
        """Rows and columns of the drawn cells in sight, padding included."""
        inverse, _ = transform.inverted()
        sight = inverse.mapRect(QRectF(painter.viewport())) & self.bounds
        return (
            math.floor(sight.top()),
            math.ceil(sight.bottom()),
            math.floor(sight.left()),
            math.ceil(sight.right()),
        )

    def _paint_grid(self, painter: QPainter, visible: tuple[int, int, int, int]) -> None:
        top, bottom, left, right = visible
        pen = QPen(QColor(120, 130, 150, 90), 0)
        painter.setPen(pen)
        for row in range(top, bottom + 1):
            painter.drawLine(QPointF(left, row), QPointF(right, row))
        for column in range(left, right + 1):
            painter.drawLine(QPointF(column, top), QPointF(column, bottom))

    def _paint_values(
        self,
        painter: QPainter,
        content: Painted,
        transform: QTransform,
        visible: tuple[int, int, int, int],
    ) -> None:
        count, height, width = content.planes.shape
        top, bottom, left, right = visible
        if content.rim is None:
            top, bottom = max(top, 0), min(bottom, height)
            left, right = max(left, 0), min(right, width)
        if (bottom - top) * (right - left) > MOST_VALUES:
            return
        painter.save()
        painter.resetTransform()
        font = QFont(FONT_FAMILY)
        lines = max(count, 2)  # beside each other, five digits have half the room
        font.setPixelSize(max(round(min(15.0, transform.m11() / (1.6 * lines))), LEAST_FONT))
        painter.setFont(font)
        rounding = content.scale.rounding
        rows, columns = range(top, bottom), range(left, right)
        pixels = self._pixels(content.bgra, rows, columns)
        numbers = self._numbers(content, rows, columns)
        for row in rows:
            for column in columns:
                cell = transform.mapRect(QRectF(column, row, 1, 1))
                blue, green, red, _ = pixels[row - top][column - left]
                painter.setPen(text_on_rgb(red, green, blue))
                values = numbers[row - top][column - left]
                text = "\n".join(map(pixel_text, values, repeat(rounding)))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _pixels(self, bgra: ByteArray, rows: range, columns: range) -> list[list[list[int]]]:
        """Return the colour of each cell: blue, green, red, and a fourth byte."""
        high, wide = bgra.shape[:2]
        # A picture that was made smaller stays until one comes that has a pixel for each.
        down = (np.array(rows) - self.origin[0]) * high // round(self.bounds.height())
        across = (np.array(columns) - self.origin[1]) * wide // round(self.bounds.width())
        pixels: list[list[list[int]]] = bgra[np.ix_(down, across)].tolist()
        return pixels

    def _numbers(self, content: Painted, rows: range, columns: range) -> list[list[list[float]]]:
        """Return what is written into each cell, of the picture or drawn around it."""
        if content.rim is None:
            found = content.values[:, rows.start : rows.stop, columns.start : columns.stop]
        else:
            down, across = self.origin
            drawn = (
                range(rows.start - down, rows.stop - down),
                range(columns.start - across, columns.stop - across),
            )
            found = content.rim.block(content.values, *drawn)
        numbers: list[list[list[float]]] = content.shown(found).transpose(1, 2, 0).tolist()
        return numbers

    def _has_rim(self, zoom: float) -> bool:
        """Tell whether the padding around the picture can be told from its edge."""
        inner, outer = self.outline, self.bounds
        sides = (
            inner.left() - outer.left(),
            inner.top() - outer.top(),
            outer.right() - inner.right(),
            outer.bottom() - inner.bottom(),
        )
        return max(sides) * zoom >= RIM_FROM

    def _paint_frames(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        colors = theme()
        if self._has_rim(painter.worldTransform().m11()):
            painter.setPen(screen_pen(painter, QColor(colors.accent), 1.5))
            painter.drawRect(self.outline)
        for rects, inner in ((self.marks, colors.accent), (self.frames, colors.mark)):
            if not rects:
                continue
            for color, width in ((QColor(0, 0, 0, 190), 4.0), (QColor(inner), 2.0)):
                painter.setPen(screen_pen(painter, color, width))
                painter.drawRects(rects)


def least_zoom(content: Painted) -> float:
    """Return the screen pixels that a picture's pixel must have for its numbers."""
    return VALUES_FROM if len(content.planes) == 1 else SEVERAL_FROM


def paint_fields(painter: QPainter, fields: Fields, bounds: QRectF) -> None:
    """Outline the fields in sight, each a little within the one before: overlaps are seen.

    Args:
        painter: Of a view; its transform leads from picture to screen.
        fields: Which.
        bounds: Of what is drawn of the picture.
    """
    transform = painter.worldTransform()
    if min(fields.step) * transform.m11() < FIELDS_FROM:
        return
    sight = transform.inverted()[0].mapRect(QRectF(painter.viewport())) & bounds
    spans = [
        _overlapping(fields, 0, sight.top(), sight.bottom()),
        _overlapping(fields, 1, sight.left(), sight.right()),
    ]
    if math.prod(map(len, spans)) > MOST_FIELDS:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(screen_pen(painter, QColor(theme().accent), 1.0))
    painter.drawRects(_outlines(fields, *spans))


@lru_cache(maxsize=2)  # a live picture is painted again and again, its fields stay
def _outlines(fields: Fields, rows: range, columns: range) -> list[QRectF]:
    """Return a rectangle for each of some fields, those that overlap within each other."""
    turns = [math.ceil(span / step) for span, step in zip(fields.span, fields.step, strict=True)]
    outlines = []
    for row in rows:
        for column in columns:
            within = 0.06 + 0.34 * max(row % turns[0] / turns[0], column % turns[1] / turns[1])
            top = fields.first[0] + row * fields.step[0]
            left = fields.first[1] + column * fields.step[1]
            field = QRectF(left, top, fields.span[1], fields.span[0])
            outlines.append(field.adjusted(within, within, -within, -within))
    return outlines


def _overlapping(fields: Fields, axis: int, low: float, high: float) -> range:
    """Return the numbers of the fields that reach into a span along one axis."""
    first, step, span = fields.first[axis], fields.step[axis], fields.span[axis]
    start = max(math.floor((low - span - first) / step) + 1, 0)
    return range(start, min(math.ceil((high - first) / step), fields.count[axis]))


@lru_cache(maxsize=4096)  # asked for each number over a picture at each paint
def pixel_text(value: float, rounding: float) -> str:
    """Return a value in at most five signs, where that can be; what is rounding is zero."""
    value = value if abs(value) > rounding else 0.0
    return cell_text(value, 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0)


def screen_pen(painter: QPainter, color: QColor, width: float) -> QPen:
    """Return a pen of a width that is the same at every zoom [px at scale 1].

    Qt counts such a width in pixels of the device: on a dense screen it would be half as wide.
    """
    pen = QPen(color, px(width) * painter.device().devicePixelRatioF())
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen
