"""From maps to tiles: each map small enough for the screen, in colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.document.stack.model import MapColors, MapRange
from convlab.engine.arrays import ByteArray, FloatArray
from convlab.engine.cv import cv2
from convlab.engine.display import DisplayMode, Scale, choose_scale, colorize, levels

LARGEST = 1e30
"""Values beyond are as good as infinite: sums of them are."""

_TOGETHER = 1 << 18  # numbers: a megabyte


class NotFinite(ArithmeticError):
    """Maps hold infinite values, or nearly so, or what is not a number."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """The least and the largest value of each map, ``(C,)`` each."""

    low: FloatArray
    high: FloatArray

    @classmethod
    def of(cls, maps: FloatArray) -> Ranges:
        """Return those of maps ``(C, H, W)``.

        Raises:
            NotFinite: Some values cannot be painted, or their sums could not.
        """
        low, high = np.empty((2, len(maps)), np.float32)
        # A few at a time: they are still in the cache when they are read once more.
        together = max(_TOGETHER // maps[0].size, 1)
        for first in range(0, len(maps), together):
            some = slice(first, first + together)
            maps[some].min(axis=(1, 2), out=low[some])
            maps[some].max(axis=(1, 2), out=high[some])
        found = cls(low, high)
        _check_finite(*found.ends)
        return found

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest value of all."""
        return float(self.low.min()), float(self.high.max())


def _check_finite(low: float, high: float) -> None:
    if not (low > -LARGEST and high < LARGEST):  # also if they are not numbers
        raise NotFinite


def map_scales(ranges: Ranges, colors: MapColors) -> tuple[Scale, ...]:
    """Return the range of the colours of each map, zero in the middle.

    Args:
        ranges: Of their values.
        colors: What the range follows.
    """
    count = len(ranges.low)
    if colors.range is MapRange.FIXED:
        return (Scale(-colors.limit, colors.limit),) * count
    if colors.range is MapRange.LAYER:
        return (_signed_scale(*ranges.ends),) * count
    ends = zip(ranges.low.tolist(), ranges.high.tolist(), strict=True)
    return tuple(_signed_scale(low, high) for low, high in ends)


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

    What is left over at the end of a row or a column is not shown.

    Args:
        maps: ``(C, H, W)``.
        width: Of a map on the screen; the maps stay at least as wide [px].
    """
    factor = maps.shape[2] // max(width, 1)
    if factor < 2 or maps.shape[1] < factor:
        return maps
    for step in _steps(factor):
        maps = _shrunk(maps, step)
    return maps


def _steps(factor: int) -> list[int]:
    """Return factors whose product is near one: twos first, which OpenCV does six times faster."""
    if factor < 4:
        return [factor]
    return [2, 2, *_steps(factor // 4)] if factor >= 8 else [2, 2]


def _shrunk(maps: FloatArray, factor: int) -> FloatArray:
    rows, columns = maps.shape[1] // factor, maps.shape[2] // factor
    small = np.empty((len(maps), rows, columns), np.float32)
    sources, targets = maps, small
    if maps.shape[1] == rows * factor and maps.flags.c_contiguous:
        # No block lies in two maps: they are one tall picture.
        sources, targets = maps.reshape(1, -1, maps.shape[2]), small.reshape(1, -1, columns)
    for source, target in zip(sources, targets, strict=True):
        block = source[: len(target) * factor, : columns * factor]
        cv2.resize(block, target.shape[::-1], target, interpolation=cv2.INTER_AREA)
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
    low, high = float(maps.min()), float(maps.max())
    _check_finite(low, high)
    return _signed_scale(low, high)


def _signed_scale(low: float, high: float) -> Scale:
    return choose_scale(DisplayMode.SIGNED, low, high, 1.0, None)
