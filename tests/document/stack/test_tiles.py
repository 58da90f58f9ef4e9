from __future__ import annotations

import numpy as np
import pytest

from convlab.document.stack.model import MapColors, MapRange
from convlab.document.stack.tiles import NotFinite, map_scales, paint_maps, paint_picture, shrink
from convlab.engine.display import DisplayMode, Scale, color_map

NEUTRAL = color_map(DisplayMode.SIGNED)[127][::-1].tolist()
MOST, LEAST = (color_map(DisplayMode.SIGNED)[at][::-1].tolist() for at in (255, 0))


@pytest.fixture
def maps() -> np.ndarray:
    values = np.zeros((2, 2, 2), np.float32)
    values[0, 0, 0], values[0, 1, 1] = 4.0, -2.0
    values[1, 0, 1] = 0.5
    return values


def test_the_range_of_a_layer_is_that_of_its_largest_value(maps: np.ndarray) -> None:
    assert map_scales(maps, MapColors(MapRange.LAYER)) == (Scale(-4, 4),) * 2


def test_each_map_can_have_its_own_range(maps: np.ndarray) -> None:
    assert map_scales(maps, MapColors(MapRange.MAP)) == (Scale(-4, 4), Scale(-0.5, 0.5))


def test_a_fixed_range_is_that_of_all(maps: np.ndarray) -> None:
    assert map_scales(maps, MapColors(MapRange.FIXED, 3.0)) == (Scale(-3, 3),) * 2


def test_signed_colours_zero_is_neutral(maps: np.ndarray) -> None:
    tiles = paint_maps(maps, map_scales(maps, MapColors()), 64, False)
    assert tiles.shape == (2, 2, 2, 4)
    assert tiles[0, 0, 0, :3].tolist() == MOST
    assert tiles[0, 0, 1, :3].tolist() == NEUTRAL
    assert (tiles[..., 3] == 255).all()


def test_with_its_own_range_each_map_reaches_the_strongest_colour(maps: np.ndarray) -> None:
    tiles = paint_maps(maps, map_scales(maps, MapColors(MapRange.MAP)), 64, True)
    assert tiles[1, 0, 1, :3].tolist() == MOST
    tiles = paint_maps(-maps, map_scales(-maps, MapColors(MapRange.MAP)), 64, True)
    assert tiles[1, 0, 1, :3].tolist() == LEAST


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("range_", [MapRange.LAYER, MapRange.MAP])
def test_what_has_no_colour_is_told(maps: np.ndarray, value: float, range_: MapRange) -> None:
    maps[0, 0, 0] = value
    with pytest.raises(NotFinite):
        map_scales(maps, MapColors(range_))


def test_large_maps_shrink_to_means_but_not_below_the_width_wanted() -> None:
    maps = np.arange(2 * 12 * 20, dtype=np.float32).reshape(2, 12, 20)
    small = shrink(maps, 6)
    assert small.shape == (2, 4, 6)
    assert small[1, 0, 0] == pytest.approx(maps[1, :3, :3].mean())
    assert shrink(maps, 11) is maps


def test_a_colour_picture_stands_before_its_channels() -> None:
    planes = np.zeros((3, 2, 2), np.float32)
    planes[0, 0, 0] = 1.0
    tiles, scales = paint_picture(planes, 1.0, 64)
    assert tiles.shape == (4, 2, 2, 4)
    assert tiles[0, 0, 0].tolist() == [0, 0, 255, 255]  # BGRA: red
    assert tiles[1, 0, 0].tolist() == [255] * 4
    assert scales == (Scale(0, 1),) * 3


def test_a_grey_picture_is_one_tile() -> None:
    tiles, _ = paint_picture(np.ones((1, 2, 3), np.float32), 1.0, 64)
    assert tiles.shape == (1, 2, 3, 4)
