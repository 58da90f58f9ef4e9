"""Gradients of the activations.

Those that are told by the output take the output: it is there anyway, and the input is not needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.activate import Approximation, normal_below, sigmoid, softmax_axis
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_numbers, to_picture, to_picture_as_it_lies
from convlab.engine.numbers import finite
from convlab.layers import (
    GELU,
    Abs,
    HardSigmoid,
    HardSwish,
    Layer,
    LeakyReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from convlab.learn.gradients.layer import to_gradient, to_gradient_like


def relu_gradient(gradient: ArrayLike, x: ArrayLike) -> FloatArray:
    """Return the gradient where x is positive or NaN, and 0 elsewhere.

    >>> relu_gradient([5, 5, 5], [-1, 0, 1]).tolist()
    [0.0, 0.0, 5.0]
    """
    values = to_picture_as_it_lies(x)
    out = to_gradient_like(gradient, values)
    # All bits of a number or none: ten times as fast as a choice, and infinity times 0 is no NaN.
    kept = np.negative(~(values <= 0), dtype=np.int32)
    return (out.view(np.int32) & kept).view(np.float32)


def leaky_relu_gradient(
    gradient: ArrayLike, x: ArrayLike, negative_slope: float = 0.01
) -> FloatArray:
    """Return the gradient where x is positive, and ``negative_slope`` times as much elsewhere.

    >>> leaky_relu_gradient([5, 5, 5], [-1, 0, 1], 0.5).tolist()
    [2.5, 2.5, 5.0]
    """
    slope, values = finite("negative_slope", negative_slope), to_picture(x)
    out = to_gradient(gradient, values.shape)
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        factors = np.array([slope, 1], np.float32)
        return out * factors[(values > 0).view(np.int8)]


def sigmoid_gradient(gradient: ArrayLike, output: ArrayLike) -> FloatArray:
    """Return s(1 - s) times the gradient, s being the output.

    >>> sigmoid_gradient([4], [0.5]).tolist()
    [1.0]
    """
    values = to_numbers(output, "output")
    with np.errstate(all="ignore"):
        return to_gradient(gradient, values.shape) * values * (np.float32(1) - values)


def tanh_gradient(gradient: ArrayLike, output: ArrayLike) -> FloatArray:
    """Return 1 - t^2 times the gradient, t being the output.

    >>> tanh_gradient([4], [0.5]).tolist()
    [3.0]
    """
    values = to_numbers(output, "output")
    with np.errstate(all="ignore"):
        # In this form nothing is lost where t is close to 1.
        slope = (np.float32(1) - values) * (np.float32(1) + values)
        return to_gradient(gradient, values.shape) * slope


def relu6_gradient(gradient: ArrayLike, x: ArrayLike) -> FloatArray:
    """Return the gradient where x is between 0 and 6, and 0 elsewhere.

    >>> relu6_gradient([5, 5, 5], [-1, 3, 6]).tolist()
    [0.0, 5.0, 0.0]
    """
    values = to_picture(x)
    return to_gradient(gradient, values.shape) * ((values > 0) & (values < 6))


def hard_sigmoid_gradient(gradient: ArrayLike, x: ArrayLike) -> FloatArray:
    """Return a sixth of the gradient where x is between -3 and 3, and 0 elsewhere.

    >>> hard_sigmoid_gradient([6, 6], [0, 3]).tolist()
    [1.0, 0.0]
    """
    values = to_picture(x)
    slope = (np.abs(values) < 3) * np.float32(1 / 6)
    return np.asarray(to_gradient(gradient, values.shape) * slope, np.float32)


def hard_swish_gradient(gradient: ArrayLike, x: ArrayLike) -> FloatArray:
    """Return x / 3 + 1/2 times the gradient between -3 and 3, all of it above, none below.

    >>> hard_swish_gradient([2, 2, 2], [-4, 0, 4]).tolist()
    [0.0, 1.0, 2.0]
    """
    values = to_picture(x)
    slope = np.where(values < 3, values / np.float32(3) + np.float32(0.5), np.float32(1))
    slope[values <= -3] = 0
    return np.asarray(to_gradient(gradient, values.shape) * slope, np.float32)


def silu_gradient(gradient: ArrayLike, x: ArrayLike) -> FloatArray:
    """Return s(1 + x(1 - s)) times the gradient, s being the sigmoid of x.

    >>> silu_gradient([4], [0]).tolist()
    [2.0]
    """
    values = to_picture(x)
    share = sigmoid(values)
    with np.errstate(all="ignore"):
        slope = share * (np.float32(1) + values * (np.float32(1) - share))
        return np.asarray(to_gradient(gradient, values.shape) * slope, np.float32)


def gelu_gradient(gradient: ArrayLike, x: ArrayLike, approximate: str = "none") -> FloatArray:
    """Return the slope of ``gelu`` times the gradient.

    >>> gelu_gradient([4], [0]).tolist()
    [2.0]
    """
    values = to_picture(x)
    share = normal_below(values, approximate)
    with np.errstate(all="ignore"):
        if approximate == Approximation.TANH:
            bend = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * values**2)
            density = 2 * share * (1 - share) * bend
        else:
            density = np.exp(-values * values / 2) / math.sqrt(2 * math.pi)
        slope = np.asarray(share + values * density, np.float32)
        return to_gradient(gradient, values.shape) * slope


def absolute_gradient(gradient: ArrayLike, x: ArrayLike) -> FloatArray:
    """Return the gradient with the sign of x, and 0 where x is 0.

    >>> absolute_gradient([5, 5, 5], [-2, 0, 2]).tolist()
    [-5.0, 0.0, 5.0]
    """
    values = to_picture(x)
    with np.errstate(all="ignore"):
        return to_gradient(gradient, values.shape) * np.sign(values)


def softmax_gradient(gradient: ArrayLike, output: ArrayLike, axis: int | None = None) -> FloatArray:
    """Return s(g - sum of g s), s being the output and g the gradient.

    >>> softmax_gradient([4, 0], [0.5, 0.5]).tolist()
    [1.0, -1.0]

    Args:
        gradient: With respect to the output, of its shape.
        output: What ``softmax`` gave.
        axis: As given to ``softmax``.
    """
    shares = to_numbers(output, "output")
    out = to_gradient(gradient, shares.shape)
    with np.errstate(all="ignore"):
        mean = (out * shares).sum(axis=softmax_axis(shares.ndim, axis), keepdims=True)
        return np.asarray(shares * (out - mean), np.float32)


ACTIVATIONS: dict[type[Layer], Callable[[Any, FloatArray, FloatArray, FloatArray], FloatArray]] = {
    ReLU: lambda layer, gradient, before, after: relu_gradient(gradient, before),
    LeakyReLU: lambda layer, gradient, before, after: leaky_relu_gradient(
        gradient, before, layer.negative_slope
    ),
    Sigmoid: lambda layer, gradient, before, after: sigmoid_gradient(gradient, after),
    Tanh: lambda layer, gradient, before, after: tanh_gradient(gradient, after),
    ReLU6: lambda layer, gradient, before, after: relu6_gradient(gradient, before),
    HardSigmoid: lambda layer, gradient, before, after: hard_sigmoid_gradient(gradient, before),
    HardSwish: lambda layer, gradient, before, after: hard_swish_gradient(gradient, before),
    SiLU: lambda layer, gradient, before, after: silu_gradient(gradient, before),
    GELU: lambda layer, gradient, before, after: gelu_gradient(gradient, before, layer.approximate),
    Abs: lambda layer, gradient, before, after: absolute_gradient(gradient, before),
    Softmax: lambda layer, gradient, before, after: softmax_gradient(gradient, after),
}
"""The gradients of the layers that are activations: (layer, gradient, input, output)."""
