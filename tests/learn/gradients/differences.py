"""Gradients by finite differences, in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import build_problem
from convlab.engine.pool import max_pool2d_winners
from convlab.learn.gradients.convolution import conv2d_gradient
from convlab.learn.gradients.layer import LayerGradient
from convlab.learn.gradients.pooling import max_pool2d_gradient

Array = NDArray[np.float64]
# Of the largest number of the gradient.
TOLERANCE = 1e-4


def differences(loss: Callable[[Array], float], at: NDArray[Any], step: float = 1e-5) -> Array:
    """How fast the loss changes with each number, seen from both sides."""
    point = at.astype(np.float64)
    slopes = np.empty(point.shape)
    for place in np.ndindex(point.shape):
        middle = point[place]
        point[place] = middle + step
        above = loss(point)
        point[place] = middle - step
        slopes[place] = (above - loss(point)) / (2 * step)
        point[place] = middle
    return slopes


def assert_gradient(found: NDArray[Any], loss: Callable[[Array], float], at: NDArray[Any]) -> None:
    """Check a gradient against differences, and that it is new float32 of the right shape."""
    expected = differences(loss, at)
    assert found.dtype == np.float32
    assert found.shape == expected.shape
    assert found.flags.writeable
    scale = max(float(np.abs(expected).max()), 1e-3)
    assert np.abs(found - expected).max() <= TOLERANCE * scale


def gradient_of_conv2d(
    gradient: ArrayLike, x: ArrayLike, weight: ArrayLike, **options: Any
) -> LayerGradient:
    """The gradient of ``conv2d(x, weight, **options)``; one picture is a batch of one."""
    given: dict[str, Any] = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    given |= {"border": "zeros", "value": 0.0, "flip": False} | options
    problem, rank = build_problem(x, weight, None, **given, as_it_lies=True)
    whole = np.asarray(gradient)[(np.newaxis,) * (4 - rank)]
    found = conv2d_gradient(whole, problem, flip=given["flip"], needs_x=True)
    return found._replace(
        x=found.x.reshape(np.shape(x)), weight=found.weight.reshape(np.shape(weight))
    )


def gradient_of_max_pool2d(
    gradient: ArrayLike, x: ArrayLike, kernel_size: Any, **options: Any
) -> FloatArray:
    """The gradient of ``max_pool2d(x, kernel_size, **options)``."""
    return max_pool2d_gradient(gradient, x, max_pool2d_winners(x, kernel_size, **options))
