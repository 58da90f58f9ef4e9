"""Gradient of the activation whose slopes are learned."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_picture
from convlab.engine.prelu import slopes_for
from convlab.learn.gradients.layer import to_gradient


class SlopeGradient(NamedTuple):
    """The gradient of a loss with respect to a layer's input and its slopes, float32.

    Attributes:
        x: Of the shape of the input.
        weight: One for each slope.
    """

    x: FloatArray
    weight: FloatArray


def prelu_gradient(gradient: ArrayLike, x: ArrayLike, weight: ArrayLike) -> SlopeGradient:
    """Return the gradient of a loss that depends on ``prelu(x, weight)``.

    >>> prelu_gradient([5, 5], [-1, 2], [0.5]).x.tolist()
    [2.5, 5.0]

    Args:
        gradient: With respect to the output, of its shape.
        x: As given to ``prelu``.
        weight: As given.

    Raises:
        ValueError: If shapes do not fit.
    """
    values = to_picture(x)
    out = to_gradient(gradient, values.shape)
    slopes = slopes_for(weight, values.shape)
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        passed = np.where(values > 0, out, out * slopes)
        lost = np.where(values > 0, 0, out * values).astype(np.float64)
    if slopes.size == 1:
        total = lost.sum(keepdims=True).reshape(1)
    else:
        channel = values.ndim - (3 if values.ndim > 2 else 1)
        total = lost.sum(axis=tuple(axis for axis in range(values.ndim) if axis != channel))
    return SlopeGradient(passed, total.astype(np.float32))
