"""Gradients of the fully connected layers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.conv_arguments import to_numbers, to_picture
from convlab.learn.gradients.layer import LayerGradient, to_gradient


def linear_gradient(gradient: ArrayLike, x: ArrayLike, weight: ArrayLike) -> LayerGradient:
    """Return the gradient of a loss that depends on ``linear(x, weight, bias)``.

    >>> linear_gradient([1, 2], [3, 4], [[5, 6], [7, 8]]).x.tolist()
    [19.0, 22.0]

    Args:
        gradient: With respect to the output, ``(O,)`` or ``(..., O)``.
        x: As given to ``linear``.
        weight: As given.

    Raises:
        ValueError: If shapes do not fit.
    """
    vectors, matrix = to_picture(x), to_numbers(weight, "weight")
    if vectors.ndim == 0 or matrix.ndim != 2 or vectors.shape[-1] != matrix.shape[1]:
        raise ValueError(
            f"x of shape {vectors.shape} and weight of shape {matrix.shape} do not go together: "
            "(..., I) takes a weight (O, I)"
        )
    out = to_gradient(gradient, (*vectors.shape[:-1], len(matrix)))
    rows = out.reshape(-1, len(matrix))
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        return LayerGradient(
            np.asarray(out @ matrix),
            np.asarray(rows.T @ vectors.reshape(-1, matrix.shape[1])),
            np.asarray(rows.sum(axis=0, dtype=np.float64), np.float32),
        )
