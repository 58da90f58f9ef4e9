from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document import drawing as paint
from convlab.document.drawing import Brush, Drawing

HARD = Brush(1.0)


def canvas(rows: int = 5, columns: int = 6) -> Drawing:
    return paint.of_pixels(np.zeros((rows, columns)))


def test_it_begins_as_a_black_sheet_and_cannot_be_written_to() -> None:
    pixels = Drawing().array()
    assert pixels.shape == (32, 32)
    assert pixels.dtype == np.float32
    assert not pixels.any()
    assert not pixels.flags.writeable


def test_a_line_through_the_middles_of_pixels_fills_them_and_half_of_those_beside() -> None:
    drawn = paint.stroked(canvas(), (1.5, 1.5), (1.5, 3.5), HARD)
    assert drawn.array()[1].tolist() == [0, 1, 1, 1, 0, 0]
    assert drawn.array().sum() == 3.0
    wider = paint.stroked(canvas(), (2.5, 2.5), (2.5, 2.5), Brush(2.0))
    assert wider.array()[2].tolist() == [0, 0.5, 1, 0.5, 0, 0]


def test_going_over_a_line_again_changes_nothing() -> None:
    once = paint.stroked(canvas(), (0.3, 0.2), (4.4, 5.1), Brush(1.7))
    assert paint.stroked(once, (0.3, 0.2), (4.4, 5.1), Brush(1.7)) == once


@given(st.floats(-5, 70), st.floats(-5, 70), st.floats(0.5, 12))
def test_paint_only_adds_and_the_eraser_only_takes(row: float, column: float, width: float) -> None:
    half = paint.of_pixels(np.full((8, 9), 0.5))
    more = paint.stroked(half, (4, 4), (row, column), Brush(width)).array()
    less = paint.stroked(half, (4, 4), (row, column), Brush(width, erases=True)).array()
    assert (more >= 0.5).all()
    assert (less <= 0.5).all()
    assert ((less == 0.0) | (less == 0.5)).all()
    assert (less[more > 0.5] == 0.0).all(), "it wipes at least what the brush paints"
    assert more.max() <= 1.0
    assert less.min() >= 0.0


def test_the_eraser_brings_back_the_paper() -> None:
    line = ((1.2, 1.4), (3.3, 4.1))
    drawn = paint.stroked(canvas(), *line, Brush(3.0))
    assert paint.stroked(drawn, *line, Brush(3.0, erases=True)) == canvas()
    inverted = paint.inverted(drawn)
    wiped = paint.stroked(inverted, *line, Brush(3.0, erases=True))
    assert wiped == paint.inverted(canvas())


def test_inverted_paint_is_black_on_white() -> None:
    inverted = paint.inverted(paint.stroked(canvas(), (1.5, 1.5), (1.5, 1.5), HARD))
    assert (inverted.paper, inverted.paint) == (1.0, 0.0)
    assert inverted.array()[1, 1] == 0.0
    more = paint.stroked(inverted, (3.5, 3.5), (3.5, 3.5), HARD)
    assert more.array()[3, 3] == 0.0
    assert more.array().sum() == 28.0
    assert paint.inverted(paint.inverted(more)) == more
    assert (paint.cleared(more).array() == 1.0).all()


def test_a_pixel_takes_a_number() -> None:
    drawn = paint.with_pixel(paint.with_white(canvas(), 10.0), 2, 3, 7.5)
    assert drawn.array()[2, 3] == 7.5
    assert drawn.array().sum() == 7.5


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_number_that_is_no_grey_is_rejected(value: float) -> None:
    with pytest.raises(ValueError, match="give 0 to 1, or choose another value for white"):
        paint.with_pixel(canvas(), 0, 0, value)


def test_a_pixel_outside_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"no pixel \(5, 0\) in 5 × 6: choose one inside"):
        paint.with_pixel(canvas(), 5, 0, 1.0)


def test_another_size_keeps_what_is_at_the_top_left() -> None:
    drawn = paint.with_pixel(canvas(), 1, 2, 1.0)
    larger = paint.resized(drawn, 8, 7)
    assert larger.array().shape == (8, 7)
    assert larger.array()[1, 2] == 1.0
    assert paint.resized(larger, 5, 6) == drawn
    assert paint.resized(paint.inverted(drawn), 6, 6).array()[5].tolist() == [1.0] * 6


@pytest.mark.parametrize("size", [(2, 8), (8, 65)])
def test_a_size_out_of_bounds_is_rejected_with_the_bounds(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="px does not fit: give 3 to 64 a side"):
        paint.resized(canvas(), *size)
    with pytest.raises(ValueError, match="px does not fit: give 3 to 64 a side"):
        paint.of_pixels(np.zeros(size))


def test_another_white_looks_the_same() -> None:
    drawn = paint.stroked(canvas(), (1.2, 1.4), (3.3, 3.9), Brush(2.5))
    scaled = paint.with_white(drawn, 255.0)
    assert np.allclose(scaled.array(), drawn.array() * 255)
    assert np.array_equal(scaled.steps(), drawn.steps())
    with pytest.raises(ValueError, match="choose 1, 10 or 255"):
        paint.with_white(drawn, 2.0)


def test_pixels_that_are_no_grey_are_rejected() -> None:
    with pytest.raises(ValueError, match="between 0 and 1: change that"):
        paint.of_pixels(np.full((3, 3), np.nan))
    with pytest.raises(ValueError, match="choose 1, 10 or 255"):
        paint.of_pixels(np.zeros((3, 3)), white=3.0)


def test_what_is_seen_are_bytes() -> None:
    steps = paint.of_pixels(np.array([[0.0, 0.5, 1.0]] * 3)).steps()
    assert steps.dtype == np.uint8
    assert steps[0].tolist() == [0, 128, 255]
    assert not steps.flags.writeable


@pytest.mark.parametrize("bad", [np.nan, np.inf, -0.5, 1.5])
def test_a_drawing_holds_nothing_but_black_to_white(bad: float) -> None:
    pixels = np.zeros((8, 8), np.float32)
    pixels[2, 3] = bad
    with pytest.raises(ValueError, match="A pixel of it is not between 0 and 1: change that"):
        Drawing(8, 8, pixels.tobytes())
    with pytest.raises(ValueError, match="A pixel of it is not between 0 and 1: change that"):
        paint.of_pixels(pixels)


def test_a_stroke_from_nowhere_is_rejected() -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        paint.stroked(Drawing(), (np.nan, 3.0), (5.0, 5.0), Brush())


def test_a_drawing_has_as_many_pixels_as_it_says() -> None:
    with pytest.raises(ValueError, match="has 256 bytes, not 12: give a float32 for each pixel"):
        Drawing(8, 8, bytes(12))
