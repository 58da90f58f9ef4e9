"""The numbers that a layer has for each channel, as a normalisation has them, to be edited."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QWidget

from convlab.layers import Layer
from convlab.layers.editing import number_place
from convlab.layers.parameters import Parameter, channel_numbers
from convlab.ui.widgets.forms import decimal_box, quiet_label
from convlab.ui.widgets.number_box import NumberBox


class NormForm(QWidget):
    """A box for each number of one channel; which there are is declared by the layer.

    Signals:
        number_chosen: (name of the field, the new number).
    """

    number_chosen = Signal(str, float)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Numbers of the channel")
        self._kind: type[Layer] | None = None
        self._boxes: dict[str, NumberBox] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(5)

    def show_channel(self, layer: Layer | None, channel: int) -> None:
        """Show the numbers of one channel of a layer; one without such numbers shows nothing."""
        kind = None if layer is None else type(layer)
        if kind is not self._kind:
            self._kind = kind
            self._build(() if kind is None else channel_numbers(kind))
        self.setVisible(bool(self._boxes))
        for name, box in self._boxes.items():
            held = getattr(layer, name)
            box.show_number(float(held[number_place(held, channel)]))

    def _build(self, found: tuple[Parameter, ...]) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._boxes = {each.name: self._box(each) for each in found}
        for each in found:
            self._form.addRow(quiet_label(each.label), self._boxes[each.name])

    def _box(self, each: Parameter) -> NumberBox:
        box = decimal_box(
            f"channel_{each.name}_spin",
            each.heading,
            each.tip,
            each.minimum,
            each.maximum,
            each.decimals,
        )
        box.setSingleStep(each.step)
        box.setMinimumWidth(84)
        box.valueChanged.connect(partial(self._on_value_changed, each.name))
        return box

    def _on_value_changed(self, name: str, value: float) -> None:
        self.number_chosen.emit(name, value)
