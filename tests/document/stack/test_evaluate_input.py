"""A normalised picture is painted as it was, wherever it is painted; its numbers are not."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.job import StackJob, StackShown
from convlab.document.stack.model import StackState, StackViewing, Unit
from convlab.layers import Conv2d
from convlab.layers.graph import INPUT
from convlab.networks.stack_input import ChannelOrder, Levels, StackInput

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(256, size=(12, 16, 3), dtype=np.uint8)
WANTED = StackInput(order=ChannelOrder.BGR, levels=Levels.BYTE).normalised(
    (123.0, 117.0, 104.0), (58.0, 57.0, 56.0)
)


def run(unit: Unit) -> StackShown:
    state = StackState.of((Conv2d(3, 2, 3),), "Test", WANTED)
    viewing = StackViewing(unit, True, in_sight=frozenset({INPUT, 1}), cell_width=16)
    return StackEvaluator().run(StackJob(1, Frame(PIXELS, 0, 0.0), state, viewing))


def difference(bgra: object, pixels: object) -> int:
    """Return by how much the red, green and blue of two pictures differ at most."""
    colors = np.asarray(bgra)[..., 2::-1].astype(int)
    return int(np.abs(colors - np.asarray(pixels)).max())


def test_the_card_of_the_input_shows_the_picture() -> None:
    tiles = run(Unit(INPUT, 0)).picture.tiles
    assert tiles is not None
    assert difference(tiles[0], PIXELS) <= 1
    assert difference(tiles[1], PIXELS[:, :, [2, 2, 2]]) <= 1, "blue is first"


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_the_detail_of_the_input_shows_the_picture_and_the_numbers_that_enter(channel: int) -> None:
    look = run(Unit(INPUT, channel, 5, 7)).look
    assert look is not None
    assert look.input is not None
    assert look.map is not None
    assert difference(look.input.bgra, PIXELS) <= 1
    own = 2 - channel
    assert difference(look.map.bgra, PIXELS[:, :, [own] * 3]) <= 1
    mean, std = ((104, 56), (117, 57), (123, 58))[channel]
    assert look.value == pytest.approx((int(PIXELS[5, 7, own]) - mean) / std, abs=1e-6)


def test_what_comes_into_the_first_layer_is_painted_as_the_picture() -> None:
    look = run(Unit(1, 0, 3, 3)).look
    assert look is not None
    assert look.incoming is not None
    inputs = look.incoming.inputs
    for number, tile in enumerate(inputs):
        assert difference(tile, PIXELS[:, :, [2 - number] * 3]) <= 1
