"""Whether layers fit each other: the first that does not, why, and what would help."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from convlab.engine.border import Border
from convlab.engine.errors import (
    InputCountError,
    KernelTooLargeError,
    OutputPaddingError,
    as_message,
    counted,
)
from convlab.engine.shapes import Pair, effective_size, pair
from convlab.layers.arrangement import PixelShuffle, largest_factor
from convlab.layers.base import KernelLayer, Layer, Shape
from convlab.layers.conv import Conv2d, ConvTranspose2d
from convlab.layers.dense import Flatten, Linear
from convlab.layers.editing import padding_in_pixels, with_parameters
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.parameters import parameter
from convlab.layers.pool import AvgPool2d, MaxPool2d
from convlab.layers.regrowing import MOST_WEIGHTS

Changes: TypeAlias = tuple[tuple[str, object], ...]


class Step(StrEnum):
    """What a remedy does with the layer before its parameters change."""

    STAY = "stay"
    FLATTEN_BEFORE = "flatten before"  # a new Flatten in front of it
    MOVE_BEFORE_FLATTEN = "move before flatten"  # in front of the nearest Flatten
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way to make a layer fit.

    Attributes:
        text: What it does, as a button says it.
        changes: (name, value) of parameters, to be changed together.
        step: What is done with the layer in the stack.
    """

    text: str
    changes: Changes = ()
    step: Step = Step.STAY


@dataclass(frozen=True, slots=True)
class Misfit:
    """A layer that does not fit what the one before gives.

    Attributes:
        uid: Of its node.
        message: Why, in one line.
        remedies: What would help, the best first.
    """

    uid: int
    message: str
    remedies: tuple[Remedy, ...]


REMOVE = Remedy("Remove it", step=Step.REMOVE)


def check(graph: Graph, shape: Shape) -> tuple[dict[int, Shape], Misfit | None]:
    """Return the shape of each node's result up to the first that does not fit, and that one.

    Args:
        graph: The layers; those that are off are left out.
        shape: ``(C, H, W)`` of the picture.
    """
    shapes = {INPUT: tuple(shape)}
    for node in graph.active:
        try:
            shapes[node.uid] = node.layer.shape_of([shapes[uid] for uid in graph.sources(node)])
        except ValueError as error:
            remedies = tuple(_remedies(graph, node, shapes))
            if not remedies and len(node.inputs) == 1:
                remedies = (REMOVE,)
            return shapes, Misfit(node.uid, form_message(error, node.layer), remedies)
    return shapes, None


def form_message(error: Exception, layer: Layer) -> str:
    """Return what a layer rejects as a message with the labels of the layer's form."""
    match error:
        case KernelTooLargeError():
            here = f"with {error.padding} px of padding" if error.padding else "without padding"
            each = (error.missing + 1) // 2
            return as_message(error.describe(here, f"{each} px of padding on each side"))
        case OutputPaddingError():
            return as_message(error.describe(parameter(layer, "output_padding").label))
        case InputCountError():
            label = parameter(layer, error.field).label
            return as_message(error.describe(f"set {label} to {error.given}"))
    return as_message(error)


def _remedies(graph: Graph, node: Node, shapes: Mapping[int, Shape]) -> Iterator[Remedy]:
    layer, shape = node.layer, shapes[graph.sources(node)[0]]
    if len(node.inputs) > 1:
        return  # which of its branches is to change, nobody knows
    if isinstance(layer, Linear):
        yield from _for_linear(layer, shape)
    elif len(shape) != 3:
        yield from _move_to_pictures(graph, node, shapes)
        yield REMOVE
    elif not _fits_channels(layer, shape[0]):
        yield _take_channels(layer, shape[0])
    else:
        yield from _for_sizes(layer, shape)


def _for_linear(layer: Linear, shape: Shape) -> Iterator[Remedy]:
    count = math.prod(shape)
    can_take = count * layer.out_features <= MOST_WEIGHTS
    changes: Changes = (("in_features", count),) if can_take and count != layer.in_features else ()
    if len(shape) != 1:
        yield Remedy("Put Flatten before it", changes, Step.FLATTEN_BEFORE)
    elif can_take:
        yield Remedy(f"Take {counted(count, 'input')}", changes)


def _move_to_pictures(graph: Graph, node: Node, shapes: Mapping[int, Shape]) -> Iterator[Remedy]:
    """Offer the place before the nearest Flatten, with the channels that are there."""
    flatten = flatten_before(graph, node)
    if flatten is None:
        return
    shape = shapes[graph.sources(flatten)[0]]
    if len(shape) != 3:
        return
    fits = _fits_channels(node.layer, shape[0])
    changes = () if fits else _take_channels(node.layer, shape[0]).changes
    yield Remedy("Move it before Flatten", changes, Step.MOVE_BEFORE_FLATTEN)


def flatten_before(graph: Graph, node: Node) -> Node | None:
    """Return the nearest Flatten that is on before a node, along the first inputs, or None."""
    uid = graph.sources(node)[0]
    while uid != INPUT:
        before = graph[uid]
        if isinstance(before.layer, Flatten):
            return before
        uid = graph.sources(before)[0]
    return None


def _fits_channels(layer: Layer, channels: int) -> bool:
    field = layer.channels_field
    return field is None or getattr(layer, field) == channels


