"""Operators that change values where they are: sums, products, activations, normalisation.

After the operators' specification, https://onnx.ai/onnx/operators/.
"""

from __future__ import annotations

import math

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.layers import (
    GELU,
    Abs,
    BatchNorm2d,
    Dropout,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    LeakyReLU,
    Linear,
    LocalResponseNorm,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    Softmax,
    Tanh,
)
from convlab.layers.channels import Affine
from convlab.layers.merge import Add, Multiply, Subtract
from convlab.networks.call import Call, Layout, NotOurs, Value
from convlab.networks.operators.common import (
    Reader,
    channel_axis,
    each_channel,
    floats,
    merged,
    parted,
    plain,
)

_LAST_OLD_SOFTMAX = 12  # version up to which it flattened what lies behind its axis
_FIRST_NEW_GROUPS = 21  # version from which group normalisation scales channels, not groups


def _batch_norm(call: Call) -> Value:
    x, arrays = call.value(), [floats(call.constant(place)) for place in range(1, 5)]
    if call.attribute("training_mode", 0) or x.layout is Layout.BARE:
        raise NotOurs
    epsilon = call.attribute("epsilon", 1e-5)
    if len(x.shape) == 3:
        return call.add(BatchNorm2d(len(arrays[0]), epsilon, *arrays), x)
    weight, bias, mean, variance = (array.astype(np.float64) for array in arrays)
    scale = weight / np.sqrt(variance + epsilon)
    return _affine(call, x, scale, bias - mean * scale)


def _instance_norm(call: Call) -> Value:
    weight, bias = floats(call.constant(1)), floats(call.constant(2))
    return _group_norm_of(call, len(weight), weight, bias)


def _group_norm(call: Call) -> Value:
    if call.opset < _FIRST_NEW_GROUPS:
        raise NotOurs
    weight, bias = floats(call.constant(1)), floats(call.constant(2))
    return _group_norm_of(call, call.attribute("num_groups"), weight, bias)


def _group_norm_of(call: Call, groups: int, weight: AnyArray, bias: AnyArray) -> Value:
    x, epsilon = call.value(), call.attribute("epsilon", 1e-5)
    if x.layout is Layout.BARE or len(x.shape) != 3:
        raise NotOurs
    return call.add(GroupNorm(groups, len(weight), epsilon, floats(weight), floats(bias)), x)


def _response_norm(call: Call) -> Value:
    size, alpha = call.attribute("size"), call.attribute("alpha", 1e-4)
    beta, k = call.attribute("beta", 0.75), call.attribute("bias", 1.0)
    if size % 2 == 0:  # which side has one more differs
        raise NotOurs
    return call.add(LocalResponseNorm(size, alpha, beta, k), call.value())


def _softmax(call: Call) -> Value:
    x = call.value()
    is_old = call.opset <= _LAST_OLD_SOFTMAX
    axis = call.attribute("axis", 1 if is_old else -1) % len(x.model_shape)
    if len(x.shape) > 1 and axis != channel_axis(x):
        raise NotOurs
    if axis == 0 or (is_old and math.prod(x.model_shape[axis + 1 :]) > 1):
        raise NotOurs
    return call.add(Softmax(), x)


def _prelu(call: Call) -> Value:
    x = call.value()
    weight = each_channel(x, call.constant(1))
    return call.add(PReLU(len(weight), weight=weight), x)


def _clip(call: Call) -> Value:
    low = call.constant(1, call.attribute("min", -np.inf))
    high = call.constant(2, call.attribute("max", np.inf))
    if (float(low), float(high)) == (0.0, np.inf):
        return call.add(ReLU(), call.value())
    if (float(low), float(high)) != (0.0, 6.0):
        raise NotOurs
    return call.add(ReLU6(), call.value())


def _hard_sigmoid(call: Call) -> Value:
    slope, middle = call.attribute("alpha", 0.2), call.attribute("beta", 0.5)
    if not math.isclose(slope, 1 / 6, rel_tol=1e-6) or middle != 0.5:
        raise NotOurs
    return call.add(HardSigmoid(), call.value())


def _leaky_relu(call: Call) -> Value:
    return call.add(LeakyReLU(call.attribute("alpha", 0.01)), call.value())


