"""How the kernel travels: padding, border, stride, dilation, and whether it is flipped."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from convlab.document.kernel.model import Geometry
from convlab.engine.shapes import Padding
from convlab.layers.parameters import parameter
from convlab.ui.kernel.two_way import TwoWay
from convlab.ui.widgets.forms import describe, filled, quiet_label, tool_button
from convlab.ui.widgets.param_fields import PaddingField, field_of, show_values


class GeometryForm(QWidget):
    """Shows a Geometry and reports what a person wants changed.

    Signals:
        parameter_chosen: Name of a parameter of the Geometry, and its new value.
        flip_asked: The flip is to be seen.
    """

    parameter_chosen = Signal(str, object)
    flip_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("geometry_form")
        self._padding = PaddingField(
            parameter(Geometry, "padding"), "padding", side_labels=Padding._fields
        )
        for side, spin in zip(Padding._fields, self._padding.spins, strict=True):
            describe(spin, f"padding_{side}_spin", f"Padding {side}", "Padding on this side [px].")
        self._border = field_of(parameter(Geometry, "border"), "border")
        self._value = field_of(parameter(Geometry, "value"), "border_value")
        self._stride = field_of(parameter(Geometry, "stride"), "stride")
        self._dilation = field_of(parameter(Geometry, "dilation"), "dilation")
        self._transposed = field_of(parameter(Geometry, "transposed"), "transposed")
        steps = self._stride, self._dilation, self._transposed
        self._fields = (self._padding, self._border, self._value, *steps)
        for field in self._fields:
            field.chosen.connect(self.parameter_chosen)
        flip = parameter(Geometry, "flip")
        self._flip = describe(
            TwoWay("correlation", "convolution"), "flip_switch", flip.label, flip.tip
        )
        self._flip.toggled.connect(self._on_flip_toggled)
        self._show_flip = tool_button(
            "show_flip_button", "Show the flip", "See the kernel rotate by 180°.", "play"
        )
        self._show_flip.clicked.connect(self.flip_asked)
        self._arrange()

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        border = filled(QHBoxLayout(), (self._border, 1), self._value)
        both = (self._stride, 1), quiet_label("dilation"), (self._dilation, 1)
        grid.addWidget(quiet_label("padding"), 0, 0)
        grid.addWidget(self._padding, 0, 1)
        grid.addWidget(self._padding.sides, 1, 0, 1, 2)
        grid.addWidget(quiet_label("border"), 2, 0)
        grid.addLayout(border, 2, 1)
        grid.addWidget(quiet_label("stride"), 3, 0)
        grid.addLayout(filled(QHBoxLayout(), *both, spacing=8), 3, 1)
        flip = filled(QHBoxLayout(), (self._flip, 1), self._show_flip, spacing=2)
        grid.addLayout(flip, 4, 0, 1, 2)
        grid.addWidget(self._transposed, 5, 0, 1, 2)

    def show_geometry(self, geometry: Geometry, padding: Padding) -> None:
        """Show the choices; ``padding`` is what they come to in pixels."""
        show_values(self._fields, geometry)
        self._padding.show_pixels(padding)
        self._border.setEnabled(any(padding) and not geometry.transposed)
        with QSignalBlocker(self._flip):
            self._flip.set_state(geometry.flip)

    def _on_flip_toggled(self, is_on: bool) -> None:
        self.parameter_chosen.emit("flip", is_on)
