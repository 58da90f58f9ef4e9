"""What is written over the maps of a layer, and how much room it needs: nothing is ever cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
)

from convlab.ui.theme import FONT_FAMILY, theme
from convlab.ui.widgets.map_chip import CHIP, ChipItem
from convlab.ui.widgets.map_node import CardSize, CardStyle

RADIUS = 5.0
MARK_SIZE = 7.0  # of the word on a map that has something wrong with it [pt]
MARK_MARGIN = 3.0  # beside that word [px]
SIGN = "×"
SIDE = 4.0  # from the letters to the frame of the chosen card, which is wider than it [px]
LINE = 16.0  # [px]
CHIP_ROOM = CHIP + 4.0  # of the sign that a block can be opened [px]
OFF = 0.45  # opacity of what is written of a layer that is switched off


@dataclass(frozen=True, slots=True)
class Card:
    """What is written over the maps of a layer.

    Attributes:
        uid: Of its slot.
        title: Number and name.
        short: The same where room is short.
        shape: Of its result, or why there is none.
        notes: What else may be said, the longest first: the first that has room is written.
        tip: Everything that is known, for the tooltip.
        is_on: It is not switched off.
        is_wrong: It does not fit.
        least: Width that its maps need so that what is written on them is read [px].
        block: Key of the folded block that it stands for; empty: it is a layer.
    """

    uid: int
    title: str
    short: str
    shape: str
    notes: tuple[str, ...] = ()
    tip: str = ""
    is_on: bool = True
    is_wrong: bool = False
    least: float = 0.0
    block: str = ""

    @property
    def tight_shape(self) -> str:
        """The shape without spaces."""
        return self.shape.replace(" × ", "×")

    def size(self) -> CardSize:
        """Return how much room the name and the shape need."""
        found = _size(self.title, self.short, self.shape, self.tight_shape)
        more = CHIP_ROOM if self.block else 0.0
        wide, narrow = max(found.full + more, self.least), max(found.short + more, self.least)
        return replace(found, full=wide, short=narrow, length=found.length + more)


@lru_cache(maxsize=512)
def _size(title: str, short: str, shape: str, tight: str) -> CardSize:
    full = max(_width(title, CardStyle.FULL, True), _width(shape, CardStyle.FULL))
    lengths = [_width(short, CardStyle.SHORT, True), _width(tight, CardStyle.SHORT)]
    length = max(lengths)
    height = QFontMetricsF(font_of(CardStyle.SHORT, True)).height()
    height += QFontMetricsF(font_of(CardStyle.SHORT)).height()
    return CardSize(full + 1, length + 1, height, length + 2 * SIDE)


def _width(text: str, style: CardStyle, bold: bool = False) -> float:
    return QFontMetricsF(font_of(style, bold)).horizontalAdvance(text)


def font_of(style: CardStyle, bold: bool = False) -> QFont:
    """Return the font of a card: of its name if it is bold."""
    full, short = (10.5, 8.5) if bold else (9.0, 8.0)
    return font(full if style is CardStyle.FULL else short, bold)


class TextItem(QGraphicsSimpleTextItem):
    """Qt's own item, which is told what it says in one call.

    It is kept as a picture: to lay a text out takes as long as to paint twenty maps.
    """

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)

    def write(self, text: str, font: QFont, color: str | QColor) -> None:
        """Write something."""
        if text != self.text():
            self.setText(text)
        if font != self.font():
            self.setFont(font)
        brush = QBrush(QColor(color))
        if brush != self.brush():
            self.setBrush(brush)


def font(size: float, bold: bool = False) -> QFont:
    """Return the font of a size [pt] with digits of one width."""
    found = QFont(FONT_FAMILY)
    found.setPointSizeF(size)
    found.setFeature(QFont.Tag("tnum"), 1)
    if bold:
        found.setWeight(QFont.Weight.DemiBold)
    return found


class MarkItem(QGraphicsRectItem):
    """A word in a corner of a map that has something wrong with it; a sign where it is small."""

    def __init__(self) -> None:
        super().__init__()
        self._text = TextItem(self)

    def show_mark(self, word: str, tip: str, cell: QRectF) -> None:
        """Write a word at the upper right of a map.

        Args:
            word: What is wrong.
            tip: The same in full.
            cell: Where the map lies [scene px].
        """
        for text in (word, SIGN):
            self._text.write(text, font(MARK_SIZE, bold=True), theme().warning)
            size = self._text.boundingRect()
            if size.width() + 2 * MARK_MARGIN <= cell.width():
                break
        width, height = size.width() + 2 * MARK_MARGIN, size.height()
        left, top = cell.right() - width, cell.top()
        self.setRect(QRectF(left, top, width, height))
        self._text.setPos(left + MARK_MARGIN, top)
        self.setBrush(QBrush(QColor(theme().panel)))
        self.setPen(QPen(QColor(theme().warning), 1.0))
        self.setToolTip(tip)


class CardItem:
    """Owns what is written over the maps of one layer in a scene."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._frame = QGraphicsPathItem()
        self._title, self._shape, self._note = (TextItem() for _ in range(3))
        self._chip = ChipItem()
        self._chip.show_sign(is_plus=True)
        self._chip.setToolTip("Open this block (Enter).")
        self._chip.setVisible(False)
        texts = self._title, self._shape, self._note
        self.items: list[QGraphicsItem] = [self._frame, *texts, self._chip]
        self._card: Card | None = None
        self._written: tuple[Card, CardStyle, float, float, bool] | None = None
        self._place, self._style, self._is_chosen = QRectF(), CardStyle.FULL, False
        for item in self.items:
            scene.addItem(item)

    def take_colors(self) -> None:
        """Take the palette's colours."""
        self._written = None
        self._chip.take_colors()
        self._write()

    @property
    def chip(self) -> QRectF:
        """Where a folded block is opened [scene px]."""
        if not self._chip.isVisible():
            return QRectF()
        return self._chip.sceneBoundingRect().adjusted(-2.0, -2.0, 2.0, 2.0)

    def show_card(self, card: Card, chosen: bool) -> None:
        """Write what the layer is; mark that of the chosen one."""
        self._card, self._is_chosen = card, chosen
        self._write()

    def place(self, rect: QRectF, style: CardStyle) -> None:
        """Write it somewhere else, in a style."""
        self._place, self._style = rect, style
        self._write()
        self._put()

    def _write(self) -> None:
        card, place, style = self._card, self._place, self._style
        if card is None:
            return
        wanted = card, style, place.width(), place.height(), self._is_chosen
        if wanted == self._written:
            return
        self._written = wanted
        is_full = style is CardStyle.FULL
        self._chip.setVisible(bool(card.block))
        colors = theme()
        ink = colors.accent if self._is_chosen else colors.warning if card.is_wrong else colors.text
        self._title.write(card.title if is_full else card.short, font_of(style, True), ink)
        quiet = colors.warning if card.is_wrong else colors.quiet
        self._shape.write(card.shape if is_full else card.tight_shape, font_of(style), quiet)
        self._note.write(self._fitting_note(card), font_of(style), colors.quiet)
        for item in (self._title, self._shape, self._note):
            item.setRotation(-90.0 if style is CardStyle.TURNED else 0.0)
            item.setOpacity(1.0 if card.is_on else OFF)
        chosen, wrong, window = self._is_chosen, card.is_wrong, colors.window
        side = SIDE if chosen or wrong else 0.0  # a plain one would cover its neighbour's frame
        path = QPainterPath()
        inner = QRectF(0.0, 0.0, place.width(), place.height())
        path.addRoundedRect(inner.adjusted(-side, 0, side, 0), RADIUS, RADIUS)
        self._frame.setPath(path)
        edge = colors.accent if chosen else colors.warning if wrong else window
        self._frame.setPen(QPen(QColor(edge), 1))
        self._frame.setBrush(QBrush(QColor(colors.panel if chosen else window)))
        self._frame.setToolTip(card.tip)
        self._put()

    def _fitting_note(self, card: Card) -> str:
        if self._style is not CardStyle.FULL or self._place.height() < 3 * LINE:
            return ""
        room = self._place.width()
        fitting = (note for note in card.notes if _width(note, CardStyle.FULL) <= room)
        return next(fitting, "")

    def _put(self) -> None:
        place = self._place
        self._frame.setPos(place.topLeft())
        side = (place.width() - CHIP) / 2 if self._style is CardStyle.TURNED else 0.0
        self._chip.setPos(place.left() + side, place.top() + 2.0)
        if self._style is CardStyle.TURNED:
            middle = place.left() + (place.width() - self._whole_height()) / 2
            bottom = place.bottom() - SIDE
            self._title.setPos(middle, bottom)
            self._shape.setPos(middle + self._title.boundingRect().height(), bottom)
            return
        corner = place.topLeft() + QPointF(0.0, 1.0)
        for item in (self._title, self._shape, self._note):
            aside = CHIP_ROOM if item is self._title and self._chip.isVisible() else 0.0
            item.setPos(corner + QPointF(aside, 0.0))
            corner += QPointF(0.0, item.boundingRect().height() - 1.0)

    def _whole_height(self) -> float:
        return self._title.boundingRect().height() + self._shape.boundingRect().height()
