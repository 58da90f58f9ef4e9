from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray
from convlab.engine.color import ColorSpace, split, to_planes, to_unit

RED, GREEN, BLUE, WHITE, BLACK = (
    (255, 0, 0),
    (0, 255, 0),
    (0, 0, 255),
    (255, 255, 255),
    (0, 0, 0),
)


def one_pixel(color: tuple[int, int, int], dtype: str = "uint8") -> AnyArray:
    """A picture of one pixel; 8-bit colours are scaled to the depth of the type."""
    scale = {"uint8": 1, "uint16": 257, "float32": 1 / 255}[dtype]
    return np.array([[[value * scale for value in color]]], dtype)


@pytest.mark.parametrize(
    ("space", "names"),
    [
        (ColorSpace.GREY, ("Grey",)),
        (ColorSpace.RGB, ("R", "G", "B")),
        (ColorSpace.HSV, ("H", "S", "V")),
        (ColorSpace.LAB, ("L", "a", "b")),
    ],
)
def test_planes_have_names_and_there_is_one_plane_per_name(
    space: ColorSpace, names: tuple[str, ...]
) -> None:
    planes = to_planes(np.zeros((4, 5, 3), np.uint8), space)
    assert space.channels == names
    assert planes.shape == (len(names), 4, 5)


@pytest.mark.parametrize("space", list(ColorSpace))
def test_a_grey_picture_has_one_plane_in_every_space(space: ColorSpace) -> None:
    planes = to_planes(np.array([[0, 51, 255]], np.uint8), space)
    np.testing.assert_allclose(planes, [[[0.0, 0.2, 1.0]]], rtol=1e-6)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.array([[0, 51, 255]], np.uint8), [0.0, 0.2, 1.0]),
        (np.array([[0, 13107, 65535]], np.uint16), [0.0, 0.2, 1.0]),
        (np.array([[-3.0, 0.2, 10.0]], np.float32), [-3.0, 0.2, 10.0]),
    ],
)
def test_whole_numbers_are_divided_by_their_white_and_floats_kept(
    pixels: AnyArray, expected: list[float]
) -> None:
    planes = to_planes(pixels, ColorSpace.GREY)
    np.testing.assert_allclose(planes[0, 0], expected, rtol=1e-6)
    assert planes.dtype == np.float32


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_rgb_planes_are_red_green_and_blue(dtype: str) -> None:
    planes = to_planes(one_pixel((255, 51, 102), dtype), ColorSpace.RGB)
    np.testing.assert_allclose(planes.ravel(), [1.0, 0.2, 0.4], rtol=1e-6)


@pytest.mark.parametrize(
    ("dtype", "level"), [("uint8", 1 / 255), ("uint16", 1 / 65535), ("float32", 1e-6)]
)
@pytest.mark.parametrize(
    ("color", "grey"),
    [(RED, 0.299), (GREEN, 0.587), (BLUE, 0.114), (WHITE, 1.0), (BLACK, 0.0)],
)
def test_grey_is_weighed_as_the_eye_does(
    color: tuple[int, int, int], grey: float, dtype: str, level: float
) -> None:
    planes = to_planes(one_pixel(color, dtype), ColorSpace.GREY)
    assert planes.shape == (1, 1, 1)
    # Rounded to the picture's own depth; OpenCV's own weights are whole numbers of 1/16384.
    assert planes.item() == pytest.approx(grey, abs=0.51 * level + 1 / 16384)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize(
    ("color", "expected"),
    [
        (RED, (0.0, 1.0, 1.0)),
        (GREEN, (1 / 3, 1.0, 1.0)),
        (BLUE, (2 / 3, 1.0, 1.0)),
        (WHITE, (0.0, 0.0, 1.0)),
        (BLACK, (0.0, 0.0, 0.0)),
        ((204, 102, 102), (0.0, 0.5, 0.8)),
    ],
)
def test_hue_saturation_and_value(
    color: tuple[int, int, int], expected: tuple[float, ...], dtype: str
) -> None:
    planes = to_planes(one_pixel(color, dtype), ColorSpace.HSV)
    np.testing.assert_allclose(planes.ravel(), expected, atol=1e-5)


# L*, a* and b* of the sRGB primaries under D65, as tabulated everywhere.
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize(
    ("color", "expected"),
    [
        (RED, (53.24, 80.09, 67.20)),
        (GREEN, (87.73, -86.18, 83.18)),
        (BLUE, (32.30, 79.19, -107.86)),
        (WHITE, (100.0, 0.0, 0.0)),
        (BLACK, (0.0, 0.0, 0.0)),
    ],
)
def test_lightness_and_the_two_opponent_planes(
    color: tuple[int, int, int], expected: tuple[float, ...], dtype: str
) -> None:
    planes = to_planes(one_pixel(color, dtype), ColorSpace.LAB)
    units = np.array(expected) / [100, 127, 127]
    np.testing.assert_allclose(planes.ravel(), units, atol=2e-3)


@pytest.mark.parametrize("space", list(ColorSpace))
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_planes_are_contiguous_floats_and_the_picture_stays(space: ColorSpace, dtype: str) -> None:
    generator = np.random.default_rng(3)
    brightest = 1 if dtype == "float32" else 255
    pixels: AnyArray = (generator.random((6, 7, 3)) * brightest).astype(dtype)
    before = pixels.copy()

    planes = to_planes(pixels, space)

    assert planes.dtype == np.float32
    assert planes.flags.c_contiguous
    np.testing.assert_array_equal(pixels, before)
    assert pixels.flags.writeable


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("space", [ColorSpace.GREY, ColorSpace.RGB])
def test_splitting_keeps_the_type_where_the_space_has_one(space: ColorSpace, dtype: str) -> None:
    planes = split(one_pixel((255, 51, 102), dtype), space)
    assert planes.dtype == dtype
    np.testing.assert_allclose(
        to_unit(planes), to_planes(one_pixel((255, 51, 102), dtype), space), rtol=1e-6
    )


@pytest.mark.parametrize("space", [ColorSpace.HSV, ColorSpace.LAB])
def test_splitting_by_hue_or_lightness_gives_floats(space: ColorSpace) -> None:
    assert split(one_pixel(RED), space).dtype == np.float32
