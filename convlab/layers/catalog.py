"""What a person can add to a stack: titles, a line that teaches, and layers that fit at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from convlab.layers.adaptive_pool import AdaptiveAvgPool2d
from convlab.layers.arrangement import PixelShuffle, largest_factor
from convlab.layers.base import Layer, Shape
from convlab.layers.conv import Conv2d, ConvTranspose2d
from convlab.layers.dense import Linear
from convlab.layers.group_norm import GroupNorm, LayerNorm2d
from convlab.layers.norm import BatchNorm2d
from convlab.layers.pool import AvgPool2d, MaxPool2d
from convlab.layers.registry import KINDS
from convlab.layers.regrowing import MOST_WEIGHTS, check_weights
from convlab.layers.response_norm import LocalResponseNorm
from convlab.layers.weights import he_normal

DEPTHWISE = "depthwise"
"""Names a convolution with as many groups as channels, beside the kinds of the registry."""

_MAPS = 8
_GROUPS = 4
_NEIGHBOURS = 5
_CLASSES = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person can add to a stack.

    Attributes:
        kind: As ``make_layer`` takes it.
        title: What a person calls it.
        short: The same on a card, where room is short.
        summary: What it does, in one line.
        family: Heading above it in a list.
    """

    kind: str
    title: str
    short: str
    summary: str
    family: str


_DEPTHWISE_ENTRY = Entry(
    DEPTHWISE,
    "Depthwise convolution",
    "Depthwise",
    "Filters each channel with a kernel of its own and mixes none: far fewer weights.",
    Conv2d.family,
)


def entries() -> tuple[Entry, ...]:
    """Return what a person can add, in the order of a menu."""
    first, *others = (
        Entry(kind, layer.title, layer.short, layer.summary, layer.family)
        for kind, layer in KINDS.items()
    )
    return (first, _DEPTHWISE_ENTRY, *others)


def entry_of(layer: Layer) -> Entry:
    """Return the title and the summary of a layer; a depthwise convolution has its own."""
    if isinstance(layer, Conv2d) and layer.is_depthwise:
        return _DEPTHWISE_ENTRY
    return Entry(layer.kind, *layer.names, layer.summary, layer.family)


def make_layer(kind: str, shape: Shape, seed: int = 0) -> Layer:
    """Return a layer that is of use on an input of that shape.

    One that cannot be put there, as a convolution behind Flatten, is made all the same.

    Args:
        kind: A kind of the registry, or ``DEPTHWISE``.
        shape: ``(C, H, W)`` or ``(F,)``.
        seed: Layers of one shape have other weights with another seed.

    Raises:
        ValueError: If the kind is unknown or the layer would have too many weights.
    """
    if kind == "linear":
        return _make_linear(math.prod(shape), seed)
    channels, height, width = shape if len(shape) == 3 else (1, 2, 2)
    match kind:
        case "conv2d":
            return _make_convolution(channels, _MAPS, 1, seed)
        case "depthwise":
            return _make_convolution(channels, channels, channels, seed)
        case "conv_transpose2d":
            return _make_transposed(channels, seed)
    make = _FITTING.get(kind)
    if make is not None:
        return make(channels, height, width)
    if kind not in KINDS:
        allowed = ", ".join((*KINDS, DEPTHWISE))
        raise ValueError(f"layer {kind!r} is unknown: choose one of {allowed}")
    return KINDS[kind]()


def _make_convolution(channels: int, outputs: int, groups: int, seed: int) -> Conv2d:
    shape = (outputs, channels // groups, 3, 3)
    check_weights(shape)
    weight = he_normal(shape, seed)
    return Conv2d(channels, outputs, 3, padding="same", groups=groups, weight=weight)


def _make_transposed(channels: int, seed: int) -> ConvTranspose2d:
    shape = (channels, channels, 4, 4)
    check_weights(shape)
    weight = he_normal(shape, seed)
    return ConvTranspose2d(channels, channels, 4, stride=2, padding=1, weight=weight)


def _make_linear(inputs: int, seed: int) -> Linear:
    shape = (max(min(_CLASSES, MOST_WEIGHTS // inputs), 1), inputs)
    check_weights(shape)
    return Linear(inputs, shape[0], weight=he_normal(shape, seed))


# Layers whose sizes follow from the channels, rows and columns that come in.
_FITTING: dict[str, Callable[[int, int, int], Layer]] = {
    "max_pool2d": lambda channels, height, width: MaxPool2d(min(2, height, width)),
    "avg_pool2d": lambda channels, height, width: AvgPool2d(min(2, height, width)),
    "adaptive_avg_pool2d": lambda channels, height, width: AdaptiveAvgPool2d(
        (max(height // 2, 1), max(width // 2, 1))
    ),
    "batch_norm2d": lambda channels, height, width: BatchNorm2d(channels),
    "group_norm": lambda channels, height, width: GroupNorm(math.gcd(channels, _GROUPS), channels),
    "layer_norm2d": lambda channels, height, width: LayerNorm2d(channels),
    "local_response_norm": lambda channels, height, width: LocalResponseNorm(_NEIGHBOURS),
    "pixel_shuffle": lambda channels, height, width: PixelShuffle(largest_factor(channels)),
}
