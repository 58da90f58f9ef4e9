from __future__ import annotations

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.job import StackJob
from convlab.document.stack.model import StackState, StackViewing, first_stack
from convlab.ui.stack.stack_words import status


@pytest.mark.parametrize(("state", "text"), [(first_stack(), ""), (StackState(), "no layers")])
def test_before_a_layer_ran_nothing_is_said_of_layers_that_are_there(
    state: StackState, text: str
) -> None:
    frame = Frame(np.zeros((8, 8), np.uint8), 0, 0.0)
    shown = StackEvaluator().run(StackJob(0, frame, state, StackViewing()))
    assert status(shown).time == text
