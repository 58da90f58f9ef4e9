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
    stride, start = Fraction(1), Fraction(0)
    for layer in layers:
        start += layer.shift * stride
        stride *= layer.step
    return ReceptiveField(_largest(layers), stride, start)


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


def _largest(layers: Sequence[Layer]) -> int:
    intervals = (seen(layers, unit) for unit in range(_period(layers)))
    return max((interval.length for interval in intervals if interval), default=0)


def _period(layers: Sequence[Layer]) -> int:
    """Return after how many units the fields repeat: a whole step in each map below."""
    step, period = Fraction(1), 1
    for layer in reversed(layers):
        step *= layer.step
        period = math.lcm(period, step.denominator)
    return period


def _hull(indices: IndexArray) -> Interval | None:
    return Interval(int(indices[0]), int(indices[-1])) if indices.size else None
