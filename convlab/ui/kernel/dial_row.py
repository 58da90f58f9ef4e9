"""A parameter that is dragged: its name, a slider or dial, and its number."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractSlider, QGridLayout, QSlider, QWidget

from convlab.layers.parameters import Parameter, ParameterKind, is_used, value_of
from convlab.ui.theme import px
from convlab.ui.widgets.forms import describe, leave_wheel_to_form, quiet_label
from convlab.ui.widgets.param_fields import field_of, tip_of

LEAST_SLIDER = 60  # [px]


class DialRow(QObject):
    """Shows one parameter of a record and reports the value that a person chooses.

    Args:
        parameter: Which.
        name: The object names of its controls begin with it.
        dial: Drags the number, and stands where it likes; None is a slider beside it.

    Signals:
        chosen: Name and value, once.
        dragged: The same while it is dragged.
        released: The drag is over.
    """

    chosen = Signal(str, object)
    dragged = Signal(str, object)
    released = Signal()

    def __init__(
        self, parameter: Parameter, name: str, dial: QAbstractSlider | None = None
    ) -> None:
        super().__init__()
        self._parameter = parameter
        self.field = field_of(parameter, name)
        self.field.chosen.connect(self.chosen)
        self._label = quiet_label(parameter.label)
        self._label.setToolTip(self.field.control.toolTip())
        self._label.setBuddy(self.field.control)
        self._slider = dial
        if dial is None and parameter.kind is ParameterKind.DECIMAL:
            self._slider = self._make_slider(name)
        if self._slider is not None:
            self._slider.valueChanged.connect(self._on_slider_changed)
            self._slider.sliderReleased.connect(self.released)

    def _make_slider(self, name: str) -> QSlider:
        slider = describe(
            QSlider(Qt.Orientation.Horizontal),
            f"{name}_slider",
            self._parameter.heading,
            tip_of(self._parameter),
        )
        leave_wheel_to_form(slider)
        slider.setRange(0, round((self._parameter.maximum - self._low) / self._step))
        slider.setPageStep(10)
        slider.setMinimumWidth(px(LEAST_SLIDER))
        return slider

    @property
    def _low(self) -> float:
        """The number at which the slider begins."""
        return self._parameter.minimum

    def place(self, grid: QGridLayout, row: int) -> None:
        """Stand in a row of a grid: its name, its slider, its number."""
        grid.addWidget(self._label, row, 0)
        if isinstance(self._slider, QSlider):
            grid.addWidget(self._slider, row, 1)
            grid.addWidget(self.field, row, 2)
        else:
            grid.addWidget(self.field, row, 1, 1, 2)

    def show_record(self, record: object) -> None:
        """Show the record's value, or nothing where the parameter says nothing."""
        value = value_of(record, self._parameter)
        self.field.show_parameter(value)
        parts: list[QWidget] = [self._label, self.field]
        if self._slider is not None:
            parts.append(self._slider)
            with QSignalBlocker(self._slider):
                self._slider.setValue(round((float(str(value)) - self._low) / self._step))
            self._slider.update()
        used = is_used(record, self._parameter)
        for part in parts:
            if part.parent() is not None:
                part.setVisible(used)

    @property
    def _step(self) -> float:
        return self._parameter.step

    def _on_slider_changed(self, place: int) -> None:
        value = round(self._low + place * self._step, self._parameter.decimals)
        is_held = self._slider is not None and self._slider.isSliderDown()
        (self.dragged if is_held else self.chosen).emit(self._parameter.name, value)
