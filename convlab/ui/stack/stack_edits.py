"""What a person wants of the stack lab, as edits of the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from convlab.document.stack import edits
from convlab.document.stack.model import StackState
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.layers.banks import BANKS
from convlab.layers.base import Layer, Shape, WeightedLayer
from convlab.layers.dense import Linear
from convlab.layers.editing import (
    with_bias,
    with_kernel,
    with_kernel_cell,
    with_number,
    with_parameter,
    with_weight,
)
from convlab.layers.filters import filter_of
from convlab.layers.fitting import Remedy
from convlab.layers.parameters import channel_numbers
from convlab.runtime.session import Session
from convlab.ui.lab_edits import LabEdits
from convlab.ui.stack.stack_selection import Filter, filter_in
from convlab.ui.widgets.map_words import layer_title
from convlab.ui.widgets.message_bar import MessageBar


class StackEdits(LabEdits):
    """One method for each intent; what an edit rejects is said where it was asked for."""

    def __init__(self, session: Session, message: MessageBar, filter_message: MessageBar) -> None:
        super().__init__(session, message)
        self._filter_message = filter_message

    def _stack(self, text: str, edit: Callable[..., StackState], *given: Any, **how: Any) -> None:
        """Do an edit of the stack; ``how`` is as in ``change``."""
        self.change("stack", lambda state: edit(state, *given), text, **how)

    def _name(self, uid: int) -> str:
        """Return what undo calls a layer."""
        state = self._session.document.stack
        slot = state.slot(uid)
        return "the layer" if slot is None else layer_title(state.index(uid) + 1, slot.layer)

    def set_title(self, title: str) -> None:
        """Call the stack something else."""
        self._stack("rename the stack", edits.set_title, title)

    def set_classes(self, names: Sequence[str]) -> None:
        """Name the values of the last layer; no names take those away."""
        self._stack("name the classes", edits.set_classes, names)

    def report(self, why: str) -> None:
        """Say why what was typed cannot be."""
        self.say(why, self._message)

    def take(self, other: StackState) -> None:
        """Build another stack instead."""
        self._stack(f"open {other.title}", edits.replace_stack, other)

    # ---- layers ----

    def add(self, kind: str, shape: Shape, place: int) -> None:
        """Put a new layer in front of the place with this number."""
        self._stack("add a layer", edits.add_layer, kind, shape, place)

    def move(self, uid: int, place: int) -> None:
        """Move a layer to another place."""
        self._stack(f"move {self._name(uid)}", edits.move_layer, uid, place)

    def duplicate(self, uid: int) -> None:
        """Put a copy behind a layer."""
        self._stack(f"duplicate {self._name(uid)}", edits.duplicate_layer, uid)

    def remove(self, uid: int) -> None:
        """Take a layer out."""
        self._stack(f"remove {self._name(uid)}", edits.remove_layer, uid)

    def toggle(self, uid: int) -> None:
        """Switch a layer off or on."""
        self._stack(f"switch {self._name(uid)} on or off", edits.toggle_layer, uid)

    def fix(self, uid: int, remedy: Remedy) -> None:
        """Make a layer fit."""
        self._stack(
            f"fix {self._name(uid)}: {remedy.text.lower()}", edits.apply_remedy, uid, remedy
        )

    def set_parameter(self, name: str, value: object) -> None:
        """Change one number of the chosen layer."""
        uid = self._session.viewing.stack.chosen
        if uid is not None:
            text = f"set {name.replace('_', ' ')} of {self._name(uid)}"
            self._stack(text, edits.edit_layer, uid, with_parameter, name, value, is_dial=True)

    # ---- the filter ----

    @property
    def filter(self) -> Filter | None:
        """The kernel in the grid."""
        return filter_in(self._session.document.stack, self._session.viewing.stack)

    def _edit_filter(self, text: str, edit: Callable[..., Layer], **how: Any) -> None:
        """Edit the layer in the grid.

        Args:
            text: What undo calls it; "{layer}" is the layer's name.
            edit: Takes the layer, the output and the input of its kernel.
            how: As in ``change``.
        """
        kernel = self.filter
        if kernel is not None:
            _, uid, _, *place = kernel
            how = {"message": self._filter_message} | how
            text = text.format(layer=self._name(uid))
            self._stack(text, edits.edit_layer, uid, edit, *place, **how)

    def set_weight(
        self, channel: int, cell: tuple[int, int], value: float, size: tuple[int, int]
    ) -> None:
        """Set one weight; the changes of one drag are one step of undo.

        Args:
            channel: Of the map that is multiplied.
            cell: (row, column).
            value: The new weight.
            size: (rows, columns) of what multiplies each map.
        """
        kernel = self.filter
        if kernel is not None:
            place = kernel.output, channel, cell
            how = {"merge_key": f"weight {kernel.uid} {place}", "message": self._filter_message}
            given = kernel.uid, with_kernel_cell, *place, value, size
            text = f"set a weight of {self._name(kernel.uid)}"
            self._stack(text, edits.edit_layer, *given, **how)

    def paste_kernel(self, channel: int, text: str, size: tuple[int, int]) -> None:
        """Take a whole kernel written as text."""
        note = ""

        def pasted(layer: Layer, output: int, _: int) -> Layer:
            nonlocal note
            edited = with_kernel(layer, output, channel, kernels.parse(text), size)
            note = kernels.read_text(text).note
            return edited

        self._edit_filter("paste a kernel into {layer}", pasted)
        if note:
            self.say(note, self._filter_message, is_warning=False)

    def load_preset(self, name: str, size: tuple[int, int]) -> None:
        """Take a preset, cut or grown with zeros around its middle to the kernel's size.

        Args:
            name: Of the preset.
            size: (rows, columns) of the maps that a fully connected layer multiplies.
        """

        def loaded(layer: Layer, output: int, input: int) -> Layer:
            is_dense = isinstance(layer, Linear)
            sides = size if is_dense else filter_of(layer, output, input).shape
            new = kernels.resized(kernels.preset(name), *sides)
            return with_kernel(layer, output, input, new, size)

        self._edit_filter(f"use {name} as a kernel of {{layer}}", loaded)

    def set_number(self, name: str, value: float) -> None:
        """Set one of the numbers that a normalisation has for each channel."""
        unit = self._session.viewing.stack.unit
        slot = None if unit is None else self._session.document.stack.slot(unit.uid)
        if unit is not None and slot is not None:
            found = next(each for each in channel_numbers(type(slot.layer)) if each.name == name)
            given = unit.uid, with_number, name, unit.channel, value
            text = f"set {found.subject} of {self._name(unit.uid)}"
            self._stack(text, edits.edit_layer, *given, is_dial=True)

    def set_bias(self, value: float) -> None:
        """Set the bias of the map."""

        def changed(layer: Layer, output: int, input: int) -> Layer:
            return with_bias(layer, output, value)

        self._edit_filter("set bias of {layer}", changed, message=None, is_dial=True)

    def fill(self, bank: str) -> None:
        """Fill all filters of the layer from a bank."""

        def filled(layer: WeightedLayer, *place: int) -> Layer:
            shape = layer.weight.shape
            rows, columns, *size = (*shape, 1, 1)[:4]
            return with_weight(layer, BANKS[bank].make((rows, columns, *size)).reshape(shape))

        self._edit_filter(f"fill {{layer}} with {bank.lower()}", filled)

    def set_layers(self, layers: Mapping[int, tuple[Layer, Layer]]) -> bool:
        """Take whole layers, by uid, each with what it was; tell if they could be."""
        self._stack("load weights", edits.set_layers, layers)
        there = {slot.uid: slot.layer for slot in self._session.document.stack.slots}
        return all(there.get(uid) is new for uid, (_, new) in layers.items())

    def set_arrays(self, arrays: Mapping[int, Mapping[str, FloatArray]]) -> bool:
        """Take arrays for whole layers, by uid and name, as read from a file; tell if they fit."""
        self._stack("load weights", edits.set_arrays, arrays, message=self._filter_message)
        return not self._filter_message.text
