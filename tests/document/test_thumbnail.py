"""Pictures small enough for a list."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.stack.model import StackInput, StackState, first_stack
from convlab.document.thumbnail import (
    bank_pixels,
    frame_pixels,
    preset_pixels,
    shrunk,
    stack_pixels,
)
from convlab.engine.arrays import ByteArray
from convlab.engine.color import ColorSpace
from convlab.engine.color_maps import Palette
from convlab.engine.presets import PRESETS
from convlab.layers import MaxPool2d
from convlab.layers.banks import BANKS

SIZE = (48, 64)


def step_frame(rows: int = 480, columns: int = 640) -> Frame:
    """Bright on the left, dark on the right."""
    pixels = np.full((rows, columns, 3), 30, np.uint8)
    pixels[:, : columns // 2] = 220
    return Frame(pixels, 0, 0.0)


def made(name: str, frame: Frame, palette: Palette = Palette.LIGHT) -> ByteArray:
    ((key, pixels),) = preset_pixels([PRESETS[name]], frame, ColorSpace.GREY, SIZE, palette)
    assert key == name
    return pixels


@pytest.mark.parametrize(
    ("size", "wanted"), [((480, 640), (48, 64)), ((400, 100), (48, 12)), ((6, 6), (6, 6))]
)
def test_a_frame_fits_and_keeps_its_aspect(size: tuple[int, int], wanted: tuple[int, int]) -> None:
    assert shrunk(step_frame(*size), SIZE).pixels.shape[:2] == wanted
    assert frame_pixels(step_frame(*size), SIZE).shape == (*wanted, 4)


def test_an_edge_is_coloured_where_it_is_and_all_else_neutral() -> None:
    pixels = made("Sobel vertical", step_frame()).astype(int)
    strength = np.ptp(pixels[..., :3], axis=2)
    assert strength[:, 31:33].min() > 60
    assert strength[:, :30].max() < 10
    assert strength[:, 34:].max() < 10
    assert pixels[24, 31, 2] > pixels[24, 31, 0], "bright on the left is red"


def test_a_blur_is_a_picture() -> None:
    pixels = made("Box blur 3×3", step_frame())
    assert pixels[24, 5, :3].tolist() == [220] * 3
    assert pixels[24, 60, :3].tolist() == [30] * 3


def test_dark_themes_have_a_dark_neutral() -> None:
    assert made("Sobel vertical", step_frame(), Palette.DARK)[24, 5, :3].max() < 60


@pytest.mark.parametrize("size", [(1, 1), (2, 900)])
def test_every_preset_runs_over_the_smallest_pictures(size: tuple[int, int]) -> None:
    frame = step_frame(*size)
    names = [
        name
        for name, _ in preset_pixels(PRESETS.values(), frame, ColorSpace.RGB, SIZE, Palette.LIGHT)
    ]
    assert names == list(PRESETS)


def test_a_stack_shows_its_last_maps_and_without_any_the_picture() -> None:
    frame = step_frame()
    maps = stack_pixels(first_stack(), frame, SIZE, Palette.LIGHT)
    assert maps.shape == (48, 64, 4)
    assert not maps[23:25, :, 3].any(), "between maps nothing is painted"
    empty = StackState.of((), "none", StackInput())
    assert np.array_equal(
        stack_pixels(empty, frame, SIZE, Palette.LIGHT), frame_pixels(frame, SIZE)
    )
    tiny = StackState.of((MaxPool2d(480),), "tiny", StackInput(size=(480, 640)))
    assert np.array_equal(stack_pixels(tiny, frame, SIZE, Palette.LIGHT), frame_pixels(frame, SIZE))


def test_a_bank_shows_its_first_six_kernels() -> None:
    pixels = bank_pixels(BANKS["Mean"].make, SIZE, Palette.LIGHT)
    assert pixels.shape == (48, 64, 4)
    kernel = pixels[:23, :20].reshape(-1, 4)
    assert (kernel == kernel[0]).all(), "all cells are alike"
    assert not bank_pixels(BANKS["Zeros"].make, SIZE, Palette.DARK)[:23, :20, :3].max() > 60
