"""From maps to tiles: each map small enough for the screen, in colours."""

from __future__ import annotations

import numpy as np

from convlab.document.stack.model import MapColors, MapRange
from convlab.engine.arrays import ByteArray, FloatArray
from convlab.engine.cv import cv2
from convlab.engine.display import DisplayMode, Scale, choose_scale, colorize, levels

LARGEST = 1e30
"""Values beyond are as good as infinite: sums of them are."""


class NotFinite(ArithmeticError):
    """Maps hold infinite values, or nearly so, or what is not a number."""


def check_finite(maps: FloatArray) -> tuple[float, float]:
    """Return the least and the largest value.

    Raises:
        NotFinite: They cannot be painted, or their sums could not.
    """
    low, high = float(maps.min()), float(maps.max())
    if not (low > -LARGEST and high < LARGEST):  # also if they are not numbers
        raise NotFinite
    return low, high


def map_scales(maps: FloatArray, colors: MapColors) -> tuple[Scale, ...]:
    """Return the range of the colours of each map, zero in the middle.

    Args:
        maps: ``(C, H, W)``.
        colors: What the range follows.

    Raises:
        NotFinite: Some values cannot be painted.
    """
    if colors.range is MapRange.FIXED:
        return (Scale(-colors.limit, colors.limit),) * len(maps)
    if colors.range is MapRange.LAYER:
        return (map_scale(maps),) * len(maps)
    return tuple(map_scale(plane[np.newaxis]) for plane in maps)


def paint_maps(
    maps: FloatArray, scales: tuple[Scale, ...], width: int, each_its_own: bool
) -> ByteArray:
    """Return each map in the signed colours.

    Args:
        maps: ``(C, H, W)``.
        scales: Range of each map's colours.
        width: Of a map on the screen; larger maps are made smaller, but not below it [px].
        each_its_own: The ranges differ.

    Returns:
        ``(C, h, w, 4)`` uint8 BGRA, contiguous.
    """
    small = shrink(maps, width)
    if not each_its_own:
        return _painted(small, scales[0])
    return np.stack([_painted(small[i : i + 1], scale)[0] for i, scale in enumerate(scales)])


def paint_picture(
    planes: FloatArray, white: float, width: int
) -> tuple[ByteArray, tuple[Scale, ...]]:
    """Return the picture and its channels, from black to white, and the range of their colours.

    A colour picture comes first as it is.
    """
    scale = Scale(0.0, white)
    steps = levels(shrink(planes, width), scale)
    tiles = colorize(steps.reshape(1, -1, steps.shape[2]), DisplayMode.CLIPPED)
    tiles = tiles.reshape(*steps.shape, 4)
    if len(planes) > 1:
        tiles = np.concatenate([colorize(steps, DisplayMode.CLIPPED)[np.newaxis], tiles])
    return tiles, (scale,) * len(planes)


def shrink(maps: FloatArray, width: int) -> FloatArray:
    """Return maps made smaller by a whole factor, each value the mean of a block.

    A whole factor, because OpenCV averages other areas four times slower; what is left over at
    the end of a row or a column is not shown.
    """
    factor = maps.shape[2] // max(width, 1)
    if factor < 2 or maps.shape[1] < factor:
        return maps
    rows, columns = maps.shape[1] // factor, maps.shape[2] // factor
    small = np.empty((len(maps), rows, columns), np.float32)
    for plane, target in zip(maps, small, strict=True):
        block = plane[: rows * factor, : columns * factor]
        cv2.resize(block, (columns, rows), target, interpolation=cv2.INTER_AREA)
    return small


def _painted(maps: FloatArray, scale: Scale) -> ByteArray:
    steps = levels(maps, scale)
    tall = steps.reshape(1, -1, steps.shape[2])
    return colorize(tall, DisplayMode.SIGNED).reshape(*steps.shape, 4)


def map_scale(maps: FloatArray) -> Scale:
    """Return a range for some maps, zero in the middle.

    Raises:
        NotFinite: Some values cannot be painted.
    """
    low, high = check_finite(maps)
    return choose_scale(DisplayMode.SIGNED, low, high, 1.0, None)
