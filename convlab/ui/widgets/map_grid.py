"""All maps of a stack: columns from left to right that can be panned, zoomed and clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QGraphicsObject,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from convlab.document.stack.column import MapColumn
from convlab.document.stack.model import INPUT, Unit
from convlab.document.stack.path import Box
from convlab.engine.arrays import ByteArray
from convlab.ui.theme import theme
from convlab.ui.widgets.map_column import STALE, Card, ColumnItems
from convlab.ui.widgets.map_layout import CELL, ColumnPlace, ColumnSpec, arrange, best_rows, bounds
from convlab.ui.widgets.map_links import Link, LinkItems

MARGIN = 14.0  # around everything [scene px]
LARGEST_FIT = 1.6
LEAST_ZOOM, MOST_ZOOM = 0.05, 24.0
WHEEL_STEP = 1.2  # factor of a notch
CLICK_DISTANCE = 4  # a press that moves less is a click, not a pan [screen px]
WIDTH_STEP = 16  # maps are made anew when they need so many more screen pixels
FAINT, DIM = 0.25, 0.6  # opacity of maps beside the path of a selected one, and on it


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The unit that is selected, and all that is drawn for it.

    Attributes:
        unit: The unit.
        boxes: What it is made from, by the uid of the layer; itself included.
        feeds: uid of the layer before, and the maps of it that feed the unit's map.
        kernels: What each of those is multiplied with, painted; empty where there are none.
        strengths: Of the links, 0 to 1.
    """

    unit: Unit
    boxes: dict[int, Box | None]
    feeds: tuple[int, range]
    kernels: tuple[ByteArray, ...]
    strengths: tuple[float, ...]


class _Finish(QGraphicsObject):
    """Lies over all and paints nothing: when it is painted, so is everything.

    Signals:
        painted: See above.
    """

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.bounds = QRectF()
        self.setZValue(100)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return self.bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self.painted.emit()


