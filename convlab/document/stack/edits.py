"""Every edit of a stack that a person can make: StackState -> StackState, one function per action.

An edit that cannot be raises ValueError with a message for the person; the state stays. One that
changes nothing gives the same state back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from convlab.document.stack.model import MAX_LAYERS, StackState
from convlab.document.stack.ready import changed_title
from convlab.engine.arrays import FloatArray
from convlab.engine.errors import as_message
from convlab.layers import Flatten, Layer
from convlab.layers.base import Shape
from convlab.layers.catalog import make_layer
from convlab.layers.editing import with_arrays, with_parameters
from convlab.layers.fitting import Remedy, Step, flatten_before, form_message
from convlab.layers.graph import INPUT, Node
from convlab.layers.parameters import replaced
from convlab.networks.class_names import LONGEST_CLASS

LONGEST_TITLE = 80


def add_layer(
    state: StackState, kind: str, shape_before: Shape, at: int | None = None
) -> StackState:
    """Put a new layer behind another one: what took that takes it.

    Args:
        state: The stack.
        kind: As ``make_layer`` takes it.
        shape_before: ``(C, H, W)`` or ``(F,)`` of what it is to take.
        at: Its place, behind the layer before; None is behind all others.

    Raises:
        ValueError: The stack is full, or there is no such layer.
    """
    try:
        layer = make_layer(kind, shape_before, state.next_uid)
    except ValueError as error:
        raise ValueError(as_message(error)) from None
    return _inserted(state, layer, len(state.slots) if at is None else at)


def duplicate_layer(state: StackState, uid: int) -> StackState:
    """Put a copy behind a layer, on or off as it is.

    Raises:
        ValueError: There is no such layer, or the stack is full.
    """
    index = state.index(uid)
    slot = state.slots[index]
    if len(slot.inputs) > 1:
        raise ValueError(f"{_called(slot)} joins branches: copy a layer with one input.")
    return _inserted(state, slot.layer, index + 1, slot.is_on)


def remove_layer(state: StackState, uid: int) -> StackState:
    """Take a layer out: what took its result takes its input.

    Raises:
        ValueError: There is no such layer, or it joins branches.
    """
    return _with_slots(state, _without(state.slots, state.slots[state.index(uid)]))


def move_layer(state: StackState, uid: int, to: int) -> StackState:
    """Put a layer elsewhere, behind the one that is before it then.

    Args:
        state: The stack.
        uid: Of the layer.
        to: Its place afterwards, kept inside the stack.

    Raises:
        ValueError: There is no such layer, or it joins branches.
    """
    index = state.index(uid)
    slot, to = state.slots[index], min(max(to, 0), len(state.slots) - 1)
    if to == index:
        return state
    return _with_slots(state, _behind(_without(state.slots, slot), slot, to))


def toggle_layer(state: StackState, uid: int) -> StackState:
    """Switch a layer off, so that it hands its input on, or on again.

    Raises:
        ValueError: There is no such layer.
    """
    index = state.index(uid)
    slot = state.slots[index]
    return _with_slot(state, index, replace(slot, is_on=not slot.is_on))


def edit_layer(
    state: StackState, uid: int, edit: Callable[..., Layer], *given: object
) -> StackState:
    """Put another layer in the place of one: what an edit of ``layers.editing`` makes of it.

    Args:
        state: The stack.
        uid: Of the layer.
        edit: Takes the layer and what is given: ``with_parameter``, ``with_cell``, …
        *given: What the edit takes besides.

    Raises:
        ValueError: There is no such layer, or the edit does not fit it.
    """
    index = state.index(uid)
    slot = state.slots[index]
    try:
        layer = edit(slot.layer, *given)
    except ValueError as error:
        raise ValueError(form_message(error, slot.layer)) from None
    return state if layer is slot.layer else _with_slot(state, index, replace(slot, layer=layer))


def set_arrays(state: StackState, arrays: Mapping[int, Mapping[str, FloatArray]]) -> StackState:
    """Replace arrays of several layers, given by uid and name, such as weight and bias.

    Raises:
        ValueError: There is no such layer or array, a shape differs, or a number is not finite.
    """
    for uid, new in arrays.items():
        state = edit_layer(state, uid, with_arrays, new)
    return state


def set_layers(state: StackState, layers: Mapping[int, tuple[Layer, Layer]]) -> StackState:
    """Put other layers in the place of several.

    Args:
        state: The stack.
        layers: What each was and what it becomes, by its uid.

    Raises:
        ValueError: One is gone, or another one by now.
    """
    there = {slot.uid: slot.layer for slot in state.slots}
    if any(there.get(uid) is not before for uid, (before, _) in layers.items()):
        raise ValueError("The stack was changed meanwhile: choose the file again.")
    slots = (
        replace(slot, layer=layers[slot.uid][1]) if slot.uid in layers else slot
        for slot in state.slots
    )
    return _with_slots(state, tuple(slots))


def apply_remedy(state: StackState, uid: int, remedy: Remedy) -> StackState:
    """Do what was offered to make a layer fit.

    Raises:
        ValueError: There is no such layer, a value does not fit, or the stack is full.
    """
    if remedy.step is Step.REMOVE:
        return remove_layer(state, uid)
    state = edit_layer(state, uid, with_parameters, dict(remedy.changes))
    slot = state.slots[state.index(uid)]
    if remedy.step is Step.FLATTEN_BEFORE:
        _check_room(state)
        new = Node(state.next_uid, Flatten())
        state = replace(state, next_uid=state.next_uid + 1)
        return _with_slots(state, _in_front(state.slots, new, slot))
    flatten = flatten_before(state.graph, slot)
    if remedy.step is Step.MOVE_BEFORE_FLATTEN and flatten is not None:
        return _with_slots(state, _in_front(_without(state.slots, slot), slot, flatten))
    return state


def set_classes(state: StackState, classes: Sequence[str]) -> StackState:
    """Name the classes of the last layer; none takes the names away.

    Raises:
        ValueError: The layers fit, and the last gives another number of values; or a name is empty
            or too long.
    """
    if not all(1 <= len(name) <= LONGEST_CLASS for name in classes):
        raise ValueError(f"A class needs a name of 1 to {LONGEST_CLASS} characters: change it.")
    named = replace(state, classes=tuple(classes))
    if not named.can_be_named:
        raise ValueError(
            f"{len(classes)} names do not fit: give one for each value of the last layer."
        )
    return named


def set_title(state: StackState, title: str) -> StackState:
    """Call the stack something else; white space is tidied.

    Raises:
        ValueError: The title is empty, or longer than LONGEST_TITLE.
    """
    tidy = " ".join(title.split())
    if not 1 <= len(tidy) <= LONGEST_TITLE:
        raise ValueError(
            f"A title of {len(tidy)} characters does not fit: give 1 to {LONGEST_TITLE}."
        )
    return replace(state, title=tidy)


def replace_stack(state: StackState, other: StackState) -> StackState:
    """Take the layers, the input, the colours and the title of another stack.

    Its layers get uids that were never given here, so that nothing is mistaken for what was. What
    is held for comparison stays.

    Raises:
        ValueError: It has more than MAX_LAYERS.
    """
    if len(other.slots) > MAX_LAYERS:
        raise ValueError(
            f"A stack of {len(other.slots)} layers does not fit: at most {MAX_LAYERS} can be shown."
        )
    first = state.next_uid
    uids = {INPUT: INPUT} | {slot.uid: uid for uid, slot in enumerate(other.slots, first)}
    slots = tuple(
        replace(slot, uid=uids[slot.uid], inputs=tuple(uids[uid] for uid in slot.inputs))
        for slot in other.slots
    )
    marks = other.marks
    marks = replace(marks, uid=uids.get(marks.uid, INPUT), offsets=uids.get(marks.offsets, INPUT))
    return replace(
        other,
        slots=slots,
        next_uid=first + len(slots),
        marks=marks,
        comparison=state.comparison,
        held=state.held,
    )


def _with_slot(state: StackState, index: int, slot: Node) -> StackState:
    return _with_slots(state, (*state.slots[:index], slot, *state.slots[index + 1 :]))


def _with_slots(state: StackState, slots: tuple[Node, ...]) -> StackState:
    """Put other slots there; a ready stack's name is its own only while its layers are."""
    changed = replaced(state, "slots", slots)
    if [slot.layer for slot in slots] == [slot.layer for slot in state.slots]:
        return changed
    return replace(changed, title=changed_title(state.title))


