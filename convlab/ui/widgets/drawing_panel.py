"""The canvas one paints on, with the brush, the size and what white is worth."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.drawing import (
    LARGEST_SIDE,
    NARROWEST,
    SMALLEST_SIDE,
    WHITES,
    WIDEST,
    Brush,
    Drawing,
)
from convlab.ui.numbers import show_number
from convlab.ui.widgets.drawing_view import DrawingView
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    combo_box,
    decimal_box,
    filled,
    push_button,
    quiet_label,
    show_choice,
    spin_box,
)
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.number_box import NumberBox, WholeBox

NUMBER_WIDTH = 58  # [px]


class DrawingPanel(QWidget):
    """Shows a drawing and reports what a person wants of it.

    Args:
        role: All object names begin with it: each lab has a panel of its own.

    Signals:
        brush_chosen: A Brush.
        size_chosen: (rows, columns) [px].
        white_chosen: The value of white.
        cleared: The canvas is to be cleared.
        inverted: Black and white are to be swapped.
    """

    brush_chosen = Signal(object)
    size_chosen = Signal(int, int)
    white_chosen = Signal(float)
    cleared = Signal()
    inverted = Signal()

    def __init__(self, role: str) -> None:
        super().__init__()
        as_panel(self)
        self.view = DrawingView(role)
        self.message = MessageBar(f"{role}_message")
        self._width = _width_spin(role)
        self._eraser = push_button(
            f"{role}_eraser_button",
            "Eraser",
            "The left button of the mouse brings the paper back, as the right one always does.",
        )
        self._eraser.setCheckable(True)
        self._clear = push_button(f"{role}_clear_button", "Clear", "Clear the canvas.")
        self._invert = push_button(
            f"{role}_invert_button",
            "Invert",
            "Swap black and white. The sign of every edge turns with it: what was a step up is a "
            "step down.",
        )
        self._rows = _side_spin(f"{role}_rows_spin", "Rows")
        self._columns = _side_spin(f"{role}_columns_spin", "Columns")
        self._white = _white_combo(role)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        size = filled(QHBoxLayout(), self._columns, quiet_label("×"), self._rows, spacing=3)
        tools = QGridLayout()
        tools.setHorizontalSpacing(6)
        tools.setVerticalSpacing(4)
        for row, label in enumerate(("Brush", "Width × height", "White")):
            tools.addWidget(quiet_label(label), row, 0)
        tools.addWidget(self._width, 0, 1, Qt.AlignmentFlag.AlignLeft)
        tools.addLayout(size, 1, 1, Qt.AlignmentFlag.AlignLeft)
        tools.addWidget(self._white, 2, 1, Qt.AlignmentFlag.AlignLeft)
        tools.setColumnStretch(1, 1)
        for row, button in enumerate((self._eraser, self._clear, self._invert)):
            tools.addWidget(button, row, 2)
        parts = (self.view, 1000), tools, self.message, STRETCH
        self._layout = filled(QVBoxLayout(self), *parts, margins=(10, 4, 10, 8), spacing=6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_together()

    def _keep_together(self) -> None:
        """Let the canvas take no more height than it can fill: the tools stand right below it."""
        margins = self._layout.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        drawing = self.view.drawing
        height = round(width * drawing.rows / drawing.columns)
        self.view.setMaximumHeight(max(height, self.view.minimumHeight()))
        self._layout.activate()  # now: who paints must not see the canvas move

    def _connect(self) -> None:
        self.view.rejected.connect(self.message.show_message)
        self._width.valueChanged.connect(self._on_brush_changed)
        self._eraser.clicked.connect(self._on_brush_changed)
        self._clear.clicked.connect(self.cleared)
        self._invert.clicked.connect(self.inverted)
        self._rows.valueChanged.connect(self._on_size_changed)
        self._columns.valueChanged.connect(self._on_size_changed)
        self._white.activated.connect(self._on_white_activated)

    def show_drawing(self, drawing: Drawing) -> None:
        """Show a drawing; emits nothing."""
        is_resized = (drawing.rows, drawing.columns) != self.view.drawing.array().shape
        self.view.show_drawing(drawing)
        if is_resized:
            self._keep_together()
        self._rows.show_number(drawing.rows)
        self._columns.show_number(drawing.columns)
        show_choice(self._white, drawing.white)

    def show_brush(self, brush: Brush) -> None:
        """Show what is painted with; emits nothing."""
        self.view.show_brush(brush)
        self._eraser.setChecked(brush.erases)
        self._width.show_number(brush.width)

    def _on_brush_changed(self) -> None:
        self.brush_chosen.emit(Brush(self._width.value(), self._eraser.isChecked()))

    def _on_size_changed(self) -> None:
        self.size_chosen.emit(self._rows.value(), self._columns.value())

    def _on_white_activated(self, index: int) -> None:
        self.white_chosen.emit(self._white.itemData(index))


def _width_spin(role: str) -> NumberBox:
    spin = decimal_box(
        f"{role}_brush_spin",
        "Width of the brush",
        "Its edge is one pixel soft, so that a line at an angle has no steps [px of the drawing].",
        NARROWEST,
        WIDEST,
        digits=1,
    )
    spin.setSingleStep(0.5)
    spin.setFixedWidth(NUMBER_WIDTH)
    return spin


def _side_spin(name: str, label: str) -> WholeBox:
    tip = "Of the canvas, cut or added to at its end [px]. Try 6 × 6, and type the pixels' values."
    spin = spin_box(name, label, tip, SMALLEST_SIDE, LARGEST_SIDE)
    spin.setFixedWidth(NUMBER_WIDTH)
    return spin


def _white_combo(role: str) -> QComboBox:
    combo = combo_box(
        f"{role}_white_combo",
        "Value of white",
        "What a white pixel is worth: 1 as in pictures here, 10 for sums in the head, 255 as in "
        "files. The picture looks the same; only the numbers in every sum grow.",
    )
    for white in WHITES:
        combo.addItem(show_number(white), white)
    combo.setFixedWidth(NUMBER_WIDTH)
    return combo
