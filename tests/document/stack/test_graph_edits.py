"""Edits of a network with branches: a block that adds what goes around it to what goes through."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.document.stack import edits
from convlab.document.stack.model import StackState
from convlab.layers import Conv2d, Flatten, MaxPool2d, ReLU
from convlab.layers.fitting import check
from convlab.layers.graph import INPUT, Node
from convlab.layers.merge import Add

SHAPE = (2, 8, 8)


@pytest.fixture
def block() -> StackState:
    """1 goes through 2 and 3, and around them, into 4; 5 follows."""
    slots = (
        Node(1, Conv2d(2, 4, 3, padding=1), name="stem"),
        Node(2, Conv2d(4, 4, 3, padding=1), (1,)),
        Node(3, ReLU(), (2,)),
        Node(4, Add(), (3, 1), name="sum"),
        Node(5, MaxPool2d(2), (4,)),
    )
    return StackState(slots, next_uid=6)


def wires(state: StackState) -> dict[int, tuple[int, ...]]:
    return {slot.uid: slot.inputs for slot in state.slots}


def test_a_layer_behind_one_takes_its_result_from_all_that_took_it(block: StackState) -> None:
    after = edits.add_layer(block, "relu", (4, 8, 8), 1)
    assert wires(after) == {1: (INPUT,), 6: (1,), 2: (6,), 3: (2,), 4: (3, 6), 5: (4,)}
    first = edits.add_layer(block, "relu", SHAPE, 0)
    assert wires(first)[6] == (INPUT,)
    assert wires(first)[1] == (6,)
    last = edits.add_layer(block, "relu", (4, 4, 4))
    assert wires(last)[6] == (5,)


def test_a_layer_is_taken_out_of_its_branch(block: StackState) -> None:
    after = edits.remove_layer(block, 2)
    assert wires(after) == {1: (INPUT,), 3: (1,), 4: (3, 1), 5: (4,)}
    bare = edits.remove_layer(after, 3)
    assert wires(bare)[4] == (1, 1), "the branch has become a bare wire"
    stem = edits.remove_layer(bare, 1)
    assert wires(stem)[4] == (INPUT, INPUT)


def test_where_branches_meet_nothing_is_taken_out_moved_or_copied(block: StackState) -> None:
    with pytest.raises(ValueError, match="sum joins branches: switch it off instead"):
        edits.remove_layer(block, 4)
    with pytest.raises(ValueError, match="sum joins branches"):
        edits.move_layer(block, 4, 0)
    with pytest.raises(ValueError, match="sum joins branches: copy a layer with one input"):
        edits.duplicate_layer(block, 4)


def test_a_sum_that_is_off_hands_its_first_branch_on(block: StackState) -> None:
    off = edits.toggle_layer(block, 4)
    assert off.graph.sources(off.graph[5]) == (3,)


def test_a_layer_moves_from_one_branch_behind_their_sum(block: StackState) -> None:
    after = edits.move_layer(block, 3, 3)
    assert [slot.uid for slot in after.slots] == [1, 2, 4, 3, 5]
    assert wires(after) == {1: (INPUT,), 2: (1,), 4: (2, 1), 3: (4,), 5: (3,)}
    x = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
    results = after.graph.forward(x)
    expected = np.maximum(results[1] + results[2], 0)
    np.testing.assert_allclose(results[3], expected, rtol=1e-6)


def test_a_copy_stands_behind_its_layer_in_every_branch(block: StackState) -> None:
    after = edits.duplicate_layer(block, 1)
    assert wires(after) == {1: (INPUT,), 6: (1,), 2: (6,), 3: (2,), 4: (3, 6), 5: (4,)}


def test_another_network_comes_with_its_wires(block: StackState) -> None:
    after = edits.replace_stack(StackState(next_uid=100), block)
    assert wires(after) == {100: (INPUT,), 101: (100,), 102: (101,), 103: (102, 100), 104: (103,)}


def test_remedies_reach_the_branch_that_does_not_fit(block: StackState) -> None:
    wide = edits.edit_layer(block, 2, lambda layer: Conv2d(3, 4, 3, padding=1))
    _, misfit = check(wide.graph, SHAPE)
    assert misfit is not None
    assert misfit.uid == 2
    healed = edits.apply_remedy(wide, 2, misfit.remedies[0])
    assert check(healed.graph, SHAPE)[1] is None


def test_branches_that_do_not_meet_say_so_and_offer_nothing(block: StackState) -> None:
    smaller = edits.edit_layer(block, 2, lambda layer: Conv2d(4, 4, 3))
    _, misfit = check(smaller.graph, SHAPE)
    assert misfit is not None
    assert misfit.uid == 4
    assert "(4, 6, 6) and (4, 8, 8)" in misfit.message
    assert misfit.remedies == ()


def test_a_flatten_is_put_before_one_layer_only() -> None:
    slots = (
        Node(1, ReLU()),
        Node(2, Conv2d(2, 2, 3), (1,)),
        Node(3, Flatten(), (1,)),
        Node(4, ReLU(), (3,)),
        Node(5, Conv2d(2, 3, 3), (4,)),
    )
    state = StackState(slots, next_uid=6)
    _, misfit = check(state.graph, SHAPE)
    assert misfit is not None
    assert misfit.uid == 5
    moved = edits.apply_remedy(state, 5, misfit.remedies[0])
    assert wires(moved) == {1: (INPUT,), 2: (1,), 5: (1,), 3: (5,), 4: (3,)}


def test_a_network_with_branches_is_no_chain(block: StackState) -> None:
    with pytest.raises(ValueError, match="has branches"):
        block.stack()
