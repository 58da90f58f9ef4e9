"""What readers of operators share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.layers import Layer
from convlab.networks.call import Call, Layout, NotOurs, Value

Reader: TypeAlias = Callable[[Call], Value | Sequence[Value]]
"""Appends the layers that compute a node; it raises NotOurs where no layer computes the same."""

_CHANNEL = {Layout.PLAIN: 1, Layout.CHANNELS_LAST: 3, Layout.LINE: 1}


def plain(layer: Layer) -> Reader:
    """Return what reads a node with one input and nothing to choose."""
    return lambda call: call.add(layer, call.value())


def merged(call: Call, layer: Layer, values: Sequence[Value]) -> Value:
    """Append a layer of several inputs, which the model lays out alike.

    Raises:
        NotOurs: It does not.
    """
    layouts = {(value.layout, len(value.shape)) for value in values}
    if len(layouts) > 1 or values[0].layout is Layout.BARE:
        raise NotOurs
    return call.add(layer, *values)


def parted(call: Call) -> tuple[list[Value], list[tuple[int, AnyArray]]]:
    """Return what depends on the picture, and what does not with its place."""
    values, constants = [], []
    for place, each in enumerate(call.inputs):
        if isinstance(each, Value):
            values.append(each)
        elif each is not None:
            constants.append((place, each))
    return values, constants


def channel_axis(x: Value) -> int:
    """Return which axis of the model's tensor has the channels, or a vector's values.

    Raises:
        NotOurs: None has.
    """
    if x.layout is Layout.BARE:
        raise NotOurs
    return _CHANNEL[x.layout] if len(x.shape) == 3 else 1


def each_channel(x: Value, constant: AnyArray) -> FloatArray:
    """Return the numbers of a constant for each channel of a value, or one for all.

    Raises:
        NotOurs: It has others, or more axes than the value.
    """
    rank = len(x.model_shape)
    if constant.ndim > rank or x.layout is Layout.BARE:
        raise NotOurs
    if constant.size == 1:
        return floats(constant).reshape(1)
    shape = (1,) * (rank - constant.ndim) + constant.shape
    wanted = [1] * rank
    wanted[channel_axis(x)] = x.shape[0]
    if list(shape) != wanted:
        raise NotOurs
    return floats(constant).ravel()


def floats(array: Any) -> FloatArray:
    """Return an array as float32."""
    return np.asarray(array, np.float32)
