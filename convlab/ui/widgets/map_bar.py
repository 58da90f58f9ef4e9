"""The colour bar under the maps of a layer, with its numbers and what is said of the values."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene

from convlab.engine.display import DisplayMode, Scale
from convlab.ui.numbers import show_number
from convlab.ui.theme import theme
from convlab.ui.widgets.color_bar import Tick, ticks
from convlab.ui.widgets.map_card import TextItem, font
from convlab.ui.widgets.map_packing import BAR_HEIGHT, CAPTION_HEIGHT
from convlab.ui.widgets.pixels import PixelItem, map_strip

STRIP = 8.0  # height of the colours [px]
MARK = 3.0  # length of the mark of a number [px]
SIZE = 8.0  # of the numbers [pt]


class BarItem:
    """Owns the bar of one layer in a scene."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self.strip, self._marks = PixelItem(), QGraphicsPathItem()
        self._caption = TextItem()
        self._numbers: list[TextItem] = []
        self._place = QRectF()
        self._scales: tuple[Scale, ...] = ()
        self._is_picture = False
        self._said: tuple[str, ...] = ()
        self._ticks: list[Tick] = []
        for item in (self.strip, self._marks, self._caption):
            scene.addItem(item)

    @property
    def items(self) -> list[QGraphicsItem]:
        """All that belongs to it."""
        return [self.strip, self._marks, self._caption, *self._numbers]

    def take_colors(self) -> None:
        """Take the palette's colours."""
        self._marks.setPen(QPen(QColor(theme().quiet), 1.0))
        self._write()

    def show_scales(self, scales: tuple[Scale, ...], is_picture: bool = False) -> None:
        """Show the range of all maps, or that each has its own; a picture's is black to white."""
        found = tuple(dict.fromkeys(scales))
        if (found, is_picture) != (self._scales, self._is_picture):
            self._scales, self._is_picture = found, is_picture
            self._write()

    def show_caption(self, *said: str) -> None:
        """Say something under the numbers: the first text that has room."""
        if said != self._said:
            self._said = said
            self._write_caption()

    def place(self, rect: QRectF) -> None:
        """Show it somewhere else."""
        is_resized = rect.size() != self._place.size()
        self._place = rect
        if is_resized:
            self._write()
        self.strip.setPos(rect.topLeft())
        self._marks.setPos(rect.topLeft())
        self._put()

    def _write(self) -> None:
        if not self._scales or self._place.height() <= 0.0:
            return
        scale = self._scales[0]
        is_signed = scale.low < 0.0 and not self._is_picture
        strip = map_strip(DisplayMode.SIGNED if is_signed else DisplayMode.CLIPPED)
        self.strip.show_pixels(strip)
        width = self._place.width()
        self.strip.setTransform(QTransform.fromScale(width / strip.shape[1], STRIP))
        self._ticks = self._found_ticks(scale)
        path = QPainterPath()
        for tick in self._ticks:
            path.moveTo(tick.at, STRIP - 1)
            path.lineTo(tick.at, STRIP - 1 + MARK)
        self._marks.setPath(path)
        while len(self._numbers) < len(self._ticks):
            self._numbers.append(TextItem())
            self._scene.addItem(self._numbers[-1])
        for number, item in enumerate(self._numbers):
            item.setVisible(number < len(self._ticks))
        for item, tick in zip(self._numbers, self._ticks, strict=False):
            item.write(tick.text, font(SIZE), theme().quiet)
        self._write_caption()
        self._put()

    def _found_ticks(self, scale: Scale) -> list[Tick]:
        width, advance = self._place.width(), QFontMetricsF(font(SIZE)).horizontalAdvance
        texts: tuple[str, ...] = ("each its own", "own") if len(self._scales) > 1 else ()
        found = [] if texts else ticks(scale, width, advance)
        if not texts and len(found) < 2:
            limit = show_number(scale.high)
            texts = (f"±{limit}", limit) if scale.low == -scale.high else (limit,)
        for text in texts:
            if advance(text) <= width:
                at = width / 2
                return [Tick(at, at - advance(text) / 2, advance(text), text)]
        return found if len(found) > 1 else []

    def _write_caption(self) -> None:
        metrics = QFontMetricsF(font(SIZE))
        has_room = self._place.height() >= BAR_HEIGHT + CAPTION_HEIGHT
        fitting = (
            text
            for text in self._said
            if has_room and metrics.horizontalAdvance(text) <= self._place.width()
        )
        self._caption.write(next(fitting, ""), font(SIZE), theme().quiet)

    def _put(self) -> None:
        corner = self._place.topLeft()
        for item, tick in zip(self._numbers, self._ticks, strict=False):
            item.setPos(corner + QPointF(tick.left, STRIP + 2.0))
        self._caption.setPos(corner + QPointF(0.0, BAR_HEIGHT - 2.0))
