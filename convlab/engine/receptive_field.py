"""What one unit of a stack sees of the picture, along one axis, in exact numbers.

Fields, jumps and starts follow Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional
Neural Networks", Distill, 2019, extended to transposed convolution. A field reaches from the first
to the last pixel seen; dilation and stride can leave pixels in between unseen. Layers without a
kernel (activation, normalisation) see one pixel and are left out of a stack.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

import numpy as np

from convlab.engine.window import IndexArray, Layer, check_unit, sizes


class Interval(NamedTuple):
    """Neighbouring pixels, both ends included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many pixels they are [px]."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The fields of all units of a layer, along one axis, as if the picture had no edge.

    Attributes:
        size: Pixels from the first to the last that a unit sees [px]. Behind a transposed
            convolution units differ: the largest.
        stride: Cumulative: between the centres of neighbouring units' fields [px].
        start: Centre of unit 0's field, where pixel 0 has its centre at 0 [px]. It is outside the
            picture if there is enough padding. Behind a transposed convolution fields need not be
            symmetrical: this is the place that the geometry gives the unit.
    """

    size: int
    stride: Fraction
    start: Fraction

    def center(self, unit: int) -> Fraction:
        """Return where the field of a unit has its centre [px]: start + unit * stride."""
        return self.start + unit * self.stride

    @property
    def overlap(self) -> Fraction:
        """How many pixels the fields of two neighbours share [px]."""
        return max(self.size - self.stride, Fraction(0))


class Span(NamedTuple):
    """What the units of a map see, built up layer by layer, as if the picture had no edge.

    Where a picture was made larger on the way units differ, and repeat after a few: the period.

    Attributes:
        first: First pixel that each unit of a period sees, ``(p,)``.
        last: Last pixel, ``(p,)``; before the first one if the unit sees none.
        stride: Cumulative [px].
        start: As ``ReceptiveField`` has it [px].
    """

    first: IndexArray
    last: IndexArray
    stride: Fraction
    start: Fraction

    @classmethod
    def of_picture(cls) -> Span:
        """Return what the picture's own pixels see: themselves."""
        return cls(np.zeros(1, np.int64), np.zeros(1, np.int64), Fraction(1), Fraction(0))

    def after(self, layer: Layer) -> Span:
        """Return what the units of a layer see that takes this map."""
        period = layer.step.denominator
        while (period * layer.step) % len(self.first):
            period += layer.step.denominator
        met = [layer.inputs(np.array([unit])) for unit in range(period)]
        return Span(
            np.array([self._least(units) for units in met]),
            np.array([self._greatest(units) for units in met]),
            self.stride * layer.step,
            self.start + layer.shift * self.stride,
        )

    def beside(self, other: Span) -> Span | None:
        """Return what the units see of a map that is made of both, place by place.

        None: their units do not lie alike, so that this is another thing for each.
        """
        if self.stride != other.stride:
            return None
        period = math.lcm(len(self.first), len(other.first))
        one, two = self._repeated(period), other._repeated(period)
        start = self.start if self.field.size >= other.field.size else other.start
        first, last = np.minimum(one.first, two.first), np.maximum(one.last, two.last)
        return Span(first, last, self.stride, start)

    @property
    def field(self) -> ReceptiveField:
        """The same as the field of all units: the largest."""
        size = max(int((self.last - self.first).max()) + 1, 0)
        return ReceptiveField(size, self.stride, self.start)

    def _repeated(self, period: int) -> Span:
        units = np.arange(period)
        turns = units // len(self.first) * self._turn
        at = units % len(self.first)
        return self._replace(first=self.first[at] + turns, last=self.last[at] + turns)

    @property
    def _turn(self) -> int:
        """How far a period reaches [px]: a whole number of them by its choice."""
        return int(self.stride * len(self.first))

    def _least(self, units: IndexArray) -> int:
        turns, at = np.divmod(units, len(self.first))
        return int((self.first[at] + turns * self._turn).min(initial=_NOWHERE))

    def _greatest(self, units: IndexArray) -> int:
        turns, at = np.divmod(units, len(self.first))
        return int((self.last[at] + turns * self._turn).max(initial=-_NOWHERE))


_NOWHERE = 1 << 40  # beyond every picture [px]


def receptive_field(layers: Sequence[Layer]) -> ReceptiveField:
    """Return the receptive field of a stack's units.

    Convolution and pooling multiply the cumulative stride by theirs, and their first centre moves
    by half the kernel's span less the padding, (d(k - 1) / 2 - p) cumulative strides; transposed
    convolution does the reverse. Without the latter the size is 1 + the sum of d(k - 1) times the
    cumulative stride before a layer.

    >>> from convlab.engine.window import Window
    >>> receptive_field([Window(5), Window(2, 2), Window(5)]).size
    14
    """
    return reduce(Span.after, layers, Span.of_picture()).field


def seen(layers: Sequence[Layer], unit: int) -> Interval | None:
    """Return the pixels that a unit sees as if the picture had no edge.

    Indices below 0 and beyond the picture are padding, or what padding hides of the map below.

    Args:
        layers: From the picture upwards.
        unit: Index in the last layer's output; it may lie outside as well.

    Returns:
        First and last pixel [px], or None if a transposed convolution leaves the unit empty.
    """
    indices = np.array([unit])
    for layer in reversed(layers):
        indices = layer.inputs(indices)
    return _hull(indices)


def trace(layers: Sequence[Layer], unit: int, size: int) -> list[Interval | None]:
    """Return what a unit really sees of every map below it, the picture first, and itself last.

    Padding is left out in every layer: it is not made from the picture. (A border that repeats
    pixels counts as padding too.)

    Args:
        layers: From the picture upwards.
        unit: Index in the last layer's output.
        size: Picture [px].

    Returns:
        First and last pixel of each map [px], or None where it sees padding only.

    Raises:
        ValueError: If a layer does not fit, or there is no such unit.
    """
    maps = sizes(layers, size)
    check_unit(unit, maps[-1])
    indices = np.array([unit])
    found = [_hull(indices)]
    for layer, below in zip(reversed(layers), reversed(maps[:-1]), strict=True):
        indices = layer.inputs(indices)
        indices = indices[(indices >= 0) & (indices < below)]
        found.append(_hull(indices))
    return found[::-1]


def _hull(indices: IndexArray) -> Interval | None:
    return Interval(int(indices[0]), int(indices[-1])) if indices.size else None
