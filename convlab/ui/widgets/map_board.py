"""All maps of a stack and where they lie: columns from left to right, in a scene that is fitted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QResizeEvent

from convlab.document.stack.column import MapColumn
from convlab.document.stack.model import Cells, Unit
from convlab.layers.graph import INPUT
from convlab.ui.motion import motion_time
from convlab.ui.taken import Taken
from convlab.ui.theme import theme
from convlab.ui.widgets.map_band import BandItems
from convlab.ui.widgets.map_card import Card
from convlab.ui.widgets.map_column import ColumnItems
from convlab.ui.widgets.map_layout import Band, Layout, Opening, between, lay_out
from convlab.ui.widgets.map_links import LinkItems
from convlab.ui.widgets.map_node import Node
from convlab.ui.widgets.map_selection import Selection, SelectionItems
from convlab.ui.widgets.map_view import FittedView
from convlab.ui.widgets.mini_map import ROOM as MINI_ROOM
from convlab.ui.widgets.mini_map import MiniMap

LONGEST_MOTION = 150  # of layers that slide apart [ms]
BESIDE = 100  # so much beside the chosen layer is in sight, too [screen px]
STALE = 0.25  # opacity of maps that no longer belong to the stack


class MapBoard(FittedView):
    """Shows layers; holds no state of the program.

    Args:
        has_links: Links are drawn between the layers.

    Signals:
        sight_changed: Other layers or maps are in sight, or in another size.
        gap_changed: The room of the detail in the viewport is another: a QRect, or None.
    """

    sight_changed = Signal()
    gap_changed = Signal(object)

    def __init__(self, has_links: bool = True) -> None:
        super().__init__()
        self._has_links = has_links
        self._nodes: tuple[Node, ...] = ()
        self._bands: tuple[Band, ...] = ()
        self._cards: dict[int, Card] = {}
        self._columns: dict[int, ColumnItems] = {}
        self._layout = Layout()
        self._opening: Opening | None = None
        self._stale: frozenset[int] = frozenset()
        self._selection: Selection | None = None
        self._chosen: int | None = None
        self._drawn = SelectionItems(self.scene())
        self._links = LinkItems(self.scene())
        self._over = BandItems(self.scene())
        self._mini = MiniMap(self.viewport())
        self._mini.wanted.connect(self._on_place_wanted)
        self._motion = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._motion.valueChanged.connect(self._on_motion)
        self._from = Layout()
        self._in_sight: tuple[frozenset[int], int, dict[int, Cells]] = (frozenset(), 0, {})
        self._take_colors()

    # ---- what is shown ----

    def set_layers(
        self, nodes: Sequence[Node], cards: Sequence[Card], bands: Sequence[Band] = ()
    ) -> None:
        """Show these layers, the picture first.

        Args:
            nodes: How they hang together, and how much room each needs.
            cards: What is written over each.
            bands: Over the layers of blocks that are open.
        """
        self._cards = {card.uid: card for card in cards}
        sizes = {uid: card.size() for uid, card in self._cards.items()}
        measured = tuple(replace(node, card=sizes.get(node.uid, node.card)) for node in nodes)
        if (measured, tuple(bands)) != (self._nodes, self._bands):
            is_another_stack = not {node.uid for node in nodes} & set(self._columns) - {INPUT}
            self._nodes, self._bands = measured, tuple(bands)
            self._rebuild()
            if is_another_stack:
                self.fit()
        self._show_cards()

    def show_columns(self, columns: Sequence[MapColumn], stale: frozenset[int]) -> None:
        """Paint new results; layers that are ``stale`` keep their last ones, faded."""
        for column in columns:
            if column.uid in self._columns:
                self._columns[column.uid].show_maps(column)
        if stale != self._stale:
            self._stale = stale
            self._fade()
        self.viewport().update()

    def show_selection(self, selection: Selection | None, chosen: int | None) -> None:
        """Draw what belongs to the selected unit; mark the card of the chosen layer."""
        self._selection = selection
        if chosen != self._chosen:
            self._chosen = chosen
            self._show_cards()
            self._lay_out()
            self._mini.show_layout(self._layout, chosen)
            self._show_chosen()
        unit = None if selection is None else selection.unit
        if unit is not None and unit.uid in self._columns:
            self._columns[unit.uid].reveal(unit)
            self.look_around()
        self._drawn.show(selection, self._columns)
        self.viewport().update()

    def _words_of(self, uid: int) -> str:
        """Return what a screen reader says of a layer: what it is, takes, and goes on to."""
        card = self._cards.get(uid)
        if card is None:
            return ""
        node = next(node for node in self._nodes if node.uid == uid)
        after = [each.uid for each in self._nodes if uid in each.inputs]
        parts = [f"{card.title}, {card.shape}"]
        if card.block:
            parts.append("a folded block")
        for word, uids in (("takes", node.inputs), ("goes on to", after)):
            names = ", ".join(self._cards[each].title for each in uids if each in self._cards)
            if names:
                parts.append(f"{word} {names}")
        return "; ".join(parts) + "."

    def show_links(self, are_shown: bool) -> None:
        """Draw the links between layers, or give their room to the maps."""
        if are_shown != self._has_links:
            self._has_links = are_shown
            self._lay_out()
            self._links.show(self._layout.links if are_shown else ())
            self.viewport().update()

    def open_gap(self, opening: Opening | None) -> None:
        """Open the room for the detail, or close it."""
        if opening != self._opening:
            self._opening = opening
            self.fit()
            self._lay_out(slowly=True)

    @property
    def gap(self) -> QRect | None:
        """The room for the detail in the viewport [screen px]; None while there is none."""
        gap = self._layout.gap
        if gap is None:
            return None
        return QRect(self.mapFromScene(gap.topLeft()), (gap.size() * self._usual).toSize())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colors()

    def _take_colors(self) -> None:
        self.setBackgroundBrush(QColor(theme().window))
        for column in self._columns.values():
            column.take_colors()
        self._links.take_colors()
        self._over.take_colors()
        self._show_cards()
        self._drawn.show(self._selection, self._columns)
        self.viewport().update()

    def _show_cards(self) -> None:
        chosen = self._chosen
        self.setAccessibleDescription(self._words_of(INPUT if chosen is None else chosen))
        for uid, column in self._columns.items():
            card = self._cards.get(uid)
            if card is not None:
                column.card.show_card(card, uid == self._chosen)

    def _fade(self) -> None:
        for uid, column in self._columns.items():
            column.fade(STALE if uid in self._stale else 1.0)

    # ---- where it lies ----

    def _rebuild(self) -> None:
        """Make the items of other layers; what was shown of each stays."""
        self._motion.stop()
        self._drawn.clear()
        before = self._columns
        for column in before.values():
            column.remove()
        self._layout = self._wanted_layout()
        self._columns = {
            place.uid: ColumnItems(self.scene(), place) for place in self._layout.places
        }
        for uid, column in self._columns.items():
            shown = before[uid].shown if uid in before else None
            if shown is not None:
                column.show_maps(shown)
        self._fade()
        self._show_cards()
        self._arranged()

    def _wanted_layout(self) -> Layout:
        def laid_out(room: QSizeF) -> Layout:
            return lay_out(
                self._nodes, room, self._chosen, self._opening, self._has_links, self._bands
            )

        room, layout = self.room, laid_out(self.room)
        if layout.size.width() <= room.width():
            return layout
        low = laid_out(QSizeF(room.width(), room.height() - MINI_ROOM))
        if low.gap is None:
            return low
        return replace(low, gap=QRectF(low.gap.topLeft(), QSizeF(low.gap.width(), room.height())))

    def _lay_out(self, slowly: bool = False) -> None:
        """Place the layers again; ``slowly`` they slide to their new places."""
        wanted = self._wanted_layout()
        if wanted == self._layout or not self._nodes:
            return
        self._motion.stop()
        self._from, self._layout = self._layout, wanted
        duration = self._motion_time() if slowly else 0
        if duration:
            self._drawn.clear()
            self._links.show(())
            self._over.show(())
            self._motion.setDuration(duration)
            self._motion.start()
        else:
            self._move(wanted)
            self._arranged()

    def _motion_time(self) -> int:
        """Return how long layers slide: not at all where the desktop wants no motion [ms]."""
        return min(motion_time(self), LONGEST_MOTION) if self.isVisible() else 0

    def _on_motion(self, part: float) -> None:
        if part < 1.0:
            self._move(between(self._from, self._layout, part))
        else:
            self._move(self._layout)
            self._arranged()
        self.viewport().update()

    def _move(self, layout: Layout) -> None:
        for place in layout.places:
            self._columns[place.uid].move_to(place)

    def _arranged(self) -> None:
        """Do what follows another arrangement."""
        self.take_size(self._layout.size)
        self._links.show(self._layout.links if self._has_links else ())
        self._over.show(self._layout.bands)
        self._mini.show_layout(self._layout, self._chosen)
        self._drawn.show(self._selection, self._columns)
        self._show_chosen()
        self.look_around()
        self.gap_changed.emit(self.gap)

    def _show_chosen(self) -> None:
        """Bring the chosen layer into sight, where there are too many for the room."""
        column = self._columns.get(-1 if self._chosen is None else self._chosen)
        if column is not None and self.is_fitted:
            rect = self._layout.gap or column.place.rect
            both = rect | column.place.rect
            is_wide = self.mapFromScene(both).boundingRect().width() > self.viewport().width()
            self.ensureVisible(rect if is_wide else both, 0 if is_wide else BESIDE, 0)

    # ---- places on the screen ----

    def unit_center(self, unit: Unit) -> QPoint:
        """Where a unit is in the viewport [screen px].

        Raises:
            ValueError: Its map is not shown.
        """
        column = self._columns.get(unit.uid)
        shown, cell = (None, None) if column is None else (column.shown, column.tile_of(unit))
        if cell is None or shown is None:
            raise ValueError(f"{unit} is not shown.")
        _, row, at = shown.place_of(unit)
        height, width = shown.maps.shape[1:]
        x = cell.left() + (at + 0.5) * cell.width() / width
        y = cell.top() + (row + 0.5) * cell.height() / height
        return self.mapFromScene(QPointF(x, y))

    def card_center(self, uid: int) -> QPoint:
        """Where the card of a slot is in the viewport [screen px]."""
        return self.mapFromScene(self._columns[uid].place.card.center())

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the map that lies there, or else all of them as they are painted."""
        unit = self._unit_at(QPointF(self.viewport().mapFrom(self, position)))
        column = None if unit is None else self._columns.get(unit.uid)
        shown = None if column is None else column.shown
        if unit is None or shown is None:
            return Taken("maps", reset=self.fit)
        number = shown.place_of(unit)[0]
        return Taken(f"map-{unit.uid}-{number}", shown.maps[number], reset=self.fit)

    def fold_at(self, point: QPointF) -> tuple[str, bool] | None:
        """Return the block that is folded or opened there, and whether it is to be folded."""
        for band in self._layout.bands:
            if band.rect.contains(point):
                return band.key, True
        for uid, column in self._columns.items():
            if self._cards[uid].block and column.card.chip.contains(point):
                return self._cards[uid].block, False
        return None

    def _unit_at(self, position: QPointF) -> Unit | None:
        point = self.mapToScene(position.toPoint())
        units = (column.unit_at(point) for column in self._columns.values())
        return next((unit for unit in units if unit is not None), None)

    # ---- zoom ----

    @property
    def in_sight(self) -> frozenset[int]:
        """Uids of the layers that are on the screen."""
        return self._in_sight[0]

    @property
    def cell_width(self) -> int:
        """Width of a map on the screen, rounded up [screen px]."""
        return self._in_sight[1]

    @property
    def cells_in_sight(self) -> dict[int, Cells]:
        """Which maps of the layers on the screen are seen, and how large, by their uids."""
        return self._in_sight[2]

    def scroll_maps(self, position: QPointF, notches: float) -> bool:
        """Scroll the maps of the layer at a place in the viewport, if not all have room."""
        point = self.mapToScene(position.toPoint())
        for column in self._columns.values():
            if column.is_scrolled and column.place.rect.contains(point):
                column.scroll(notches)
                self.look_around()
                return True
        return False

    def look_around(self) -> None:
        """Tell when other layers or maps came into sight, or are shown in another size."""
        visible, ratio = self.visible_rect, self.devicePixelRatioF()
        self._mini.show_seen(visible)
        columns = self._columns.items()
        uids = frozenset(uid for uid, each in columns if each.place.rect.intersects(visible))
        cells = [each.place.cells[0].width() for uid, each in columns if each.place.cells]
        widest = max(cells[1:] or cells, default=0.0) * self.zoom * ratio
        width = max(math.ceil(widest), 1)
        for column in self._columns.values():
            column.adapt(self.zoom * ratio)
        parts = {uid: self._columns[uid].cells(self.zoom * ratio) for uid in uids}
        found = uids, width, {uid: cells for uid, cells in parts.items() if cells is not None}
        if found != self._in_sight:
            self._in_sight = found
            self.sight_changed.emit()

    def _on_place_wanted(self, point: QPointF) -> None:
        """Bring a place of the scene into the middle."""
        self.scroll_by(self.mapFromScene(point) - self.viewport().rect().center())
        self.look_around()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom about a place; not while the detail is open, which would lie elsewhere."""
        if self._opening is None:
            super().zoom_by(factor, about)

    def scroll_by(self, by: QPoint) -> None:
        """Move what is in sight, and the detail with it."""
        super().scroll_by(by)
        if self._opening is not None:
            self.gap_changed.emit(self.gap)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        self.look_around()

    def take_scale(self) -> None:
        self._lay_out()
        self.look_around()
