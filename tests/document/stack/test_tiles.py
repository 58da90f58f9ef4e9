from __future__ import annotations

import numpy as np
import pytest

from convlab.document.stack.model import MapColors, MapRange
from convlab.document.stack.tiles import (
    NotFinite,
    Ranges,
    map_scales,
    paint_maps,
    paint_picture,
    shrink,
)
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
    assert map_scales(Ranges.of(maps), MapColors(MapRange.LAYER)) == (Scale(-4, 4),) * 2


def test_each_map_can_have_its_own_range(maps: np.ndarray) -> None:
    assert map_scales(Ranges.of(maps), MapColors(MapRange.MAP)) == (Scale(-4, 4), Scale(-0.5, 0.5))


def test_a_fixed_range_is_that_of_all(maps: np.ndarray) -> None:
    assert map_scales(Ranges.of(maps), MapColors(MapRange.FIXED, 3.0)) == (Scale(-3, 3),) * 2


def test_signed_colours_zero_is_neutral(maps: np.ndarray) -> None:
    tiles = paint_maps(maps, map_scales(Ranges.of(maps), MapColors()), 64, False)
    assert tiles.shape == (2, 2, 2, 4)
    assert tiles[0, 0, 0, :3].tolist() == MOST
    assert tiles[0, 0, 1, :3].tolist() == NEUTRAL
    assert (tiles[..., 3] == 255).all()


def test_with_its_own_range_each_map_reaches_the_strongest_colour(maps: np.ndarray) -> None:
    tiles = paint_maps(maps, map_scales(Ranges.of(maps), MapColors(MapRange.MAP)), 64, True)
    assert tiles[1, 0, 1, :3].tolist() == MOST
    tiles = paint_maps(-maps, map_scales(Ranges.of(-maps), MapColors(MapRange.MAP)), 64, True)
    assert tiles[1, 0, 1, :3].tolist() == LEAST


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("range_", [MapRange.LAYER, MapRange.MAP])
def test_what_has_no_colour_is_said(maps: np.ndarray, value: float, range_: MapRange) -> None:
    maps[0, 0, 0] = value
    with pytest.raises(NotFinite):
        map_scales(Ranges.of(maps), MapColors(range_))


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


@pytest.mark.parametrize(
    ("height", "length", "width", "factor"),
    [(480, 640, 80, 8), (481, 641, 48, 12), (31, 45, 9, 4), (9, 9, 3, 3), (64, 64, 4, 16)],
)
def test_each_value_is_the_mean_of_a_block(
    height: int, length: int, width: int, factor: int
) -> None:
    maps = np.random.default_rng(0).standard_normal((2, height, length), np.float32)
    rows, columns = height // factor, length // factor
    blocks = maps[:, : rows * factor, : columns * factor]
    means = blocks.reshape(2, rows, factor, columns, factor).mean(axis=(2, 4))
    np.testing.assert_allclose(shrink(maps, width), means, atol=1e-5)
    spread = np.repeat(maps, 2, axis=2)[:, :, ::2]  # the same maps, not in one piece
    np.testing.assert_allclose(shrink(spread, width), means, atol=1e-5)


def test_ranges_are_those_of_each_map_however_many_are_read_at_once() -> None:
    maps = np.random.default_rng(0).standard_normal((3, 601, 701), np.float32)
    for some in (maps, maps[:, :9, :7], maps[:, ::2, 1:]):
        found = Ranges.of(some)
        assert found.low.tolist() == some.min(axis=(1, 2)).tolist()
        assert found.high.tolist() == some.max(axis=(1, 2)).tolist()
        assert found.ends == (float(some.min()), float(some.max()))
