"""The kernel as a grid of numbers to type, drag, turn and paste into."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip

from convlab.document.kernel.model import Weights
from convlab.engine import kernels
from convlab.engine.shapes import anchor
from convlab.runtime.timers import single_shot
from convlab.ui.cell_table import Cells
from convlab.ui.cell_texts import WrittenCells, drag_unit, written_cells
from convlab.ui.numbers import show_exact, show_weight
from convlab.ui.taken import Taken
from convlab.ui.theme import px, scale, theme
from convlab.ui.weight_cells import MARKS_FROM, paint_anchor, paint_weights
from convlab.ui.widgets.arrows import ARROWS, Place, moved, read_on
from convlab.ui.widgets.cell_editor import CellEditor
from convlab.ui.widgets.digit_keys import DigitKeys
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.tipped import Tipped

LARGEST_CELL = 72  # [px]
DRAG_THRESHOLD = 3  # [px]
DRAG_STEP = 0.02  # change of value per pixel dragged, in a kernel of weights around 1
WHEEL_STEP = 0.1  # the same per notch
DIGITS = 4  # after the point, in such a kernel
TIP = (
    "Drag a cell to change it, turn the wheel (Ctrl finer, Shift coarser), or type a number "
    "or a fraction such as 1/9."
)
IDLE = 600  # the turns of the wheel with no longer pause are one step of undo [ms]
FINE, COARSE = 0.1, 10.0  # with Ctrl, with Shift


class KernelGrid(Tipped):
    """Paints weights and reports what a person wants changed; holds no values of its own.

    Its object name and that of its editor begin with ``role``.

    Drag a cell sideways or up and down to scrub it, turn the wheel over it, type a number or a
    fraction such as 1/9, move with the arrow keys, copy and paste whole kernels as text.

    Signals:
        cell_edited: (row, column, value).
        gesture_ended: A drag is over: its edits are one step of undo.
        text_pasted: More than one number was pasted.
        rejected: One message why an input was not taken; empty when it is fine again.
        hovered: (row, column) under the mouse, (-1, -1) when it left.
        selection_changed: Another cell is selected, or its value is another.
    """

    cell_edited = Signal(int, int, float)
    gesture_ended = Signal()
    text_pasted = Signal(str)
    rejected = Signal(str)
    hovered = Signal(int, int)
    selection_changed = Signal()

    def __init__(self, role: str = "kernel") -> None:
        super().__init__()
        describe(self, f"{role}_grid", "Kernel", TIP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(150, 120)
        self._weights: Weights = ((0.0,),)
        self._written_for: object = None  # the weights, the side of a cell and the scale
        self._written: WrittenCells | None = None
        self._anchor = (0, 0)  # the cell that lies over the output pixel
        self._selected = (0, 0)
        self._hovered: tuple[int, int] | None = None
        self._partner: tuple[int, int] | None = None
        self._press: tuple[QPointF, float, float] | None = None  # with the value and its unit
        self._scrubbing = False
        self._digits = DigitKeys(self)
        self._editor = CellEditor(self, f"{role}_cell_editor", read_more=kernels.parse)
        self._editor.accepted.connect(self._on_accepted)
        self._editor.text_accepted.connect(self.text_pasted)
        self._editor.went_on.connect(self._on_went_on)
        self._editor.rejected.connect(self.rejected)
        self._idle = single_shot(self, IDLE, self.gesture_ended)

    def sizeHint(self) -> QSize:
        return QSize(240, 220)

    def set_weights(self, weights: Weights) -> None:
        """Show a kernel."""
        if weights == self._weights:
            return
        before = self._shape
        self._weights = weights
        if self._shape != before:
            self._editor.dismiss()  # its cell may be gone
            self._anchor = anchor(self._shape)
            self._selected = moved(self._selected, (0, 0), self._shape)
        self._select(*self._selected)
        self.update()

    def show_partner(self, cell: tuple[int, int] | None) -> None:
        """Frame the cell that belongs to what is under the mouse elsewhere."""
        if cell != self._partner:
            self._partner = cell
            self.update()

    @property
    def partner(self) -> tuple[int, int] | None:
        """The cell framed for what is under the mouse elsewhere."""
        return self._partner

    def exact_text(self) -> str:
        """Return the place and every digit of the cell looked at."""
        row, column = self.looked_at or self._anchor
        return f"w[{row}, {column}] = {show_exact(self._value((row, column)))}"

    @property
    def anchor(self) -> tuple[int, int]:
        """(row, column) of the cell that lies over the output pixel."""
        return self._anchor

    @property
    def looked_at(self) -> tuple[int, int] | None:
        """(row, column) of the cell under the mouse, or of the one with the keyboard's focus."""
        is_chosen = self.hasFocus() or self._scrubbing or self._editor.isVisible()
        return self._hovered or (self._selected if is_chosen else None)

    @property
    def selected(self) -> tuple[int, int]:
        """(row, column) of the selected cell."""
        return self._selected

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is painted."""
        side, (rows, columns) = self._side(), self._shape
        left, top = (self.width() - side * columns) / 2, (self.height() - side * rows) / 2
        return QRectF(left + column * side, top + row * side, side, side)

    def cells(self) -> Cells:
        """Say what stands in the kernel, for a screen reader."""
        return Cells(
            self._shape,
            lambda row, column: show_weight(self._value((row, column))),
            lambda row: f"row {row + 1}",
            lambda column: f"column {column + 1}",
            self.cell_rect,
            self._selected,
        )

    @property
    def _shape(self) -> Place:
        """How many rows and columns there are."""
        return len(self._weights), len(self._weights[0])

    def _side(self) -> float:
        """Side of a cell [px]."""
        rows, columns = self._shape
        fitting = min((self.width() - 4) / columns, (self.height() - 4) / rows)
        return max(3.0, min(float(px(LARGEST_CELL)), fitting))

    def _cell_at(self, position: QPointF) -> tuple[int, int] | None:
        corner, side = self.cell_rect(0, 0), self._side()
        row = int((position.y() - corner.top()) // side)
        column = int((position.x() - corner.left()) // side)
        inside = 0 <= row < self._shape[0] and 0 <= column < self._shape[1]
        return (row, column) if inside else None

    def _value(self, cell: tuple[int, int]) -> float:
        return self._weights[cell[0]][cell[1]]

    def _select(self, row: int, column: int) -> None:
        self._selected = (row, column)
        value = show_weight(self._value(self._selected))
        self.setAccessibleDescription(f"Row {row + 1}, column {column + 1}: {value}")
        self.selection_changed.emit()
        self.update()

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_weights(painter, self._weights, self.cell_rect(0, 0), self._write())
        self._paint_marks(painter)
        painter.end()

    def _write(self) -> WrittenCells | None:
        """Return what is written into the cells: found once for each kernel and size."""
        side = self._side()
        wanted = self._weights, side, scale()
        if wanted != self._written_for:
            self._written_for = wanted
            self._written = written_cells(self._weights, side)
        return self._written

    def _paint_marks(self, painter: QPainter) -> None:
        """Corner ticks on the anchor, a frame around the selected cell."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._side() >= MARKS_FROM:
            paint_anchor(painter, self.cell_rect(*self._anchor))
        if self._partner is not None:
            painter.setPen(QPen(QColor(theme().mark), 2))
            painter.drawRect(self.cell_rect(*self._partner).adjusted(2, 2, -2, -2))
        if self.hasFocus() or self._scrubbing:
            painter.setPen(QPen(QColor(theme().mark), 3))
            painter.drawRect(self.cell_rect(*self._selected).adjusted(1, 1, -1, -1))

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the kernel."""
        return Taken("kernel", np.array(self._weights, np.float32))

    # ---- mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        self._editor.finish()
        if cell is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self.gesture_ended.emit()  # whatever the wheel or the keys did before is a step of its own
        self._select(*cell)
        self._press = (event.position(), self._value(cell), drag_unit(self._weights))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._scrub(event)
            return
        cell = self._cell_at(event.position())
        if cell != self._hovered:
            self._hovered = cell
            self.hovered.emit(*(cell or (-1, -1)))
        self.setCursor(
            Qt.CursorShape.SizeHorCursor if cell is not None else Qt.CursorShape.ArrowCursor
        )

    def _scrub(self, event: QMouseEvent) -> None:
        assert self._press is not None
        start, value, unit = self._press
        moved = event.position() - start
        if not self._scrubbing and moved.manhattanLength() < DRAG_THRESHOLD:
            return
        self._scrubbing = True
        step = DRAG_STEP * unit * drag_speed(event.modifiers())
        self._offer(_rounded(value + step * (moved.x() - moved.y()), unit))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._scrubbing:
            self._scrubbing = False
            self.gesture_ended.emit()
        self._press = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._cell_at(event.position()) is not None:
            self._open_editor(show_weight(self._value(self._selected)))

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.hovered.emit(-1, -1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selection_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.selection_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._editor.isVisible():  # it stays on its cell
            self._editor.move_over(self.cell_rect(*self._selected))

    def wheelEvent(self, event: QWheelEvent) -> None:
        cell = self._cell_at(event.position())
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if cell is None or notches == 0:
            event.ignore()
            return
        self._select(*cell)
        self._nudge(notches * WHEEL_STEP * drag_speed(event.modifiers()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(QPointF(event.pos()))
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            mime = QGuiApplication.clipboard().mimeData()
            if event.matches(QKeySequence.StandardKey.Paste) and mime.hasText():
                event.accept()  # a picture is the window's
                return True
        return super().event(event)

    def _show_tip(self, position: QPointF) -> None:
        """Say what lies under the mouse below the cells, which are looked at and edited."""
        if not self._editor.isVisible():
            below = self.mapToGlobal(QPoint(0, self.height()))
            QToolTip.showText(below, self.tip_at(position) or self.toolTip(), self)

    def tip_at(self, position: QPointF) -> str | None:
        cell = self._cell_at(position)
        if cell is None:
            return None
        anchor = " (anchor: lies over the output pixel)" if cell == self._anchor else ""
        return f"<b>w[{cell[0]}, {cell[1]}] = {show_exact(self._value(cell))}</b>{anchor}<br>{TIP}"

    # ---- keyboard ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif not self._navigate(event):
            self._type(event)

    def _navigate(self, event: QKeyEvent) -> bool:
        """Move the selection, or change its value with Alt or the page keys."""
        key = Qt.Key(event.key())
        if key in ARROWS and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            rows, columns = ARROWS[key]
            self._nudge((columns - rows) * WHEEL_STEP)
        elif key in ARROWS:
            self._select(*moved(self._selected, ARROWS[key], self._shape))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._nudge(1.0 if key is Qt.Key.Key_PageUp else -1.0)
        else:
            return False
        return True

    def _type(self, event: QKeyEvent) -> None:
        key, text = Qt.Key(event.key()), event.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._open_editor(show_weight(self._value(self._selected)))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._offer(0.0)
            self.gesture_ended.emit()
        elif self._digits.begins(event):
            self._open_editor(text, selected=False)
        else:
            super().keyPressEvent(event)

    def _nudge(self, change: float) -> None:
        """Change the selected cell, in the unit of the kernel's weights."""
        unit = drag_unit(self._weights)
        self._offer(_rounded(self._value(self._selected) + unit * change, unit))
        self._idle.start()

    def _offer(self, value: float) -> None:
        self.rejected.emit("")
        self.cell_edited.emit(*self._selected, value)

    # ---- typing into a cell ----

    def _open_editor(self, text: str, selected: bool = True) -> None:
        self._editor.open(self.cell_rect(*self._selected), text, selected)

    def _on_accepted(self, value: float) -> None:
        self._offer(value)
        self.gesture_ended.emit()

    def _on_went_on(self, cells: int, rows: int) -> None:
        place = read_on(self._selected, cells, self._shape)
        self._select(*moved(place, (rows, 0), self._shape))

    # ---- clipboard ----

    def _copy(self) -> None:
        text = kernels.to_text(np.array(self._weights, np.float32), "tsv")
        QGuiApplication.clipboard().setText(text)

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        try:
            value = kernels.parse_number(text)
        except ValueError:
            self.text_pasted.emit(text)
            return
        self._offer(value)
        self.gesture_ended.emit()


def _rounded(value: float, unit: float) -> float:
    """Round to digits that are worth writing beside weights of that size."""
    return round(value, DIGITS - math.floor(math.log10(unit)))


def drag_speed(modifiers: Qt.KeyboardModifier) -> float:
    """Return how much finer (Ctrl) or coarser (Shift) a drag or a nudge is."""
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return FINE
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return COARSE
    return 1.0
