"""A map of a convolution taken apart: what each channel adds to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from convlab.document.painted import SignedStyle
from convlab.document.stack.map_range import signed_scale
from convlab.document.stack.tiles import paint_maps, shrink_signed
from convlab.engine.arrays import ByteArray, FloatArray, frozen
from convlab.engine.display import Scale
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


def take_apart(
    layer: Conv2d, x: FloatArray, map_: FloatArray, output: int, style: SignedStyle
) -> Parts:
    """Return what the channels of ``x`` add to a map.

    Args:
        layer: The convolution.
        x: Its input ``(C, H, W)``.
        map_: The map ``(H', W')`` of that output, as the layer gave it.
        output: Which map.
        style: How maps are painted.
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
    scale = signed_scale(map_[None], style.curve)

    def painted(maps: FloatArray, scale: Scale) -> ByteArray:
        return frozen(paint_maps(shrink_signed(maps, TILE), (scale,), style.palette))

    return Parts(
        channels,
        len(every) - count,
        painted(planes, signed_scale(planes, style.curve)),
        kernels,
        frozen(values),
        painted(values, scale),
        0.0 if layer.offsets is None else float(layer.offsets[output]),
        painted(map_[None], scale)[0],
    )
