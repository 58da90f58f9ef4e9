"""A form for the parameters of any layer, made from what its fields say of themselves."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from convlab.engine.shapes import Padding
from convlab.layers import Conv2d, Layer
from convlab.layers.editing import padding_in_pixels
from convlab.layers.parameters import ParameterKind, parameters, value_of
from convlab.ui.widgets.forms import quiet_label
from convlab.ui.widgets.param_fields import FIELDS, PaddingField, ParamField


class ParamForm(QWidget):
    """Shows what can be chosen of a layer and reports what a person wants changed.

    The controls are made again only for a layer of another kind.

    Signals:
        parameter_chosen: Name of the parameter and its new value: an int, a float, a bool, a name,
            (rows, columns), a Padding, or None for what is found by itself.
    """

    parameter_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("param_form")
        self._kind: type[Layer] | None = None
        self._fields: dict[str, ParamField] = {}
        self._rows = QWidget()
        self._form = QFormLayout(self._rows)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addWidget(self._rows)
        self._outer.addStretch(1)  # rows keep their distance in a tall place

    def show_layer(self, layer: Layer | None) -> None:
        """Show a layer's choices; None is an empty form."""
        kind = None if layer is None else type(layer)
        if kind is not self._kind:
            self._build(kind)
        if layer is not None:
            self._show_values(layer)

    def _build(self, kind: type[Layer] | None) -> None:
        """Make the controls of a kind of layer."""
        self._outer.removeWidget(self._rows)
        self._rows.hide()
        self._rows.deleteLater()
        self._kind, self._fields, self._rows = kind, {}, QWidget()
        self._form = QFormLayout(self._rows)
        self._form.setContentsMargins(10, 0, 10, 8)
        self._form.setVerticalSpacing(5)
        for parameter in parameters(kind) if kind is not None else ():
            field = FIELDS[parameter.kind](parameter)
            field.chosen.connect(self.parameter_chosen)
            self._fields[parameter.name] = field
            self._add_row(field)
        self._outer.insertWidget(0, self._rows)
        self._rows.show()

    def _add_row(self, field: ParamField) -> None:
        is_flag = field.parameter.kind is ParameterKind.FLAG  # its text stands beside the box
        label = quiet_label("" if is_flag else field.parameter.label)
        label.setToolTip(field.control.toolTip())
        label.setBuddy(field.control)
        self._form.addRow(label, field)

    def _show_values(self, layer: Layer) -> None:
        values = {parameter.name: value_of(layer, parameter) for parameter in parameters(layer)}
        for parameter in parameters(layer):
            field = self._fields[parameter.name]
            field.limit(parameter)
            field.show_parameter(values[parameter.name])
            if parameter.needs is not None:
                name, needed = parameter.needs
                self._form.setRowVisible(field, values[name] == needed)
        if isinstance(layer, Conv2d):
            self._show_padding(padding_in_pixels(layer))

    def _show_padding(self, amounts: Padding) -> None:
        padding = self._fields["padding"]
        assert isinstance(padding, PaddingField)
        padding.show_pixels(amounts)
        self._fields["border"].setEnabled(any(amounts))
