"""One control, or a few, for each kind of parameter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from convlab.engine.shapes import Padding
from convlab.layers.parameters import (
    Parameter,
    ParameterKind,
    ParameterValue,
    is_used,
    parameters,
    value_of,
)
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceBox
from convlab.ui.widgets.forms import (
    combo_box,
    decimal_box,
    describe,
    filled,
    let_type,
    quiet_label,
    show_choice,
    spin_box,
)
from convlab.ui.widgets.number_box import WholeBox
from convlab.ui.widgets.spin_ranges import narrow, next_allowed, set_range, step_by_digit, widen

PER_SIDE = "per side"
AUTOMATIC = 0  # shown as a word
LONG = 10  # choices; longer lists have a search field


class ParamField(QWidget):
    """Shows one parameter's value and reports the one that a person chooses.

    Args:
        parameter: What is shown.
        name: The object names of its controls begin with it.

    Signals:
        chosen: Name and value.
        rejected: Why a text that was typed is no value.
    """

    chosen = Signal(str, object)
    rejected = Signal(str)

    def __init__(self, parameter: Parameter, name: str) -> None:
        super().__init__()
        self.parameter = parameter
        self._name = name
        self.control: QWidget = self

    def limit(self, parameter: Parameter) -> None:
        """Take over the limits of the record that is shown."""
        self.parameter = parameter

    def show_parameter(self, value: ParameterValue) -> None:
        """Show a value without telling anyone."""
        raise NotImplementedError

    def _row(self) -> QHBoxLayout:
        return filled(QHBoxLayout(self), margins=(0, 0, 0, 0), spacing=4)

    def _notify(self, value: ParameterValue) -> None:
        self.chosen.emit(self.parameter.name, value)

    def _spin(self, part: str = "") -> WholeBox:
        """Return a spin box of the parameter's limits, for one part of it."""
        parameter = self.parameter
        name = f"{self._name}_{part}_spin" if part else f"{self._name}_spin"
        label = f"{parameter.heading}: {part}" if part else parameter.heading
        low, high = int(parameter.minimum), int(parameter.maximum)
        low = AUTOMATIC if parameter.automatic else low
        spin = spin_box(name, label, tip_of(parameter), low, high)
        spin.setSingleStep(int(parameter.step))
        step_by_digit(spin, parameter)
        narrow(spin)
        return spin


class WholeField(ParamField):
    """A whole number; arrows go over numbers that do not fit the record."""

    def __init__(self, parameter: Parameter, name: str) -> None:
        super().__init__(parameter, name)
        self._number = self.control = self._spin()
        self._before = self._number.value()
        self._row().addWidget(self._number)
        self._number.valueChanged.connect(self._on_value_changed)

    def limit(self, parameter: Parameter) -> None:
        super().limit(parameter)
        spin, step = self._number, int(parameter.step)
        with QSignalBlocker(spin):
            if spin.singleStep() != step:  # what is being typed would be lost by it
                spin.setSingleStep(step)
            set_range(spin, int(parameter.minimum), max(int(parameter.maximum), spin.maximum()))

    def show_parameter(self, value: ParameterValue) -> None:
        number = int(str(value))
        widen(self._number, number)
        self._number.show_number(number)
        self._before = number

    def _on_value_changed(self, value: int) -> None:
        fitting = next_allowed(value, self._before, self.parameter.allowed)
        self._number.show_number(fitting)
        if fitting != self._before:
            self._before = fitting
            self._notify(fitting)


class PairField(ParamField):
    """Rows and columns; where no number is needed, zero stands for none."""

    def __init__(self, parameter: Parameter, name: str) -> None:
        super().__init__(parameter, name)
        self._sides = [self._spin("rows"), self._spin("columns")]
        self.control = self._sides[0]
        filled(self._row(), (self._sides[0], 1), quiet_label("×"), (self._sides[1], 1))
        for spin in self._sides:
            spin.setSpecialValueText(parameter.automatic)
            spin.valueChanged.connect(self._on_side_changed)

    def show_parameter(self, value: ParameterValue) -> None:
        numbers = value if isinstance(value, tuple) else (AUTOMATIC, AUTOMATIC)
        for spin, number in zip(self._sides, numbers, strict=True):
            widen(spin, number)
            spin.show_number(number)

    def _on_side_changed(self, value: int) -> None:
        rows, columns = (spin.value() for spin in self._sides)
        if self.parameter.automatic and AUTOMATIC in (rows, columns):
            # Away from "auto", both sides get the number; back to it, both lose theirs.
            for spin in self._sides:
                spin.show_number(value)
            self._notify((value, value) if value != AUTOMATIC else None)
            return
        self._notify((rows, columns))


