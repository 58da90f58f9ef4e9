"""What is written over the layers of an open block: a click on it folds them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from convlab.ui.theme import theme
from convlab.ui.widgets.map_card import TextItem, font
from convlab.ui.widgets.map_chip import CHIP, ChipItem
from convlab.ui.widgets.map_layout import BandPlace

SIZE = 8.5  # of the title [pt]
SIDE = 5.0  # beside it [px]
RADIUS = 4.0


class _BandItem(QGraphicsPathItem):
    def __init__(self, place: BandPlace) -> None:
        path = QPainterPath()
        path.addRoundedRect(place.rect, RADIUS, RADIUS)
        super().__init__(path)
        self.setToolTip(f"Fold {place.title} into one card (Enter).")
        self._chip = ChipItem()
        self._chip.setParentItem(self)
        self._chip.show_sign(is_plus=False)
        rect = place.rect
        self._chip.setPos(rect.left() + 3.0, rect.center().y() - CHIP / 2)
        self._text = TextItem(self)
        left = 3.0 + CHIP + SIDE
        self._title = QFontMetricsF(font(SIZE, True)).elidedText(
            place.title, Qt.TextElideMode.ElideRight, rect.width() - left - SIDE
        )
        self.take_colors()
        height = self._text.boundingRect().height()
        self._text.setPos(rect.left() + left, rect.center().y() - height / 2)

    def take_colors(self) -> None:
        self.setPen(QPen(QColor(theme().line), 1.0))
        self.setBrush(QBrush(QColor(theme().panel)))
        self._text.write(self._title, font(SIZE, True), theme().text)
        self._chip.take_colors()


class BandItems:
    """Owns the bands in a scene."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._places: tuple[BandPlace, ...] = ()
        self._items: list[_BandItem] = []

    def take_colors(self) -> None:
        """Take the palette's colours."""
        for item in self._items:
            item.take_colors()

    def show(self, places: Sequence[BandPlace]) -> None:
        """Draw these bands."""
        if tuple(places) == self._places:
            return
        for item in self._items:
            self._scene.removeItem(item)
        self._places = tuple(places)
        self._items = [_BandItem(place) for place in places]
        for item in self._items:
            self._scene.addItem(item)
