"""The path of a unit: which part of every map before it the unit is made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from convlab.document.stack.model import Unit
from convlab.engine.receptive_field import Interval
from convlab.layers import Flatten, Layer
from convlab.layers.base import Shape


class Box(NamedTuple):
    """A part of a layer's result: maps, rows and columns, both ends included.

    A vector has its values as channels, and one row and column.
    """

    channels: Interval
    rows: Interval
    columns: Interval

    @classmethod
    def of(cls, unit: Unit) -> Box:
        """Return the box of a single unit."""
        at = (unit.channel, unit.row, unit.column)
        return cls(*(Interval(index, index) for index in at))


def unit_path(layers: Sequence[Layer], shapes: Sequence[Shape], unit: Unit) -> list[Box | None]:
    """Return what a unit of the last layer is made from.

    Args:
        layers: From the picture up to the unit's layer.
        shapes: Of the picture and of each layer's result, one more than layers.
        unit: Of the last layer's result.

    Returns:
        One box for the picture and each layer's result, the last one the unit itself. None where
        the unit is made from padding only.
    """
    box: Box | None = Box.of(unit)
    found = [box]
    for layer, below in zip(reversed(layers), reversed(shapes[:-1]), strict=True):
        box = None if box is None else _below(layer, below, box)
        found.append(box)
    return found[::-1]


def _below(layer: Layer, shape: Shape, box: Box) -> Box | None:
    """Return the part of a layer's input, of that shape, from which a box of its result is made."""
    if layer.sees_all:
        return _whole(shape)._replace(channels=_channels(layer, shape, box.channels))
    if isinstance(layer, Flatten):
        return _unfolded(shape, box)
    axes = layer.axes(shape) if len(shape) == 3 else None
    channels = _channels(layer, shape, box.channels)
    if axes is None:
        return Box(channels, box.rows, box.columns)
    spans = []
    for axis, span, size in zip(axes, (box.rows, box.columns), shape[1:], strict=True):
        met = axis.inputs(np.arange(span.first, span.last + 1))
        met = met[(met >= 0) & (met < size)]
        if not met.size:
            return None
        spans.append(Interval(int(met[0]), int(met[-1])))
    return Box(channels, *spans)


def _channels(layer: Layer, shape: Shape, channels: Interval) -> Interval:
    """Return the input maps that some maps of the result are made from."""
    first, last = (layer.maps_met(channel, shape[0]) for channel in channels)
    return Interval(first.start, last.stop - 1)


def _whole(shape: Shape) -> Box:
    return Box(*(Interval(0, size - 1) for size in (*shape, 1, 1)[:3]))


def _unfolded(shape: Shape, box: Box) -> Box:
    """Return where values of a flattened picture lie in it; for several a box around them."""
    if len(shape) == 1:
        return box
    _, height, width = shape
    first, last = (divmod(index, height * width) for index in box.channels)
    if first[0] != last[0]:
        return Box(Interval(first[0], last[0]), Interval(0, height - 1), Interval(0, width - 1))
    rows = Interval(first[1] // width, last[1] // width)
    if rows.length > 1:
        return Box(Interval(first[0], first[0]), rows, Interval(0, width - 1))
    return Box(Interval(first[0], first[0]), rows, Interval(first[1] % width, last[1] % width))
