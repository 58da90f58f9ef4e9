from __future__ import annotations

import re

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.stack.activity import statistics_of
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.job import StackJob
from convlab.document.stack.model import StackState, StackViewing, first_stack
from convlab.engine.display import Scale
from convlab.networks.foreign import OnnxNode
from convlab.ui.stack.stack_words import statistics_text, status
from convlab.ui.widgets.map_words import card_title, cards, layer_title


@pytest.mark.parametrize(("state", "text"), [(first_stack(), ""), (StackState(), "no layers")])
def test_before_a_layer_ran_nothing_is_said_of_layers_that_are_there(
    state: StackState, text: str
) -> None:
    frame = Frame(np.zeros((8, 8), np.uint8), 0, 0.0)
    shown = StackEvaluator().run(StackJob(0, frame, state, StackViewing()))
    assert status(shown).time == text


def test_the_mean_of_a_map_is_zero_where_it_is_only_rounding() -> None:
    plane = np.full((4, 4), 1e-11, np.float32)
    plane[0] = 0.5
    plane[1] = -0.5
    scale = Scale(-0.5, 0.5)
    found = statistics_of(plane, scale)
    words = statistics_text(found, scale.rounding)
    assert words.startswith("mean\N{NO-BREAK SPACE}0 "), words
    assert "e−" not in words
    assert "e−" in statistics_text(found)


def test_a_card_says_what_its_layer_takes() -> None:
    frame, state = Frame(np.zeros((48, 64), np.uint8), 0, 0.0), first_stack()
    viewing = StackViewing(in_sight=frozenset(slot.uid for slot in state.slots))
    shown = StackEvaluator().run(StackJob(0, frame, state, viewing))
    conv, relu = cards(state, shown)[1:3]
    assert re.fullmatch(r"608 param\.   [\d.]+ ms", conv.notes[0])
    assert re.fullmatch(r"[\d.]+ ms", relu.notes[-1])


def test_an_operation_without_a_layer_is_called_by_its_own_name() -> None:
    layer = OnnxNode("CumSum", b"", (True,))
    assert card_title(5, layer) == "5 CumSum"
    assert layer_title(5, layer) == "5 CumSum of ONNX"