def _inserted(state: StackState, layer: Layer, at: int, is_on: bool = True) -> StackState:
    _check_room(state)
    slot = Node(state.next_uid, layer, is_on=is_on)
    slots = _behind(state.slots, slot, min(max(at, 0), len(state.slots)))
    return _with_slots(replace(state, next_uid=state.next_uid + 1), slots)


def _check_room(state: StackState) -> None:
    if len(state.slots) >= MAX_LAYERS:
        raise ValueError(f"A stack of {len(state.slots)} layers is full: remove one first.")


def _behind(slots: tuple[Node, ...], slot: Node, at: int) -> tuple[Node, ...]:
    """Put a slot at a place: it takes the one before it, and what took that takes it."""
    source = slots[at - 1].uid if at else INPUT
    above = (_rewired(other, source, slot.uid) for other in slots[at:])
    return *slots[:at], replace(slot, inputs=(source,)), *above


def _in_front(slots: tuple[Node, ...], slot: Node, target: Node) -> tuple[Node, ...]:
    """Put a slot between another one and its first input."""
    at = next(at for at, other in enumerate(slots) if other.uid == target.uid)
    source, *others = slots[at].inputs
    taking = replace(slots[at], inputs=(slot.uid, *others))
    return *slots[:at], replace(slot, inputs=(source,)), taking, *slots[at + 1 :]


def _without(slots: tuple[Node, ...], slot: Node) -> tuple[Node, ...]:
    """Take a slot out: what took its result takes its input.

    Raises:
        ValueError: It has several.
    """
    if len(slot.inputs) > 1:
        raise ValueError(f"{_called(slot)} joins branches: switch it off instead.")
    source = slot.inputs[0]
    return tuple(_rewired(other, slot.uid, source) for other in slots if other is not slot)


def _rewired(slot: Node, old: int, new: int) -> Node:
    if old not in slot.inputs:
        return slot
    return replace(slot, inputs=tuple(new if uid == old else uid for uid in slot.inputs))


def _called(slot: Node) -> str:
    return slot.name or slot.layer.title
