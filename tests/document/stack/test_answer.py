from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.stack.answer import ClassScore
from convlab.document.stack.arithmetic import Probabilities
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.job import StackJob, StackShown
from convlab.document.stack.model import (
    InputSpace,
    StackInput,
    StackState,
    StackViewing,
    Unit,
)
from convlab.layers import Conv2d, Flatten, Linear, Softmax
from convlab.layers.graph import INPUT

# Each class answers to one of four pixels; "d" to none, and is pushed down.
WEIGHT = np.array([[4, 0, 0, 0], [0, 2, 0, 0], [0, 0, 1, 0], [-9, -9, -9, -9]], np.float32)
NAMES = ("a", "b", "c", "d")


def state(softmax: bool = True, as_digit: bool = False) -> StackState:
    layers = (Flatten(), Linear(4, 4, bias=None, weight=WEIGHT), *([Softmax()] * softmax))
    made = StackState.of(layers, "Test", StackInput(InputSpace.GREY, (2, 2), as_digit))
    return StackState(made.slots, made.input, made.colors, "Test", made.next_uid, NAMES)


def run(state: StackState, pixels: list[list[float]], viewing: StackViewing) -> StackShown:
    frame = Frame(np.array(pixels, np.float32), 0, 0.0)
    return StackEvaluator().run(StackJob(1, frame, state, viewing))


def test_the_likeliest_class_is_told_first() -> None:
    answer = run(state(), [[0, 1], [1, 0]], StackViewing()).answer
    assert answer is not None
    assert [told.name for told in answer.ranking] == ["b", "c", "a", "d"]
    powers = np.exp([0, 2, 1, -18])
    expected = powers[[1, 2, 0, 3]] / powers.sum()
    assert np.allclose([told.value for told in answer.ranking], expected)
    assert answer.is_probability
    assert not answer.is_blank


def test_scores_are_no_shares() -> None:
    answer = run(state(softmax=False), [[1, 0], [0, 0]], StackViewing()).answer
    assert answer is not None
    assert not answer.is_probability
    assert answer.ranking[0].value == 4.0


def test_the_answer_comes_even_where_the_last_layer_is_out_of_sight() -> None:
    shown = run(state(), [[1, 0], [0, 0]], StackViewing(in_sight=frozenset({INPUT})))
    assert shown.answer is not None
    assert shown.answer.ranking[0].name == "a"
    assert shown.columns[-1].tiles is None


def test_only_the_last_layer_has_names() -> None:
    shown = run(state(), [[1, 0], [0, 0]], StackViewing(in_sight=frozenset({1, 2, 3})))
    assert [column.names for column in shown.columns] == [(), (), (), NAMES]
    assert [column.is_probability for column in shown.columns] == [False, False, False, True]


@pytest.mark.parametrize("mean", [0.0, 0.13])
def test_no_ink_is_told_as_such(mean: float) -> None:
    blank = state(as_digit=True)
    blank = replace(blank, input=blank.input.normalised((mean,), (0.3,)))
    answer = run(blank, [[0, 0], [0, 0]], StackViewing()).answer
    assert answer is not None
    assert answer.is_blank


def test_names_that_do_not_fit_are_not_used() -> None:
    long = StackState(state().slots, state().input, classes=(*NAMES, "e"))
    shown = run(long, [[1, 0], [0, 0]], StackViewing())
    assert shown.answer is not None
    assert not shown.answer.is_named
    assert shown.columns[-1].names == ()
    off = StackState(
        tuple(replace(slot, is_on=slot.uid == 1) for slot in state().slots),
        state().input,
        classes=NAMES,
    )
    answer = run(off, [[0.5, 1], [0, 0]], StackViewing()).answer
    assert answer is not None, "Flatten gives as many values"
    assert answer.ranking[0].name == "b"


def test_the_sum_knows_the_names() -> None:
    shown = run(state(), [[0, 1], [1, 0]], StackViewing(unit=Unit(3, 2), pinned=True))
    assert shown.look is not None
    assert shown.look.name == "c"
    detail = shown.look.detail
    assert isinstance(detail, Probabilities)
    assert [detail.name(number) for number in range(4)] == list(NAMES)
    before = run(state(), [[0, 1], [1, 0]], StackViewing(unit=Unit(1, 2), pinned=True)).look
    assert before is not None
    assert before.name == ""


@pytest.mark.parametrize("named", [True, False])
def test_classes_whose_scores_are_all_negative_are_told(named: bool) -> None:
    """A hundred of them are folded into a square: what fills its last row is none."""
    weight = -np.arange(1, 102, dtype=np.float32)[:, None] * np.ones((1, 4), np.float32)
    layers = Flatten(), Linear(4, 101, bias=None, weight=weight)
    names = tuple(f"name {number}" for number in range(101))
    made = StackState.of(layers, "Test", StackInput(InputSpace.GREY, (2, 2)))
    answer = run(replace(made, classes=names * named), [[1, 1], [1, 1]], StackViewing()).answer
    assert answer is not None
    assert answer.is_named == named
    assert answer.ranking[0] == ClassScore("name 0" if named else "class 0", -4.0)


def test_maps_tell_no_class() -> None:
    made = StackState.of((Conv2d(1, 2, 1),), "Test", StackInput(InputSpace.GREY, (2, 2)))
    assert run(made, [[1, 1], [1, 1]], StackViewing()).answer is None
