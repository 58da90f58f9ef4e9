"""The canvas one paints on: a small grey picture, large on the screen."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.document.drawing import BLANK_DRAWING, FIRST_BRUSH, Brush, Drawing
from convlab.ui.numbers import show_number
from convlab.ui.taken import Taken
from convlab.ui.theme import FONT_FAMILY, text_on, theme
from convlab.ui.widgets.arrows import ARROWS, Place, moved, read_on
from convlab.ui.widgets.cell_editor import CellEditor
from convlab.ui.widgets.digit_keys import DigitKeys
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.pixels import image_of

LINES_FROM = 9.0  # narrower pixels have no lines between them [screen px]
TEXT_FROM = 27.0  # narrower pixels do not show their value [screen px]
HINT = "Paint here.\nThe right button erases,\narrow keys and numbers work, too."
BUTTONS = {Qt.MouseButton.LeftButton: False, Qt.MouseButton.RightButton: True}  # which erases
PAINT_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_P)
ERASE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class DrawingView(QWidget):
    """Shows a drawing and reports what is painted; it changes nothing itself.

    The mouse paints with its left button and erases with its right one. Arrow keys move a cursor,
    with Shift they paint on the way; P or Enter paints its pixel, Delete erases it, a number typed
    is its value.

    Args:
        role: Its object name, and that of the editor, begin with it.

    Signals:
        stroked: A line from (row, column) to (row, column) [px of the drawing]; whether it erases.
        pixel_chosen: (row, column, value).
        gesture_ended: The strokes since the last one are one step of undo.
        rejected: One message why a number was not taken; empty when it is fine again.
        pointed: (row, column) of the pixel under the mouse or the cursor.
        left: Neither is on the canvas any more.
    """

    stroked = Signal(float, float, float, float, bool)
    pixel_chosen = Signal(int, int, float)
    gesture_ended = Signal()
    rejected = Signal(str)
    pointed = Signal(int, int)
    left = Signal()

    def __init__(self, role: str) -> None:
        super().__init__()
        describe(
            self,
            f"{role}_view",
            "Drawing",
            "The left button paints, the right one erases. Arrow keys move the cursor, with Shift "
            "they paint; a number is the value of its pixel, P paints it, Delete erases it.",
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(140, 140)
        self._drawing = BLANK_DRAWING
        self._brush = FIRST_BRUSH
        self._steps = BLANK_DRAWING.steps()  # the image shares its memory
        self._frames: list[QRectF] = []
        self._selected = (0, 0)
        self._stroke: tuple[QPointF, bool] | None = None  # where it has got to, whether it erases
        self._mouse: QPointF | None = None
        self._digits = DigitKeys(self, ".,")
        self._editor = CellEditor(self, f"{role}_value_editor", "Value of the pixel")
        self._editor.accepted.connect(self._set)
        self._editor.went_on.connect(self._on_went_on)
        self._editor.rejected.connect(self.rejected)
        self._say_cursor()

    def sizeHint(self) -> QSize:
        return QSize(260, 260)

    # ---- what is shown ----

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the drawing."""
        return Taken("drawing", self._drawing.array())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Leave the menu to the keyboard: the right button erases."""
        event.setAccepted(event.reason() is QContextMenuEvent.Reason.Mouse)

    def show_drawing(self, drawing: Drawing) -> None:
        """Show a drawing."""
        if drawing == self._drawing:
            return
        self._drawing, self._steps = drawing, drawing.steps()
        self._selected = moved(self._selected, (0, 0), self._shape)
        self._say_cursor()
        self.update()

    def show_brush(self, brush: Brush) -> None:
        """Show how wide the brush is."""
        self._brush = brush
        self.update()

    def set_frames(self, frames: list[QRectF]) -> None:
        """Frame parts of the drawing [px of the drawing]."""
        if frames != self._frames:
            self._frames = frames
            self.update()

    @property
    def drawing(self) -> Drawing:
        """What is shown."""
        return self._drawing

    @property
    def frames(self) -> list[QRectF]:
        """What is framed [px of the drawing]."""
        return list(self._frames)

    @property
    def selected(self) -> tuple[int, int]:
        """(row, column) of the cursor."""
        return self._selected

    def place(self, row: float, column: float) -> QPointF:
        """Where a point of the drawing is painted."""
        canvas, side = self._canvas(), self._side()
        return QPointF(canvas.left() + column * side, canvas.top() + row * side)

    @property
    def _shape(self) -> Place:
        return self._drawing.rows, self._drawing.columns

    def _side(self) -> float:
        """Side of a pixel on the screen, whole where it is not tiny [screen px]."""
        rows, columns = self._drawing.rows, self._drawing.columns
        side = max(min((self.width() - 4) / columns, (self.height() - 4) / rows), 1.0)
        return float(int(side)) if side >= 6.0 else side

    def _canvas(self) -> QRectF:
        side = self._side()
        width, height = side * self._drawing.columns, side * self._drawing.rows
        left, top = int((self.width() - width) / 2), int((self.height() - height) / 2)
        return QRectF(left, top, width, height)

    def _point(self, position: QPointF) -> QPointF:
        """The point of the drawing under a position [px of the drawing]."""
        return (position - self._canvas().topLeft()) / self._side()

    def _cell(self, row: int, column: int) -> QRectF:
        return QRectF(self.place(row, column), self.place(row + 1, column + 1))

    def _pixel_at(self, position: QPointF) -> tuple[int, int] | None:
        if not self._canvas().contains(position):
            return None
        point = self._point(position)
        row, column = int(point.y()), int(point.x())
        return min(row, self._drawing.rows - 1), min(column, self._drawing.columns - 1)

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._paint_canvas(painter)
            self._paint_marks(painter)
        finally:
            painter.end()

    def _paint_canvas(self, painter: QPainter) -> None:
        rows, columns = self._steps.shape
        canvas, side = self._canvas(), self._side()
        painter.drawImage(canvas, image_of(self._steps))
        if side >= LINES_FROM:
            painter.setPen(QColor(128, 128, 128, 70))
            for column in range(1, columns):
                painter.drawLine(self.place(0, column), self.place(rows, column))
            for row in range(1, rows):
                painter.drawLine(self.place(row, 0), self.place(row, columns))
        if side >= TEXT_FROM:
            self._paint_values(painter, side)
        if self._drawing.is_blank and side < TEXT_FROM:
            painter.setPen(QColor(128, 128, 128))
            painter.drawText(canvas, Qt.AlignmentFlag.AlignCenter, HINT)
        painter.setPen(QColor(theme().line))
        painter.drawRect(canvas)

    def _paint_values(self, painter: QPainter, side: float) -> None:
        font = QFont(FONT_FAMILY)
        font.setPixelSize(max(8, min(13, round(side * 0.3))))
        painter.setFont(font)
        values = self._drawing.array()
        for row, column in np.ndindex(self._shape):
            step = int(self._steps[row, column])
            painter.setPen(text_on(QColor(step, step, step)))
            text = show_number(float(values[row, column]), 2)
            painter.drawText(self._cell(row, column), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_marks(self, painter: QPainter) -> None:
        """Frame what is asked for, the cursor, and what the brush would cover."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme().mark), 2))
        for frame in self._frames:
            corners = (
                self.place(frame.top(), frame.left()),
                self.place(frame.bottom(), frame.right()),
            )
            painter.drawRect(QRectF(*corners))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.drawRect(self._cell(*self._selected))
        if self._mouse is not None and self._canvas().contains(self._mouse):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme().mark), 1.5))
            radius = max(self._brush.width * self._side() / 2, 2.0)
            painter.drawEllipse(self._mouse, radius, radius)

    # ---- mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._editor.finish()
        erases = BUTTONS.get(event.button())
        if erases is None or self._stroke is not None:
            return
        pixel = self._pixel_at(event.position())
        if pixel is not None:
            self._select(*pixel)
        self.gesture_ended.emit()  # whatever the keys did before is a step of its own
        self._stroke = (self._point(event.position()), erases)
        self._stroke_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = event.position()
        if self._stroke is not None:
            self._stroke_to(event.position())
        pixel = self._pixel_at(event.position())
        if pixel is None:
            self.left.emit()
        else:
            self.pointed.emit(*pixel)
        self.update()

    def _stroke_to(self, position: QPointF) -> None:
        assert self._stroke is not None
        (start, erases), end = self._stroke, self._point(position)
        self._stroke = (end, erases)
        erases = erases or self._brush.erases
        self.stroked.emit(start.y(), start.x(), end.y(), end.x(), erases)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._stroke is not None and event.button() in BUTTONS:
            self._stroke = None
            self.gesture_ended.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse = None
        self.left.emit()
        self.update()

    # ---- keyboard ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            paints = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move(moved(self._selected, ARROWS[key], self._shape), paints)
        elif key in PAINT_KEYS:
            self._set(self._drawing.paint)
        elif key in ERASE_KEYS:
            self._set(self._drawing.paper)
        elif key is Qt.Key.Key_F2:
            self._open_editor(show_number(self._value()), selected=True)
        elif self._digits.begins(event):
            self._open_editor(event.text(), selected=False)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.gesture_ended.emit()
        self.update()

    def _move(self, to: Place, paints: bool = False) -> None:
        middles = (*(at + 0.5 for at in self._selected), *(at + 0.5 for at in to))
        self._select(*to)
        self.pointed.emit(*to)
        if paints:
            self.stroked.emit(*middles, self._brush.erases)

    def _select(self, row: int, column: int) -> None:
        self._selected = (row, column)
        self._say_cursor()
        self.update()

    def _say_cursor(self) -> None:
        row, column = self._selected
        value = show_number(self._value())
        self.setAccessibleDescription(f"Row {row}, column {column}: {value}")

    def _value(self) -> float:
        return float(self._drawing.array()[self._selected])

    def _set(self, value: float) -> None:
        self.gesture_ended.emit()
        self.rejected.emit("")
        self.pixel_chosen.emit(*self._selected, value)

    # ---- typing a value ----

    def _open_editor(self, text: str, selected: bool) -> None:
        limits = (0.0, self._drawing.white)
        self._editor.open(self._cell(*self._selected), text, selected, limits)

    def _on_went_on(self, cells: int, rows: int) -> None:
        self._move(moved(read_on(self._selected, cells, self._shape), (rows, 0), self._shape))
