"""From maps to tiles: each map small enough for the screen, in colours."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from convlab.engine.arrays import ByteArray, FloatArray
from convlab.engine.color_maps import Palette
from convlab.engine.cv import cv2
from convlab.engine.display import DisplayMode, Scale, colorize, levels
from convlab.engine.shrink import fitting_factor, strongest
from convlab.layers.activation import Activation

LARGEST = 1e30
"""Values beyond are as good as infinite: sums of them are."""

_TOGETHER = 1 << 18  # numbers: a megabyte


class Extent(NamedTuple):
    """The least and the largest of some values."""

    least: float
    largest: float

    @property
    def magnitude(self) -> float:
        """The largest magnitude."""
        return max(-self.least, self.largest)


class NotFinite(ArithmeticError):
    """Maps hold infinite values, or nearly so, or what is not a number."""


class Shades(NamedTuple):
    """How the planes of a picture that enters a network are painted.

    Attributes:
        scales: Black and white of each plane.
        is_reversed: Blue comes first.
    """

    scales: tuple[Scale, ...]
    is_reversed: bool = False

    @classmethod
    def of(cls, white: float, count: int) -> Shades:
        """Return how a picture is painted whose planes are black at 0."""
        return cls((Scale(0.0, white),) * count)

    def levels(self, planes: FloatArray) -> ByteArray:
        """Return which of 256 steps from black to white each value is nearest to."""
        if len(set(self.scales)) == 1:
            return levels(planes, self.scales[0])
        pairs = zip(planes, self.scales, strict=True)
        return np.stack([levels(plane[np.newaxis], scale)[0] for plane, scale in pairs])

    def colored(self, steps: ByteArray) -> ByteArray:
        """Return the picture of all planes as it is seen, ``(H, W, 4)`` BGRA."""
        colors = np.ascontiguousarray(steps[::-1]) if self.is_reversed else steps
        return colorize(colors, DisplayMode.CLIPPED)


def extent_of(maps: FloatArray) -> Extent:
    """Return the least and the largest value of maps ``(C, H, W)``.

    Raises:
        NotFinite: A value cannot be painted, or the sums of some could not.
    """
    least, largest = np.inf, -np.inf
    together = max(_TOGETHER // maps[0].size, 1)
    for first in range(0, len(maps), together):
        some = maps[first : first + together]
        low, high = float(some.min()), float(some.max())  # the second time from the cache
        if not (low > -LARGEST and high < LARGEST):  # also if they are not numbers
            raise NotFinite
        least, largest = min(least, low), max(largest, high)
    return Extent(least, largest)


def extent_after(activation: Activation, before: Extent) -> Extent:
    """Return the extent of what a monotone activation makes of values of an extent."""
    least, largest = activation.forward(np.array(before, np.float32)).tolist()
    return Extent(least, largest)


def paint_maps(small: FloatArray, scales: tuple[Scale, ...], palette: Palette) -> ByteArray:
    """Return each map in the signed colours.

    Args:
        small: The maps as they are shown, ``(C, h, w)``.
        scales: Range of the colours of each map, or one for all.
        palette: Which colours.

    Returns:
        ``(C, h, w, 4)`` uint8 BGRA, contiguous.
    """
    if len(set(scales)) == 1:
        return _painted(small, scales[0], palette)
    painted = (_painted(small[i : i + 1], scale, palette)[0] for i, scale in enumerate(scales))
    return np.stack(list(painted))


def paint_picture(
    planes: FloatArray, shades: Shades, width: int
) -> tuple[ByteArray, tuple[Scale, ...]]:
    """Return the picture and its channels, from black to white, and the ranges of their colours.

    A colour picture comes first as it is.
    """
    steps = shades.levels(shrink(planes, width))
    tiles = colorize(steps.reshape(1, -1, steps.shape[2]), DisplayMode.CLIPPED)
    tiles = tiles.reshape(*steps.shape, 4)
    if len(planes) > 1:
        tiles = np.concatenate([shades.colored(steps)[np.newaxis], tiles])
    return tiles, shades.scales


def fitted(tiles: ByteArray, width: int) -> ByteArray:
    """Return tiles ``(C, h, w, 4)`` that are at most as wide as their place on the screen [px].

    A whole factor leaves them a little wider, and what the window paints in another size takes it
    five times as long.
    """
    count, rows, columns, _ = tiles.shape
    if columns <= width:
        return tiles
    height = max(round(rows * width / columns), 1)
    small = np.empty((count, height, width, 4), np.uint8)
    for tile, target in zip(tiles, small, strict=True):
        cv2.resize(tile, (width, height), target, interpolation=cv2.INTER_LINEAR)
    return small


def shrink(maps: FloatArray, width: int) -> FloatArray:
    """Return pictures made smaller by a whole factor, each value the mean of a block.

    What is left over at the end of a row or a column is not shown.

    Args:
        maps: ``(C, H, W)``.
        width: Of a map on the screen; the maps stay at least as wide [px].
    """
    factor = fitting_factor(maps.shape[1:], width)
    if factor > 1:
        for step in _steps(factor):
            maps = _shrunk(maps, step)
    return maps


def shrink_signed(maps: FloatArray, width: int, least: float = -1.0) -> FloatArray:
    """Return maps made smaller as by ``shrink``, each value the strongest of a block.

    A mean would lose thin edges, whose two sides cancel.

    Args:
        maps: ``(C, H, W)``.
        width: Of a map on the screen; the maps stay at least as wide [px].
        least: The least of their values, or less: where none is negative, there is less to do.
    """
    factor = fitting_factor(maps.shape[1:], width)
    rows, columns = maps.shape[1] // factor, maps.shape[2] // factor
    return strongest(maps, factor, least)[:, :rows, :columns]


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


def _painted(maps: FloatArray, scale: Scale, palette: Palette) -> ByteArray:
    steps = levels(maps, scale)
    tall = steps.reshape(1, -1, steps.shape[2])
    return colorize(tall, DisplayMode.SIGNED, palette=palette).reshape(*steps.shape, 4)