class SizeField(ParamField):
    """Columns × rows of a picture, chosen among some or typed."""

    def __init__(self, parameter: Parameter, name: str) -> None:
        super().__init__(parameter, name)
        self._size: ParameterValue = None
        self._combo = self.control = combo_box(f"{name}_combo", parameter.label, parameter.tip)
        line = let_type(self._combo)
        self._combo.addItem(parameter.automatic)
        for size in parameter.offers:
            self._combo.addItem(self._text(size))
        self._combo.setMinimumContentsLength(8)
        self._row().addWidget(self._combo)
        self._combo.activated.connect(self._on_entered)
        line.editingFinished.connect(self._on_entered)

    def show_parameter(self, value: ParameterValue) -> None:
        self._size = value
        self._combo.setEditText(self._text(value))

    def _text(self, value: ParameterValue) -> str:
        """Write (rows, columns) as sizes of pictures are written."""
        return f"{value[1]} × {value[0]}" if isinstance(value, tuple) else self.parameter.automatic

    def _on_entered(self) -> None:
        text, before = self._combo.currentText(), self._text(self._size)
        if text == before:
            return
        self._combo.setEditText(before)  # as it is if it is rejected
        words = text.lower().replace("×", "x").replace("*", "x").strip()
        sides = [side.strip() for side in words.split("x")]
        if words == self.parameter.automatic:
            self._notify(None)
        elif len(sides) == 2 and all(side.isdecimal() and int(side) for side in sides):
            self._notify((int(sides[1]), int(sides[0])))
        else:
            automatic = self.parameter.automatic
            self.rejected.emit(f"“{text}” is no size: write it as 640 × 480, or “{automatic}”.")


class DecimalField(ParamField):
    """A decimal number; where none is needed, zero stands for none."""

    def __init__(self, parameter: Parameter, name: str) -> None:
        super().__init__(parameter, name)
        self._number = self.control = decimal_box(
            f"{name}_spin",
            parameter.heading,
            tip_of(parameter),
            AUTOMATIC if parameter.automatic else parameter.minimum,
            parameter.maximum,
            parameter.decimals,
        )
        self._number.setSpecialValueText(parameter.automatic)
        self._number.setSingleStep(parameter.step)
        step_by_digit(self._number, parameter)
        narrow(self._number)
        self._row().addWidget(self._number)
        self._number.valueChanged.connect(self._on_value_changed)

    def show_parameter(self, value: ParameterValue) -> None:
        number = float(AUTOMATIC if value is None else str(value))
        low, high = self._number.minimum(), self._number.maximum()
        if not low <= number <= high:
            with QSignalBlocker(self._number):
                self._number.setRange(min(low, number), max(high, number))
        self._number.show_number(number)

    def _on_value_changed(self, value: float) -> None:
        is_none = self.parameter.automatic and value == AUTOMATIC
        self._notify(None if is_none else value)


class ChoiceField(ParamField):
    """One of a few names."""

    def __init__(self, parameter: Parameter, name: str) -> None:
        super().__init__(parameter, name)
        self._combo = self.control = combo_of(parameter, name)
        self._row().addWidget(self._combo)
        self._combo.activated.connect(self._on_activated)

    def show_parameter(self, value: ParameterValue) -> None:
        show_choice(self._combo, str(value))

    def _on_activated(self, index: int) -> None:
        self._notify(self._combo.itemData(index))


class FlagField(ParamField):
    """On or off."""

    def __init__(self, parameter: Parameter, name: str) -> None:
        super().__init__(parameter, name)
        self._check = self.control = describe(
            QCheckBox(parameter.label), f"{name}_check", parameter.heading, tip_of(parameter)
        )
        self._row().addWidget(self._check)
        self._check.toggled.connect(self._notify)

    def show_parameter(self, value: ParameterValue) -> None:
        with QSignalBlocker(self._check):
            self._check.setChecked(bool(value))


