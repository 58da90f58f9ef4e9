"""What a person wants of the stack lab, as edits of the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from convlab.document.document import Document
from convlab.document.stack import edits
from convlab.document.stack.model import InputSpace, MapRange, StackState
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.layers.banks import BANKS
from convlab.layers.base import Layer, Shape, WeightedLayer
from convlab.layers.editing import filter_of
from convlab.layers.fitting import Remedy
from convlab.runtime.session import Session
from convlab.ui.lab_edits import LabEdits
from convlab.ui.widgets.message_bar import MessageBar


class StackEdits(LabEdits):
    """One method for each intent; what an edit rejects is said where it was asked for."""

    def __init__(self, session: Session, message: MessageBar, filter_message: MessageBar) -> None:
        super().__init__(session, message)
        self._filter_message = filter_message

    @property
    def state(self) -> StackState:
        """The stack now."""
        return self._session.document.stack

    def set_title(self, title: str) -> None:
        """Call the stack something else."""
        self._change(lambda state: edits.set_title(state, title), "name the stack")

    def add(self, kind: str, shape: Shape, place: int) -> None:
        """Put a new layer in front of the place with this number."""
        self._change(lambda state: edits.add_layer(state, kind, shape, place), "add layer")

    def move(self, uid: int, place: int) -> None:
        """Move a layer to another place."""
        self._change(lambda state: edits.move_layer(state, uid, place), "move layer")

    def duplicate(self, uid: int) -> None:
        """Put a copy behind a layer."""
        self._change(lambda state: edits.duplicate_layer(state, uid), "duplicate layer")

    def remove(self, uid: int) -> None:
        """Take a layer out."""
        self._change(lambda state: edits.remove_layer(state, uid), "remove layer")

    def toggle(self, uid: int) -> None:
        """Switch a layer off or on."""
        self._change(lambda state: edits.toggle_layer(state, uid), "switch layer")

    def set_parameter(self, uid: int, name: str, value: object) -> None:
        """Change one number of a layer."""
        self._edit_dial(
            _of_stack(lambda state: edits.set_parameter(state, uid, name, value)),
            f"set {name.replace('_', ' ')}",
        )

    def fix(self, uid: int, remedy: Remedy) -> None:
        """Make a layer fit."""
        self._change(lambda state: edits.apply_remedy(state, uid, remedy), remedy.text.lower())

    def change_cell(
        self, uid: int, kernel: tuple[int, int], cell: tuple[int, int], value: float
    ) -> None:
        """Set one weight; the changes of one drag are one step of undo."""
        self._change_filter(
            lambda state: edits.set_cell(state, uid, *kernel, *cell, value),
            "change weight",
            f"weight {uid} {kernel} {cell}",
        )

    def set_kernel(self, uid: int, kernel: tuple[int, int], text: str) -> None:
        """Take a whole kernel written as text."""
        self._change_filter(
            lambda state: edits.set_filter(state, uid, *kernel, kernels.parse(text)), "paste kernel"
        )

    def load_preset(self, uid: int, kernel: tuple[int, int], name: str) -> None:
        """Take a preset, cut or grown with zeros around its middle to the kernel's size."""

        def change(state: StackState) -> StackState:
            old = filter_of(_layer(state, uid), *kernel)
            weights = kernels.resized(kernels.preset(name), *old.shape)
            return edits.set_filter(state, uid, *kernel, weights)

        self._change_filter(change, f"take {name}")

    def set_bias(self, uid: int, output: int, value: float) -> None:
        """Set the bias of one map."""
        self._edit_dial(
            _of_stack(lambda state: edits.set_bias(state, uid, output, value)), "set bias"
        )

    def fill(self, uid: int, bank: str) -> None:
        """Fill all filters of a layer from a bank."""

        def change(state: StackState) -> StackState:
            layer = _layer(state, uid)
            assert isinstance(layer, WeightedLayer)
            rows, columns, *size = (*layer.weight.shape, 1, 1)[:4]
            weights = BANKS[bank].make((rows, columns, *size))
            return edits.set_weights(state, uid, weights.reshape(layer.weight.shape))

        self._change_filter(change, f"fill with {bank.lower()}")

    def set_arrays(self, arrays: Mapping[int, Mapping[str, FloatArray]]) -> bool:
        """Take arrays for whole layers, by uid and name, as read from a file; tell if they fit."""
        self._change_filter(lambda state: edits.set_arrays(state, arrays), "load weights")
        return not self._filter_message.text

    def set_input_space(self, name: str) -> None:
        """Choose colour or grey."""
        space = InputSpace(name)
        self._change(lambda state: edits.set_input_space(state, space), "choose input channels")

    def set_input_size(self, size: tuple[int, int] | None) -> None:
        """Choose the size to which pictures are scaled."""
        self._change(lambda state: edits.set_input_size(state, size), "choose input size")

    def set_as_digit(self, as_digit: bool) -> None:
        """Cut the digit out of the picture, or take the picture as it is."""
        self._change(lambda state: edits.set_as_digit(state, as_digit), "cut out the digit")

    def set_map_range(self, name: str) -> None:
        """Choose what the range of the colours follows."""
        wanted = MapRange(name)
        self._change(lambda state: edits.set_map_range(state, wanted), "choose map range")

    def set_map_limit(self, limit: float) -> None:
        """Choose the largest magnitude painted."""
        self._edit_dial(
            _of_stack(lambda state: edits.set_map_limit(state, limit)), "choose map range"
        )

    def take(self, other: StackState) -> None:
        """Build another stack instead."""
        self._change(lambda state: edits.replace_stack(state, other), f"open {other.title}")

    def _change(self, change: Callable[[StackState], StackState], text: str) -> None:
        self._edit(_of_stack(change), text)

    def _change_filter(
        self,
        change: Callable[[StackState], StackState],
        text: str,
        merge_key: str | None = None,
    ) -> None:
        self._edit(_of_stack(change), text, merge_key, self._filter_message)


def _layer(state: StackState, uid: int) -> Layer:
    slot = state.slot(uid)
    if slot is None:
        raise ValueError("This layer is gone: choose another one.")
    return slot.layer


def _of_stack(change: Callable[[StackState], StackState]) -> Callable[[Document], Document]:
    """Turn a change of the stack into one of the document."""

    def change_document(document: Document) -> Document:
        return replace(document, stack=change(document.stack))

    return change_document
