from __future__ import annotations

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.stack.model import LARGEST_SIDE, InputSpace, StackInput
from convlab.document.stack.picture import fitted, natural_size, prepare, scaled, shades_of
from convlab.document.stack.tiles import paint_picture
from convlab.engine.arrays import AnyArray
from convlab.networks.stack_input import ChannelOrder, Fitting, Levels


def frame(pixels: AnyArray) -> Frame:
    return Frame(pixels, 0, 0.0)


def test_colours_become_planes_from_0_to_1() -> None:
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[..., 0] = 255
    planes = prepare(frame(pixels), StackInput(InputSpace.RGB), (0, 0))
    assert planes.shape == (3, 4, 6)
    assert planes.dtype == np.float32
    assert planes[:, 0, 0].tolist() == [1.0, 0.0, 0.0]


def test_a_grey_picture_has_three_equal_planes_where_colour_is_wanted() -> None:
    planes = prepare(frame(np.full((4, 6), 51, np.uint8)), StackInput(InputSpace.RGB), (0, 0))
    assert planes.shape == (3, 4, 6)
    assert np.allclose(planes, 0.2)


def test_grey_is_one_plane() -> None:
    wanted = StackInput(InputSpace.GREY, (32, 32))
    assert prepare(frame(np.zeros((48, 64, 3), np.uint8)), wanted, (0, 0)).shape == (1, 32, 32)


def test_what_does_not_fit_the_aspect_is_cut_off_evenly() -> None:
    pixels = np.zeros((10, 30), np.uint8)
    pixels[:, 10:20] = 255
    assert (scaled(pixels, (5, 5)) == 255).all()


def test_a_shrunk_picture_is_the_mean_of_its_blocks() -> None:
    pixels = np.arange(64, dtype=np.float32).reshape(8, 8)
    blocks = pixels.reshape(4, 2, 4, 2).mean(axis=(1, 3))
    assert np.allclose(scaled(pixels, (4, 4)), blocks)


def test_a_small_picture_grows_to_squares() -> None:
    assert scaled(np.array([[1, 2]], np.float32), (2, 4)).tolist() == [[1, 1, 2, 2]] * 2


def test_a_shift_goes_down_and_right_and_wraps_around() -> None:
    pixels = np.zeros((4, 5), np.float32)
    pixels[3, 4] = 1.0
    planes = prepare(frame(pixels), StackInput(InputSpace.GREY), (1, 2))
    assert planes[0, 0, 1] == 1.0
    assert planes.sum() == 1.0


def test_a_large_picture_is_made_smaller_a_small_one_is_left() -> None:
    assert natural_size((2000, 4000)) == (LARGEST_SIDE // 2, LARGEST_SIDE)
    assert natural_size((480, 640)) == (480, 640)
    assert natural_size((1, 5000)) == (1, LARGEST_SIDE)


def test_the_frame_stays_as_it_was() -> None:
    pixels = np.full((6, 6), 0.5, np.float32)
    planes = prepare(frame(pixels), StackInput(InputSpace.GREY), (0, 0))
    assert not np.shares_memory(planes, pixels) or not pixels.flags.writeable


RNG = np.random.default_rng(0)


def picture(*shape: int) -> AnyArray:
    return RNG.integers(256, size=shape, dtype=np.uint8)


def test_what_enters_is_the_picture_less_its_mean_by_its_deviation() -> None:
    """The formula in float64, on a picture that is shrunk by whole blocks."""
    pixels = picture(64, 64, 3)
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    wanted = StackInput(size=(32, 32)).normalised(mean, std)
    blocks = pixels.reshape(32, 2, 32, 2, 3).astype(np.float64).mean(axis=(1, 3))
    expected = ((np.floor(blocks + 0.5) / 255 - mean) / std).transpose(2, 0, 1)
    found = prepare(frame(pixels), wanted, (0, 0))
    rounded = 1 / 255 / 0.224 * 1.01  # a mean of .5 may be rounded either way
    assert np.abs(found - expected).max() <= rounded
    assert (np.abs(found - expected) <= 1e-6).mean() > 0.7


@pytest.mark.parametrize(("kind", "largest"), [("uint8", 255), ("uint16", 65535), ("float32", 1)])
def test_blue_comes_first_in_numbers_up_to_255(kind: str, largest: int) -> None:
    pixels: AnyArray = (RNG.random((5, 7, 3)) * largest).astype(kind)
    mean = (123.0, 117.0, 104.0)
    wanted = StackInput(order=ChannelOrder.BGR, levels=Levels.BYTE).normalised(mean, (1.0,))
    exact = pixels.astype(np.float64) * (255 / largest) - mean
    found = prepare(frame(pixels), wanted, (0, 0))
    assert np.abs(found - exact.transpose(2, 0, 1)[::-1]).max() <= 2e-5
    assert wanted.mean == (104.0, 117.0, 123.0)


def test_bytes_enter_as_they_are() -> None:
    pixels = picture(6, 8, 3)
    found = prepare(frame(pixels), StackInput(levels=Levels.BYTE), (0, 0))
    assert np.array_equal(found, pixels.transpose(2, 0, 1))


def test_grey_has_a_mean_of_its_own() -> None:
    pixels = picture(6, 8)
    wanted = StackInput(InputSpace.GREY).normalised((0.1307,), (0.3081,))
    found = prepare(frame(pixels), wanted, (0, 0))
    assert np.abs(found[0] - (pixels / 255 - 0.1307) / 0.3081).max() <= 1e-6
    assert [wanted.uses(name) for name in ("mean_grey", "mean_red", "order")] == [
        True,
        False,
        False,
    ]


def test_a_letterbox_shows_all_between_grey_bars() -> None:
    pixels = picture(64, 128)
    found = fitted(pixels, (32, 32), Fitting.LETTERBOX)
    assert (found[:8] == 114).all()
    assert (found[24:] == 114).all()
    blocks = pixels.reshape(16, 4, 32, 4).mean(axis=(1, 3))
    assert np.abs(found[8:24] - blocks).max() <= 0.5


def test_a_tall_picture_has_its_bars_at_the_sides() -> None:
    found = fitted(np.full((90, 30), 2.0, np.float32), (30, 30), Fitting.LETTERBOX, white=5.0)
    assert np.allclose(found[:, 10:20], 2.0)
    assert np.allclose(found[:, [0, 9, 20, 29]], 5.0 * 114 / 255)


def test_a_stretched_picture_shows_all_of_it() -> None:
    pixels = picture(64, 128).astype(np.float32)
    blocks = pixels.reshape(32, 2, 16, 8).mean(axis=(1, 3))
    found = fitted(pixels, (32, 16), Fitting.STRETCH)
    assert np.allclose(found, blocks, atol=1e-3)


@pytest.mark.parametrize("order", list(ChannelOrder))
def test_a_normalised_picture_is_painted_as_it_was(order: ChannelOrder) -> None:
    pixels = picture(6, 8, 3)
    wanted = StackInput(order=order).normalised((0.5, 0.4, 0.3), (0.2, 0.3, 0.4))
    planes, shades = prepare(frame(pixels), wanted, (0, 0)), shades_of(frame(pixels), wanted)
    tiles, scales = paint_picture(planes, shades, 8)
    assert np.abs(tiles[0, :, :, 2::-1].astype(int) - pixels).max() <= 1
    first = pixels[:, :, 0 if order is ChannelOrder.RGB else 2]
    assert np.abs(tiles[1, :, :, 0].astype(int) - first).max() <= 1
    assert len(scales) == 3
