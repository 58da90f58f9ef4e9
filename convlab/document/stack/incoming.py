"""What comes into one map: the maps below, what they are multiplied with, and what each adds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from convlab.document.painted import SignedStyle
from convlab.document.stack.arithmetic import (
    Choice,
    Detail,
    Products,
    TransposedProducts,
    WeightedSum,
)
from convlab.document.stack.map_range import signed_scale
from convlab.document.stack.tiles import Shades, paint_maps, shrink, shrink_signed
from convlab.engine.arrays import AnyArray, ByteArray, FloatArray, frozen
from convlab.engine.display import DisplayMode, Scale, ScaleCurve, colorize
from convlab.layers import Conv2d, ConvTranspose2d, Flatten, Layer, Linear
from convlab.layers.base import KernelLayer, Shape
from convlab.layers.filters import dense_maps, kernels_of

FIRST_CHANNELS = 8
"""So many are shown before anyone has asked for certain ones."""

MOST_CHANNELS = 24
TILE = 160  # a map is shown no wider [screen px]


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """What comes into one map, and what each part of it adds.

    The sum of the parts of all channels and the bias is the map.

    Attributes:
        shape: ``(C, H, W)`` of all that comes in, as maps: as it was before Flatten, if a vector
            was laid out by one; else each value of a vector is a map.
        every: Numbers of the maps that this map is made of.
        channels: Those that are shown, at most MOST_CHANNELS.
        maps: Their exact values, ``(n, H, W)``.
        inputs: The same painted, ``(n, h, w, 4)`` BGRA, as they are in the overview.
        kernels: What each is filtered or multiplied with, ``(n, kh, kw)``; None: nothing is.
        values: What each adds, ``(n, H', W')``; None where maps are not added up.
        parts: The same painted, all in one range: that of the map, divided by the root of how many
            there are; ``(n, h', w', 4)`` BGRA.
    """

    shape: tuple[int, int, int]
    every: tuple[int, ...]
    channels: tuple[int, ...]
    maps: FloatArray
    inputs: ByteArray
    kernels: FloatArray | None = None
    values: FloatArray | None = None
    parts: ByteArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Below:
    """The maps that a layer takes, and how they are painted.

    Attributes:
        x: ``(C, H, W)`` or ``(F,)``.
        shape: The same as maps, ``(C, H, W)`` (see ``laid_out_from``).
        scales: Range of the colours of each map, or one for all; none: their own.
        shades: How it is painted if this is the picture; None: it is not.
    """

    x: FloatArray
    shape: tuple[int, int, int]
    scales: tuple[Scale, ...]
    shades: Shades | None

    def maps(self, channels: Sequence[int]) -> FloatArray:
        """Return some of the maps, ``(n, H, W)``."""
        return self.x.reshape(self.shape)[list(channels)]

    def each_scale(self) -> tuple[Scale, ...]:
        """Return the range of every map."""
        if self.shades is not None:
            return self.shades.scales
        scales = self.scales or (signed_scale(self.x.reshape(self.shape), ScaleCurve.ROOT),)
        return scales if len(scales) == self.shape[0] else scales[:1] * self.shape[0]

    def painted(self, maps: FloatArray, channels: Sequence[int], style: SignedStyle) -> ByteArray:
        """Return maps in their colours, ``(n, h, w, 4)`` BGRA."""
        if self.shades is not None:
            chosen = Shades(tuple(self.shades.scales[channel] for channel in channels))
            each = [
                colorize(steps[None], DisplayMode.CLIPPED)
                for steps in chosen.levels(shrink(maps, TILE))
            ]
            return frozen(np.stack(each))
        scales = self.scales or (signed_scale(self.x.reshape(self.shape), style.curve),)
        if len(scales) == self.shape[0]:
            scales = tuple(scales[channel] for channel in channels)
        return frozen(paint_maps(shrink_signed(maps, TILE), scales[: len(maps)], style.palette))


def incoming(
    layer: Layer,
    belows: Sequence[Below],
    place: tuple[int, ...],
    wanted: Sequence[int],
    scale: Scale,
    style: SignedStyle,
) -> Incoming:
    """Return what comes into the map of a unit.

    Args:
        layer: What gave the map.
        belows: What it took.
        place: Of the unit, in the layer's result.
        wanted: Which maps are to be shown; none: the first few. Those that have no part in the map
            are left out.
        scale: Range of the colours of the map.
        style: How maps are painted.
    """
    every, below = _sources(layer, belows, place), _together(belows)
    channels = tuple(each for each in wanted if each in every)[:MOST_CHANNELS]
    channels = channels or every[:FIRST_CHANNELS]
    maps = below.maps(channels)
    shown = Incoming(
        below.shape, every, channels, frozen(maps), below.painted(maps, channels, style)
    )
    if isinstance(layer, KernelLayer):
        kernels = kernels_of(layer, place[0])[[every.index(each) for each in channels]]
        values = _filtered(layer, maps, kernels)
    elif isinstance(layer, Linear):
        kernels = dense_maps(layer, place[0], below.shape[1:])[list(channels)]
        values = maps * kernels
        scale = signed_scale(below.x * layer.weight[place[0]][None, None], style.curve)
    else:
        return shown
    # Of n parts that are alike and independent, each is smaller than their sum by the root of n.
    share = math.sqrt(len(every)) if isinstance(layer, KernelLayer) else 1.0
    scale = Scale(scale.low / share, scale.high / share, scale.curve)
    painted = frozen(paint_maps(shrink_signed(values, TILE), (scale,), style.palette))
    return replace(shown, kernels=kernels, values=frozen(values), parts=painted)


def laid_out_from(layers: Sequence[Layer], shapes: Sequence[Shape]) -> tuple[int, int, int]:
    """Return the shape ``(C, H, W)`` of the maps whose values the last result holds.

    Of a vector that is the shape before Flatten, as long as each value since then came of the one
    in its place; else each value is a map.

    Args:
        layers: From the picture up.
        shapes: Of the picture and of each layer's result, one more than layers.
    """
    shape = shapes[-1]
    for layer, before in zip(reversed(layers), reversed(shapes[:-1]), strict=True):
        if len(shape) == 3 or layer.sees_all:
            break
        shape = before
    channels, height, width = (*shape, 1, 1)[:3]
    return channels, height, width


def largest_first(detail: Detail | None, incoming: Incoming) -> tuple[int, ...]:
    """Return the numbers of all maps that come in, those first that add most to a unit.

    Args:
        detail: Arithmetic of the unit.
        incoming: What comes into its map.
    """
    match detail:
        case Products() | TransposedProducts():
            sums = detail.partials
        case WeightedSum():
            sums = detail.products.reshape(incoming.shape[0], -1).sum(axis=1)
        case _:
            return incoming.every
    order = np.argsort(-np.abs(sums), kind="stable")
    return tuple(incoming.every[number] for number in order)


def patch_of(detail: Detail | None) -> tuple[float, float, float, float] | None:
    """Return what of each map a unit is made from: (left, top, width, height) [px of the map].

    None is no part of the map, or each value alone.
    """
    match detail:
        case Products() | Choice():
            rows, columns = (detail.padded if isinstance(detail, Products) else detail.inside).shape
            row, column = detail.corner
            down, across = detail.step
            return column, row, (columns - 1) * across + 1, (rows - 1) * down + 1
        case TransposedProducts() if detail.products.size:
            rows, columns = detail.rows, detail.columns
            left, top = float(columns[0]), float(rows[0])
            return left, top, float(columns[-1]) - left + 1, float(rows[-1]) - top + 1
    return None


def _sources(layer: Layer, belows: Sequence[Below], place: tuple[int, ...]) -> tuple[int, ...]:
    """Return the numbers of the maps that the map of a unit is made of, through all inputs."""
    shapes = [below.shape for below in belows]
    if isinstance(layer, Flatten):
        return (place[0] // (shapes[0][1] * shapes[0][2]),)
    found: list[int] = []
    before = 0
    for number, below in enumerate(belows):
        if _lies_like(below, belows[0]):
            met = layer.maps_met_in(number, place[0], place[0], shapes)
            found += [before + channel for channel in met]
            before += below.shape[0]
    return tuple(found)


def _together(belows: Sequence[Below]) -> Below:
    """Return the maps of all inputs behind each other; those of another size are left out."""
    first = belows[0]
    if len(belows) == 1:
        return first
    alike = [below for below in belows if _lies_like(below, first)]
    x = np.concatenate([below.x.reshape(below.shape) for below in alike])
    scales = tuple(scale for below in alike for scale in below.each_scale())
    return Below(frozen(x), (len(x), *first.shape[1:]), scales, None)


def _lies_like(below: Below, first: Below) -> bool:
    return below.shape[1:] == first.shape[1:]


def _filtered(layer: KernelLayer, maps: FloatArray, kernels: AnyArray) -> FloatArray:
    """Return each map filtered with its own kernel."""
    count = len(maps)
    alone = {"in_channels": count, "out_channels": count, "groups": count, "bias": None}
    assert isinstance(layer, Conv2d | ConvTranspose2d)
    return replace(layer, **alone, weight=kernels[:, None]).forward(maps)  # type: ignore[arg-type]
