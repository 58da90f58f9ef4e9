"""Which part of a layer's input one unit reads, to be framed there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from convlab.document.stack.detail import (
    flat_source,
    group_channels,
    landing,
    mixed,
    unit_place,
)
from convlab.document.stack.model import Unit
from convlab.engine.receptive_field import Interval
from convlab.engine.shapes import pair
from convlab.engine.window import IndexArray, Window
from convlab.layers import (
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    Softmax,
    Upsample,
)
from convlab.layers.base import Shape

_VECTOR = Interval(0, 0)


class Box(NamedTuple):
    """Neighbouring maps, rows and columns; in a vector the channels are its places.

    Attributes:
        channels: First and last map.
        rows: First and last row; in the padding they lie outside the map [px].
        columns: First and last column, likewise [px].
    """

    channels: Interval
    rows: Interval
    columns: Interval


def met(layer: Layer, shape: Shape, unit: Unit) -> Box | None:
    """Return what a unit reads of an input of that shape, padding included.

    Dilation and stride can leave pixels in between unread. None: it reads nothing (a pixel
    between the stamps of a transposed convolution).

    Raises:
        ValueError: If the layer does not fit the shape, or its result has no such unit.
    """
    place = unit_place(layer.output_shape(shape), unit)
    match layer:
        case Conv2d() | MaxPool2d() | AvgPool2d() | GlobalAvgPool2d():
            return _window_box(layer, shape, place)
        case ConvTranspose2d():
            down, across = layer.axes(shape)
            rows, _ = landing(down, shape[1], place[1])
            columns, _ = landing(across, shape[2], place[2])
            return _box(_group(layer, place[0]), rows, columns)
        case Upsample():
            below, beside = pair(layer.scale_factor, "scale_factor")
            rows, _ = mixed(layer, shape[1], below, place[1])
            columns, _ = mixed(layer, shape[2], beside, place[2])
            return _box(_one(place[0]), rows, columns)
        case Linear():
            return Box(Interval(0, shape[0] - 1), _VECTOR, _VECTOR)
        case Softmax():
            return _point(place)._replace(channels=Interval(0, shape[0] - 1))
        case Flatten():
            return _point(flat_source(shape, place[0]))
    return _point(place)


def _window_box(
    layer: Conv2d | MaxPool2d | AvgPool2d | GlobalAvgPool2d, shape: Shape, place: tuple[int, ...]
) -> Box | None:
    channel, row, column = place
    channels = _group(layer, channel) if isinstance(layer, Conv2d) else _one(channel)
    down, across = layer.axes(shape)
    return _box(channels, _read(down, row), _read(across, column))


def _read(axis: Window, at: int) -> IndexArray:
    return axis.inputs(np.array([at]))


def _group(layer: Conv2d | ConvTranspose2d, channel: int) -> Interval:
    used = group_channels(channel, layer.out_channels, layer.in_channels, layer.groups)
    return Interval(used.start, used.stop - 1)


def _box(channels: Interval, rows: IndexArray, columns: IndexArray) -> Box | None:
    if not (rows.size and columns.size):
        return None
    down, across = (Interval(int(line[0]), int(line[-1])) for line in (rows, columns))
    return Box(channels, down, across)


def _point(place: tuple[int, ...]) -> Box:
    channel, row, column = (*place, 0, 0)[:3]
    return Box(_one(channel), _one(row), _one(column))


def _one(at: int) -> Interval:
    return Interval(at, at)
