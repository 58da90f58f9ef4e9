"""Arrays as pictures on the screen, one pixel each; their memory is shared, not copied."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsPixmapItem

from convlab.engine.arrays import AnyArray, ByteArray
from convlab.engine.display import DisplayMode, Scale, colorize, levels
from convlab.ui.theme import map_colors, map_palette, theme

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
