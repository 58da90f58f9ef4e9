"""Operators that lay values out in another way: parts of them, other axes, other orders.

After the operators' specification, https://onnx.ai/onnx/operators/.
"""

from __future__ import annotations

import math

from convlab.layers import Flatten, GlobalAvgPool2d
from convlab.layers.channels import ChannelSlice
from convlab.layers.merge import Concat
from convlab.networks.call import Call, Layout, NotOurs, Value
from convlab.networks.operators.common import Reader, channel_axis, merged, parted

_SPATIAL = {Layout.PLAIN: (2, 3), Layout.CHANNELS_LAST: (1, 2)}


def _concat(call: Call) -> Value:
    values, constants = parted(call)
    axis = call.attribute("axis", 1) % len(values[0].model_shape)
    if constants or axis != channel_axis(values[0]):
        raise NotOurs
    return merged(call, Concat(), values)


def _split(call: Call) -> list[Value]:
    x, count = call.value(), len(call.node.output)
    axis = call.attribute("axis", 0) % len(x.model_shape)
    if axis != channel_axis(x):
        raise NotOurs
    sizes = call.constant(1, call.attribute("split"))
    if sizes is None:
        each = -(-x.shape[0] // count)
        sizes = [min(each, x.shape[0] - each * number) for number in range(count)]
    found, start = [], 0
    for size in map(int, sizes):
        found.append(call.add(ChannelSlice(start, start + size), x))
        start += size
    return found


def _slice(call: Call) -> Value:
    x = call.value()
    starts = call.constant(1, call.attribute("starts"))
    stops = call.constant(2, call.attribute("ends"))
    axes = call.constant(3, call.attribute("axes", tuple(range(len(starts)))))
    steps = call.constant(4, (1,) * len(starts))
    rank, channels = len(x.model_shape), x.shape[0]
    if [int(axis) % rank for axis in axes] != [channel_axis(x)] or steps[0] < 1:
        raise NotOurs
    start, stop, step = slice(int(starts[0]), int(stops[0]), int(steps[0])).indices(channels)
    return call.add(ChannelSlice(start, stop, step), x)


def _reshape(call: Call) -> Value:
    x = call.value()
    wanted = [int(size) for size in call.constant(1, call.attribute("shape"))]
    if not call.attribute("allowzero", 0):
        wanted = [size or x.model_shape[axis] for axis, size in enumerate(wanted)]
    if -1 in wanted:
        others = -math.prod(wanted)
        wanted[wanted.index(-1)] = math.prod(x.model_shape) // max(others, 1)
    return _reshaped(call, x, tuple(wanted))


def _flatten(call: Call) -> Value:
    x = call.value()
    axis = call.attribute("axis", 1) % len(x.model_shape)
    wanted = math.prod(x.model_shape[:axis]), math.prod(x.model_shape[axis:])
    return _reshaped(call, x, wanted)


def _squeeze(call: Call) -> Value:
    x = call.value()
    shape = x.model_shape
    ones = tuple(axis for axis, size in enumerate(shape) if size == 1)
    axes = call.constant(1, call.attribute("axes", ones))
    gone = {int(axis) % len(shape) for axis in axes}
    return _reshaped(call, x, tuple(n for axis, n in enumerate(shape) if axis not in gone))


def _reshaped(call: Call, x: Value, wanted: tuple[int, ...]) -> Value:
    """Return a value in another shape, if that is its own or a vector."""
    if wanted == x.model_shape:
        return x
    is_in_order = x.layout is Layout.PLAIN or math.prod(x.shape[1:]) == 1
    if x.layout is Layout.BARE or not is_in_order or wanted != (1, math.prod(x.shape)):
        raise NotOurs
    return call.add(Flatten(), x, layout=Layout.PLAIN)


def _transpose(call: Call) -> Value:
    x = call.value()
    rank = len(x.model_shape)
    order = tuple(call.attribute("perm", range(rank)[::-1]))
    if order == tuple(range(rank)):
        return x
    if len(x.shape) == 3 and (x.layout, order) == (Layout.PLAIN, (0, 2, 3, 1)):
        return x._replace(layout=Layout.CHANNELS_LAST)
    if (x.layout, order) == (Layout.CHANNELS_LAST, (0, 3, 1, 2)):
        return x._replace(layout=Layout.PLAIN)
    raise NotOurs


def _reduce_mean(call: Call) -> Value:
    x = call.value()
    rank = len(x.model_shape)
    axes = call.constant(1, call.attribute("axes", range(rank)))
    if len(x.shape) != 3 or x.layout is Layout.LINE:
        raise NotOurs
    if tuple(sorted(int(axis) % rank for axis in axes)) != _SPATIAL.get(x.layout):
        raise NotOurs
    mean = call.add(GlobalAvgPool2d(), x)
    return mean if call.attribute("keepdims", 1) else call.add(Flatten(), mean, layout=Layout.PLAIN)


READERS: dict[str, Reader] = {
    "Concat": _concat,
    "Flatten": _flatten,
    "ReduceMean": _reduce_mean,
    "Reshape": _reshape,
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "Transpose": _transpose,
}
