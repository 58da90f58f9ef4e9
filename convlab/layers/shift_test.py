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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_picture
from convlab.engine.window import AdaptiveWindow, IndexArray, TransposedWindow
from convlab.engine.window import Layer as AxisLayer
from convlab.layers.base import Layer
from convlab.layers.graph import INPUT, Graph
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
    """One direction of a map, or of the picture.

    Attributes:
        first: First pixel of the picture that each unit sees.
        last: Last one.
        is_clear: It touches no padding on the way.
        stride: Cumulative [px].
        window: Pixels of the picture that are no seam: the first, and the first behind [px].
        shift: Of the picture [px].
    """

    first: IndexArray
    last: IndexArray
    is_clear: BoolArray
    stride: Fraction
    window: tuple[int, int]
    shift: int

    @classmethod
    def of_picture(cls, size: int, shift: int) -> _Axis:
        places, clear = np.arange(size), np.ones(size, np.bool_)
        ends = max(shift, 0), size + min(shift, 0)  # beyond it has wrapped around
        return cls(places, places, clear, Fraction(1), ends, shift)

    def after(self, layer: AxisLayer) -> _Axis:
        """Return the same of what a layer makes of the map."""
        size = len(self.first)
        units = np.arange(layer.output_size(size))
        low, high = _met(layer, units, units)
        exists = (low >= 0) & (low <= high) & (high < size)
        low, high = np.clip(low, 0, size - 1), np.clip(high, 0, size - 1)
        clear = exists & self.is_clear[low] & self.is_clear[high]
        stride = self.stride * layer.step
        return self._replace(
            first=self.first[low], last=self.last[high], is_clear=clear, stride=stride
        )

    def beside(self, other: _Axis) -> _Axis:
        """Return the same of what is made of both, place by place."""
        if len(self.first) != len(other.first) or self.stride != other.stride:
            return self._replace(is_clear=np.zeros_like(self.is_clear))
        return self._replace(
            first=np.minimum(self.first, other.first),
            last=np.maximum(self.last, other.last),
            is_clear=self.is_clear & other.is_clear,
        )


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
    moved = np.roll(picture, shift, axis=(-2, -1))
    before, after = (dict(enumerate([x, *stack.forward(x)])) for x in (picture, moved))
    return compare_shifted(Graph.of(stack), before, after, shift)


def compare_shifted(
    graph: Graph,
    results: Mapping[int, FloatArray],
    moved: Mapping[int, FloatArray],
    shift: tuple[int, int],
) -> list[ShiftReport]:
    """Report on each node that is on, in their order, given both passes.

    Args:
        graph: The layers.
        results: The picture ``(C, H, W)``, and what each node gave for it, by uid.
        moved: The same of the picture, shifted by ``np.roll``.
        shift: (rows, columns) [px].
    """
    shape = results[INPUT].shape
    axes = {INPUT: (_Axis.of_picture(shape[-2], shift[0]), _Axis.of_picture(shape[-1], shift[1]))}
    reports: list[ShiftReport] = []
    for node in graph.active:
        sources = graph.sources(node)
        down, across = axes[sources[0]]
        for uid in sources[1:]:
            down, across = down.beside(axes[uid][0]), across.beside(axes[uid][1])
        below = results[sources[0]].shape
        windows = node.layer.axes(below) if len(below) == 3 else None
        if windows is not None:
            down, across = down.after(windows[0]), across.after(windows[1])
        axes[node.uid] = down, across
        before, after = results[node.uid], moved[node.uid]
        has_places = before.ndim == 3 and before.shape[1:] != (1, 1)
        report = _report((down, across), before, after) if has_places else None
        reports.append(report or _report_all(before, after))
    return reports


def _report_all(before: FloatArray, after: FloatArray) -> ShiftReport:
    """Report on values that have no places."""
    return ShiftReport(None, None, _share(np.mean, after, before), before.size)


def _report(axes: tuple[_Axis, _Axis], before: FloatArray, after: FloatArray) -> ShiftReport:
    rows, columns = (axis.shift / axis.stride for axis in axes)
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
    low, high = axis.window
    units = np.flatnonzero(axis.is_clear & (axis.first >= low) & (axis.last < high))
    origins = units - step
    exists = (origins >= 0) & (origins < len(axis.first))
    return units[exists][axis.is_clear[origins[exists]]]


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
