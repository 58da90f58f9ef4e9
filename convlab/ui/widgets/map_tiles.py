"""All maps of a layer as one item: one picture that is painted piece by piece."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from convlab.engine.arrays import ByteArray
from convlab.ui.widgets.pixels import image_of

_AS_IT_IS = 0.99  # a picture is painted so much smaller at least before its pixels are blended


class TilesItem(QGraphicsItem):
    """Paints pictures of one size in cells of one size.

    An item for each would cost thirty times as much: hundreds change with every frame.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pixels: ByteArray | None = None  # the image shares its memory
        self._image = QImage()
        self._sources: list[QRectF] = []
        self._cells: tuple[QRectF, ...] = ()
        self._bounds = QRectF()
        self._zoom = 1.0

    def show_pixels(self, tiles: ByteArray) -> None:
        """Show pictures ``(T, h, w, 4)`` BGRA, contiguous."""
        count, height, width, _ = tiles.shape
        if self._pixels is None or self._pixels.shape != tiles.shape:
            self._sources = [QRectF(0, i * height, width, height) for i in range(count)]
        tiles = np.ascontiguousarray(tiles)
        self._image = image_of(tiles.reshape(count * height, width, 4))
        self._pixels = tiles
        self.update()

    def place(self, cells: Sequence[QRectF]) -> None:
        """Paint them somewhere else; where there are none any more, nothing."""
        self.prepareGeometryChange()
        self._cells = tuple(cells)
        self._bounds = QRectF()
        if cells:
            lowest = max(self._cells, key=QRectF.bottom)  # the last column may be a short one
            self._bounds = self._cells[0].united(self._cells[-1]).united(lowest)

    def adapt(self, zoom: float) -> None:
        """Keep pixels square, or blended where the screen's are larger.

        Args:
            zoom: Pixels of the screen for one of the scene.
        """
        self._zoom = zoom

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._cells or not self._sources:
            return
        scale = self._cells[0].width() * self._zoom / self._sources[0].width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < _AS_IT_IS)
        image, draw = self._image, painter.drawImage
        for cell, source in zip(self._cells, self._sources, strict=False):
            draw(cell, image, source)
