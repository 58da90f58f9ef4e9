from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import pytest

import convlab
from convlab.engine.color_maps import Palette, signed_map
from convlab.engine.cv import cv2
from convlab.notebook import Shown

NEGATIVE, NEUTRAL, POSITIVE = (signed_map(Palette.LIGHT)[at].tolist() for at in (0, 128, 255))


def decoded(shown: Shown) -> Any:
    """The picture as a notebook decodes it."""
    found: Any = cv2.imdecode(np.frombuffer(shown._repr_png_(), np.uint8), cv2.IMREAD_COLOR)
    return found[..., ::-1]


def test_values_have_the_colours_of_the_window() -> None:
    shown = convlab.show([[-2.0, 0.0, 2.0]], limit=2.0)
    pixels = decoded(shown)
    np.testing.assert_array_equal(pixels, shown.pixels)
    assert pixels.shape == (32, 96, 3), "three values are large enough to be seen"
    assert [pixels[16, x].tolist() for x in (16, 48, 80)] == [NEGATIVE, NEUTRAL, POSITIVE]


def test_maps_are_tiles_and_the_bar_says_what_the_colours_are() -> None:
    maps = np.random.default_rng(0).normal(size=(5, 100, 120)).astype(np.float32)
    shown = convlab.show(maps)
    assert shown.pixels.shape == (2 * 104 - 4, 3 * 124 - 4, 3)
    assert shown.limit == 3.0
    assert shown.clipped == pytest.approx(float((np.abs(maps) > 3).mean()))
    html = shown._repr_html_()
    assert "−3" in html
    assert f"{100 * shown.clipped:.2g} % beyond" in html
    assert len(re.findall('data:image/png;base64,([^"]+)', html)) == 2
    assert all(base64.b64decode(text) for text in re.findall('base64,([^"]+)', html))
    assert repr(shown) == "<maps of 5 × 100 × 120, colours from −3 to 3>"
    in_a_row = convlab.show(maps, columns=5, curve="root")
    assert in_a_row.pixels.shape == (100, 5 * 124 - 4, 3)
    assert "square roots" in in_a_row._repr_html_()


def test_bytes_are_a_picture() -> None:
    picture = np.arange(3 * 100 * 100, dtype=np.uint32).reshape(3, 100, 100).astype(np.uint8)
    shown = convlab.show(picture)
    np.testing.assert_array_equal(shown.pixels, np.moveaxis(picture, 0, -1))
    assert shown.limit is None
    assert repr(shown) == "<picture of 3 × 100 × 100>"


def test_large_maps_shrink_and_keep_their_thin_lines() -> None:
    maps = np.zeros((4, 1000, 1500), np.float32)
    maps[:, :, 777] = -1.0
    pixels = convlab.show(maps, limit=1.0).pixels
    assert pixels.shape[1] <= 1100
    assert (pixels == NEGATIVE).all(axis=2).any(axis=0).sum() == 2, "one line in each column"


def test_what_is_not_finite_is_shown_as_nothing_or_clipped() -> None:
    shown = convlab.show([[np.nan, np.inf, -np.inf]], limit=1.0)
    assert [shown.pixels[16, x].tolist() for x in (16, 48, 80)] == [NEUTRAL, POSITIVE, NEGATIVE]


@pytest.mark.parametrize(
    ("array", "options", "words"),
    [
        (np.zeros(3), {}, r"give \(H, W\) or \(C, H, W\)"),
        (["a"], {}, "array is text"),
        (np.zeros((2, 2)), {"limit": 0}, "limit 0 cannot be used"),
        (np.zeros((2, 2)), {"limit": float("nan")}, "limit nan cannot be used"),
        (np.zeros((2, 2)), {"curve": "log"}, "choose one of linear, root"),
        (np.zeros((0, 2)), {}, "is empty"),
    ],
)
def test_what_cannot_be_shown_is_said(array: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        convlab.show(array, **options)
