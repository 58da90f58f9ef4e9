"""How the kernel travels: padding, border, stride, dilation, and whether it is flipped."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QGridLayout, QHBoxLayout, QPushButton, QWidget

from convlab.document.document import Geometry
from convlab.engine.border import Border
from convlab.engine.shapes import Padding
from convlab.ui.widgets.forms import (
    choice_box,
    decimal_box,
    describe,
    quiet_label,
    show_choice,
    spin_box,
)

PER_SIDE = "per side"
PADDINGS = {
    "valid": "valid (none)",
    "same": "same size",
    "full": "full",
    PER_SIDE: "per side",
}
BORDERS = {
    Border.ZEROS: "zeros",
    Border.CONSTANT: "constant",
    Border.REPLICATE: "replicate",
    Border.REFLECT: "reflect",
    Border.CIRCULAR: "circular",
}
LARGEST_PADDING = 64
LARGEST_STEP = 64


class GeometryForm(QWidget):
    """Shows a Geometry and reports what a person wants changed.

    Signals:
        padding_chosen: ``"valid"``, ``"same"``, ``"full"`` or a Padding.
        border_chosen: Name of a Border.
        border_value_chosen, stride_chosen, dilation_chosen, flip_chosen: The new value.
    """

    padding_chosen = Signal(object)
    border_chosen = Signal(str)
    border_value_chosen = Signal(float)
    stride_chosen = Signal(int)
    dilation_chosen = Signal(int)
    flip_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._padding = choice_box(
            "padding_combo",
            "Padding",
            "Cells added around the picture before the kernel slides over it.<br><i>valid</i>: "
            "none, the output shrinks by F − 1.<br><i>same</i>: as many as keep the size.<br>"
            "<i>full</i>: every overlap counts, the output grows by F − 1.",
            {},
        )
        for value, title in PADDINGS.items():
            self._padding.addItem(title, value)
        tip = "Padding on this side [px]."
        self._sides = [
            spin_box(f"padding_{side}_spin", f"Padding {side}", tip, 0, LARGEST_PADDING)
            for side in Padding._fields
        ]
        self._border = choice_box(
            "border_combo",
            "Border",
            "What stands in the padded cells: zeros, one constant, the edge pixel repeated, the "
            "picture mirrored (edge not repeated), or the opposite side.",
            BORDERS,
        )
        self._value = decimal_box(
            "border_value_spin", "Border value", "The constant in padded cells.", -1000.0, 1000.0, 2
        )
        self._value.setSingleStep(0.1)
        self._stride = spin_box(
            "stride_spin",
            "Stride",
            "Step between two outputs. 2 keeps every second one: half the size.",
            1,
            LARGEST_STEP,
        )
        self._dilation = spin_box(
            "dilation_spin",
            "Dilation",
            "Distance between the kernel's cells. 2 skips every second pixel: a wider view with "
            "the same weights.",
            1,
            LARGEST_STEP,
        )
        self._flip = describe(
            QPushButton(),
            "flip_switch",
            "Correlation or convolution",
            "<i>Correlation</i> lays the kernel on the picture as it is shown (what networks and "
            "OpenCV do).<br><i>Convolution</i> turns it by 180° first (what mathematics and SciPy "
            "do). Try the impulse pattern with the kernel 1 to 9.",
        )
        self._flip.setCheckable(True)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        sides = QWidget()
        pairs = QGridLayout(sides)
        pairs.setContentsMargins(0, 0, 0, 0)
        pairs.setSpacing(4)
        for number, (name, spin) in enumerate(zip(Padding._fields, self._sides, strict=True)):
            row, column = divmod(number, 2)
            pairs.addWidget(quiet_label(name), row, 2 * column)
            pairs.addWidget(spin, row, 2 * column + 1)
            pairs.setColumnStretch(2 * column + 1, 1)
        self._sides_row = sides
        border = QHBoxLayout()
        border.addWidget(self._border, 1)
        border.addWidget(self._value)
        steps = QHBoxLayout()
        steps.setSpacing(8)
        steps.addWidget(self._stride, 1)
        steps.addWidget(quiet_label("Dilation"))
        steps.addWidget(self._dilation, 1)
        form = QFormLayout(self)
        form.setContentsMargins(10, 0, 10, 8)
        form.setVerticalSpacing(5)
        form.addRow(quiet_label("Padding"), self._padding)
        form.addRow(sides)
        form.addRow(quiet_label("Border"), border)
        form.addRow(quiet_label("Stride"), steps)
        form.addRow(quiet_label("Mode"), self._flip)

    def _connect(self) -> None:
        self._padding.activated.connect(self._on_padding_activated)
        for spin in self._sides:
            spin.valueChanged.connect(self._on_side_changed)
        self._border.activated.connect(self._on_border_activated)
        self._value.valueChanged.connect(self.border_value_chosen)
        self._stride.valueChanged.connect(self.stride_chosen)
        self._dilation.valueChanged.connect(self.dilation_chosen)
        self._flip.toggled.connect(self.flip_chosen)

    def show_geometry(self, geometry: Geometry, padding: Padding) -> None:
        """Show the choices; ``padding`` is what they come to in pixels."""
        per_side = not isinstance(geometry.padding, str)
        show_choice(self._padding, PER_SIDE if per_side else str(geometry.padding))
        self._sides_row.setVisible(per_side)
        for spin, amount in zip(self._sides, padding, strict=True):
            spin.show_number(amount)
        show_choice(self._border, geometry.border.value)
        self._border.setEnabled(any(padding))
        self._value.setVisible(geometry.border is Border.CONSTANT)
        self._value.show_number(geometry.value)
        self._stride.show_number(geometry.stride)
        self._dilation.show_number(geometry.dilation)
        with QSignalBlocker(self._flip):
            self._flip.setChecked(geometry.flip)
        self._flip.setText("Convolution (flipped 180°)" if geometry.flip else "Correlation")

    def _amounts(self) -> Padding:
        return Padding(*(spin.value() for spin in self._sides))

    def _on_padding_activated(self, index: int) -> None:
        chosen = self._padding.itemData(index)
        self.padding_chosen.emit(self._amounts() if chosen == PER_SIDE else chosen)

    def _on_side_changed(self) -> None:
        self.padding_chosen.emit(self._amounts())

    def _on_border_activated(self, index: int) -> None:
        self.border_chosen.emit(self._border.itemData(index))
