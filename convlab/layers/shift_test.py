"""Do the maps move along with the picture, or do their values stay? Each layer, measured.

Two words that are easily mixed up:

* Equivariance: shift the picture, and the map shifts. The same pattern is found, elsewhere. A
  convolution does this: it treats every place alike.
* Invariance: shift the picture, and the value stays. Where the pattern was is forgotten. The mean
  of a whole map does this; pooling does it a little, for small shifts.

With x the picture, S the shift (``np.roll``), f the layers up to one, and J the distance of its
neighbouring units' receptive fields [px], a shift by s px is expected to move the map by e = s / J
units, rows and columns for themselves.

* error = max |f(S x) − S_e f(x)| / max |f(x)|, S_e moving the map by e units. 0: it moved along.
  Where e is no whole number no map can move by it exactly; the nearest whole number stands for it
  (of two equally near the even one).
* change = mean |f(S x) − f(x)| / mean |f(x)|, nothing moved along. 0: the values stayed.

Only units inside count: those whose receptive field, in both pictures, touches no padding in any
layer and not the seam where the shifted picture wraps around.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_picture
from convlab.engine.receptive_field import receptive_field
from convlab.engine.window import AdaptiveWindow, IndexArray, TransposedWindow, sizes
from convlab.engine.window import Layer as AxisLayer
from convlab.layers.base import Layer, Shape
from convlab.layers.stack import Stack

BoolArray: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """What a shift of the picture did to one layer's result.

    Attributes:
        expected: By how many units (rows, columns) the map should move. None: the result has no
            places (a vector, or a single unit per channel), and only ``change`` says something.
        error: How far the map is from itself moved by ``expected``, as a share of its largest
            magnitude. 0: it moved along exactly. None: no unit is inside.
        change: How much the values changed where they are, as a share of their mean magnitude.
            0: they stayed. None: no unit is inside.
        compared: How many values were compared; 0 if no unit is inside.
    """

    expected: tuple[Fraction, Fraction] | None
    error: float | None
    change: float | None
    compared: int

    @property
    def is_whole(self) -> bool:
        """Whether the map can move by what is expected: by whole units."""
        return self.expected is not None and all(step.denominator == 1 for step in self.expected)


class _Axis(NamedTuple):
    """One direction: the layers so far, the picture's size and the shift [px]."""

    layers: list[AxisLayer]
    size: int
    shift: int


def shift_test(layers: Sequence[Layer], x: ArrayLike, shift: tuple[int, int]) -> list[ShiftReport]:
    """Run the layers on a picture and on the same picture shifted; report on each layer.

    Args:
        layers: From the picture upwards.
        x: ``(C, H, W)``; uint8 is divided by 255 and uint16 by 65535.
        shift: (rows, columns) down and to the right, wrapping around [px].

    Raises:
        ValueError: If a layer does not fit; the message names it, counted from 1.
    """
    picture, stack = to_picture(x), Stack(layers)
    results = stack.forward(picture)
    moved = stack.forward(np.roll(picture, shift, axis=(-2, -1)))
    return compare_shifted(layers, picture.shape, results, moved, shift)


def compare_shifted(
    layers: Sequence[Layer],
    shape: Shape,
    results: Sequence[FloatArray],
    moved: Sequence[FloatArray],
    shift: tuple[int, int],
) -> list[ShiftReport]:
    """Report on each layer, given both passes.

    Args:
        layers: From the picture upwards.
        shape: ``(C, H, W)`` of the picture.
        results: What each layer gave for the picture.
        moved: What each layer gave for the picture, shifted by ``np.roll``.
        shift: (rows, columns) [px].
    """
    axes = _Axis([], shape[-2], shift[0]), _Axis([], shape[-1], shift[1])
    reports: list[ShiftReport] = []
    below = shape
    for layer, before, after in zip(layers, results, moved, strict=True):
        if len(below) == 3:
            for axis, window in zip(axes, layer.axes(below) or (), strict=False):
                axis.layers.append(window)
        below = before.shape
        has_places = len(below) == 3 and below[1:] != (1, 1)
        reports.append(_report(axes, before, after) if has_places else _report_all(before, after))
    return reports


def _report_all(before: FloatArray, after: FloatArray) -> ShiftReport:
    """Report on values that have no places."""
    return ShiftReport(None, None, _share(np.mean, after, before), before.size)


def _report(axes: tuple[_Axis, _Axis], before: FloatArray, after: FloatArray) -> ShiftReport:
    rows, columns = (axis.shift / receptive_field(axis.layers).stride for axis in axes)
    down, right = round(rows), round(columns)
    inside = _inside(axes[0], down), _inside(axes[1], right)
    if not all(units.size for units in inside):
        return ShiftReport((rows, columns), None, None, 0)
    now = after[_part(inside[0], inside[1])]
    came_from = before[_part(inside[0] - down, inside[1] - right)]
    stayed = before[_part(*inside)]
    return ShiftReport(
        (rows, columns), _share(np.max, now, came_from), _share(np.mean, now, stayed), now.size
    )


def _share(summary: Callable[..., Any], now: FloatArray, before: FloatArray) -> float:
    """Return the largest or mean difference as a share of what was there before."""
    with np.errstate(all="ignore"):  # infinities in the maps make NaN by right
        difference = float(summary(np.abs(now - before)))
    whole = float(summary(np.abs(before)))
    if difference == 0:
        return 0.0
    return difference / whole if whole else math.inf


def _inside(axis: _Axis, step: int) -> IndexArray:
    """Return the units of the moved map that are inside, and were so where they came from."""
    first, last, is_clear = _fields(axis)
    count = len(first)
    low, high = max(axis.shift, 0), axis.size + min(axis.shift, 0)  # beyond it has wrapped around
    units = np.flatnonzero(is_clear & (first >= low) & (last < high))
    origins = units - step
    exists = (origins >= 0) & (origins < count)
    return units[exists][is_clear[origins[exists]]]


def _fields(axis: _Axis) -> tuple[IndexArray, IndexArray, BoolArray]:
    """Return each unit's first and last pixel, and whether it touches no padding on the way."""
    maps = sizes(axis.layers, axis.size)
    first = last = np.arange(maps[-1])
    is_clear = np.ones(maps[-1], np.bool_)
    for layer, below in zip(reversed(axis.layers), maps[-2::-1], strict=True):
        first, last = _met(layer, first, last)
        is_clear &= (first >= 0) & (first <= last) & (last < below)
    return first, last, is_clear


def _met(layer: AxisLayer, first: IndexArray, last: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return the first and the last input that neighbouring outputs are made from."""
    if isinstance(layer, AdaptiveWindow):
        return first * layer.size // layer.count, -(-(last + 1) * layer.size // layer.count) - 1
    span = layer.dilation * (layer.kernel - 1)
    if isinstance(layer, TransposedWindow):
        # The first pixel whose copy of the kernel reaches so far, rounded up.
        lowest = -((span - layer.before - first) // layer.stride)
        return lowest, (last + layer.before) // layer.stride
    return first * layer.stride - layer.before, last * layer.stride - layer.before + span


def _part(rows: IndexArray, columns: IndexArray) -> tuple[Any, ...]:
    """Return the index of a part of a map; neighbouring units are not copied."""
    if len(rows) == np.ptp(rows) + 1 and len(columns) == np.ptp(columns) + 1:
        return ..., slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return ..., rows[:, None], columns
