"""All maps of a stack: columns from left to right that can be panned, zoomed and clicked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QGraphicsObject,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from convlab.document.stack.column import MapColumn
from convlab.document.stack.model import INPUT, Unit
from convlab.ui.theme import theme
from convlab.ui.widgets.arrows import ARROWS
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.map_column import Card, ColumnItems, label_height
from convlab.ui.widgets.map_layout import (
    BAR_HEIGHT,
    CELL,
    COLUMN_GAP,
    ColumnSpec,
    arrange,
    best_rows,
    bounds,
)
from convlab.ui.widgets.map_selection import Selection, SelectionItems, fade

MARGIN = 14.0  # around everything [scene px]
LARGEST_FIT = 1.6
LEAST_ZOOM, MOST_ZOOM = 0.05, 24.0
WHEEL_STEP = 1.2  # factor of a notch
CLICK_DISTANCE = 4  # a press that moves less is a click, not a pan [screen px]
WIDTH_STEP = 16  # maps are painted again when they need so many more screen pixels


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

    Args:
        column_gap: Between layers; less where no links are drawn [scene px].

    Signals:
        pointed: The mouse is over a Unit.
        left: The mouse is over none.
        clicked: A Unit was clicked.
        layer_chosen: The card of the slot with this uid was clicked.
        nudged: The selected unit is to move by (rows, columns); without one, one is wanted.
        map_stepped: The next or the last map of the layer is wanted.
        sight_changed: Other layers are in sight, or in another size.
        painted: What was set last is on the screen.
        picture_dragged: With ``drags_picture``: the picture was dragged by (rows, columns) [px].
    """

    pointed = Signal(object)
    left = Signal()
    clicked = Signal(object)
    layer_chosen = Signal(int)
    nudged = Signal(int, int)
    map_stepped = Signal(int)
    sight_changed = Signal()
    painted = Signal()
    picture_dragged = Signal(int, int)

    def __init__(self, column_gap: float = COLUMN_GAP) -> None:
        super().__init__()
        describe(
            self,
            "map_grid",
            "Maps of all layers",
            "Click a map to choose a unit, move it with the arrow keys. The wheel zooms, a drag "
            "pans, a double click fits.",
        )
        self.drags_picture = False
        self._column_gap = column_gap
        self.setScene(QGraphicsScene(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(False)  # the window takes them
        self.setFrameShape(self.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setTransformationAnchor(self.ViewportAnchor.NoAnchor)
        self._specs: tuple[ColumnSpec, ...] = ()
        self._cards: dict[int, Card] = {}
        self._columns: dict[int, ColumnItems] = {}
        self._stale: frozenset[int] = frozenset()
        self._selection: Selection | None = None
        self._chosen: int | None = None
        self._drawn = SelectionItems(self.scene())
        self._finish = _Finish()
        self._finish.painted.connect(self.painted)
        self.scene().addItem(self._finish)
        self._fitted = True
        self._pressed: QPointF | None = None
        self._panned = False
        self._in_sight: tuple[frozenset[int], int] = (frozenset(), 0)
        self._take_colors()

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
            self._rebuild()
        self._show_cards()

    def show_columns(self, columns: Sequence[MapColumn], stale: frozenset[int]) -> None:
        """Paint new results; layers that are ``stale`` keep their last ones, faded."""
        for column in columns:
            if column.uid in self._columns:
                self._columns[column.uid].show_maps(column)
        if stale != self._stale:
            self._stale = stale
            fade(self._columns, self._selection, stale)
        self._adapt()
        self.viewport().update()

    def show_selection(self, selection: Selection | None, chosen: int | None) -> None:
        """Draw what belongs to the selected unit; mark the card of the chosen layer."""
        self._selection = selection
        if chosen != self._chosen:
            self._chosen = chosen
            self._show_cards()
        self._drawn.show(selection, self._columns)
        fade(self._columns, selection, self._stale)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colors()

    def _take_colors(self) -> None:
        self.setBackgroundBrush(QColor(theme().window))
        for column in self._columns.values():
            column.take_colors()
        self._show_cards()
        self.show_selection(self._selection, self._chosen)

    def _show_cards(self) -> None:
        for uid, column in self._columns.items():
            card = self._cards.get(uid)
            if card is not None:
                column.show_card(card, uid == self._chosen)

    def _rebuild(self) -> None:
        """Lay all layers out again; what was shown of each stays."""
        self._drawn.clear()
        before = self._columns
        for column in before.values():
            column.remove()
        room = QSizeF(self.viewport().size())
        rows = best_rows(self._specs, room, self._column_gap)
        places = arrange(self._specs, rows, self._column_gap)
        self._columns = {place.uid: ColumnItems(self.scene(), place) for place in places}
        for uid, column in self._columns.items():
            shown = before[uid].shown if uid in before else None
            if shown is not None:
                column.show_maps(shown)
        whole = self._with_labels(bounds(places).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
        self.scene().setSceneRect(whole)
        self.setSceneRect(whole)
        self._finish.prepareGeometryChange()
        self._finish.bounds = whole
        self._show_cards()
        is_another_stack = not set(self._columns) & set(before) - {INPUT}
        if self._fitted or is_another_stack:
            self.fit()
        self.show_selection(self._selection, self._chosen)
        self._look_around()

    def _with_labels(self, whole: QRectF) -> QRectF:
        """Add room for what is written under the lowest colour bar, larger when seen from afar."""
        zoom = self._fitting_zoom(whole)
        room = label_height(zoom) - BAR_HEIGHT - MARGIN if zoom else 0.0
        return whole.adjusted(0, 0, 0, max(room, 0.0))

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

    def _unit_at(self, position: QPointF) -> Unit | None:
        point = self.mapToScene(position.toPoint())
        units = (column.unit_at(point) for column in self._columns.values())
        return next((unit for unit in units if unit is not None), None)

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
        whole = self.sceneRect()
        zoom = self._fitting_zoom(whole)
        if not zoom:
            return
        self.resetTransform()
        self.scale(zoom, zoom)
        self.centerOn(whole.center())
        self._look_around()

    def _fitting_zoom(self, whole: QRectF) -> float:
        """Return the zoom that shows all of a rectangle; 0 where nothing can be shown."""
        room = self.viewport().size()
        if whole.isEmpty() or room.isEmpty():
            return 0.0
        return min(room.width() / whole.width(), room.height() / whole.height(), LARGEST_FIT)

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom about a place in the viewport, or its middle: what is there stays there."""
        factor = min(max(self.zoom * factor, LEAST_ZOOM), MOST_ZOOM) / self.zoom
        place = self.viewport().rect().center() if about is None else about.toPoint()
        kept = self.mapToScene(place)
        self._fitted = False
        self.scale(factor, factor)
        self._scroll(self.mapFromScene(kept) - place)
        self._look_around()

    def _scroll(self, by: QPoint) -> None:
        for bar, change in (
            (self.horizontalScrollBar(), by.x()),
            (self.verticalScrollBar(), by.y()),
        ):
            bar.setValue(bar.value() + change)

    def _look_around(self) -> None:
        """Tell when other layers came into sight, or all are shown in another size."""
        visible = self.mapToScene(self.viewport().rect()).boundingRect()
        uids = frozenset(
            uid for uid, column in self._columns.items() if column.place.rect.intersects(visible)
        )
        exact = CELL * self.zoom * self.devicePixelRatioF()
        width = max(WIDTH_STEP * -(-int(exact) // WIDTH_STEP), WIDTH_STEP)
        self._adapt()
        if (uids, width) != self._in_sight:
            self._in_sight = (uids, width)
            self.sight_changed.emit()

    def _adapt(self) -> None:
        for column in self._columns.values():
            column.adapt(self.zoom, self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted and self._specs:
            self._rebuild()
        else:
            self._look_around()

    # ---- mouse and keys ----

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        self.zoom_by(WHEEL_STEP**notches, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._panned = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
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
        self._scroll(QPoint(-round(moved.x()), -round(moved.y())))
        self._look_around()

    def _drag_picture(self, position: QPointF) -> bool:
        """Move the picture itself, if that is what was pressed; tell whether it was."""
        assert self._pressed is not None
        grabbed = self._unit_at(self._pressed)
        column = self._columns.get(INPUT)
        shown = None if column is None else column.shown
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
        if key in ARROWS:
            self.nudged.emit(*ARROWS[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(WHEEL_STEP)
        elif key is Qt.Key.Key_Minus:
            self.zoom_by(1 / WHEEL_STEP)
        elif key is Qt.Key.Key_Home:
            self.fit()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.map_stepped.emit(1 if key is Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)
