from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from convlab.engine.arrays import ByteArray
from convlab.ui.theme import value_color
from convlab.ui.widgets.pixels import image_of, signed_pixels

BGRA = np.array([[[1, 2, 3, 255], [4, 5, 6, 0]]], np.uint8)


@pytest.mark.parametrize(
    ("pixels", "colors"),
    [
        (np.array([[7, 200]], np.uint8), [(7, 7, 7), (200, 200, 200)]),
        (np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8), [(1, 2, 3), (4, 5, 6)]),
        (BGRA, [(3, 2, 1), (6, 5, 4)]),
    ],
)
def test_an_array_is_a_picture(pixels: ByteArray, colors: list[tuple[int, int, int]]) -> None:
    image = image_of(pixels)
    assert (image.width(), image.height()) == (2, 1)
    assert [image.pixelColor(x, 0) for x in (0, 1)] == [QColor(*color) for color in colors]


def test_what_is_transparent_is_so_only_where_it_is_asked_for() -> None:
    assert image_of(BGRA).pixelColor(1, 0).alpha() == 255
    assert image_of(BGRA, has_alpha=True).pixelColor(1, 0).alpha() == 0


def test_values_have_the_colours_of_the_signed_map() -> None:
    values = np.array([[-2.0, 0.0, 1.0, np.nan]])
    image = image_of(signed_pixels(values))
    for column, value in enumerate((-2.0, 0.0, 1.0, 0.0)):
        wanted, found = value_color(value, 2.0), image.pixelColor(column, 0)
        assert abs(wanted.red() - found.red()) <= 2, value
        assert abs(wanted.blue() - found.blue()) <= 2, value
    wider = image_of(signed_pixels(values, 4.0)).pixelColor(0, 0)
    assert wider.lightness() > image.pixelColor(0, 0).lightness()
    assert signed_pixels(np.zeros((2, 2))).shape == (2, 2, 4), "nothing has no largest"
