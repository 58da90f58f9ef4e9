"""The ready stacks: each shows what it says, on a picture or by a number known beforehand."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import convlab
from convlab import paths
from convlab.engine.arrays import FloatArray
from convlab.engine.color import ColorSpace, to_planes
from convlab.engine.cv import cv2
from convlab.io.project import load_project
from convlab.layers import Conv2d, Stack
from tests.io.documents import layer_data
from tests.pictures import load_image
from tools import make_stacks
from tools.make_stacks import STACKS

TRAINED = "digits-trained"  # by another tool; see test_trained_digits.py
PICTURE = paths.resource("pictures", "astronaut.jpg")

SHAPES = {
    "simple-to-complex-cells": [(8, 240, 320)] * 2 + [(8, 120, 160)] * 3,
    "difference-of-gaussians": [(8, 240, 320)] * 2,
    "gabor-bank": [(16, 240, 320)] * 2 + [(16, 60, 80)],
    "blur-pyramid": [(3, 120, 160), (3, 60, 80), (3, 30, 40), (3, 15, 20)],
    "tinyvgg-shape": [
        *[(10, 62, 62)] * 2,
        *[(10, 60, 60)] * 2,
        (10, 30, 30),
        *[(10, 28, 28)] * 2,
        *[(10, 26, 26)] * 2,
        (10, 13, 13),
        (1690,),
        (10,),
        (10,),
    ],
    "32x32x3-to-28x28x6": [(6, 28, 28)],
    "640x480-8-16-32-maps": [
        *[(8, 480, 640)] * 2,
        (8, 240, 320),
        *[(16, 240, 320)] * 2,
        (16, 120, 160),
        *[(32, 120, 160)] * 2,
        (32, 60, 80),
    ],
}
# Counted by hand: weights, and offsets where there are some.
PARAMETERS = {
    "simple-to-complex-cells": 8 * 49 + 8 * 225,
    "difference-of-gaussians": 8 * 625,
    "gabor-bank": 16 * 225,
    "blur-pyramid": 4 * 3 * 25,
    "tinyvgg-shape": 280 + 3 * 910 + 16_910,
    "32x32x3-to-28x28x6": 456,
    "640x480-8-16-32-maps": 224 + 1168 + 4640,
}


def ready(name: str) -> Path:
    return paths.resource("stacks", f"{name}.convlab")


def stack(name: str) -> Stack:
    return convlab.load_stack(ready(name))


def test_each_stack_is_there_and_in_the_tool() -> None:
    assert {path.stem for path in paths.sample_stacks()} == {*STACKS, TRAINED}
    assert set(STACKS) == set(SHAPES)
    titles = {load_project(path).stack.title for path in paths.sample_stacks()}
    assert titles == {
        "Simple to complex cells",
        "Difference of Gaussians",
        "Gabor bank",
        "Blur pyramid",
        "TinyVGG shape",
        "32×32×3 to 28×28×6",
        "640×480: 8, 16, 32 maps",
        "Handwritten digits, trained",
    }


@pytest.mark.parametrize("name", list(STACKS))
def test_a_file_is_what_the_tool_makes(name: str) -> None:
    """But for the last bit: exponentials differ a little from machine to machine."""
    loaded, made = load_project(ready(name)).stack, STACKS[name]()
    assert (loaded.input, loaded.title, loaded.next_uid) == (made.input, made.title, made.next_uid)
    for one, other in zip(loaded.slots, made.slots, strict=True):
        for field, value in layer_data(one.layer)[1].items():
            if isinstance(getattr(one.layer, field), np.ndarray):
                expected = getattr(other.layer, field)
                np.testing.assert_allclose(getattr(one.layer, field), expected, atol=1e-6)
            else:
                assert value == layer_data(other.layer)[1][field]


def test_the_tool_gives_the_same_bytes_again(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        make_stacks.main(tmp_path / folder)
    for name in STACKS:
        first, second = (tmp_path / folder / f"{name}.convlab" for folder in ("a", "b"))
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", list(STACKS))
def test_shapes_and_parameters_on_a_picture(name: str) -> None:
    state = load_project(ready(name)).stack
    assert state.input.size is not None
    rows, columns = state.input.size
    space = ColorSpace(state.input.space)
    x = to_planes(cv2.resize(load_image(PICTURE), (columns, rows)), space)
    results = stack(name).forward(x)
    assert [result.shape for result in results] == SHAPES[name] == stack(name).shapes(x.shape)
    assert stack(name).cost(x.shape).parameters == PARAMETERS[name]
    assert all(np.isfinite(result).all() for result in results)
    # Every map has something to show.
    assert results[0].reshape(len(results[0]), -1).std(axis=1).min() > 0.002
    assert results[-1].max() > 0.01


def bar(degrees: float, length: float, side: int = 121) -> FloatArray:
    """A white bar through the middle, 3 px wide, ``(1, side, side)``."""
    reach = np.arange(side) - (side - 1) / 2
    x, up = np.meshgrid(reach, -reach)
    turn = math.radians(degrees)
    across = np.abs(up * math.cos(turn) - x * math.sin(turn))
    along = np.abs(x * math.cos(turn) + up * math.sin(turn))
    return np.asarray((across <= 1.5) & (along <= length / 2), np.float32)[np.newaxis]


@pytest.mark.parametrize("number", range(8))
def test_a_simple_cell_answers_most_to_a_bar_of_its_orientation(number: int) -> None:
    simple = stack("simple-to-complex-cells").forward(bar(22.5 * number, 300))[1][:, 60, 60]
    assert simple.argmax() == number
    across = simple[(number + 4) % 8]
    assert across < 0.1 * simple[number]


@pytest.mark.parametrize("number", range(8))
def test_an_end_stopped_cell_answers_less_to_a_long_bar(number: int) -> None:
    cells = stack("simple-to-complex-cells")
    short, long = (
        float(cells.forward(bar(22.5 * number, length))[-1][number, 30, 30]) for length in (10, 300)
    )
    assert short > 0.25
    assert long < 0.1 * short


def test_a_complex_cell_does_not_mind_where_the_bar_is() -> None:
    cells = stack("simple-to-complex-cells")
    here, there = (cells.forward(np.roll(bar(90, 300), shift, 2)) for shift in (0, 1))
    assert here[2][4, 30, 30] == pytest.approx(there[2][4, 30, 30], rel=0.01)
    assert abs(here[1][4, 60, 60] - there[1][4, 60, 60]) > 0.1


def test_differences_of_gaussians_do_not_see_what_is_flat() -> None:
    flat = np.full((1, 40, 40), 0.7, np.float32)
    np.testing.assert_allclose(stack("difference-of-gaussians").forward(flat)[1], 0, atol=1e-6)


def test_on_cells_see_bright_spots_and_off_cells_dark_ones() -> None:
    spot = np.zeros((1, 41, 41), np.float32)
    spot[0, 20, 20] = 1
    bright, dark = (
        stack("difference-of-gaussians").forward(picture)[1][:, 20, 20]
        for picture in (spot, 1 - spot)
    )
    assert (bright[::2] > 0.01).all()
    assert (bright[1::2] == 0).all()
    np.testing.assert_allclose(dark[1::2], bright[::2], atol=1e-6)
    assert (dark[::2] < 1e-6).all()
    # The smallest cell likes a spot best, the largest a wide disc.
    reach = np.hypot(*np.mgrid[-20:21, -20:21])
    disc = (reach <= 4.5).astype(np.float32)[np.newaxis]
    assert bright[::2].argmax() == 0
    assert stack("difference-of-gaussians").forward(disc)[1][::2, 20, 20].argmax() == 3


@pytest.mark.parametrize("number", range(16))
def test_the_gabor_of_a_gratings_orientation_has_the_most_energy(number: int) -> None:
    turn = math.radians(180 * number / 16)
    up, x = -np.mgrid[:80, :80][0], np.mgrid[:80, :80][1]
    across = up * math.cos(turn) - x * math.sin(turn)
    grating = np.cos(2 * math.pi * across / 7.5).astype(np.float32)[np.newaxis]
    energy = stack("gabor-bank").forward(grating)[-1][:, 5:15, 5:15].mean(axis=(1, 2))
    assert energy.argmax() == number


def test_the_pyramid_keeps_constants_and_blurs_the_rest() -> None:
    pyramid = stack("blur-pyramid")
    flat = np.full((3, 240, 320), 0.25, np.float32)
    for result in pyramid.forward(flat):
        np.testing.assert_allclose(result, 0.25, rtol=1e-6)
    x = np.zeros((3, 64, 64), np.float32)
    x[1] = np.random.default_rng(0).random((64, 64))
    spreads = [result[1].std() for result in pyramid.forward(x)]
    assert all(later < before for before, later in pairwise(spreads))
    assert not any(result[[0, 2]].any() for result in pyramid.forward(x))


def test_the_network_gives_ten_shares() -> None:
    x = np.random.default_rng(0).random((3, 64, 64), dtype=np.float32)
    shares = stack("tinyvgg-shape").forward(x)[-1]
    assert shares.sum() == pytest.approx(1, rel=1e-5)
    # It has learnt nothing, but must not be sure of anything either.
    assert 0.001 < shares.min() < shares.max() < 0.9


def test_six_filters_are_six_things() -> None:
    layer = stack("32x32x3-to-28x28x6").layers[0]
    assert isinstance(layer, Conv2d)
    assert layer.weight.size + 6 == 456
    white = layer.forward(np.ones((3, 32, 32), np.float32))
    np.testing.assert_allclose(white, 0, atol=1e-6)

    def answer(red: float, green: float, blue: float) -> FloatArray:
        x = np.empty((3, 32, 32), np.float32)
        x[:] = np.array([red, green, blue], np.float32)[:, None, None]
        return np.asarray(layer.forward(x)[:, 14, 14])

    np.testing.assert_allclose(answer(1, 0, 0), [0, 0, 0, 1, -0.5, 0], atol=1e-6)
    np.testing.assert_allclose(answer(0, 1, 0), [0, 0, 0, -1, -0.5, 0], atol=1e-6)
    np.testing.assert_allclose(answer(0, 0, 1), [0, 0, 0, 0, 1, 0], atol=1e-6)
    left = np.zeros((3, 32, 32), np.float32)
    left[:, :, :16] = 1
    # The edge at column 16 lies between the middle columns of the windows at 13 and 14.
    assert layer.forward(left)[:, 14, 13].argmax() == 0
    assert layer.forward(left.transpose(0, 2, 1))[:, 13, 14].argmax() == 1


def test_maps_keep_their_strength_through_random_layers() -> None:
    """He's rule: the signal neither dies away nor grows, so that every map can be seen."""
    x = np.random.default_rng(0).random((3, 48, 64), dtype=np.float32)
    results = stack("640x480-8-16-32-maps").forward(x)
    strengths = [float(np.sqrt((results[at] ** 2).mean())) for at in (1, 4, 7)]
    assert max(strengths) < 4 * min(strengths)
    assert (results[-1].max(axis=(1, 2)) > 0).mean() > 0.8
