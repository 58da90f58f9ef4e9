"""Layers that make one result of several: where branches of a network meet."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from convlab.engine import buffers
from convlab.engine.arrays import FloatArray, read_rows_as_they_lie
from convlab.layers.base import Layer, Shape


class Merge(Layer):
    """A layer with several inputs."""

    family: ClassVar[str] = "Branches"
    most_inputs: ClassVar[int | None] = None

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def forward(self, x: FloatArray) -> FloatArray:
        return x

    @abstractmethod
    def shape_of(self, shapes: Sequence[Shape]) -> Shape:
        """Return the shape of the result for inputs of these shapes.

        Raises:
            ValueError: If they do not fit each other; the message has the numbers and a remedy.
        """

    @abstractmethod
    def result_of(self, inputs: Sequence[FloatArray]) -> FloatArray:
        """Return the result of some inputs."""


class _Elementwise(Merge):
    """A layer that combines values in the same place; what is 1 long is repeated."""

    operation: ClassVar[np.ufunc]

    def shape_of(self, shapes: Sequence[Shape]) -> Shape:
        if len({len(shape) for shape in shapes}) == 1:
            try:
                return tuple(np.broadcast_shapes(*shapes))
            except ValueError:
                pass
        raise ValueError(f"{_named(shapes)} cannot be combined value by value: give one shape")

    def maps_met_in(self, place: int, first: int, last: int, shapes: Sequence[Shape]) -> range:
        count = shapes[place][0]
        return range(min(first, count - 1), min(last, count - 1) + 1)

    def result_of(self, inputs: Sequence[FloatArray]) -> FloatArray:
        result, *others = inputs
        shape = np.broadcast_shapes(*(x.shape for x in inputs))
        out = buffers.empty(shape) if others else result
        with np.errstate(all="ignore"):  # an infinity less another is NaN by right
            read_rows_as_they_lie(math.prod(shape[-2:]))
            for other in others:
                result = self.operation(result, other, out=out)
        return result


@dataclass(frozen=True, repr=False)
class Add(_Elementwise):
    """Adds its inputs value by value: the end of a skip connection.

    >>> Add().shape_of([(8, 60, 80), (8, 60, 80)])
    (8, 60, 80)
    """

    kind: ClassVar[str] = "add"
    title: ClassVar[str] = "Sum of branches"
    short: ClassVar[str] = "Add"
    noun: ClassVar[str] = "the sum"
    summary: ClassVar[str] = (
        "Adds branches value by value: the layers between learn only what is to change."
    )
    operation: ClassVar[np.ufunc] = np.add


@dataclass(frozen=True, repr=False)
class Subtract(_Elementwise):
    """Subtracts from its first input all others, value by value."""

    kind: ClassVar[str] = "subtract"
    title: ClassVar[str] = "Difference of branches"
    short: ClassVar[str] = "Subtract"
    noun: ClassVar[str] = "the difference"
    summary: ClassVar[str] = "Subtracts branches value by value."
    operation: ClassVar[np.ufunc] = np.subtract


@dataclass(frozen=True, repr=False)
class Multiply(_Elementwise):
    """Multiplies its inputs value by value: gates, and squeeze-and-excitation.

    >>> Multiply().shape_of([(8, 60, 80), (8, 1, 1)])
    (8, 60, 80)
    """

    kind: ClassVar[str] = "multiply"
    title: ClassVar[str] = "Product of branches"
    short: ClassVar[str] = "Multiply"
    noun: ClassVar[str] = "the product"
    summary: ClassVar[str] = (
        "Multiplies branches value by value: one of them says how much of the other passes."
    )
    operation: ClassVar[np.ufunc] = np.multiply


@dataclass(frozen=True, repr=False)
class Concat(Merge):
    """Puts the channels of its inputs behind each other, or the values of vectors.

    >>> Concat().shape_of([(8, 60, 80), (4, 60, 80)])
    (12, 60, 80)
    """

    kind: ClassVar[str] = "concat"
    title: ClassVar[str] = "Concatenation"
    short: ClassVar[str] = "Concat"
    noun: ClassVar[str] = "the concatenation"
    summary: ClassVar[str] = "Puts the maps of branches behind each other, as they are."

    def shape_of(self, shapes: Sequence[Shape]) -> Shape:
        if len({shape[1:] for shape in shapes}) > 1:
            raise ValueError(f"{_named(shapes)} cannot be put together: give maps of one size")
        return sum(shape[0] for shape in shapes), *shapes[0][1:]

    def maps_met_in(self, place: int, first: int, last: int, shapes: Sequence[Shape]) -> range:
        before = sum(shape[0] for shape in shapes[:place])
        count = shapes[place][0]
        start, stop = (min(max(at - before, 0), count) for at in (first, last + 1))
        return range(start, stop)

    def result_of(self, inputs: Sequence[FloatArray]) -> FloatArray:
        axis = -3 if inputs[0].ndim > 2 else -1
        first = inputs[0].shape
        count = sum(x.shape[axis] for x in inputs)
        shape = (*first[:axis], count, *first[axis + 1 :]) if axis < -1 else (*first[:-1], count)
        return np.concatenate(inputs, axis, out=buffers.empty(shape))


def _named(shapes: Sequence[Shape]) -> str:
    return "shapes " + " and ".join(str(tuple(shape)) for shape in shapes)
