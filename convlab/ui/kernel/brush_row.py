"""What is painted with: the brushes, and below them their radius and a button that clears."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.strokes import Brush
from convlab.ui.widgets.forms import filled, push_button, quiet_label, spin_box


class BrushRow(QWidget):
    """Shows a brush and reports which is wanted.

    Args:
        role: The object names begin with it.
        brushes: Value, title and name of each.

    Signals:
        brush_chosen: A Brush.
        clear_asked: The canvas is to be cleared.
    """

    brush_chosen = Signal(object)
    clear_asked = Signal()

    def __init__(self, role: str, brushes: Sequence[tuple[float, str, str]]) -> None:
        super().__init__()
        self._brush = Brush()
        self._values = [value for value, _, _ in brushes]
        self._buttons = QButtonGroup(self)
        row = filled(QHBoxLayout(), spacing=3)
        for number, (_, title, name) in enumerate(brushes):
            tip = "Drag over the picture below."
            button = push_button(f"{role}_{name}_button", f"{title} brush", tip, title)
            button.setCheckable(True)
            self._buttons.addButton(button, number)
            button.setMinimumWidth(1)
            row.addWidget(button, 1)
        tip = "Radius of the brush, in hundredths of the picture's height."
        self._radius = spin_box(f"{role}_brush_spin", "Brush", tip, 1, 30)
        self._clear = push_button(f"{role}_clear_button", "Clear", "Take all strokes away.")
        below = filled(QHBoxLayout(), quiet_label("Brush"), (self._radius, 1), (self._clear, 1))
        filled(QVBoxLayout(self), row, below, margins=(0, 0, 0, 0), spacing=3)
        self._buttons.idClicked.connect(self._on_brush_clicked)
        self._radius.valueChanged.connect(self._on_radius_changed)
        self._clear.clicked.connect(self.clear_asked)

    @property
    def brush(self) -> Brush:
        """What is painted with: of a brush that is not among these, the last one."""
        value = self._brush.value if self._brush.value in self._values else self._values[-1]
        return Brush(value, self._brush.radius)

    def show_brush(self, brush: Brush, is_painted: bool) -> None:
        """Show what is painted with, without telling anyone."""
        self._brush = brush
        self._buttons.button(self._values.index(self.brush.value)).setChecked(True)
        self._radius.show_number(round(100 * brush.radius))
        self._clear.setEnabled(is_painted)

    def _on_brush_clicked(self, number: int) -> None:
        self.brush_chosen.emit(Brush(self._values[number], self._brush.radius))

    def _on_radius_changed(self, hundredths: int) -> None:
        self.brush_chosen.emit(Brush(self.brush.value, hundredths / 100))
