from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from convlab.document.drawing import Brush, Drawing, of_pixels, stroked
from convlab.document.frame import Frame
from convlab.document.stack.digit import cut_digit
from convlab.document.stack.model import InputSpace, StackInput
from convlab.document.stack.picture import prepare, shades_of
from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2
from convlab.engine.display import Scale

EIGHT = StackInput(InputSpace.GREY, (8, 8), as_digit=True)


def seven(side: int = 32, top: float = 0.2, size: float = 0.6, brush: float = 2.5) -> Drawing:
    """A seven: a bar above, and a stroke down to the left."""
    canvas = of_pixels(np.zeros((side, side)))
    places = [(0.0, 0.1), (0.0, 0.8), (1.0, 0.3)]
    points = [((top + size * row) * side, (0.2 + size * column) * side) for row, column in places]
    for start, end in pairwise(points):
        canvas = stroked(canvas, start, end, Brush(brush))
    return canvas


def photo(ink: float, paper: float, seed: int = 0) -> FloatArray:
    """A seven on paper under a lamp, with noise, a speck, and the dark edge of the table."""
    drawn = cv2.resize(seven(64, brush=4).array(), (400, 300), interpolation=cv2.INTER_LINEAR)
    light = np.linspace(0.97, 1.03, 400)[None, :]
    rng = np.random.default_rng(seed)
    picture = (paper + (ink - paper) * drawn) * light + rng.normal(0, 0.02, drawn.shape)
    picture[40:44, 330:334] = ink
    picture[290:, :150] = ink
    return np.clip(picture, 0, 1).astype(np.float32)


def test_it_fills_the_height_and_stands_in_the_middle() -> None:
    digit = cut_digit(seven().array(), (32, 32))
    assert digit.shape == (32, 32)
    rows, columns = (np.flatnonzero(digit.max(axis=axis)) for axis in (1, 0))
    assert (rows[0], rows[-1]) == (0, 31)
    assert abs(columns[0] - (31 - columns[-1])) <= 1
    assert columns[-1] - columns[0] > 18, "its aspect is kept"


def test_blocks_of_4_by_4_are_counted() -> None:
    whole, blocks = (cut_digit(seven().array(), (side, side)) for side in (32, 8))
    assert np.array_equal(blocks, whole.reshape(8, 4, 8, 4).mean(axis=(1, 3)))
    assert np.array_equal(blocks * 16, np.rint(blocks * 16)), "of 16 black or white pixels"


def test_place_and_size_on_the_canvas_hardly_matter() -> None:
    digit = cut_digit(seven(64, brush=5).array(), (8, 8))
    moved = cut_digit(seven(64, top=0.05, size=0.4, brush=10 / 3).array(), (8, 8))
    assert np.abs(digit - moved).mean() < 0.06


@pytest.mark.parametrize("brush", [1.5, 2.5, 4.0])
def test_a_thin_pen_and_a_thick_one_write_alike(brush: float) -> None:
    usual = cut_digit(seven().array(), (8, 8))
    digit = cut_digit(seven(brush=brush).array(), (8, 8))
    assert digit.sum() == pytest.approx(312 / 16, rel=0.25), "as much ink as in the data set"
    assert np.abs(digit - usual).mean() < 0.1


def test_a_stroke_wider_than_high_fills_the_width() -> None:
    dash = stroked(Drawing(), (16, 4), (16, 28), Brush(2.0))
    digit = cut_digit(dash.array(), (32, 32))
    assert digit[16].all()
    assert not digit[0].any()


@pytest.mark.parametrize(("ink", "paper"), [(0.15, 0.8), (0.85, 0.2)])
def test_a_photo_of_either_polarity_gives_the_digit_alone(ink: float, paper: float) -> None:
    digit = cut_digit(photo(ink, paper), (8, 8))
    drawn = cv2.resize(seven(64, brush=4).array(), (400, 300), interpolation=cv2.INTER_LINEAR)
    assert np.abs(digit - cut_digit(drawn.astype(np.float32), (8, 8))).mean() < 0.08


@pytest.mark.parametrize("paper", [0.0, 0.4, 1.0])
def test_an_empty_sheet_gives_zeros(paper: float) -> None:
    assert not cut_digit(np.full((32, 32), paper, np.float32), (8, 8)).any()


def test_noisy_paper_gives_zeros() -> None:
    noise = np.random.default_rng(3).normal(0.7, 0.03, (240, 320)).astype(np.float32)
    assert not cut_digit(noise, (8, 8)).any()


def test_a_single_pixel_is_no_digit_yet() -> None:
    canvas = np.zeros((32, 32), np.float32)
    canvas[5, 5] = 1.0
    assert not cut_digit(canvas, (8, 8)).any()


@pytest.mark.parametrize("shape", [(5, 4), (3, 64), (700, 20)])
def test_pictures_of_any_shape_are_taken(shape: tuple[int, int]) -> None:
    picture = np.zeros(shape, np.float32)
    picture[1:-1, 1:-1] = 1.0
    digit = cut_digit(picture, (8, 8))
    assert digit.max() == 1.0
    assert digit.min() >= 0.0


def test_white_may_be_worth_anything_and_the_result_goes_from_0_to_1() -> None:
    plain = Frame(seven().array(), 0, 0.0)
    tenfold = Frame(seven().array() * np.float32(10), 0, 0.0, white=10.0)
    assert np.array_equal(prepare(plain, EIGHT, (0, 0)), prepare(tenfold, EIGHT, (0, 0)))
    assert shades_of(tenfold, EIGHT).scales == (Scale(0.0, 1.0),)
    assert shades_of(tenfold, StackInput()).scales == (Scale(0.0, 10.0),) * 3


def test_it_enters_in_the_size_and_channels_that_are_wanted() -> None:
    colour = np.repeat(seven().steps()[..., None], 3, axis=2)
    wanted = StackInput(InputSpace.RGB, (16, 12), as_digit=True)
    assert prepare(Frame(colour, 0, 0.0), wanted, (0, 0)).shape == (3, 16, 12)
    unsized = StackInput(InputSpace.GREY, None, as_digit=True)
    assert prepare(Frame(colour, 0, 0.0), unsized, (0, 0)).shape == (1, 32, 32)


def test_the_shift_moves_the_digit_that_enters() -> None:
    frame = Frame(seven().array(), 0, 0.0)
    still, moved = (prepare(frame, EIGHT, shift)[0] for shift in ((0, 0), (0, 1)))
    assert np.array_equal(moved, np.roll(still, 1, axis=1))