def _gelu(call: Call) -> Value:
    return call.add(GELU(call.attribute("approximate", "none")), call.value())


def _dropout(call: Call) -> Value:
    share = call.constant(1, call.attribute("ratio", 0.5))
    if call.uses(1):  # what was dropped
        raise NotOurs
    return call.add(Dropout(min(float(share), 0.99)), call.value())


def _gemm(call: Call) -> Value:
    x, weight, bias = call.value(), call.constant(1), call.constant(2)
    if len(x.shape) != 1 or x.layout is not Layout.PLAIN or call.attribute("transA", 0):
        raise NotOurs
    weight = floats(weight) if call.attribute("transB", 0) else floats(weight).T
    weight = np.float32(call.attribute("alpha", 1.0)) * weight
    outputs, inputs = weight.shape
    if bias is not None:
        bias = np.float32(call.attribute("beta", 1.0)) * floats(bias)
        bias = np.broadcast_to(bias, (1, outputs)).ravel()
    return call.add(Linear(inputs, outputs, bias, np.ascontiguousarray(weight)), x)


def _matmul(call: Call) -> Value:
    x, weight = call.value(), floats(call.constant(1))
    if len(x.shape) != 1 or x.layout is not Layout.PLAIN or weight.ndim != 2:
        raise NotOurs
    weight = np.ascontiguousarray(weight.T)
    return call.add(Linear(weight.shape[1], weight.shape[0], None, weight), x)


def _add(call: Call) -> Value:
    values, constants = parted(call)
    if not constants:
        return merged(call, Add(), values)
    if len(values) != 1 or len(constants) != 1:
        raise NotOurs
    [x], [(place, constant)] = values, constants
    bias = each_channel(x, constant)
    dense = call.last_layer(1 - place)
    if isinstance(dense, Linear) and dense.offsets is None and len(bias) == dense.out_features:
        return call.replace_last(x, Linear(dense.in_features, len(bias), bias, dense.weight))
    return _affine(call, x, np.ones(1), bias)


def _subtract(call: Call) -> Value:
    values, constants = parted(call)
    if not constants:
        return merged(call, Subtract(), values)
    [x], [(place, constant)] = values, constants
    number = each_channel(x, constant)
    if place == 0:
        return _affine(call, x, -np.ones(1), number)
    return _affine(call, x, np.ones(1), -number)


def _multiply(call: Call) -> Value:
    values, constants = parted(call)
    if not constants:
        return merged(call, Multiply(), values)
    [x], [(_, constant)] = values, constants
    return _affine(call, x, each_channel(x, constant), np.zeros(1))


def _divide(call: Call) -> Value:
    values, constants = parted(call)
    if len(values) != 1 or not constants or constants[0][0] == 0:
        raise NotOurs
    numbers = each_channel(values[0], constants[0][1])
    if not numbers.all():
        raise NotOurs
    return _affine(call, values[0], 1 / numbers, np.zeros(1))


def _affine(call: Call, x: Value, weight: AnyArray, bias: AnyArray) -> Value:
    count = max(len(weight), len(bias))
    each = (np.broadcast_to(array, (count,)).astype(np.float32) for array in (weight, bias))
    return call.add(Affine(count, *each), x)


READERS: dict[str, Reader] = {
    "Abs": plain(Abs()),
    "Add": _add,
    "BatchNormalization": _batch_norm,
    "Clip": _clip,
    "Div": _divide,
    "Dropout": _dropout,
    "Gelu": _gelu,
    "Gemm": _gemm,
    "GroupNormalization": _group_norm,
    "HardSigmoid": _hard_sigmoid,
    "HardSwish": plain(HardSwish()),
    "InstanceNormalization": _instance_norm,
    "LRN": _response_norm,
    "LeakyRelu": _leaky_relu,
    "MatMul": _matmul,
    "Mul": _multiply,
    "PRelu": _prelu,
    "Relu": plain(ReLU()),
    "Sigmoid": plain(Sigmoid()),
    "Softmax": _softmax,
    "Sub": _subtract,
    "Sum": _add,
    "Tanh": plain(Tanh()),
}
