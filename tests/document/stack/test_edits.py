from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from convlab.document import parts
from convlab.document.document import Document
from convlab.document.stack import edits
from convlab.document.stack.edits import edit_layer
from convlab.document.stack.model import (
    MAX_LAYERS,
    InputSpace,
    MapColors,
    MapRange,
    StackInput,
    StackState,
)
from convlab.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU, Softmax
from convlab.layers.editing import with_bias, with_cell, with_filter, with_parameter, with_weight
from convlab.layers.fitting import check
from convlab.layers.graph import Node

SHAPE = (3, 8, 8)


def state_of(*layers: Layer) -> StackState:
    return StackState.of(layers, "Test", StackInput())


def chosen(state: StackState, part: str, name: str, value: object) -> StackState:
    document = parts.with_parameter(Document(stack=state), f"stack.{part}", name, value)
    return document.stack


def uids(state: StackState) -> list[int]:
    return [slot.uid for slot in state.slots]


def kinds(state: StackState) -> list[str]:
    return [slot.layer.kind for slot in state.slots]


@pytest.fixture
def state() -> StackState:
    weight = np.arange(36, dtype=np.float32).reshape(2, 2, 3, 3)
    return state_of(Conv2d(2, 2, 3, weight=weight), ReLU(), MaxPool2d(2))


def test_a_new_layer_takes_the_next_uid(state: StackState) -> None:
    last = edits.add_layer(state, "abs", SHAPE)
    assert uids(last) == [1, 2, 3, 4]
    first = edits.add_layer(last, "conv2d", SHAPE, 0)
    assert uids(first) == [5, 1, 2, 3, 4]
    assert first.next_uid == 6
    assert first.slots[0].layer.output_shape(SHAPE) == (8, 8, 8)


def test_a_uid_is_never_given_twice(state: StackState) -> None:
    state = edits.remove_layer(edits.add_layer(state, "abs", SHAPE), 4)
    assert uids(edits.add_layer(state, "abs", SHAPE)) == [1, 2, 3, 5]


def test_two_new_convolutions_differ(state: StackState) -> None:
    state = edits.add_layer(edits.add_layer(state, "conv2d", SHAPE), "conv2d", SHAPE)
    first, second = (slot.layer for slot in state.slots[-2:])
    assert isinstance(first, Conv2d)
    assert isinstance(second, Conv2d)
    assert not np.array_equal(first.weight, second.weight)


@pytest.mark.parametrize(("at", "place"), [(-3, 0), (1, 1), (99, 3)])
def test_a_place_is_kept_inside_the_stack(state: StackState, at: int, place: int) -> None:
    assert uids(edits.add_layer(state, "abs", SHAPE, at)).index(4) == place


def test_a_full_stack_takes_no_more() -> None:
    full = state_of(*[ReLU()] * MAX_LAYERS)
    message = r"A stack of 2000 layers is full: remove one first\."
    with pytest.raises(ValueError, match=message):
        edits.add_layer(full, "relu", SHAPE)
    with pytest.raises(ValueError, match=message):
        edits.duplicate_layer(full, 1)


def test_a_copy_stands_behind_its_layer(state: StackState) -> None:
    state = edits.toggle_layer(state, 1)
    copied = edits.duplicate_layer(state, 1)
    assert uids(copied) == [1, 4, 2, 3]
    assert copied.slots[1] == Node(4, state.slots[0].layer, (1,), is_on=False)
    assert copied.next_uid == 5


@pytest.mark.parametrize(
    ("uid", "to", "expected"),
    [
        (1, 2, [2, 3, 1]),
        (3, 0, [3, 1, 2]),
        (1, 1, [2, 1, 3]),
        (2, 99, [1, 3, 2]),
        (2, -1, [2, 1, 3]),
    ],
)
def test_a_layer_stands_where_it_was_put(
    state: StackState, uid: int, to: int, expected: list[int]
) -> None:
    moved = edits.move_layer(state, uid, to)
    assert uids(moved) == expected
    put, before = moved.slot(uid), state.slot(uid)
    assert put is not None
    assert before is not None
    assert put.layer is before.layer
    assert moved.graph.is_chain()
    assert moved.next_uid == state.next_uid


def test_a_layer_put_where_it_is_changes_nothing(state: StackState) -> None:
    assert edits.move_layer(state, 3, 2) is state
    assert edits.move_layer(state, 3, 7) is state


def test_a_layer_is_switched_off_and_on(state: StackState) -> None:
    off = edits.toggle_layer(state, 2)
    assert [slot.is_on for slot in off.slots] == [True, False, True]
    assert edits.toggle_layer(off, 2) == state


