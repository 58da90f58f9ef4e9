"""All maps of a stack, by mouse and keys: pointed at, clicked, panned, zoomed, scrolled."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from convlab.layers.graph import INPUT
from convlab.ui.widgets.arrows import ARROWS
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.map_board import MapBoard
from convlab.ui.widgets.map_view import WHEEL_STEP

CLICK_DISTANCE = 4  # a press that moves less is a click, not a pan [screen px]


class MapGrid(MapBoard):
    """Reports what is pointed at, and what is wanted of it.

    Wheel zooms, or scrolls maps that have no room; drag pans, double click fits, arrow keys move
    the selected unit or go from layer to layer, Enter folds and opens blocks.

    Args:
        has_links: Links are drawn between the layers.

    Signals:
        pointed: The mouse is over a Unit.
        left: The mouse is over none.
        clicked: A Unit was clicked.
        layer_chosen: The card of the slot with this uid was clicked.
        fold_wanted: Key of a block, and whether it is to be folded, or opened.
        fold_turned: The block of the chosen layer is to be folded, or opened.
        nudged: The selected unit is to move by (rows, columns); without one, one is wanted.
        map_stepped: The next or the last map of the layer is wanted.
        picture_dragged: With ``drags_picture``: the picture was dragged by (rows, columns) [px].
    """

    pointed = Signal(object)
    left = Signal()
    clicked = Signal(object)
    layer_chosen = Signal(int)
    fold_wanted = Signal(str, bool)
    fold_turned = Signal()
    nudged = Signal(int, int)
    map_stepped = Signal(int)
    picture_dragged = Signal(int, int)

    def __init__(self, has_links: bool = True) -> None:
        super().__init__(has_links)
        describe(
            self,
            "map_grid",
            "Maps of all layers",
            "Click a map to choose a unit, move it with the arrow keys; without one they go from "
            "layer to layer. Enter folds and opens a block. The wheel zooms, or scrolls a layer of "
            "many maps; a drag pans, a double click fits.",
        )
        self.drags_picture = False
        self._pressed: QPointF | None = None
        self._panned = False

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
        self._panned, self._pressed = True, position
        self.scroll_by(QPoint(-round(moved.x()), -round(moved.y())))
        self.look_around()

    def _drag_picture(self, position: QPointF) -> bool:
        """Move the picture itself, if that is what was pressed; tell whether it was."""
        assert self._pressed is not None
        grabbed = self._unit_at(self._pressed)
        column = self._columns.get(INPUT)
        shown = None if column is None else column.shown
        if column is None or shown is None:
            return False
        if not self._panned and (grabbed is None or grabbed.uid != INPUT):
            return False
        width = column.place.cells[0].width()
        scale = width / shown.maps.shape[2] * self.zoom  # screen pixels for one of the picture
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
        fold = self.fold_at(point)
        if fold is not None:
            self.fold_wanted.emit(*fold)
            return
        for uid, column in self._columns.items():
            if column.place.card.contains(point):
                self.layer_chosen.emit(uid)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if is_plain and notches and self.scroll_maps(event.position(), -notches):
            event.accept()
        else:
            super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.nudged.emit(*ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.fold_turned.emit()
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
