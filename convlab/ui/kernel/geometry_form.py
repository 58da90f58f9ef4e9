"""How the kernel travels: padding, border, stride, dilation, and whether it is flipped."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QWidget

from convlab.document.kernel.model import Geometry
from convlab.engine.shapes import Padding
from convlab.layers.parameters import parameter
from convlab.ui.widgets.forms import describe, filled, quiet_label
from convlab.ui.widgets.param_fields import PaddingField, field_of, show_values


class GeometryForm(QWidget):
    """Shows a Geometry and reports what a person wants changed.

    Signals:
        parameter_chosen: Name of a parameter of the Geometry, and its new value.
    """

    parameter_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._padding = PaddingField(
            parameter(Geometry, "padding"), "padding", side_labels=Padding._fields
        )
        for side, spin in zip(Padding._fields, self._padding.spins, strict=True):
            describe(spin, f"padding_{side}_spin", f"Padding {side}", "Padding on this side [px].")
        self._border = field_of(parameter(Geometry, "border"), "border")
        self._value = field_of(parameter(Geometry, "value"), "border_value")
        self._stride = field_of(parameter(Geometry, "stride"), "stride")
        self._dilation = field_of(parameter(Geometry, "dilation"), "dilation")
        self._fields = (self._padding, self._border, self._value, self._stride, self._dilation)
        for field in self._fields:
            field.chosen.connect(self.parameter_chosen)
        flip = parameter(Geometry, "flip")
        self._flip = describe(QPushButton(), "flip_switch", flip.label, flip.tip)
        self._flip.setCheckable(True)
        self._flip.toggled.connect(self._on_flip_toggled)
        self._arrange()

    def _arrange(self) -> None:
        border = filled(QHBoxLayout(), (self._border, 1), self._value)
        both = (self._stride, 1), quiet_label("Dilation"), (self._dilation, 1)
        steps = filled(QHBoxLayout(), *both, spacing=8)
        form = QFormLayout(self)
        form.setContentsMargins(10, 0, 10, 8)
        form.setVerticalSpacing(5)
        form.addRow(quiet_label("Padding"), self._padding)
        form.addRow(self._padding.sides)
        form.addRow(quiet_label("Border"), border)
        form.addRow(quiet_label("Stride"), steps)
        form.addRow(quiet_label("Mode"), self._flip)

    def show_geometry(self, geometry: Geometry, padding: Padding) -> None:
        """Show the choices; ``padding`` is what they come to in pixels."""
        show_values(self._fields, geometry)
        self._padding.show_pixels(padding)
        self._border.setEnabled(any(padding))
        with QSignalBlocker(self._flip):
            self._flip.setChecked(geometry.flip)
        self._flip.setText("Convolution (flipped 180°)" if geometry.flip else "Correlation")

    def _on_flip_toggled(self, is_on: bool) -> None:
        self.parameter_chosen.emit("flip", is_on)
