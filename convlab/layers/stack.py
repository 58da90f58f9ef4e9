"""A stack of layers: its shapes, what it costs, what each unit sees, and all its maps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_picture
from convlab.engine.counts import Cost
from convlab.engine.receptive_field import ReceptiveField, receptive_field
from convlab.engine.window import Layer as AxisLayer
from convlab.layers.base import Layer, Shape

Fields = tuple[ReceptiveField, ReceptiveField]


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """What one layer of a stack is on a given picture.

    Attributes:
        kind: Kind of the layer, as in files.
        shape: Shape of its result.
        cost: Its parameters and operations.
        fields: What a unit sees of the picture, along rows and columns. None: all of it.
    """

    kind: str
    shape: Shape
    cost: Cost
    fields: Fields | None


class Stack:
    """Layers one after the other; it cannot be changed.

    >>> from convlab.layers import Conv2d, MaxPool2d, ReLU
    >>> Stack([Conv2d(3, 6, 5), ReLU(), MaxPool2d(2)]).shapes((3, 32, 32))
    [(6, 28, 28), (6, 28, 28), (6, 14, 14)]

    Args:
        layers: The first one is nearest to the picture.
    """

    def __init__(self, layers: Iterable[Layer]) -> None:
        self.layers = tuple(layers)

    def __len__(self) -> int:
        return len(self.layers)

    def shapes(self, shape: Shape) -> list[Shape]:
        """Return the shape of each layer's result for a picture ``(C, H, W)``.

        Raises:
            ValueError: If a layer does not fit; the message names it, counted from 1.
        """
        found: list[Shape] = []
        for number, layer in enumerate(self.layers, 1):
            with named(number, layer):
                found.append(layer.output_shape(found[-1] if found else tuple(shape)))
        return found

    def summary(self, shape: Shape) -> list[LayerSummary]:
        """Return what each layer is on a picture ``(C, H, W)``.

        Raises:
            ValueError: If a layer does not fit; the message names it, counted from 1.
        """
        shapes = [tuple(shape), *self.shapes(shape)]
        rows: list[LayerSummary] = []
        below: tuple[list[AxisLayer], list[AxisLayer]] | None = [], []
        for layer, before, after in zip(self.layers, shapes, shapes[1:], strict=False):
            below = _with_axes(below, layer, before)
            fields = None
            if below is not None:
                fields = receptive_field(below[0]), receptive_field(below[1])
            rows.append(LayerSummary(layer.kind, after, layer.cost(before), fields))
        return rows

    def cost(self, shape: Shape) -> Cost:
        """Return the parameters and operations of all layers together."""
        return sum((row.cost for row in self.summary(shape)), Cost())

    def forward(self, x: ArrayLike) -> list[FloatArray]:
        """Return the result of every layer, float32, for a picture or a batch.

        Each result has memory of its own: writing into one changes neither another nor ``x``.

        Args:
            x: ``(C, H, W)`` or ``(N, C, H, W)``. uint8 is divided by 255 and uint16 by 65535.

        Raises:
            ValueError: If a layer does not fit; the message names it, counted from 1.
        """
        value = to_picture(x)
        results: list[FloatArray] = []
        for number, layer in enumerate(self.layers, 1):
            with named(number, layer):
                result = layer.forward(value)
            value = result.copy() if np.may_share_memory(result, value) else result
            results.append(value)
        return results


@contextmanager
def named(number: int, layer: Layer) -> Iterator[None]:
    """Say in an error which layer of a stack it came from, counted from 1."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"layer {number} ({type(layer).__name__}): {error}") from None


def _with_axes(
    below: tuple[list[AxisLayer], list[AxisLayer]] | None, layer: Layer, shape: Shape
) -> tuple[list[AxisLayer], list[AxisLayer]] | None:
    """Return the windows up to and with a layer, along rows and columns; None: it sees all."""
    if below is None or layer.sees_all:
        return None
    axes = layer.axes(shape)
    if axes is None:
        return below
    return [*below[0], axes[0]], [*below[1], axes[1]]