def _take_channels(layer: Layer, channels: int) -> Remedy:
    assert layer.channels_field is not None  # else it would take any number
    changes: Changes = ((layer.channels_field, channels),)
    if not isinstance(layer, KernelLayer):
        return Remedy(f"Take {counted(channels, 'channel')}", changes)
    text = f"Take {counted(channels, 'input channel')}"
    groups = math.gcd(channels, layer.out_channels, layer.groups)
    if layer.groups > 1 and not layer.is_depthwise and groups != layer.groups:
        return Remedy(f"{text} in {counted(groups, 'group')}", (*changes, ("groups", groups)))
    return Remedy(text, changes)


def _for_sizes(layer: Layer, shape: Shape) -> Iterator[Remedy]:
    """Offer other sizes, those only that make the layer fit."""
    match layer:
        case Conv2d():
            offers = _for_convolution(layer, shape)
        case MaxPool2d() | AvgPool2d():
            offers = _for_pooling(layer, shape)
        case ConvTranspose2d():
            offers = _for_transposed(layer, shape)
        case PixelShuffle():
            offers = _for_shuffle(shape)
        case _:
            offers = iter(())
    for remedy in offers:
        if _helps(layer, remedy, shape):
            yield remedy


def _helps(layer: Layer, remedy: Remedy, shape: Shape) -> bool:
    try:
        with_parameters(layer, dict(remedy.changes)).output_shape(shape)
    except ValueError:
        return False
    return True


def _for_convolution(layer: Conv2d, shape: Shape) -> Iterator[Remedy]:
    size, gaps = pair(layer.kernel_size, "kernel_size"), pair(layer.dilation, "dilation")
    sides = padding_in_pixels(layer)
    room = shape[1] + sides.top + sides.bottom, shape[2] + sides.left + sides.right
    yield _set("padding", "same")
    yield _set("padding", _missing_padding(shape, size, gaps))
    yield from _smaller(size, gaps, room)
    yield _set("border", str(Border.REPLICATE))


def _for_pooling(layer: MaxPool2d | AvgPool2d, shape: Shape) -> Iterator[Remedy]:
    size, sides = pair(layer.kernel_size, "kernel_size"), pair(layer.padding, "padding", 0)
    gaps = pair(layer.dilation, "dilation") if isinstance(layer, MaxPool2d) else (1, 1)
    most = min(sides[0], size[0] // 2), min(sides[1], size[1] // 2)
    if most != sides:
        yield _set("padding", most)
        yield _set("kernel_size", (max(size[0], 2 * sides[0]), max(size[1], 2 * sides[1])))
        return
    yield _set("padding", _missing_padding(shape, size, gaps))
    yield from _smaller(size, gaps, (shape[1] + 2 * sides[0], shape[2] + 2 * sides[1]))


def _for_transposed(layer: ConvTranspose2d, shape: Shape) -> Iterator[Remedy]:
    axes = layer.axes(shape)
    extra = pair(layer.output_padding, "output_padding", 0)
    most = [max(axis.stride, axis.dilation) - 1 for axis in axes]
    yield _set("output_padding", (min(extra[0], most[0]), min(extra[1], most[1])))
    whole = [
        (size - 1) * axis.stride + effective_size(axis.kernel, axis.dilation) + more
        for axis, size, more in zip(axes, shape[1:], extra, strict=True)
    ]
    sides = pair(layer.padding, "padding", 0)
    yield _set("padding", (min(sides[0], (whole[0] - 1) // 2), min(sides[1], (whole[1] - 1) // 2)))


def _for_shuffle(shape: Shape) -> Iterator[Remedy]:
    factor = largest_factor(shape[0])
    yield Remedy(f"Set factor to {factor}", (("upscale_factor", factor),))


def _smaller(size: Pair, gaps: Pair, room: Pair) -> Iterator[Remedy]:
    """Offer cells that lie closer, or fewer of them."""
    if max(gaps) > 1:
        yield _set("dilation", (1, 1))
    rows, columns = (
        min(cells, max(most - 1, 0) // gap + 1)
        for cells, gap, most in zip(size, gaps, room, strict=True)
    )
    yield _set("kernel_size", (rows, columns))


def _missing_padding(shape: Shape, size: Pair, gaps: Pair) -> Pair:
    """Return the least padding, the same at both ends, with which a kernel has room [px]."""
    rows, columns = (
        max(0, (effective_size(cells, gap) - pixels + 1) // 2)
        for cells, gap, pixels in zip(size, gaps, shape[1:], strict=True)
    )
    return rows, columns


_NAMES = {
    "padding": "Set padding to {}",
    "output_padding": "Set extra to {}",
    "dilation": "Set dilation to {}",
    "border": "Set border to {}",
    "kernel_size": "Take {} cells",
}


def _set(name: str, value: str | Pair) -> Remedy:
    text = value if isinstance(value, str) else _shown(name, value)
    return Remedy(_NAMES[name].format(text), ((name, value),))


def _shown(name: str, sizes: Pair) -> str:
    rows, columns = sizes
    if name != "kernel_size" and rows == columns:
        return str(rows)
    return f"{rows} × {columns}" if name == "kernel_size" else f"{rows} and {columns}"