class SidesField(ParamField):
    """Cells on each of the four sides.

    Args:
        parameter: What is shown.
        name: The object names of its controls begin with it.
        side_labels: What stands before the boxes of the four sides.
    """

    def __init__(
        self, parameter: Parameter, name: str, side_labels: Sequence[str] = "↑↓←→"
    ) -> None:
        super().__init__(parameter, name)
        self.spins = [self._spin(side) for side in Padding._fields]
        self.control = self.spins[0]
        self.sides = QWidget()
        self._rows = filled(QVBoxLayout(self), self.sides, margins=(0, 0, 0, 0), spacing=5)
        self._arrange(side_labels)
        for spin in self.spins:
            spin.valueChanged.connect(self._on_side_changed)

    def _arrange(self, side_labels: Sequence[str]) -> None:
        grid = QGridLayout(self.sides)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for number, spin in enumerate(self.spins):
            row, column = divmod(number, 2)
            grid.addWidget(quiet_label(side_labels[number]), row, 2 * column)
            grid.addWidget(spin, row, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)

    def show_parameter(self, value: ParameterValue) -> None:
        if isinstance(value, Padding):
            self.show_pixels(value)

    def show_pixels(self, amounts: Padding) -> None:
        """Show what the padding comes to, to begin with where a person chooses the sides."""
        for spin, amount in zip(self.spins, amounts, strict=True):
            widen(spin, amount)
            spin.show_number(amount)

    def _amounts(self) -> Padding:
        return Padding(*(spin.value() for spin in self.spins))

    def _on_side_changed(self) -> None:
        self._notify(self._amounts())


class PaddingField(SidesField):
    """A name, or cells on each of the four sides."""

    def __init__(
        self, parameter: Parameter, name: str, side_labels: Sequence[str] = "↑↓←→"
    ) -> None:
        super().__init__(parameter, name, side_labels)
        self._combo = self.control = combo_of(parameter, name)
        self._combo.addItem(PER_SIDE, PER_SIDE)
        self._rows.insertWidget(0, self._combo)
        self._combo.activated.connect(self._on_activated)

    def show_parameter(self, value: ParameterValue) -> None:
        per_side = isinstance(value, Padding)
        show_choice(self._combo, PER_SIDE if per_side else str(value))
        self.sides.setVisible(per_side)

    def _on_activated(self, index: int) -> None:
        chosen = self._combo.itemData(index)
        self._notify(self._amounts() if chosen == PER_SIDE else chosen)


FIELDS: dict[ParameterKind, type[ParamField]] = {
    ParameterKind.WHOLE: WholeField,
    ParameterKind.PAIR: PairField,
    ParameterKind.DECIMAL: DecimalField,
    ParameterKind.CHOICE: ChoiceField,
    ParameterKind.FLAG: FlagField,
    ParameterKind.PADDING: PaddingField,
    ParameterKind.SIDES: SidesField,
}


def field_of(parameter: Parameter, name: str) -> ParamField:
    """Return what shows a parameter; the object names of its controls begin with ``name``."""
    kind = SizeField if parameter.offers else FIELDS[parameter.kind]
    return kind(parameter, name)


def show_values(fields: Iterable[ParamField], record: object) -> None:
    """Show a record's values, and hide what says nothing beside another choice."""
    found = {parameter.name: parameter for parameter in parameters(record)}
    for field in fields:
        shown = found[field.parameter.name]
        field.limit(shown)
        field.show_parameter(value_of(record, shown))
        field.setVisible(is_used(record, shown))


def keep_room(field: ParamField) -> None:
    """Keep the place of a field that is hidden: nothing beside it moves."""
    policy = field.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    field.setSizePolicy(policy)


def tip_of(parameter: Parameter) -> str:
    """Return what a control says of its parameter, with the unit."""
    return f"{parameter.tip} [{parameter.unit}]" if parameter.unit else parameter.tip


def combo_of(parameter: Parameter, name: str) -> QComboBox:
    """Return a combo box of the parameter's choices."""
    name, label, tip = f"{name}_combo", parameter.heading, tip_of(parameter)
    if len(parameter.choices) > LONG:
        box = ChoiceBox(name, label, tip)
        box.set_choices([Choice(title, str(value)) for value, title in parameter.choices])
        return box
    combo = combo_box(name, label, tip)
    for value, title in parameter.choices:
        combo.addItem(title, str(value))
    return combo
