"""The items of one layer on the map grid: its card, its maps, its colour bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene

from convlab.document.stack.column import MapColumn
from convlab.document.stack.model import Cells, Unit
from convlab.engine.arrays import ByteArray
from convlab.engine.display import DisplayMode
from convlab.layers.graph import INPUT
from convlab.ui.numbers import show_fixed
from convlab.ui.theme import painted_color, text_on, theme
from convlab.ui.widgets.map_bar import BarItem
from convlab.ui.widgets.map_card import CardItem, MarkItem, TextItem, font
from convlab.ui.widgets.map_layout import ColumnPlace
from convlab.ui.widgets.map_tiles import TilesItem

HANDLE_OPACITY = 0.6
HANDLE, LEAST_HANDLE = 3.0, 12.0  # width and least length of what says what is seen [px]
MARGIN = 6.0  # beside what is written on a map [px]
DEAD = (
    "dead",
    "Dead on this frame: zero everywhere, so nothing of it goes on. Only the frame that is shown "
    "is judged: on another one the map may not be dead.",
)
SATURATED = (
    "flat",
    "Saturated on this frame: nearly all values are at an end of the function, where it is flat.",
)
LONGEST_VALUE = "100 %"
NAME_SIZE, LEAST_NAME_SIZE = 9.5, 6.5  # of the names of classes [pt]


class ColumnItems:
    """Owns the items of one layer in a scene."""

    def __init__(self, scene: QGraphicsScene, place: ColumnPlace) -> None:
        self._scene = scene
        self.place = place
        self.card = CardItem(scene)
        self.bar = BarItem(scene)
        self.tiles = TilesItem()
        self._first = 0  # number of the tile that is seen first
        self._handle = QGraphicsRectItem()  # says which part of the maps is seen
        self._handle.setPen(QPen(Qt.PenStyle.NoPen))
        for item in (self.tiles, self._handle):
            scene.addItem(item)
        self._names: list[tuple[TextItem, TextItem]] = []
        self._marks: dict[int, MarkItem] = {}  # by the number of their tile
        self.shown: MapColumn | None = None
        """The last result whose maps were painted."""
        self._painted: ByteArray | None = None  # the tiles' pixmaps share its memory
        self.take_colors()
        self.move_to(place)

    def remove(self) -> None:
        """Take all items out of the scene."""
        names = (item for pair in self._names for item in pair)
        marks = (*self._marks.values(), self._handle)
        for item in (*self.card.items, *self.bar.items, self.tiles, *names, *marks):
            self._scene.removeItem(item)

    def take_colors(self) -> None:
        """Take the palette's colours."""
        self.card.take_colors()
        self.bar.take_colors()
        self._handle.setBrush(QColor(theme().quiet))
        self._handle.setOpacity(HANDLE_OPACITY)
        self._show_marks()

    def move_to(self, place: ColumnPlace) -> None:
        """Show the same somewhere else, in another size."""
        self.place = place
        self.card.place(place.card, place.style)
        self.bar.place(place.bar)
        self.tiles.place(place.cells)
        self._scroll_to(self._first)
        if self.shown is not None:
            self._show_names(self.shown)
        self._show_marks()

    def show_maps(self, column: MapColumn) -> None:
        """Paint the maps of a result; those that are out of sight stay as they were."""
        tiles, count = column.tiles, len(self.place.cells)
        if tiles is not None and len(tiles) > count:  # more than have room here
            first = 0 if column.lead else min(self._first, len(tiles) - count)
            tiles = tiles[first : first + count]
            column = replace(column, tiles=tiles, first=column.first + first)
        if tiles is None or (len(tiles) < count and not self.is_scrolled):
            return
        self.shown = column
        if tiles is self._painted:
            return
        self._painted = tiles
        self.tiles.show_pixels(tiles)
        self.bar.show_scales(column.scales, column.uid == INPUT)
        self.bar.show_caption(*captions(column))
        self._show_names(column)
        self._show_marks()

    @property
    def is_scrolled(self) -> bool:
        """There are more maps than have room."""
        return len(self.place.cells) < self.place.tiles

    def cells(self, zoom: float) -> Cells | None:
        """Return which maps are seen; None of a layer that has none.

        Args:
            zoom: Pixels of the screen for one of the scene.
        """
        if not self.place.cells:
            return None
        width = max(math.ceil(self.place.cells[0].width() * zoom), 1)
        count = len(self.place.cells)
        return Cells(width, self._first, count) if self.is_scrolled else Cells(width)

    def scroll(self, notches: float) -> None:
        """Show other maps: a third of those that are seen for each notch of the wheel."""
        step = notches * max(len(self.place.cells) / 3, 1.0)
        self._scroll_to(self._first + round(step))

    def reveal(self, unit: Unit) -> None:
        """Scroll to the map of a unit."""
        if not self.is_scrolled or self.shown is None:
            return
        number, count = self.shown.place_of(unit)[0], len(self.place.cells)
        if not self._first <= number < self._first + count:
            self._scroll_to(number - count // 2)

    def _scroll_to(self, first: int) -> None:
        count, all_ = len(self.place.cells), self.place.tiles
        self._first = min(max(first, 0), max(all_ - count, 0))
        self._handle.setVisible(self.is_scrolled and count > 0)
        if self._handle.isVisible():
            top, grid = self.place.cells[0].topLeft(), self.place.grid
            high = grid.whole_height
            length = max(high * count / all_, LEAST_HANDLE)
            at = (high - length) * self._first / (all_ - count)
            left = top.x() + grid.whole_width + 1.0
            self._handle.setRect(QRectF(left, top.y() + at, HANDLE, length))
            self._handle.setToolTip(f"{count} of {all_} maps are seen: the wheel scrolls.")

    def _show_names(self, column: MapColumn) -> None:
        """Write the class and its value on each tile of the last layer."""
        is_list = len(column.names) == len(column.maps)  # many are one map without names
        numbers = range(len(column.maps))[column.seen] if is_list else range(0)
        if len(numbers) != len(self._names):
            self._make_names(len(numbers))
        for number, pair, cell in zip(numbers, self._names, self.place.cells, strict=False):
            value = float(column.maps[number, 0, 0])
            ink = text_on(painted_color(value, DisplayMode.SIGNED, column.scales[number]))
            texts = (column.names[number], value_text(value, column.is_probability))
            _write_pair(pair, texts, cell, ink.name())

    def _show_marks(self) -> None:
        """Mark the maps that are dead or saturated."""
        activity = None if self.shown is None else self.shown.activity
        wanted: dict[int, tuple[str, str]] = {}
        if activity is not None:
            wanted = dict.fromkeys(activity.saturated, SATURATED)
            wanted |= dict.fromkeys(activity.dead, DEAD)
        shown = () if self.shown is None else range(len(self.shown.maps))[self.shown.seen]
        wanted = {number: mark for number, mark in wanted.items() if number in shown}
        for number in set(self._marks) - set(wanted):
            self._scene.removeItem(self._marks.pop(number))
        for number, (word, tip) in wanted.items():
            tile = None if self.shown is None else self.shown.tile_of(number)
            if tile is not None and tile < len(self.place.cells):
                mark = self._marks.get(number)
                if mark is None:
                    mark = self._marks[number] = MarkItem()
                    self._scene.addItem(mark)
                mark.show_mark(word, tip, self.place.cells[tile])

    def _make_names(self, count: int) -> None:
        for item in (item for pair in self._names for item in pair):
            self._scene.removeItem(item)
        self._names = [(TextItem(), TextItem()) for _ in range(count)]
        for item in (item for pair in self._names for item in pair):
            self._scene.addItem(item)

    def fade(self, opacity: float) -> None:
        """Set how strongly the maps are painted."""
        for item in (self.tiles, *self._marks.values()):
            item.setOpacity(opacity)
        for pair in self._names:
            for text in pair:
                text.setOpacity(opacity)

    @property
    def lead(self) -> int:
        """How many tiles stand before that of the first map."""
        return 0 if self.shown is None else self.shown.lead

    def tile_of(self, unit: Unit) -> QRectF | None:
        """Return where the map of a unit lies [scene px]."""
        shown = self.shown
        index = None if shown is None else shown.tile_of(shown.place_of(unit)[0])
        cells = self.place.cells
        return cells[index] if index is not None and index < len(cells) else None

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

    def adapt(self, zoom: float) -> None:
        """Keep the pixels of maps square, or blended where the screen's are larger.

        Args:
            zoom: Pixels of the screen for one of the scene.
        """
        self.tiles.adapt(zoom)


def captions(column: MapColumn) -> list[str]:
    """Return what is said of the values of a layer, the longest first."""
    activity = column.activity
    if activity is None or not activity.zeros:
        return []
    zeros = sum(activity.zeros) / len(activity.zeros)
    parts = [f"{100 * zeros:.0f} % zero"] if zeros >= 0.005 else []
    if activity.clipped >= 0.0005:
        parts.append(f"{100 * activity.clipped:.1f} % clipped")
    return [text for text in ("   ".join(parts), *parts[:1]) if text]


def value_text(value: float, is_probability: bool) -> str:
    """Write the value of a class, so that its length hardly changes."""
    return f"{100 * value:.0f} %" if is_probability else show_fixed(value, 2)


def _write_pair(
    pair: tuple[TextItem, TextItem], texts: Sequence[str], cell: QRectF, ink: str
) -> None:
    """Write a name at the left of a cell and a value at its right, if there is room for both.

    Else the name alone, as far as there is room.
    """
    size = min(NAME_SIZE, max(cell.height() * 0.55, LEAST_NAME_SIZE))
    name, value = pair
    bold = QFontMetricsF(font(size, True))
    value.write(texts[1], font(size), ink)
    width = value.boundingRect().width()
    needed = bold.horizontalAdvance(texts[0][:3]) + bold.horizontalAdvance(LONGEST_VALUE)
    value.setVisible(cell.width() - 2.5 * MARGIN > needed)
    room = cell.width() - MARGIN - (1.5 * MARGIN + width) * value.isVisible()
    elided = bold.elidedText(texts[0], Qt.TextElideMode.ElideRight, room)
    name.write(elided, font(size, True), ink)
    top = cell.center().y() - value.boundingRect().height() / 2
    name.setPos(cell.left() + MARGIN, top)
    value.setPos(cell.right() - MARGIN - width, top)
