"""A stack of layers: its shapes, what it costs, what each unit sees, and all its maps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_picture, to_shape
from convlab.engine.counts import Cost
from convlab.layers.base import Layer, Shape
from convlab.layers.spans import PICTURE, fields_of, spans_after
from convlab.layers.summary import LayerSummary, StackSummary


class Stack:
    """Layers one after the other; it cannot be changed.

    >>> from convlab.layers import Conv2d, MaxPool2d, ReLU
    >>> Stack([Conv2d(3, 6, 5), ReLU(), MaxPool2d(2)]).shapes((3, 32, 32))
    [(6, 28, 28), (6, 28, 28), (6, 14, 14)]

    Args:
        layers: The first one is nearest to the picture.
    """

    def __init__(self, layers: Iterable[Layer]) -> None:
        self.layers = tuple(_several(layers))
        for number, layer in enumerate(self.layers, 1):
            _check_layer(number, layer)

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    @overload
    def __getitem__(self, place: int) -> Layer: ...
    @overload
    def __getitem__(self, place: slice) -> Stack: ...
    def __getitem__(self, place: int | slice) -> Layer | Stack:
        """Return a layer, counted from 0, or a stack of some of them."""
        return Stack(self.layers[place]) if isinstance(place, slice) else self.layers[place]

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return the result of the last layer; ``forward`` has those of all.

        Raises:
            ValueError: As ``forward``.
        """
        results = self.forward(x)
        return results[-1] if results else to_picture(x)

    def __repr__(self) -> str:
        lines = "".join(f"    {layer!r},\n" for layer in self.layers)
        return f"Stack([\n{lines}])" if lines else "Stack([])"

    def shapes(self, shape: Shape) -> list[Shape]:
        """Return the shape of each layer's result for a picture ``(C, H, W)``.

        Raises:
            ValueError: If a layer does not fit; the message names it, counted from 1.
        """
        given = to_shape(shape, "the picture")
        found: list[Shape] = []
        for number, layer in enumerate(self.layers, 1):
            with named(number, layer):
                found.append(layer.output_shape(found[-1] if found else given))
        return found

    def summary(self, shape: Shape) -> StackSummary:
        """Return what each layer is on a picture ``(C, H, W)``: a list that prints as a table.

        Raises:
            ValueError: If a layer does not fit; the message names it, counted from 1.
        """
        shapes = [tuple(shape), *self.shapes(shape)]
        rows, spans = StackSummary(), PICTURE
        for layer, before, after in zip(self.layers, shapes, shapes[1:], strict=False):
            spans = spans_after(layer, [before], [spans])
            cost, fields = layer.cost(before), fields_of(spans)
            rows.append(LayerSummary(layer.kind, after, cost, fields, before))
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


def _several(layers: Iterable[Layer]) -> Iterable[Layer]:
    """Reject what is not several layers, such as one.

    Raises:
        TypeError: With what it is, and how to write it.
    """
    if isinstance(layers, Iterable) and not isinstance(layers, str):
        return layers
    is_class = isinstance(layers, type)
    name = layers.__name__ if is_class else type(layers).__name__
    what = f"the class {name}" if is_class else f"of type {name}"
    raise TypeError(f"layers is {what}: give a list of layers, as Stack([Conv2d(3, 8, 3), ReLU()])")


def _check_layer(number: int, layer: object) -> None:
    """Reject what is no layer.

    Raises:
        TypeError: With what it is, and how to make it one.
    """
    if isinstance(layer, Layer):
        return
    if isinstance(layer, type) and issubclass(layer, Layer):
        name = layer.__name__
        raise TypeError(f"layer {number} is the class {name}: write {name}(...) to make one")
    raise TypeError(
        f"layer {number} is of type {type(layer).__name__}: give layers, such as "
        "convlab.layers.ReLU()"
    )
