"""A form for the parameters of any record, made from what its fields declare."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from itertools import repeat
from operator import is_

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from convlab.engine.shapes import Padding
from convlab.layers import Conv2d
from convlab.layers.editing import padding_in_pixels
from convlab.layers.parameters import Parameter, ParameterKind, arrays, parameters
from convlab.ui.widgets.forms import STRETCH, filled, quiet_label
from convlab.ui.widgets.param_fields import PaddingField, ParamField, field_of, show_values

NARROWEST = 64  # of a control beside another [px]


class ParamForm(QWidget):
    """Shows what can be chosen of a record and reports what a person wants changed.

    The controls are made again only for a record of another kind.

    Args:
        owner: The object names of the controls begin with it.
        only: Names of the parameters shown, in their order; none: all, in the order of the fields.
        columns: How many parameters stand beside each other.
        aliases: What a parameter is called in object names, where that is not its own name.
        bare: Names of the parameters without a label, for their controls say what they are.
        of: Whose parameters they are, for a screen reader where there are several such forms.

    Signals:
        parameter_chosen: Name of the parameter and its new value: an int, a float, a bool, a name,
            (rows, columns), a Padding, or None for what is found by itself.
        rejected: Why a text that was typed is no value.
    """

    parameter_chosen = Signal(str, object)
    rejected = Signal(str)

    def __init__(
        self,
        owner: str = "param",
        only: Sequence[str] = (),
        columns: int = 1,
        aliases: Mapping[str, str] | None = None,
        bare: Collection[str] = (),
        of: str = "",
    ) -> None:
        super().__init__()
        if owner == "param":
            self.setObjectName("param_form")
        self._owner, self._only, self._columns = owner, tuple(only), columns
        self._aliases, self._bare, self._of = aliases or {}, bare, of
        self._kind: type | None = None
        self._names: tuple[str, ...] = ()  # of its fields on which anything shown depends
        self._seen: tuple[object, ...] = ()  # their values in the record that is shown
        self._fields: dict[str, ParamField] = {}
        self._labels: dict[str, QLabel] = {}
        self._rows = QWidget()
        # With the stretch, rows keep their distance in a tall place.
        self._outer = filled(QVBoxLayout(self), self._rows, STRETCH, margins=(0, 0, 0, 0))

    def show_record(self, record: object | None) -> None:
        """Show a record's choices; None is an empty form."""
        kind = None if record is None else type(record)
        if kind is not self._kind:
            self._build(kind)
        values = tuple(map(getattr, repeat(record), self._names))
        if len(values) != len(self._seen) or not all(map(is_, values, self._seen)):
            self._show_values(record)
        self._seen = values

    def field(self, name: str) -> ParamField:
        """Return what shows a parameter."""
        return self._fields[name]

    @property
    def label_width(self) -> int:
        """Width of the labels, for rows above that are to stand in line [px]."""
        return max((label.sizeHint().width() for label in self._labels.values()), default=0)

    def _chosen(self, record: object) -> list[Parameter]:
        """Return the parameters that are shown."""
        found = {parameter.name: parameter for parameter in parameters(record)}
        return [found[name] for name in self._only or found]

    def _build(self, kind: type | None) -> None:
        """Make the controls of a kind of record."""
        self._outer.removeWidget(self._rows)
        self._rows.hide()
        self._rows.deleteLater()
        self._kind, self._fields, self._labels, self._rows = kind, {}, {}, QWidget()
        self._names, self._seen = () if kind is None else _telling(kind), ()
        grid = QGridLayout(self._rows)
        grid.setContentsMargins(*((10, 0, 10, 8) if self._owner == "param" else (0, 0, 0, 0)))
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        chosen = self._chosen(kind) if kind is not None else []
        if 1 < len(chosen) <= self._columns:  # a row has to share its width with others
            grid.setHorizontalSpacing(5)
        for number, parameter in enumerate(chosen):
            name = f"{self._owner}_{self._aliases.get(parameter.name, parameter.name)}"
            if self._of:
                parameter = replace(parameter, title=f"{parameter.heading} of {self._of}")
            field = field_of(parameter, name)
            field.chosen.connect(self._on_chosen)
            field.rejected.connect(self.rejected)
            self._fields[parameter.name] = field
            self._place(grid, field, *divmod(number, self._columns))
        if len(chosen) > self._columns or self._columns == 1:
            for column in range(self._columns):  # else, in a row, each is as wide as it needs to be
                grid.setColumnStretch(2 * column + 1, 1)
        self._outer.insertWidget(0, self._rows)
        self._rows.show()

    def _place(self, grid: QGridLayout, field: ParamField, row: int, column: int) -> None:
        parameter = field.parameter
        is_flag = parameter.kind is ParameterKind.FLAG  # its text stands beside the box
        if is_flag or parameter.name in self._bare:
            indent = is_flag and self._columns == 1 and parameter.name not in self._bare
            grid.addWidget(field, row, 2 * column + indent, 1, 2 - indent)
            return
        label = self._labels[parameter.name] = quiet_label(parameter.label)
        label.setToolTip(field.control.toolTip())
        label.setBuddy(field.control)
        grid.addWidget(label, row, 2 * column)
        grid.addWidget(field, row, 2 * column + 1)
        if self._columns > 1:
            grid.setColumnMinimumWidth(2 * column + 1, NARROWEST)

    def _on_chosen(self, name: str, value: object) -> None:
        self._seen = ()  # a control shows what may be rejected
        self.parameter_chosen.emit(name, value)

    def _show_values(self, record: object) -> None:
        show_values(self._fields.values(), record)
        for name, label in self._labels.items():
            label.setVisible(not self._fields[name].isHidden())
        if isinstance(record, Conv2d):
            self._show_padding(padding_in_pixels(record))

    def _show_padding(self, amounts: Padding) -> None:
        padding = self._fields["padding"]
        assert isinstance(padding, PaddingField)
        padding.show_pixels(amounts)
        self._fields["border"].setEnabled(any(amounts))


def _telling(kind: type) -> tuple[str, ...]:
    """Return the names of a record's fields without its arrays, but those that can be left out."""
    can_be_left_out = arrays(kind)
    return tuple(each.name for each in fields(kind) if can_be_left_out.get(each.name, True))
