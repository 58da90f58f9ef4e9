"""Gradients of batch normalisation, with fixed statistics and with those of the batch itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.norm import (
    Statistics,
    batch_statistics,
    inverse_deviation,
    per_channel,
    to_pictures,
)
from convlab.learn.gradients.layer import LayerGradient, sum_per_channel, to_gradient_like


def batch_norm2d_gradient(
    gradient: ArrayLike,
    x: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    eps: float = 1e-5,
) -> LayerGradient:
    """Return the gradient of a loss that depends on ``batch_norm2d(x, mean, variance, ...)``.

    Mean and variance are constants here, as they are once training is over.

    Args:
        gradient: With respect to the output, of its shape.
        x: As given to ``batch_norm2d``, and so are the others.
        mean: As given.
        variance: As given.
        weight: As given; None for 1.
        eps: As given.

    Returns:
        With respect to ``x``, the weight ``(C,)`` and the bias ``(C,)``.

    Raises:
        ValueError: If shapes do not fit.
    """
    pictures = to_pictures(x)
    out = to_gradient_like(gradient, pictures)
    channels = pictures.shape[-3]
    scale = inverse_deviation(variance, channels, eps)
    centre = per_channel(mean, "mean", channels)
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        normal = (pictures - _column(centre)) * _column(scale)
        factor = scale * _weight(weight, channels)
        return LayerGradient(
            out * _column(factor), sum_per_channel(out * normal), sum_per_channel(out)
        )


def batch_norm2d_training_gradient(
    gradient: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    eps: float = 1e-5,
    statistics: Statistics | None = None,
) -> LayerGradient:
    """Return the gradient where mean and variance are those of ``x`` and move with it.

    For the output ``batch_norm2d(x, *batch_statistics(x), weight, bias)``. With n the normalised x
    and g the gradient times the weight: (g - mean of g - n * mean of g n) / deviation (Ioffe and
    Szegedy, 2015, section 3, simplified).

    Args:
        gradient: With respect to the output, of its shape.
        x: As given to ``batch_norm2d``, and so are the others.
        weight: As given; None for 1.
        eps: As given.
        statistics: ``batch_statistics(x)`` where they are there already; None to compute them.

    Returns:
        With respect to ``x``, the weight ``(C,)`` and the bias ``(C,)``.

    Raises:
        ValueError: If shapes do not fit.
    """
    pictures = to_pictures(x)
    out = to_gradient_like(gradient, pictures)
    channels = pictures.shape[-3]
    if statistics is None:
        statistics = batch_statistics(pictures)
    with np.errstate(all="ignore"):
        scale = inverse_deviation(statistics.variance, channels, eps)
        normal = pictures - _column(statistics.mean)
        normal *= _column(scale)
        slope, offset = sum_per_channel(out * normal), sum_per_channel(out)
        count = np.float32(pictures.size // channels)
        moved = normal  # in its place: each array of the whole batch costs as much as a sum
        moved *= _column(slope / count)
        moved += _column(offset / count)
        np.subtract(out, moved, out=moved)
        moved *= _column(scale * _weight(weight, channels))
        return LayerGradient(moved, slope, offset)


def _weight(weight: ArrayLike | None, channels: int) -> FloatArray:
    if weight is None:
        return np.ones(channels, np.float32)
    return per_channel(weight, "weight", channels)


def _column(values: FloatArray) -> FloatArray:
    """Return one number per channel, laid out to meet ``(..., C, H, W)``."""
    return values[:, None, None]
