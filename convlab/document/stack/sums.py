"""The sums behind a row of the table, and what a fully connected layer would need instead."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from convlab.engine import counts
from convlab.engine.formula import size_formula
from convlab.engine.window import AdaptiveWindow, Window
from convlab.engine.window import Layer as AxisLayer
from convlab.layers import (
    AvgPool2d,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    PixelShuffle,
    Upsample,
)
from convlab.layers.base import Shape


@dataclass(frozen=True, slots=True)
class Comparison:
    """A layer beside a fully connected one between the same maps.

    Attributes:
        name: What the layer does.
        parameters: Its weights and biases.
        multiply_adds: Products that it adds up for one picture.
        connected: Weights of the fully connected layer, each used once; its biases are not counted.
        text: The ratio in words.
    """

    name: str
    parameters: int
    multiply_adds: int
    connected: int
    text: str


def connected_weights(before: Shape, after: Shape) -> int:
    """Return how many weights there are if every value is made from every value.

    >>> connected_weights((3, 32, 32), (6, 28, 28))
    14450688

    Args:
        before: Shape of the input, ``(C, H, W)`` or ``(F,)``.
        after: Shape of the result.
    """
    return counts.linear(math.prod(before), math.prod(after), bias=False).weights


def comparison(layer: Layer, before: Shape, after: Shape) -> Comparison | None:
    """Compare a layer with a fully connected one; None if it only handles each value alone."""
    if layer.axes(before) is None and not layer.sees_all:
        return None
    cost = layer.cost(before)
    connected = connected_weights(before, after)
    text = _text(layer, after, cost.parameters, connected)
    return Comparison(layer.noun, cost.parameters, cost.multiply_adds, connected, text)


def parameter_sum(layer: Layer) -> str:
    """Return how many numbers a layer learns, with the numbers put in.

    >>> parameter_sum(Conv2d(3, 6, 5))
    '5·5·3·6 + 6 = 456'
    """
    factors, biases = layer.weight_factors, layer.bias_count
    if not factors:
        return "0, nothing to learn"
    tail = f" + {biases:,}" if biases else ""
    return f"{_product(factors)}{tail} = {math.prod(factors) + biases:,}"


def multiply_add_sum(layer: Layer, before: Shape, after: Shape) -> str:
    """Return how many products a layer adds up for one picture, with the numbers put in.

    Args:
        layer: The layer.
        before: Shape of its input.
        after: Shape of its result.
    """
    factors = (*layer.weight_factors, *layer.weight_uses(before, after))
    return _equation(factors) if factors else "0"


def value_sum(shape: Shape) -> str:
    """Return how many values a result has, with the numbers put in."""
    return _equation((*shape[1:], shape[0]))


def size_sums(layer: Layer, before: Shape) -> tuple[str, str] | None:
    """Return how rows and columns of the result come about; None where they stay as they are.

    >>> size_sums(Conv2d(3, 6, 5), (3, 32, 32))
    ('32 − 5 + 1 = 28', '32 − 5 + 1 = 28')

    Args:
        layer: The layer.
        before: Shape of its input, ``(C, H, W)``.
    """
    axes = sliding_windows(layer, before)
    if axes is None or isinstance(layer, GlobalAvgPool2d):
        return None
    if isinstance(layer, Upsample | PixelShuffle):
        factors = (int(axis.stride) for axis in axes)
        rows, columns = (_equation(pair) for pair in zip(before[1:], factors, strict=True))
    else:
        rows, columns = (size_sum(axis, size) for axis, size in zip(axes, before[1:], strict=True))
    return rows, columns


def sliding_windows(layer: Layer, shape: Shape) -> tuple[AxisLayer, AxisLayer] | None:
    """Return a layer's windows along rows and columns with the padding that a person has set.

    Pooling only reports as much padding behind as its windows reach.
    """
    axes = layer.axes(shape)
    if axes is None or not isinstance(layer, MaxPool2d | AvgPool2d):
        return axes
    rows, columns = (_evened(axis, size) for axis, size in zip(axes, shape[1:], strict=True))
    return rows, columns


def other_operations(cost: counts.Cost) -> str:
    """Return what a layer does beside multiply-adds, or an empty text."""
    named = (
        (cost.comparisons, "comparisons"),
        (cost.additions, "additions"),
        (cost.divisions, "divisions"),
    )
    return ", ".join(f"{number:,} {name}" for number, name in named if number)


def _evened(axis: AxisLayer, size: int) -> AxisLayer:
    """Return the window with as much padding behind as before, if that changes nothing."""
    assert isinstance(axis, Window)  # of a pooling
    even = replace(axis, after=axis.before)
    return even if even.output_size(size) == axis.output_size(size) else axis


def size_sum(axis: AxisLayer, size: int) -> str:
    """Return how many outputs a window has along one axis, with the numbers put in."""
    if isinstance(axis, AdaptiveWindow):
        return f"{axis.count}, as asked for"
    if isinstance(axis, Window):
        return size_formula(size, axis.kernel, axis.before, axis.after, axis.stride, axis.dilation)
    stretched = (
        f"{axis.dilation}·({axis.kernel} − 1) + 1" if axis.dilation > 1 else f"{axis.kernel}"
    )
    cut = f" − 2·{axis.before}" if axis.before else ""
    extra = f" + {axis.output_padding}" if axis.output_padding else ""
    return f"{axis.stride}·({size} − 1) + {stretched}{cut}{extra} = {axis.output_size(size)}"


def _product(factors: Sequence[int]) -> str:
    return "·".join(f"{factor:,}" for factor in factors)


def _equation(factors: Sequence[int]) -> str:
    """Write a product and what it is; a single number is itself."""
    total = f"{math.prod(factors):,}"
    return total if len(factors) == 1 else f"{_product(factors)} = {total}"


def _text(layer: Layer, after: Shape, parameters: int, connected: int) -> str:
    without = f"{math.prod(after):,} biases not counted"
    if isinstance(layer, Linear):
        return "This layer is fully connected: one weight for every input and output."
    if parameters == 0:
        return f"Nothing to learn; fully connected: {connected:,} weights ({without})."
    if connected < parameters:
        return (
            f"Fully connected it would need fewer: the filter is larger than the map ({without})."
        )
    times = _rounded(connected / parameters)
    return f"Fully connected: about {times} times as many ({without})."


def _rounded(ratio: float) -> str:
    """Round to four digits, with thousands marked."""
    behind = 3 - math.floor(math.log10(ratio))
    digits, rounded = max(0, behind), round(ratio, behind)
    text = f"{rounded:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text
