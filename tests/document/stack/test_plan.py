"""Plans that are kept are those that would be made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from convlab.document.stack import edits, plan
from convlab.document.stack.model import InputSpace, StackInput, StackState
from convlab.document.stack.plan import Planner, plan_of
from convlab.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from convlab.layers.editing import with_cell
from convlab.layers.graph import Graph

SHAPE = (3, 12, 16)
STATE = StackState.of(
    (Conv2d(3, 4, 3), ReLU(), MaxPool2d(2), Conv2d(4, 2, 3), Flatten(), Linear(30, 5)),
    "test",
    StackInput(InputSpace.RGB, SHAPE[1:]),
)


def with_layer(state: StackState, uid: int, **changes: Any) -> StackState:
    slots = tuple(
        replace(slot, layer=replace(slot.layer, **changes)) if slot.uid == uid else slot  # type: ignore[type-var]
        for slot in state.slots
    )
    return replace(state, slots=slots)


EDITS: dict[str, tuple[Callable[[StackState], StackState], bool]] = {
    "a weight": (lambda s: edits.edit_layer(s, 1, with_cell, 1, 2, 0, 0, 7.0), False),
    "all of a bias": (lambda s: with_layer(s, 4, bias=np.ones(2, np.float32)), False),
    "the title": (lambda s: replace(s, title="other"), False),
    "a bias more": (lambda s: with_layer(s, 4, bias=None), True),
    "a stride": (lambda s: with_layer(s, 1, stride=2), True),
    "a size that does not fit": (lambda s: with_layer(s, 3, kernel_size=3), True),
    "a layer off": (lambda s: edits.toggle_layer(s, 2), True),
    "a layer less": (lambda s: edits.remove_layer(s, 6), True),
}


@pytest.mark.parametrize("name", EDITS)
def test_only_what_changes_more_than_numbers_is_planned_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Graph] = []

    def counted(graph: Graph, shape: tuple[int, ...]) -> plan.Plan:
        made.append(graph)
        return plan_of(graph, shape)

    monkeypatch.setattr(plan, "plan_of", counted)
    planner, (edit, is_planned) = Planner(), EDITS[name]
    before = planner.plan(STATE.slots, SHAPE)
    assert planner.plan(STATE.slots, SHAPE) is before
    edited = edit(STATE)
    found, expected = planner.plan(edited.slots, SHAPE), plan_of(edited.graph, SHAPE)
    assert len(made) == 1 + is_planned
    assert found.graph.nodes == expected.graph.nodes
    assert (found.summaries, found.error) == (expected.summaries, expected.error)
    assert planner.plan(STATE.slots, (3, 24, 16)).error is not None, "of another picture"
