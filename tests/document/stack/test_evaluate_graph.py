"""A network with branches in the stack lab: its maps, a unit where branches meet, the shift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.stack.arithmetic import Steps
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.job import StackJob, StackShown
from convlab.document.stack.model import StackInput, StackState, StackViewing, Unit
from convlab.engine.arrays import FloatArray
from convlab.layers import AvgPool2d, Conv2d, ReLU, Upsample
from convlab.layers.graph import INPUT, Node
from convlab.layers.merge import Add, Concat

STATE = StackState(
    (
        Node(1, Conv2d(3, 4, 3, padding=1), name="stem"),
        Node(2, ReLU(), (1,)),
        Node(3, AvgPool2d(2), (2,)),
        Node(4, Upsample(2), (3,)),
        Node(5, ReLU(), (4,), is_on=False),
        Node(6, Add(), (5, 1), name="sum"),
        Node(7, Concat(), (6, 2), name="all"),
    ),
    StackInput(),
    next_uid=8,
)
SEEN = frozenset({INPUT, *(slot.uid for slot in STATE.slots)})
PICTURE = np.random.default_rng(3).integers(0, 256, (16, 20, 3), np.uint8)


def shown_of(state: StackState = STATE, **looking: object) -> StackShown:
    viewing = replace(StackViewing(in_sight=SEEN), **looking)  # type: ignore[arg-type]
    return StackEvaluator().run(StackJob(1, Frame(PICTURE, 0, 0.0), state, viewing))


def own_maps() -> dict[int, FloatArray]:
    """Work the maps out by hand, but for the convolution."""
    x = np.asarray(np.moveaxis(PICTURE, 2, 0) / 255, np.float32)
    stem = STATE.slots[0].layer.forward(x)
    lit = np.maximum(stem, 0)
    pooled = lit.reshape(4, 8, 2, 10, 2).mean((2, 4))
    large = pooled.repeat(2, 1).repeat(2, 2)
    return {1: stem, 2: lit, 3: pooled, 4: large, 6: large + stem, 7: np.r_[large + stem, lit]}


def test_every_branch_has_its_maps() -> None:
    shown = shown_of()
    expected = own_maps()
    assert [column.uid for column in shown.columns] == [INPUT, *expected]
    for column in shown.columns[1:]:
        np.testing.assert_allclose(column.maps, expected[column.uid], atol=1e-6)
    assert shown.error is None
    fields = [summary.fields for summary in shown.summaries]
    sizes = [None if both is None else both[0].size for both in fields]
    assert sizes == [3, 3, 4, 4, 4, 4], "both branches of the sum see the same pixels"


@pytest.mark.parametrize("uid", [6, 7])
def test_the_sum_of_a_unit_where_branches_meet(uid: int) -> None:
    shown = shown_of(unit=Unit(uid, 2, 5, 7), pinned=True, wants_gradient=True)
    look, maps = shown.look, own_maps()
    assert look is not None
    assert isinstance(look.detail, Steps)
    terms = (maps[4][2, 5, 7], maps[1][2, 5, 7]) if uid == 6 else (maps[6][2, 5, 7],)
    assert look.detail.formula.numbers == pytest.approx(terms, abs=1e-6)
    assert look.value == pytest.approx(sum(terms), abs=1e-6)
    assert set(look.boxes) == {INPUT, *maps} - ({7} if uid == 6 else set())
    assert look.incoming is not None
    assert look.incoming.every == ((2, 6) if uid == 6 else (2,))
    assert look.gradient is not None


def test_a_map_of_the_second_branch_is_found() -> None:
    look = shown_of(unit=Unit(7, 5, 3, 3), pinned=True).look
    assert look is not None
    assert isinstance(look.detail, Steps)
    assert look.detail.purpose == "map 1 of branch 2, as it is"
    assert look.detail.result == look.detail.formula.numbers[0]
    assert look.incoming is not None
    assert look.incoming.every == (5,), "the second map of the ReLU, behind four of the sum"


def test_branches_move_along_with_the_picture() -> None:
    shifts = shown_of(shift=(2, 0), wants_shift=True).shifts
    assert shifts is not None
    assert [report.error for report in shifts] == pytest.approx([0.0] * 6, abs=1e-6)
    odd = shown_of(shift=(1, 0), wants_shift=True).shifts
    assert odd is not None
    assert odd[0].error == pytest.approx(0, abs=1e-6)
    assert (odd[4].error or 0) > 0.01, "one of its branches went through a pool"


def test_what_does_not_meet_is_named_and_what_is_before_it_is_shown() -> None:
    slots = [replace(slot, layer=AvgPool2d(4)) if slot.uid == 3 else slot for slot in STATE.slots]
    shown = shown_of(replace(STATE, slots=tuple(slots)))
    assert shown.error is not None
    assert shown.error.uid == 6
    assert "(4, 8, 10) and (4, 16, 20)" in shown.error.message
    assert [column.uid for column in shown.columns] == [INPUT, 1, 2, 3, 4]


@pytest.mark.parametrize("inputs", [(1, 2), (2, 1)])
def test_a_unit_one_branch_of_which_touches_padding_is_not_compared(
    inputs: tuple[int, int],
) -> None:
    nodes = Node(1, ReLU()), Node(2, Conv2d(3, 3, 3, padding=1)), Node(3, Add(), inputs)
    state = StackState(nodes, StackInput(), next_uid=4)
    viewing = StackViewing(in_sight=frozenset({INPUT, 1, 2, 3}), shift=(2, 0), wants_shift=True)
    shifts = StackEvaluator().run(StackJob(1, Frame(PICTURE, 0, 0.0), state, viewing)).shifts
    assert shifts is not None
    assert shifts[2].compared == shifts[1].compared < shifts[0].compared
    assert shifts[2].error == pytest.approx(0, abs=1e-6)