class MapGrid(QGraphicsView):
    """Shows columns and reports what is pointed at; holds no state of the program.

    Wheel zooms, drag pans, double click fits, arrow keys move the selected unit.

    Signals:
        pointed: The mouse is over a Unit.
        left: The mouse is over none.
        clicked: A Unit was clicked.
        layer_chosen: The card of the slot with this uid was clicked.
        nudged: The selected unit is to move by (rows, columns).
        sight_changed: Other layers are in sight, or in another size.
        painted: What was set last is on the screen.
        picture_dragged: With ``drags_picture``: the picture was dragged by (rows, columns) [px].
    """

    pointed = Signal(object)
    left = Signal()
    clicked = Signal(object)
    layer_chosen = Signal(int)
    nudged = Signal(int, int)
    sight_changed = Signal()
    painted = Signal()
    picture_dragged = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("map_grid")
        self.drags_picture = False
        self.setAccessibleName("Maps of all layers")
        self.setScene(QGraphicsScene(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(False)  # the window takes them
        self.setFrameShape(self.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setTransformationAnchor(self.ViewportAnchor.AnchorUnderMouse)
        self._specs: tuple[ColumnSpec, ...] = ()
        self._cards: dict[int, Card] = {}
        self._columns: dict[int, ColumnItems] = {}
        self._shown: dict[int, MapColumn] = {}  # the last good result of each layer
        self._stale: frozenset[int] = frozenset()
        self._selection: Selection | None = None
        self._chosen: int | None = None
        self._links = LinkItems(self.scene())
        self._finish = _Finish()
        self._finish.painted.connect(self.painted)
        self.scene().addItem(self._finish)
        self._fitted = True
        self._pressed: QPointF | None = None
        self._panned = False
        self._in_sight: tuple[frozenset[int], int] = (frozenset(), 0)
        self.restyle()

    # ---- what is shown ----

    def set_layers(self, specs: Sequence[ColumnSpec], cards: Sequence[Card]) -> None:
        """Show these layers, the picture first.

        Args:
            specs: How much room each needs.
            cards: What is written over each.
        """
        self._cards = {card.uid: card for card in cards}
        if tuple(specs) != self._specs:
            self._specs = tuple(specs)
            self._shown = {
                spec.uid: self._shown[spec.uid] for spec in specs if spec.uid in self._shown
            }
            self._rebuild()
        self._show_cards()

    def show_columns(self, columns: Sequence[MapColumn], stale: frozenset[int]) -> None:
        """Paint new results; layers that are ``stale`` keep their last ones, faded."""
        for column in columns:
            if column.tiles is not None and column.uid in self._columns:
                self._shown[column.uid] = column
                self._columns[column.uid].show_maps(column)
        if stale != self._stale:
            self._stale = stale
            self._fade()
        self._smooth()
        self.viewport().update()

    def show_selection(self, selection: Selection | None, chosen: int | None) -> None:
        """Draw what belongs to the selected unit; mark the card of the chosen layer."""
        self._selection = selection
        if chosen != self._chosen:
            self._chosen = chosen
            self._show_cards()
        self._links.clear()
        if selection is not None:
            self._draw(selection)
        self._fade()
        self.viewport().update()

    def restyle(self) -> None:
        """Take the palette's colours."""
        self.setBackgroundBrush(QColor(theme().window))
        for column in self._columns.values():
            column.restyle()
        self._show_cards()
        self.show_selection(self._selection, self._chosen)

    def _show_cards(self) -> None:
        for uid, column in self._columns.items():
            card = self._cards.get(uid)
            if card is not None:
                column.show_card(card, uid == self._chosen)

    def _rebuild(self) -> None:
        """Place all layers anew."""
        self._links.clear()
        for column in self._columns.values():
            column.remove()
        room = QSizeF(self.viewport().size())
        places = arrange(self._specs, best_rows(self._specs, room))
        self._columns = {place.uid: ColumnItems(self.scene(), place) for place in places}
        for uid, shown in self._shown.items():
            self._columns[uid].show_maps(shown)
        whole = bounds(places).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        self.scene().setSceneRect(whole)
        self.setSceneRect(whole)
        self._finish.prepareGeometryChange()
        self._finish.bounds = whole
        self._show_cards()
        if self._fitted:
            self.fit()
        if self._selection is not None:
            self.show_selection(self._selection, self._chosen)
        self._fade()
        self._look_around()

    # ---- what belongs to the selection ----

    def _draw(self, selection: Selection) -> None:
        rect = self._tile_of(selection.unit)
        if rect is None:
            return
        below, maps = selection.feeds
        source = self._columns.get(below)
        if source is not None:
            links = [
                Link(cell, kernel, strength)
                for cell, kernel, strength in self._feeding(source.place, below, maps, selection)
            ]
            self._links.show_links(links, rect)
        self._links.show_selected(rect)
        self._draw_fields(selection)

    def _feeding(
        self, place: ColumnPlace, uid: int, maps: range, selection: Selection
    ) -> list[tuple[QRectF, ByteArray | None, float]]:
        """Where each feeding map lies, its kernel and its strength."""
        lead = self._lead(uid)
        found = []
        for number, index in enumerate(maps):
            if index + lead >= len(place.cells):
                break
            kernel = selection.kernels[number] if number < len(selection.kernels) else None
            strength = selection.strengths[number] if number < len(selection.strengths) else 1.0
            found.append((place.cells[index + lead], kernel, strength))
        return found

    def _draw_fields(self, selection: Selection) -> None:
        """Frame what the unit sees of each map before it, and fade the rest of the picture."""
        fields, tiles, seen = [], [], []
        for uid, box in selection.boxes.items():
            place = self._columns.get(uid)
            if box is None or place is None:
                continue
            for cell, field in self._fields_in(place.place, uid, box):
                if uid == INPUT:
                    tiles.append(cell)
                    seen.append(field)
                if field != cell:  # a frame around all of it would say nothing
                    fields.append(field)
        if tiles:
            self._links.show_shade(tiles, seen)
        self._links.show_fields(fields)

    def _fields_in(self, place: ColumnPlace, uid: int, box: Box) -> list[tuple[QRectF, QRectF]]:
        """The cells of the maps in a box, and where the box lies in each."""
        shown = self._shown.get(uid)
        if shown is None or len(shown.shape) != 3:
            return []
        height, width = shown.shape[1:]
        lead = self._lead(uid)
        first = 0 if uid == INPUT else box.channels.first + lead
        last = min(box.channels.last + lead, len(place.cells) - 1)
        found = []
        for cell in place.cells[first : last + 1]:
            x, y = cell.width() / width, cell.height() / height
            field = QRectF(
                cell.left() + box.columns.first * x,
                cell.top() + box.rows.first * y,
                box.columns.length * x,
                box.rows.length * y,
            )
            found.append((cell, field))
        return found

    def _fade(self) -> None:
        """Fade all that has no part in the selected unit, and what is out of date."""
        selection = self._selection
        for uid, column in self._columns.items():
            if uid in self._stale:
                column.fade_all(STALE)
            elif selection is None:
                column.fade_all(1.0)
            else:
                column.fade(self._opacities(uid, len(column.tiles), selection))

    def _opacities(self, uid: int, count: int, selection: Selection) -> list[float]:
        lead = self._lead(uid)
        if uid == selection.unit.uid:
            chosen = self._tile_index(selection.unit)
            return [1.0 if index == chosen else FAINT for index in range(count)]
        below, maps = selection.feeds
        if uid == below:
            return [
                1.0 if index - lead in maps or uid == INPUT else FAINT for index in range(count)
            ]
        if uid == INPUT:
            return [1.0] * count
        return [DIM if uid in selection.boxes else FAINT] * count

    def _lead(self, uid: int) -> int:
        shown = self._shown.get(uid)
        return shown.lead if shown is not None else 0

    def _tile_index(self, unit: Unit) -> int | None:
        shown = self._shown.get(unit.uid)
        return None if shown is None else shown.place_of(unit)[0] + shown.lead

    def _tile_of(self, unit: Unit) -> QRectF | None:
        """Where the map of a unit lies [scene px]."""
        column, index = self._columns.get(unit.uid), self._tile_index(unit)
        if column is None or index is None or index >= len(column.place.cells):
            return None
        return column.place.cells[index]

    # ---- places on the screen ----

    def unit_center(self, unit: Unit) -> QPoint:
        """Where a unit is in the viewport [screen px].

        Raises:
            ValueError: Its map is not shown.
        """
        cell, shown = self._tile_of(unit), self._shown.get(unit.uid)
        if cell is None or shown is None:
            raise ValueError(f"{unit} is not shown.")
        _, row, column = shown.place_of(unit)
        height, width = shown.maps.shape[1:]
        x = cell.left() + (column + 0.5) * cell.width() / width
        y = cell.top() + (row + 0.5) * cell.height() / height
        return self.mapFromScene(QPointF(x, y))

    def card_center(self, uid: int) -> QPoint:
        """Where the card of a slot is in the viewport [screen px]."""
        return self.mapFromScene(self._columns[uid].place.card.center())

    def _unit_at(self, position: QPointF) -> Unit | None:
        point = self.mapToScene(position.toPoint())
        for uid, column in self._columns.items():
            shown = self._shown.get(uid)
            if shown is None or not column.place.rect.contains(point):
                continue
            for index, cell in enumerate(column.place.cells):
                if cell.contains(point):
                    height, width = shown.maps.shape[1:]
                    row = min(int((point.y() - cell.top()) / cell.height() * height), height - 1)
                    at = min(int((point.x() - cell.left()) / cell.width() * width), width - 1)
                    return shown.unit_at(index, row, at)
        return None

    # ---- zoom ----

    @property
    def zoom(self) -> float:
        """Screen pixels for one of the scene."""
        return self.transform().m11()

    @property
    def in_sight(self) -> frozenset[int]:
        """Uids of the layers that are on the screen."""
        return self._in_sight[0]

    @property
    def cell_width(self) -> int:
        """Width of a map on the screen, rounded up [screen px]."""
        return self._in_sight[1]

    def fit(self) -> None:
        """Show everything, and keep doing so when the view changes its size."""
        self._fitted = True
        whole, room = self.sceneRect(), self.viewport().size()
        if whole.isEmpty() or room.isEmpty():
            return
        zoom = min(room.width() / whole.width(), room.height() / whole.height(), LARGEST_FIT)
        self.resetTransform()
        self.scale(zoom, zoom)
        self.centerOn(whole.center())
        self._look_around()

    def zoom_by(self, factor: float) -> None:
        """Zoom around the mouse, or the middle."""
        factor = min(max(self.zoom * factor, LEAST_ZOOM), MOST_ZOOM) / self.zoom
        self._fitted = False
        self.scale(factor, factor)
        self._look_around()

    def _look_around(self) -> None:
        """Tell when other layers came into sight, or all are shown in another size."""
        visible = self.mapToScene(self.viewport().rect()).boundingRect()
        uids = frozenset(
            uid for uid, column in self._columns.items() if column.place.rect.intersects(visible)
        )
        exact = CELL * self.zoom * self.devicePixelRatioF()
        width = max(WIDTH_STEP * -(-int(exact) // WIDTH_STEP), WIDTH_STEP)
        self._smooth()
        if (uids, width) != self._in_sight:
            self._in_sight = (uids, width)
            self.sight_changed.emit()

    def _smooth(self) -> None:
        for column in self._columns.values():
            column.smooth(self.zoom * self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted and self._specs:
            self._rebuild()
        else:
            self._look_around()

    # ---- mouse and keys ----

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        self.zoom_by(WHEEL_STEP**notches)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._panned = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._pan(event.position())
            return
        unit = self._unit_at(event.position())
        if unit is None:
            self.left.emit()
        else:
            self.pointed.emit(unit)

    def _pan(self, position: QPointF) -> None:
        assert self._pressed is not None
        moved = position - self._pressed
        if not self._panned and moved.manhattanLength() < CLICK_DISTANCE:
            return
        if self.drags_picture and self._drag_picture(position):
            return
        self._panned, self._fitted, self._pressed = True, False, position
        for bar, change in (
            (self.horizontalScrollBar(), moved.x()),
            (self.verticalScrollBar(), moved.y()),
        ):
            bar.setValue(bar.value() - round(change))
        self._look_around()

    def _drag_picture(self, position: QPointF) -> bool:
        """Move the picture itself, if that is what was pressed; tell whether it was."""
        assert self._pressed is not None
        grabbed = self._unit_at(self._pressed)
        shown = self._shown.get(INPUT)
        if shown is None or (not self._panned and (grabbed is None or grabbed.uid != INPUT)):
            return False
        scale = CELL / shown.maps.shape[2] * self.zoom  # screen pixels for one of the picture
        moved = position - self._pressed
        rows, columns = int(moved.y() / scale), int(moved.x() / scale)
        if rows or columns:
            self._panned = True
            self._pressed += QPointF(columns * scale, rows * scale)
            self.picture_dragged.emit(rows, columns)
        return True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None or self._panned or event.button() is not Qt.MouseButton.LeftButton:
            return
        unit = self._unit_at(event.position())
        if unit is not None:
            self.clicked.emit(unit)
            return
        point = self.mapToScene(event.position().toPoint())
        for uid, column in self._columns.items():
            if column.place.card.contains(point):
                self.layer_chosen.emit(uid)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        if key in steps:
            self.nudged.emit(*steps[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(WHEEL_STEP)
        elif key is Qt.Key.Key_Minus:
            self.zoom_by(1 / WHEEL_STEP)
        elif key is Qt.Key.Key_Home:
            self.fit()
        else:
            super().keyPressEvent(event)
