"""How the stack of a Document stands in a project file, with bounds; its arrays are elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import UNSET, Meta, UnsetType

from convlab.document.comparison import CLOSED, Comparison
from convlab.document.stack.folding import LONGEST_PATH
from convlab.document.stack.model import (
    MAX_LAYERS,
    NO_MARKS,
    MapColors,
    Marks,
    StackInput,
    StackState,
)
from convlab.io.attachments import Attachments
from convlab.io.foreign_form import (
    foreign_parameters,
    foreign_tensors,
    make_foreign,
    take_foreign,
)
from convlab.io.layer_form import (
    LayerForm,
    Tensors,
    layer_form,
    layer_tensors,
    make_layer,
    place,
)
from convlab.io.part_form import PartForm
from convlab.io.record_form import form_of, from_form, to_form
from convlab.io.rejection import Rejection
from convlab.layers import Layer
from convlab.layers.graph import INPUT, Graph, Node
from convlab.networks.class_names import LONGEST_CLASS, MOST_CLASSES
from convlab.networks.foreign import OnnxNode

HELD = "held."
"""Before the names of the arrays of what is held."""

LARGEST_INPUT = 4096
"""The most rows or columns to which a project may scale its picture [px]."""

LONGEST_NAME = 256
"""What is longer of the name that a file gives a layer is cut off."""

LARGEST_CHANNEL = 1 << 16
"""The last map that can find what is marked."""

MOST_REASONS, LONGEST_REASON = 8, 400
"""Of the lines that say why an input was guessed to be as it is."""

_Uid = Annotated[int, Meta(ge=1, le=2**53)]
_Source = Annotated[int, Meta(ge=INPUT, le=2**53)]
_Size = Annotated[int, Meta(ge=1, le=LARGEST_INPUT)]
_Channel = Annotated[int, Meta(ge=0, le=LARGEST_CHANNEL)]
_Reason = Annotated[str, Meta(max_length=LONGEST_REASON)]
_Limit = Annotated[float, Meta(gt=0.0, le=float(np.finfo(np.float32).max))]
_Class = Annotated[str, Meta(min_length=1, max_length=LONGEST_CLASS)]
_Classes = Annotated[tuple[_Class, ...], Meta(min_length=1, max_length=MOST_CLASSES)]

# Scripts may go beyond what the window offers.
InputForm = form_of(StackInput, size=tuple[_Size, _Size] | None)
ColorsForm = form_of(MapColors, limit=_Limit)
ComparisonForm = form_of(Comparison)
MarksForm = form_of(Marks, uid=_Source, channel=_Channel, offsets=_Source)


class NodeForm(LayerForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A layer, and what it takes."""

    inputs: Annotated[tuple[_Source, ...], Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(max_length=LONGEST_NAME)] | UnsetType = UNSET
    origin: Annotated[str, Meta(max_length=LONGEST_NAME)] | UnsetType = UNSET


class HeldForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A stack that holds none; its weights are elsewhere."""

    title: Annotated[str, Meta(max_length=4096)]
    input: InputForm  # type: ignore[valid-type]
    colors: ColorsForm  # type: ignore[valid-type]
    next_uid: _Uid
    layers: list[NodeForm]
    classes: _Classes | UnsetType = UNSET  # older files have none
    runs_whole: bool = True
    reasons: Annotated[tuple[_Reason, ...], Meta(max_length=MOST_REASONS)] = ()
    marks: MarksForm | UnsetType = UNSET  # type: ignore[valid-type]


class StackForm(HeldForm, kw_only=True, forbid_unknown_fields=True):
    """The stack, and what it is compared with, if that is held."""

    comparison: ComparisonForm | UnsetType = UNSET  # type: ignore[valid-type]
    held: HeldForm | UnsetType = UNSET


def _write(stack: StackState, _: Attachments) -> dict[str, Any]:
    comparison: Any = UNSET
    held: HeldForm | UnsetType = UNSET
    if stack.comparison != CLOSED:
        comparison = to_form(stack.comparison)
    if stack.held is not None:
        held = HeldForm(**_write_alone(stack.held))
    return {"stack": StackForm(**_write_alone(stack), comparison=comparison, held=held)}


def _write_alone(stack: StackState) -> dict[str, Any]:
    return {
        "title": stack.title,
        "input": to_form(stack.input),
        "colors": to_form(stack.colors),
        "next_uid": stack.next_uid,
        "layers": [_node_form(slot) for slot in stack.slots],
        "classes": stack.classes or UNSET,
        "runs_whole": stack.runs_whole,
        "reasons": stack.reasons,
        "marks": UNSET if stack.marks == NO_MARKS else to_form(stack.marks),
    }


def stack_tensors(stack: StackState) -> Tensors:
    """Return the arrays of all layers, and of those of what is held, by their names in a file."""
    tensors: Tensors = {}
    for slot in stack.slots:
        tensors |= (
            foreign_tensors(slot.layer)
            if isinstance(slot.layer, OnnxNode)
            else layer_tensors(slot.uid, slot.layer)
        )
    if stack.held is not None:
        of_held = stack_tensors(stack.held)
        tensors |= {f"{HELD}{name}": array for name, array in of_held.items()}
    return tensors


def _node_form(slot: Node) -> NodeForm:
    layer = slot.layer
    if isinstance(layer, OnnxNode):
        form = LayerForm(
            uid=slot.uid,
            kind=layer.kind,
            is_on=slot.is_on,
            parameters=foreign_parameters(layer),
        )
    else:
        form = layer_form(slot.uid, layer, slot.is_on)
    return NodeForm(
        **msgspec.structs.asdict(form),
        inputs=slot.inputs,
        name=slot.name[:LONGEST_NAME] or UNSET,
        origin=slot.origin[:LONGEST_NAME] or UNSET,
    )


def _node(form: NodeForm, tensors: Tensors) -> Node:
    if form.kind == OnnxNode.kind:
        layer: Layer = make_foreign(form.parameters, tensors)
    else:
        layer = make_layer(form, tensors)
    name, origin = ("" if text is UNSET else text for text in (form.name, form.origin))
    return Node(form.uid, layer, form.inputs, form.is_on, name, origin)


def _read(project: Any, tensors: Tensors, _: Attachments) -> StackState:
    form: StackForm = project.stack
    stack, comparison = _read_alone(form, tensors), CLOSED
    held: StackState | None = None
    if form.comparison is not UNSET:
        comparison = from_form(form.comparison)
    if form.held is not UNSET:
        names = [name for name in tensors if name.startswith(HELD)]
        of_held = {name.removeprefix(HELD): tensors.pop(name) for name in names}
        held = _read_alone(form.held, of_held)
        tensors |= {f"{HELD}{name}": array for name, array in of_held.items()}  # not taken
    return replace(stack, comparison=comparison, held=held)


def _read_alone(form: HeldForm, tensors: Tensors) -> StackState:
    check_count(len(form.layers))
    uids = [layer.uid for layer in form.layers]
    if len(set(uids)) < len(uids) or max(uids, default=0) >= form.next_uid:
        raise Rejection("the uids of its layers are given twice, or could be")
    slots = []
    for number, layer in enumerate(form.layers, 1):
        with place(number, layer.kind):
            slots.append(_node(layer, tensors))
    take_foreign(tensors)
    try:
        Graph(slots)
    except ValueError as error:
        raise Rejection(f"its layers do not hang together ({error})") from None
    return StackState(
        tuple(slots),
        from_form(form.input),
        from_form(form.colors),
        form.title,
        form.next_uid,
        () if form.classes is UNSET else form.classes,
        runs_whole=form.runs_whole,
        reasons=form.reasons,
        marks=NO_MARKS if form.marks is UNSET else from_form(form.marks),
    )


def check_count(layers: int) -> None:
    """Reject a stack that is too high.

    Raises:
        Rejection: With both numbers.
    """
    if layers > MAX_LAYERS:
        raise Rejection(f"it has {layers} layers where {MAX_LAYERS} are the most", "take some out")


_Key = Annotated[str, Meta(min_length=1, max_length=2 * LONGEST_PATH)]
_Keys = Annotated[tuple[_Key, ...], Meta(max_length=4096)]
_VIEW = {"layer": _Uid | None, "folded": (_Keys, ()), "opened": (_Keys, ())}

STACK = PartForm({"stack": StackForm}, _write, _read, view=_VIEW)
