from __future__ import annotations

import numpy as np
import pytest

from convlab.document.stack.tiles import (
    NotFinite,
    Shades,
    extent_after,
    extent_of,
    fitted,
    paint_maps,
    paint_picture,
    shrink,
    shrink_signed,
)
from convlab.engine.color_maps import Palette
from convlab.engine.display import DisplayMode, Scale, color_map
from convlab.layers.activation import Activation

NEUTRAL = color_map(DisplayMode.SIGNED)[127][::-1].tolist()
MOST, LEAST = (color_map(DisplayMode.SIGNED)[at][::-1].tolist() for at in (255, 0))


@pytest.fixture
def maps() -> np.ndarray:
    values = np.zeros((2, 2, 2), np.float32)
    values[0, 0, 0], values[0, 1, 1] = 4.0, -2.0
    values[1, 0, 1] = 0.5
    return values


def test_signed_colours_zero_is_neutral(maps: np.ndarray) -> None:
    tiles = paint_maps(maps, (Scale(-4, 4),) * 2, Palette.LIGHT)
    assert tiles.shape == (2, 2, 2, 4)
    assert tiles[0, 0, 0, :3].tolist() == MOST
    assert tiles[0, 0, 1, :3].tolist() == NEUTRAL
    assert (tiles[..., 3] == 255).all()


def test_with_its_own_range_each_map_reaches_the_strongest_colour(maps: np.ndarray) -> None:
    own = (Scale(-4, 4), Scale(-0.5, 0.5))
    tiles = paint_maps(maps, own, Palette.LIGHT)
    assert tiles[1, 0, 1, :3].tolist() == MOST
    tiles = paint_maps(-maps, own, Palette.LIGHT)
    assert tiles[1, 0, 1, :3].tolist() == LEAST


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_what_has_no_colour_is_said(maps: np.ndarray, value: float) -> None:
    assert extent_of(maps) == (maps.min(), maps.max())
    assert extent_of(maps).magnitude == np.abs(maps).max()
    maps[0, 0, 0] = value
    with pytest.raises(NotFinite):
        extent_of(maps)


@pytest.mark.parametrize("kind", Activation.__subclasses__())
@pytest.mark.parametrize(("low", "high"), [(-3, 5), (-3, -1), (0, 2)])
def test_what_a_monotone_activation_makes_need_not_be_measured(
    kind: type[Activation], low: float, high: float
) -> None:
    activation, values = kind(), np.linspace(low, high, 1001, dtype=np.float32)[None, None]
    result = activation.forward(values)
    if low < 0:
        assert activation.is_monotone == (np.diff(result[0, 0]).min() >= 0)
    if activation.is_monotone:
        expected = pytest.approx(extent_of(result), rel=1e-6)
        assert extent_after(activation, extent_of(values)) == expected


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 300, 350), (2, 600, 700)])
def test_no_value_is_overlooked_however_many_are_read_at_once(place: tuple[int, ...]) -> None:
    maps = np.zeros((3, 601, 701), np.float32)
    maps[place] = np.nan
    with pytest.raises(NotFinite):
        extent_of(maps)


@pytest.mark.parametrize("palette", Palette)
def test_maps_are_painted_in_the_colours_of_a_palette(maps: np.ndarray, palette: Palette) -> None:
    tiles = paint_maps(maps, (Scale(-4, 4),) * 2, palette)
    assert tiles[0, 0, 1, 2::-1].tolist() == color_map(DisplayMode.SIGNED, palette)[127].tolist()


def test_large_maps_shrink_to_means_but_not_below_the_width_wanted() -> None:
    maps = np.arange(2 * 12 * 20, dtype=np.float32).reshape(2, 12, 20)
    small = shrink(maps, 6)
    assert small.shape == (2, 4, 6)
    assert small[1, 0, 0] == pytest.approx(maps[1, :3, :3].mean())
    assert shrink(maps, 11) is maps


def test_a_colour_picture_stands_before_its_channels() -> None:
    planes = np.zeros((3, 2, 2), np.float32)
    planes[0, 0, 0] = 1.0
    tiles, scales = paint_picture(planes, Shades.of(1.0, 3), 64)
    assert tiles.shape == (4, 2, 2, 4)
    assert tiles[0, 0, 0].tolist() == [0, 0, 255, 255]  # BGRA: red
    assert tiles[1, 0, 0].tolist() == [255] * 4
    assert scales == (Scale(0, 1),) * 3


def test_a_grey_picture_is_one_tile() -> None:
    tiles, _ = paint_picture(np.ones((1, 2, 3), np.float32), Shades.of(1.0, 1), 64)
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


@pytest.mark.parametrize(
    ("height", "length", "width", "factor"),
    [(480, 640, 80, 8), (31, 45, 9, 5), (9, 9, 3, 3), (5, 7, 3, 2), (9, 9, 9, 1)],
)
@pytest.mark.parametrize("low", [-1.0, 0.0])
def test_a_map_keeps_the_strongest_value_of_a_block(
    height: int, length: int, width: int, factor: int, low: float
) -> None:
    maps = np.random.default_rng(0).uniform(low, 1.0, (2, height, length)).astype(np.float32)
    rows, columns = height // factor, length // factor
    blocks = maps[:, : rows * factor, : columns * factor].reshape(2, rows, factor, columns, factor)
    blocks = blocks.transpose(0, 1, 3, 2, 4).reshape(2, rows, columns, -1)
    strongest = np.abs(blocks).argmax(axis=-1)[..., None]
    expected = np.take_along_axis(blocks, strongest, axis=-1)[..., 0]
    np.testing.assert_array_equal(shrink_signed(maps, width), expected)
    np.testing.assert_array_equal(shrink_signed(maps, width, extent_of(maps).least), expected)


def test_a_thin_edge_with_two_sides_does_not_cancel() -> None:
    maps = np.zeros((1, 64, 64), np.float32)
    maps[0, :, 30], maps[0, :, 31] = -1.0, 1.0
    assert np.abs(shrink(maps, 8)).max() < 0.1
    assert np.abs(shrink_signed(maps, 8)).max() == 1.0


def test_tiles_are_no_wider_than_their_place() -> None:
    tiles = np.zeros((2, 60, 106, 4), np.uint8)
    tiles[0, :, 50:56] = 200
    small = fitted(tiles, 53)
    assert small.shape == (2, 30, 53, 4)
    assert small.flags.c_contiguous
    assert small[0, :, 26].min() == 200, "what was there is there, in its place"
    assert not small[1].any(), "no tile bleeds into the next"
    assert fitted(tiles, 106) is tiles
    assert fitted(tiles, 500) is tiles, "what is smaller keeps its pixels"
    assert fitted(tiles[:, :1], 20).shape == (2, 1, 20, 4)