def test_a_parameter_is_changed_in_one_layer(state: StackState) -> None:
    changed = edit_layer(state, 3, with_parameter, "stride", (1, 1))
    assert changed.slots[2] == Node(3, MaxPool2d(2, (1, 1)), (2,))
    assert changed.slots[0] is state.slots[0]
    assert edit_layer(changed, 3, with_parameter, "stride", 1) is changed


def test_a_cell_is_changed_and_the_others_stay(state: StackState) -> None:
    changed = edit_layer(state, 1, with_cell, 1, 0, 2, 1, -0.5)
    before, after = state.slots[0].layer, changed.slots[0].layer
    assert isinstance(before, Conv2d)
    assert isinstance(after, Conv2d)
    differs = np.argwhere(before.weight != after.weight)
    assert differs.tolist() == [[1, 0, 2, 1]]
    assert after.weight[1, 0, 2, 1] == -0.5
    assert edit_layer(changed, 1, with_cell, 1, 0, 2, 1, -0.5) is changed


def test_filters_biases_and_weights_are_changed(state: StackState) -> None:
    kernel = np.eye(3)
    changed = edit_layer(edit_layer(state, 1, with_filter, 0, 1, kernel), 1, with_bias, 1, 7.0)
    layer = changed.slots[0].layer
    assert isinstance(layer, Conv2d)
    np.testing.assert_array_equal(layer.weight[0, 1], kernel)
    assert layer.offsets is not None
    assert layer.offsets.tolist() == [0, 7]
    zero = edit_layer(changed, 1, with_weight, np.zeros((2, 2, 3, 3))).slots[0].layer
    assert isinstance(zero, Conv2d)
    assert not zero.weight.any()


REJECTED: list[tuple[Callable[[StackState], Any], str]] = [
    (lambda s: edits.add_layer(s, "conv3d", SHAPE), r"Layer 'conv3d' is unknown.*\."),
    (lambda s: edits.remove_layer(s, 9), r"There is no layer with uid 9\."),
    (lambda s: edit_layer(s, 1, with_parameter, "stride", 0), r"Stride 0 cannot be used.*\."),
    (lambda s: edit_layer(s, 2, with_parameter, "stride", 1), r"ReLU has no parameter.*\."),
    (
        lambda s: edit_layer(s, 1, with_parameter, "groups", 3),
        r"2 and 2 channels cannot be shared.*\.",
    ),
    (
        lambda s: edit_layer(s, 1, with_cell, 0, 0, 3, 0, 1.0),
        r"There is no cell \(3, 0\) .* 3 × 3 .*\.",
    ),
    (lambda s: edit_layer(s, 1, with_cell, 0, 0, -1, 0, 1.0), r"There is no cell \(-1, 0\)"),
    (
        lambda s: edit_layer(s, 1, with_cell, 0, 0, 0, 0, float("nan")),
        r"Kernel nan cannot be used.*\.",
    ),
    (
        lambda s: edit_layer(s, 1, with_filter, 0, 0, np.eye(2)),
        r"A kernel of 2 × 2 cells .*\.",
    ),
    (lambda s: edit_layer(s, 1, with_bias, 0, float("inf")), r"Bias inf cannot be used.*\."),
    (lambda s: edit_layer(s, 2, with_weight, np.eye(2)), r"ReLU has no weights.*\."),
    (lambda s: chosen(s, "input", "size", (0, 8)), r"input size \(0, 8\) cannot be used"),
    (lambda s: chosen(s, "input", "size", (8, 1025)), "input size 1025 does not fit: .* 1024 px"),
    (lambda s: chosen(s, "colors", "limit", 0.0), "largest magnitude 0 does not fit: give 0.001"),
    (lambda s: chosen(s, "colors", "limit", math.inf), "largest magnitude inf does not fit"),
    (lambda s: chosen(s, "colors", "limit", math.nan), "largest magnitude nan does not fit"),
    (lambda s: chosen(s, "colors", "gamma", 1.0), "MapColors has no parameter 'gamma': .* limit"),
    (lambda s: edits.set_title(s, "  "), "A title of 0 characters does not fit: give 1 to 80"),
    (lambda s: edits.set_title(s, "x" * 81), "A title of 81 characters"),
]


