"""What a person wants of the stack lab, as edits of the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Concatenate, ParamSpec

from convlab.document.document import Document
from convlab.document.stack import edits
from convlab.document.stack.model import StackState
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.layers.banks import BANKS
from convlab.layers.base import Shape
from convlab.layers.fitting import Remedy
from convlab.runtime.session import Session
from convlab.ui.lab_edits import LabEdits
from convlab.ui.stack.stack_selection import Filter, filter_in
from convlab.ui.widgets.message_bar import MessageBar

Arguments = ParamSpec("Arguments")


class StackEdits(LabEdits):
    """One method for each intent; what an edit rejects is said where it was asked for."""

    def __init__(self, session: Session, message: MessageBar, filter_message: MessageBar) -> None:
        super().__init__(session, message)
        self._filter_message = filter_message

    def set_title(self, title: str) -> None:
        """Call the stack something else."""
        self._change("name the stack", edits.set_title, title)

    def set_input(self, name: str, value: object) -> None:
        """Choose how the picture enters."""
        self.set("stack.input", name, value)

    def set_colors(self, name: str, value: object) -> None:
        """Choose how maps are painted."""
        self.set("stack.colors", name, value)

    def take(self, other: StackState) -> None:
        """Build another stack instead."""
        self._change(f"open {other.title}", edits.replace_stack, other)

    # ---- layers ----

    def add(self, kind: str, shape: Shape, place: int) -> None:
        """Put a new layer in front of the place with this number."""
        self._change("add layer", edits.add_layer, kind, shape, place)

    def move(self, uid: int, place: int) -> None:
        """Move a layer to another place."""
        self._change("move layer", edits.move_layer, uid, place)

    def duplicate(self, uid: int) -> None:
        """Put a copy behind a layer."""
        self._change("duplicate layer", edits.duplicate_layer, uid)

    def remove(self, uid: int) -> None:
        """Take a layer out."""
        self._change("remove layer", edits.remove_layer, uid)

    def toggle(self, uid: int) -> None:
        """Switch a layer off or on."""
        self._change("switch layer", edits.toggle_layer, uid)

    def fix(self, uid: int, remedy: Remedy) -> None:
        """Make a layer fit."""
        self._change(remedy.text.lower(), edits.apply_remedy, uid, remedy)

    def set_parameter(self, name: str, value: object) -> None:
        """Change one number of the chosen layer."""
        uid = self._session.viewing.stack.chosen
        if uid is not None:
            change = _of_stack(edits.set_parameter, uid, name, value)
            self._edit_dial(change, f"set {name.replace('_', ' ')}")

    # ---- the filter ----

    @property
    def filter(self) -> Filter | None:
        """The kernel in the grid."""
        return filter_in(self._session.document.stack, self._session.viewing.stack)

    def set_cell(self, row: int, column: int, value: float) -> None:
        """Set one weight; the changes of one drag are one step of undo."""
        kernel = self.filter
        if kernel is not None:
            place = kernel.uid, kernel.output, kernel.input, row, column
            change = _of_stack(edits.set_cell, *place, value)
            self._edit(change, "change weight", f"weight {place}", self._filter_message)

    def paste_kernel(self, text: str) -> None:
        """Take a whole kernel written as text."""
        kernel = self.filter
        if kernel is not None:
            self._change_filter(
                "paste kernel",
                lambda state: edits.set_filter(
                    state, kernel.uid, kernel.output, kernel.input, kernels.parse(text)
                ),
            )

    def load_preset(self, name: str) -> None:
        """Take a preset, cut or grown with zeros around its middle to the kernel's size."""
        kernel = self.filter
        if kernel is not None:
            weights = kernels.resized(kernels.preset(name), *kernel.weights.shape)
            place = kernel.uid, kernel.output, kernel.input
            self._change_filter(f"take {name}", edits.set_filter, *place, weights)

    def set_bias(self, value: float) -> None:
        """Set the bias of the map."""
        kernel = self.filter
        if kernel is not None:
            change = _of_stack(edits.set_bias, kernel.uid, kernel.output, value)
            self._edit_dial(change, "set bias")

    def fill(self, bank: str) -> None:
        """Fill all filters of the layer from a bank."""
        kernel = self.filter
        if kernel is not None:
            shape = kernel.layer.weight.shape
            rows, columns, *size = (*shape, 1, 1)[:4]
            weights = BANKS[bank].make((rows, columns, *size)).reshape(shape)
            text = f"fill with {bank.lower()}"
            self._change_filter(text, edits.set_weights, kernel.uid, weights)

    def set_arrays(self, arrays: Mapping[int, Mapping[str, FloatArray]]) -> bool:
        """Take arrays for whole layers, by uid and name, as read from a file; tell if they fit."""
        self._change_filter("load weights", edits.set_arrays, arrays)
        return not self._filter_message.text

    def _change(
        self,
        text: str,
        edit: Callable[Concatenate[StackState, Arguments], StackState],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> None:
        self._edit(_of_stack(edit, *arguments, **named), text)

    def _change_filter(
        self,
        text: str,
        edit: Callable[Concatenate[StackState, Arguments], StackState],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> None:
        change = _of_stack(edit, *arguments, **named)
        self._edit(change, text, message=self._filter_message)


def _of_stack(
    edit: Callable[Concatenate[StackState, Arguments], StackState],
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Callable[[Document], Document]:
    """Turn an edit of the stack into one of the document."""

    def change_document(document: Document) -> Document:
        return replace(document, stack=edit(document.stack, *arguments, **named))

    return change_document
