from __future__ import annotations

import numpy as np

from convlab.document.frame import Frame
from convlab.document.stack.model import LARGEST_SIDE, InputSpace, StackInput
from convlab.document.stack.picture import natural_size, prepare, scaled


def frame(pixels: np.ndarray) -> Frame:
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
