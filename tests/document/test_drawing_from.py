from __future__ import annotations

import numpy as np
import pytest

from convlab.document.drawing_from import drawing_of
from convlab.document.frame import Frame


def test_a_small_picture_comes_as_it_is() -> None:
    pixels = np.array([[10, 0, 2.5], [0, 1, 10], [4, 4, 4]], np.float32)
    drawing = drawing_of(Frame(pixels, 0, 0.0, white=10.0))
    assert drawing.white == 10.0
    assert np.array_equal(drawing.array(), pixels)


def test_a_large_picture_fits_and_keeps_its_aspect_and_its_means() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (128, 256, 3), dtype=np.uint8)
    drawing = drawing_of(Frame(pixels, 0, 0.0))
    assert (drawing.rows, drawing.columns) == (32, 64)
    assert drawing.array().mean() == pytest.approx(pixels.mean() / 255, abs=0.02)


def test_another_white_becomes_one_and_what_is_beyond_is_cut() -> None:
    pixels = np.array([[-1, 100, 200]] * 3, np.float32)
    drawing = drawing_of(Frame(pixels, 0, 0.0, white=100.0))
    assert drawing.array()[0].tolist() == [0.0, 1.0, 1.0]


def test_a_line_is_too_narrow() -> None:
    with pytest.raises(ValueError, match="give 3 to 64 a side"):
        drawing_of(Frame(np.zeros((1, 40), np.uint8), 0, 0.0))
