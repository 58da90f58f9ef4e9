"""Gradients of the activations.

Those that are told by the output take the output: it is there anyway, and the input is not needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.activate import softmax_axis
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_numbers, to_picture, to_picture_as_it_lies
from convlab.engine.numbers import finite
from convlab.layers import Abs, Layer, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
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
    Abs: lambda layer, gradient, before, after: absolute_gradient(gradient, before),
    Softmax: lambda layer, gradient, before, after: softmax_gradient(gradient, after),
}
"""The gradients of the layers that are activations: (layer, gradient, input, output)."""
