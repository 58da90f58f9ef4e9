"""The flip seen: how a convolution turns the kernel by 180 degrees before it lays it down."""

from __future__ import annotations

import math
from string import ascii_lowercase

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from convlab.document.kernel.model import Weights
from convlab.ui.cell_table import Cells
from convlab.ui.cell_texts import cell_text
from convlab.ui.numbers import show_weight
from convlab.ui.theme import FONT_FAMILY, px, text_on, theme, value_color
from convlab.ui.widgets.forms import as_panel, describe, filled, quiet_label, tool_button

NUMBERS_FROM = 30  # side of a cell that has room for its letter and its weight [px]
TEXT_FROM = 11  # … for one of them [px]
LINES = 52  # height of the caption and the slider [px]
HALF_TURN = 180  # [degrees]


class FlipCanvas(QWidget):
    """Paints the kernel's cells on their way around its middle; their texts stay upright."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("flip_cells")
        self.setAccessibleName("The kernel as it is flipped")
        self._weights: Weights = ((0.0,),)
        self._turn = 0.0

    def show_turn(self, weights: Weights, turn: float) -> None:
        """Show a kernel, rotated by so much of 180 degrees."""
        self._weights, self._turn = weights, turn
        self.update()

    @property
    def lines(self) -> list[str]:
        """What is read from left to right and top to bottom, while it is not on its way."""
        names = names_of(self._weights)
        rows = [row[::-1] for row in names[::-1]] if self._turn > 0.5 else names
        return [" ".join(row) for row in rows]

    def cells(self) -> Cells:
        """Say what stands where, for a screen reader."""
        rows = [line.split() for line in self.lines]
        return Cells(
            (len(rows), len(rows[0])),
            lambda row, column: rows[row][column],
            lambda row: f"row {row}",
            lambda column: f"column {column}",
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            self._paint(painter)
        finally:  # a painter that outlives its widget takes the process with it
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        names = names_of(self._weights)
        rows, columns = len(names), len(names[0])
        room = min(self.width(), self.height()) - 4
        side = room / math.hypot(rows, columns)
        largest = max(abs(weight) for row in self._weights for weight in row)
        angle = math.radians(HALF_TURN * self._turn)
        painter.translate(self.width() / 2, self.height() / 2)
        font = painter.font()
        font.setFamily(FONT_FAMILY)
        font.setPixelSize(max(round(min(side * 0.34, px(15))), 7))
        painter.setFont(font)
        for row in range(rows):
            for column in range(columns):
                x, y = column - (columns - 1) / 2, row - (rows - 1) / 2
                middle = QPointF(
                    side * (x * math.cos(angle) - y * math.sin(angle)),
                    side * (x * math.sin(angle) + y * math.cos(angle)),
                )
                weight = self._weights[row][column]
                color = value_color(weight, largest)
                self._paint_cell(painter, middle, side, color)
                self._write(painter, middle, side, names[row][column], weight, color)

    def _paint_cell(self, painter: QPainter, middle: QPointF, side: float, color: QColor) -> None:
        painter.save()
        painter.translate(middle)
        painter.rotate(HALF_TURN * self._turn)
        painter.setPen(QPen(QColor(theme().line), 1))
        painter.setBrush(color)
        inner = side / 2 - (1 if side >= TEXT_FROM else 0)
        painter.drawRect(QRectF(-inner, -inner, 2 * inner, 2 * inner))
        painter.restore()

    def _write(
        self,
        painter: QPainter,
        middle: QPointF,
        side: float,
        name: str,
        weight: float,
        color: QColor,
    ) -> None:
        if side < px(TEXT_FROM):
            return
        has_both = side >= px(NUMBERS_FROM) and name.isalpha()
        text = f"{name}\n{cell_text(weight, 2)}" if has_both else name
        fits = painter.fontMetrics().horizontalAdvance(text.split("\n")[-1]) <= side
        painter.setPen(text_on(color))
        room = QRectF(middle.x() - side, middle.y() - side, 2 * side, 2 * side)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text if fits else name)


class FlipView(QWidget):
    """Lies over the kernel's grid while the flip is looked at.

    Signals:
        turn_chosen: By how much of 180 degrees the kernel is to be rotated, 0 to 1.
        closed: It is not wanted any more.
        held: The mouse or the keyboard is on it, or has left it.
    """

    turn_chosen = Signal(float)
    closed = Signal()
    held = Signal(bool)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("flip_view")
        self.setAccessibleName("The flip of the kernel")
        as_panel(self)
        self._over = over
        self.canvas = FlipCanvas()
        self._caption = quiet_label(name="flip_caption")
        close = tool_button(
            "flip_view_close", "Close the flip", "Back to the cells (Esc).", "close"
        )
        self._slider = describe(
            QSlider(Qt.Orientation.Horizontal),
            "flip_slider",
            "Turn of the kernel",
            "From the kernel as it is written to the kernel as a convolution lays it [degrees].",
        )
        self._slider.setRange(0, HALF_TURN)
        self._slider.setPageStep(HALF_TURN // 4)
        head = filled(QHBoxLayout(), (self._caption, 1), close)
        parts = head, (self.canvas, 1), self._slider
        filled(QVBoxLayout(self), *parts, margins=(6, 0, 6, 2), spacing=0)
        self._slider.valueChanged.connect(self._on_slider_moved)
        close.clicked.connect(self.closed)
        over.installEventFilter(self)
        self.hide()

    def show_turn(self, weights: Weights, turn: float) -> None:
        """Show a kernel, rotated by so much of 180 degrees."""
        self.canvas.show_turn(weights, turn)
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(HALF_TURN * turn))
        degrees = round(HALF_TURN * turn)
        says = {0: "as written", HALF_TURN: "as convolution lays it"}
        self._caption.setText(says.get(degrees, f"rotated by {degrees}°"))
        self.setAccessibleDescription(" / ".join(self.canvas.lines))
        self.setGeometry(self._over.rect())
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return False

    def _on_slider_moved(self, degrees: int) -> None:
        self.turn_chosen.emit(degrees / HALF_TURN)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def keeps(self, widget: QWidget) -> bool:
        """Tell whether a widget belongs to the flip: its slider, its button."""
        return self.isAncestorOf(widget) and widget is not self.canvas

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give the cells back to whoever wants to edit them, and this click to the cell below."""
        self.closed.emit()
        event.ignore()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.held.emit(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.held.emit(False)
        super().leaveEvent(event)


def names_of(weights: Weights) -> list[list[str]]:
    """Return what each cell is called: a letter, or its weight where there are too many.

    >>> names_of(((1.0, 2.0), (3.0, 4.0)))
    [['a', 'b'], ['c', 'd']]
    """
    columns = len(weights[0])
    if len(weights) * columns > len(ascii_lowercase):
        return [[show_weight(weight) for weight in row] for row in weights]
    letters = iter(ascii_lowercase)
    return [[next(letters) for _ in row] for row in weights]
