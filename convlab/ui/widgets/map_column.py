"""The items of one layer on the map grid: its card, its maps, its colour bar.

All are items of Qt's own: they are painted without the interpreter's lock, so that the worker goes
on meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene, QGraphicsSimpleTextItem

from convlab.document.stack.column import MapColumn
from convlab.document.stack.model import Unit
from convlab.engine.arrays import ByteArray
from convlab.engine.display import DisplayMode, Scale
from convlab.ui.numbers import show_fixed, show_number
from convlab.ui.theme import FONT_FAMILY, painted_color, text_on, theme
from convlab.ui.widgets.map_layout import CARD_HEIGHT, ColumnPlace
from convlab.ui.widgets.pixels import PixelItem, map_strip

RADIUS = 6.0
MARGIN = 7.0
STRIP = 9.0  # height of the colour bar [scene px]
TITLE_TOP = 5.0
LINE = 15.0  # height of a line on a card [scene px]
LEAST_WRITING = 0.8  # of the usual size: what is smaller cannot be read
MOST_ENLARGED = CARD_HEIGHT / (TITLE_TOP + LINE)  # the title still has room on its card
LONGEST_VALUE = "100 %"
SHORTEST = 5  # letters: of a title that would be shorter only the number is written


@dataclass(frozen=True, slots=True)
class Card:
    """What is written over the maps of a layer.

    Attributes:
        uid: Of its slot.
        title: Number and name.
        lines: Its shape, its parameters and its time; or what is wrong.
        is_on: It is not switched off.
        is_wrong: It does not fit.
    """

    uid: int
    title: str
    lines: tuple[str, str, str]
    is_on: bool = True
    is_wrong: bool = False


class ColumnItems:
    """Owns the items of one layer in a scene."""

    def __init__(self, scene: QGraphicsScene, place: ColumnPlace) -> None:
        self._scene = scene
        self.place = place
        self._frame = QGraphicsPathItem(_rounded(place.card))
        self._title = _text(place.card.topLeft() + QPointF(MARGIN, 5), 11.5, bold=True)
        self._lines = [_text(QPointF(), 10.0) for _ in range(3)]
        self.tiles = [_tile(cell) for cell in place.cells]
        self._bar = PixelItem()
        self._labels = [_text(QPointF(), 8.5) for _ in range(3)]
        self._names: list[tuple[QGraphicsSimpleTextItem, QGraphicsSimpleTextItem]] = []
        self.shown: MapColumn | None = None
        """The last result whose maps were painted."""
        self._painted: ByteArray | None = None  # the tiles' pixmaps share its memory
        self._scale: Scale | None = None
        self._mode = DisplayMode.SIGNED  # of the bar
        self._written: tuple[Card, bool] | None = None
        self._enlarged = 1.0  # of all that is written, so that it can be read when zoomed out
        for item in (self._frame, self._title, *self._lines, *self.tiles, self._bar, *self._labels):
            scene.addItem(item)
        self.take_colors()

    def remove(self) -> None:
        """Take all items out of the scene."""
        for item in (
            self._frame,
            self._title,
            *self._lines,
            *self.tiles,
            self._bar,
            *self._labels,
            *(item for pair in self._names for item in pair),
        ):
            self._scene.removeItem(item)

    def take_colors(self) -> None:
        """Take the palette's colours."""
        self._written = None
        colors = theme()
        self._frame.setBrush(QBrush(QColor(colors.panel)))
        self._frame.setPen(_thin(colors.line))
        self._title.setBrush(QBrush(QColor(colors.text)))
        for text in (*self._lines, *self._labels):
            text.setBrush(QBrush(QColor(colors.quiet)))
        if not self._bar.pixmap().isNull():
            self._paint_bar(self._mode)

    def show_card(self, card: Card, selected: bool) -> None:
        """Write what the layer is."""
        if (card, selected) == self._written:
            return
        self._written = (card, selected)
        colors = theme()
        self._write_card(card)
        ink = colors.warning if card.is_wrong else colors.quiet
        for item in self._lines:
            item.setBrush(QBrush(QColor(ink)))
        self._title.setOpacity(1.0 if card.is_on else 0.45)
        edge = colors.accent if selected else colors.warning if card.is_wrong else colors.line
        pen = _thin(edge)
        if selected:
            pen.setWidthF(2.0)
        self._frame.setPen(pen)

    def _write_card(self, card: Card) -> None:
        """Write as many lines as have room, and all of them into the tooltip."""
        place, size = self.place.card, self._enlarged
        tops = [TITLE_TOP, *(24.0 + 17.0 * number for number in range(len(self._lines)))]
        texts = (card.title, *card.lines)
        for item, text, top in zip((self._title, *self._lines), texts, tops, strict=True):
            item.setScale(size)
            item.setPos(place.topLeft() + QPointF(MARGIN, top * size))
            item.setText(_elided(item, text, place.width() - 2 * MARGIN, size))
            item.setVisible((top + LINE) * size < place.height() + 1.0)
        if not any(item.isVisible() for item in self._lines):
            height = size * self._title.boundingRect().height()
            self._title.setY(place.center().y() - height / 2)
        number, _, name = card.title.partition(" ")
        if name and self._title.text() != card.title and len(self._title.text()) < SHORTEST:
            self._title.setText(number)
            self._title.setX(place.center().x() - size * self._title.boundingRect().width() / 2)
        self._frame.setToolTip("<br>".join(text for text in texts if text))

    def show_maps(self, column: MapColumn) -> None:
        """Paint the maps of a result; those that are out of sight stay as they were."""
        tiles = column.tiles
        if tiles is None or len(tiles) != len(self.tiles):
            return
        self.shown = column
        if tiles is self._painted:
            return
        height, width = tiles.shape[1:3]
        is_resized = self._painted is None or self._painted.shape != tiles.shape
        for item, pixels, cell in zip(self.tiles, tiles, self.place.cells, strict=True):
            item.show_pixels(pixels)
            if is_resized:
                scale = QTransform.fromScale(cell.width() / width, cell.height() / height)
                item.setTransform(scale)
        self._painted = tiles
        self._show_scales(column.scales)
        self._show_names(column)

    def _show_names(self, column: MapColumn) -> None:
        """Write the class and its value on each tile of the last layer."""
        if len(column.names) != len(self._names):
            self._make_names(len(column.names))
        for number, (pair, cell) in enumerate(zip(self._names, self.place.cells, strict=False)):
            value = float(column.maps[number, 0, 0])
            ink = QBrush(text_on(painted_color(value, DisplayMode.SIGNED, column.scales[number])))
            texts = (column.names[number], value_text(value, column.is_probability))
            self._write_pair(pair, texts, cell)
            for item in pair:
                item.setBrush(ink)

    def _write_pair(
        self,
        pair: tuple[QGraphicsSimpleTextItem, QGraphicsSimpleTextItem],
        texts: tuple[str, str],
        cell: QRectF,
    ) -> None:
        """Write a name at the left of a cell and a value at its right, if there is room for both.

        Else the name alone, as far as there is room.
        """
        name, value = pair
        value.setText(texts[1])
        size = min(self._enlarged, cell.height() / value.boundingRect().height())
        width = size * value.boundingRect().width()
        room = cell.width() - 2.5 * MARGIN - width
        metrics = QFontMetricsF(name.font())
        needed = metrics.horizontalAdvance(texts[0][:3]) + metrics.horizontalAdvance(LONGEST_VALUE)
        value.setVisible(cell.width() - 2.5 * MARGIN > size * needed)
        room = room if value.isVisible() else cell.width() - MARGIN
        name.setText(_elided(name, texts[0], room, size))
        top = cell.center().y() - size * value.boundingRect().height() / 2
        name.setPos(cell.left() + MARGIN, top)
        value.setPos(cell.right() - MARGIN - width, top)
        for item in pair:
            item.setScale(size)

    def _make_names(self, count: int) -> None:
        for item in (item for pair in self._names for item in pair):
            self._scene.removeItem(item)
        self._names = []
        for _ in range(min(count, len(self.place.cells))):
            pair = (_text(QPointF(), 9.5, bold=True), _text(QPointF(), 9.5))
            self._names.append(pair)
            for item in pair:
                self._scene.addItem(item)

    def fade(self, opacities: list[float]) -> None:
        """Set how strongly each map is painted."""
        for item, opacity in zip(self.tiles, opacities, strict=True):
            item.setOpacity(opacity)
        for pair, opacity in zip(self._names, opacities, strict=False):
            for text in pair:
                text.setOpacity(opacity)

    @property
    def lead(self) -> int:
        """How many tiles stand before that of the first map."""
        return 0 if self.shown is None else self.shown.lead

    def tile_index(self, unit: Unit) -> int | None:
        """Return the number of the tile in which a unit is."""
        return None if self.shown is None else self.shown.place_of(unit)[0] + self.lead

    def tile_of(self, unit: Unit) -> QRectF | None:
        """Return where the map of a unit lies [scene px]."""
        index = self.tile_index(unit)
        return self.place.cells[index] if index is not None and index < len(self.tiles) else None

    def unit_at(self, point: QPointF) -> Unit | None:
        """Return the unit that is shown at a place [scene px]."""
        if self.shown is None or not self.place.rect.contains(point):
            return None
        height, width = self.shown.maps.shape[1:]
        for index, cell in enumerate(self.place.cells):
            if cell.contains(point):
                row = min(int((point.y() - cell.top()) / cell.height() * height), height - 1)
                column = min(int((point.x() - cell.left()) / cell.width() * width), width - 1)
                return self.shown.unit_at(index, row, column)
        return None

    def adapt(self, zoom: float, ratio: float) -> None:
        """Keep what is written readable, and the pixels of maps square or blended.

        Args:
            zoom: Logical pixels of the screen for one of the scene.
            ratio: Its pixels for a logical one. Pixels smaller than these are blended.
        """
        self._smooth(zoom * ratio)
        enlarged = enlargement(zoom)
        if enlarged == self._enlarged:
            return
        self._enlarged = enlarged
        if self._written is not None:
            self._write_card(self._written[0])
        if self.shown is not None:
            self._show_names(self.shown)
        self._place_labels()

    def _smooth(self, zoom: float) -> None:
        mode = Qt.TransformationMode
        for item in self.tiles:
            smaller = item.transform().m11() * zoom < 1.0
            item.setTransformationMode(
                mode.SmoothTransformation if smaller else mode.FastTransformation
            )

    def _show_scales(self, scales: tuple[Scale, ...]) -> None:
        """Write the range at the ends of the bar, or that each map has its own."""
        same = len(set(scales)) == 1
        scale = scales[0] if same else None
        if scale == self._scale and not self._bar.pixmap().isNull():
            return
        self._scale = scale
        signed = scale is None or scale.low < 0.0
        self._paint_bar(DisplayMode.SIGNED if signed else DisplayMode.CLIPPED)
        if scale is None:
            texts = (show_number(-1), "each its own", show_number(1))
        else:
            middle = "0" if signed else ""
            texts = (show_number(scale.low), middle, show_number(scale.high))
        for label, text in zip(self._labels, texts, strict=True):
            label.setText(text)
        self._place_labels()

    def _place_labels(self) -> None:
        """Put the numbers under the bar: all, its ends, or none, as there is room."""
        bar, size = self.place.bar, self._enlarged
        widths = [size * label.boundingRect().width() for label in self._labels]
        for label, width, share in zip(self._labels, widths, (0.0, 0.5, 1.0), strict=True):
            label.setScale(size)
            label.setPos(bar.left() + share * (bar.width() - width), bar.top() + STRIP + 2)
        room = bar.width() - MARGIN * size
        has_ends, has_middle = widths[0] + widths[2] <= room, sum(widths) + MARGIN * size <= room
        for label, is_shown in zip(self._labels, (has_ends, has_middle, has_ends), strict=True):
            label.setVisible(is_shown)

    def _paint_bar(self, mode: DisplayMode) -> None:
        self._mode = mode
        strip = map_strip(mode)
        self._bar.show_pixels(strip)
        bar = self.place.bar
        self._bar.setPos(bar.topLeft())
        self._bar.setTransform(QTransform.fromScale(bar.width() / strip.shape[1], STRIP))