@pytest.mark.parametrize(("edit", "message"), REJECTED)
def test_an_edit_that_cannot_be_says_so_in_a_message(
    state: StackState, edit: Callable[[StackState], Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}" if message[0] in "AT" else message):
        edit(state)


def test_the_input_and_the_colours_are_chosen(state: StackState) -> None:
    state = chosen(state, "input", "space", InputSpace.GREY)
    state = chosen(state, "input", "size", (1, 1024))
    state = chosen(chosen(state, "colors", "range", MapRange.FIXED), "colors", "limit", 2.5)
    state = edits.set_title(state, "  My \n first   net ")
    assert state.input == StackInput(InputSpace.GREY, (1, 1024))
    assert state.colors == MapColors(MapRange.FIXED, 2.5)
    assert state.title == "My first net"
    assert chosen(state, "input", "size", None).input.size is None


def test_another_stack_gets_uids_that_were_never_given(state: StackState) -> None:
    other = edits.toggle_layer(state_of(Flatten(), ReLU()), 2)
    taken = edits.replace_stack(edits.set_title(state, "Old"), other)
    assert uids(taken) == [4, 5]
    assert taken.next_uid == 6
    assert kinds(taken) == ["flatten", "relu"]
    assert [slot.is_on for slot in taken.slots] == [True, False]
    assert (taken.title, taken.input, taken.colors) == ("Test", other.input, other.colors)
    with pytest.raises(ValueError, match="A stack of 2001 layers does not fit: at most 2000"):
        edits.replace_stack(state, state_of(*[ReLU()] * 2001))


def healed(state: StackState, number: int = 0) -> StackState:
    """Apply remedies until all layers fit."""
    for _ in range(10):
        _, misfit = check(state.graph, SHAPE)
        if misfit is None:
            return state
        remedies = misfit.remedies
        remedy = remedies[min(number, len(remedies) - 1)]
        state = edits.apply_remedy(state, misfit.uid, remedy)
    raise AssertionError("the remedies go round in circles")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_remedies_make_any_stack_fit(number: int) -> None:
    layers = (
        Conv2d(1, 4, 9),
        MaxPool2d(3, padding=2),
        Linear(5, 2),
        Conv2d(9, 6, 3, groups=3),
        Linear(7, 3),
    )
    done = healed(state_of(*layers), number)
    results = done.stack().forward(np.ones(SHAPE, np.float32))
    assert [result.shape for result in results] == done.stack().shapes(SHAPE)


def test_flatten_is_put_before_a_matrix() -> None:
    done = healed(state_of(ReLU(), Linear(5, 2)))
    assert kinds(done) == ["relu", "flatten", "linear"]
    assert uids(done) == [1, 3, 2]
    assert done.next_uid == 4
    assert done.slots[2].layer.output_shape((192,)) == (2,)


def test_a_convolution_is_moved_before_the_nearest_flatten_that_is_on() -> None:
    state = state_of(Flatten(), ReLU(), Flatten(), Flatten(), Conv2d(5, 4, 3))
    for uid in (1, 4):
        state = edits.toggle_layer(state, uid)
    done = healed(state)
    assert uids(done) == [1, 2, 5, 3, 4]
    layer = done.slots[2].layer
    assert isinstance(layer, Conv2d)
    assert layer.in_channels == 3


def test_a_misfit_can_be_removed() -> None:
    done = healed(state_of(Flatten(), MaxPool2d(2)), number=1)
    assert kinds(done) == ["flatten"]


# ---- what the last layer tells apart ----


def named() -> StackState:
    layers = (Conv2d(1, 2, 3), Flatten(), Linear(72, 3), Softmax())
    state = StackState.of(layers, "Named", StackInput(InputSpace.GREY, (8, 8)))
    return edits.set_classes(state, ("cat", "dog", "hen"))


def test_classes_are_kept_while_the_last_layer_gives_as_many_values() -> None:
    state = named()
    assert edits.remove_layer(state, 4).classes == ("cat", "dog", "hen"), "scores instead"
    assert edits.toggle_layer(state, 4).classes == state.classes
    assert chosen(state, "input", "as_digit", True).classes == state.classes
    assert edits.replace_stack(StackState(), state).classes == state.classes
    assert edits.remove_layer(edits.remove_layer(state, 4), 3).classes == (), "72 values"
    assert edit_layer(state, 3, with_parameter, "out_features", 4).classes == ()


def test_layers_that_do_not_fit_for_a_moment_keep_the_classes() -> None:
    state = chosen(named(), "input", "size", (9, 9))
    assert state.classes == ("cat", "dog", "hen")
    assert chosen(state, "input", "size", (8, 8)).classes == state.classes


def test_classes_that_do_not_fit_are_rejected() -> None:
    with pytest.raises(ValueError, match="2 names do not fit: give one for each value"):
        edits.set_classes(named(), ("cat", "dog"))
    with pytest.raises(ValueError, match="name of 1 to 80 characters"):
        edits.set_classes(named(), ("cat", "dog", ""))
    assert edits.set_classes(named(), ()).classes == ()


def test_the_digit_can_be_cut_out() -> None:
    assert chosen(StackState(), "input", "as_digit", True).input.as_digit
    assert not StackState().input.as_digit
