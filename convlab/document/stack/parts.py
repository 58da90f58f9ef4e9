"""A map of a convolution taken apart: what each channel adds to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from convlab.document.stack.tiles import map_scale, paint_maps
from convlab.engine.arrays import ByteArray, FloatArray, frozen
from convlab.layers import Conv2d
from convlab.layers.editing import inputs_of, kernels_of

MOST_CHANNELS = 32
TILE = 128  # a part is shown no wider [screen px]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What the channels of the input add to one map, pixel by pixel.

    The sum of all parts and the bias is the map.

    Attributes:
        channels: The channels of the input shown, at most MOST_CHANNELS.
        left_out: How many more there are.
        inputs: The channels, ``(C, h, w, 4)`` BGRA.
        kernels: What each is filtered with, ``(C, kh, kw)``.
        values: Each channel filtered, ``(C, H', W')``.
        parts: The same painted, ``(C, h', w', 4)`` BGRA; all in the colours of the map.
        bias: Added to every pixel.
        result: The map, ``(h', w', 4)`` BGRA.
    """

    channels: tuple[int, ...]
    left_out: int
    inputs: ByteArray
    kernels: FloatArray
    values: FloatArray
    parts: ByteArray
    bias: float
    result: ByteArray


def take_apart(layer: Conv2d, x: FloatArray, map_: FloatArray, output: int) -> Parts:
    """Return what the channels of ``x`` add to a map.

    Args:
        layer: The convolution.
        x: Its input ``(C, H, W)``.
        map_: The map ``(H', W')`` of that output, as the layer gave it.
        output: Which map.
    """
    every = inputs_of(layer, output)
    channels = tuple(every)[:MOST_CHANNELS]
    count = len(channels)
    kernels = kernels_of(layer, output)[:count]
    planes, weight = x[list(channels)], kernels[:, None]
    apart = replace(
        layer, in_channels=count, out_channels=count, groups=count, weight=weight, bias=None
    )
    values = apart.forward(planes)
    scale = map_scale(map_)
    own = map_scale(planes)
    return Parts(
        channels,
        len(every) - count,
        frozen(paint_maps(planes, (own,), TILE, False)),
        kernels,
        frozen(values),
        frozen(paint_maps(values, (scale,), TILE, False)),
        0.0 if layer.offsets is None else float(layer.offsets[output]),
        frozen(paint_maps(map_[None], (scale,), TILE, False)[0]),
    )