def enlargement(zoom: float) -> float:
    """Return how many times its usual size a text is, so that it can be read at a zoom."""
    return min(max(1.0, LEAST_WRITING / zoom), MOST_ENLARGED)


def label_height(zoom: float) -> float:
    """Return how high a colour bar is with the numbers under it [scene px]."""
    return STRIP + 2.0 + LINE * enlargement(zoom)


def value_text(value: float, is_probability: bool) -> str:
    """Write the value of a class, so that its length hardly changes."""
    return f"{100 * value:.0f} %" if is_probability else show_fixed(value, 2)


def _tile(cell: QRectF) -> PixelItem:
    item = PixelItem()
    item.setPos(cell.topLeft())
    return item


def _rounded(rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, RADIUS, RADIUS)
    return path


def _thin(color: str) -> QPen:
    pen = QPen(QColor(color), 1.0)
    pen.setCosmetic(True)
    return pen


def _text(position: QPointF, size: float, bold: bool = False) -> QGraphicsSimpleTextItem:
    item = QGraphicsSimpleTextItem()
    font = QFont(FONT_FAMILY)
    font.setPointSizeF(size)
    font.setFeature(QFont.Tag("tnum"), 1)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    item.setFont(font)
    item.setPos(position)
    return item


def _elided(item: QGraphicsSimpleTextItem, text: str, room: float, size: float) -> str:
    """Shorten a text to a width [scene px] in which it is written in a size."""
    return QFontMetricsF(item.font()).elidedText(text, Qt.TextElideMode.ElideRight, room / size)
