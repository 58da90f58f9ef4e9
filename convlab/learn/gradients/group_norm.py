"""Gradients of normalisations by what the picture itself holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.conv_arguments import to_maps
from convlab.engine.group_norm import Normalised, grouped, normalised
from convlab.engine.norm import per_channel
from convlab.learn.gradients.layer import LayerGradient, sum_per_channel, to_gradient


def group_norm_gradient(
    gradient: ArrayLike,
    x: ArrayLike,
    num_groups: int,
    weight: ArrayLike | None = None,
    *,
    eps: float = 1e-5,
) -> LayerGradient:
    """Return the gradient of a loss that depends on ``group_norm(x, num_groups, weight, bias)``.

    Args:
        gradient: With respect to the output, of its shape.
        x: As given to ``group_norm``, and so are the others.
        num_groups: As given.
        weight: As given; None for 1.
        eps: As given.

    Returns:
        With respect to ``x``, the weight ``(C,)`` and the bias ``(C,)``.

    Raises:
        ValueError: If shapes do not fit.
    """
    pictures = to_maps(x)
    out = to_gradient(gradient, pictures.shape)
    normal = normalised(grouped(pictures, num_groups), -1, eps)
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        scaled = grouped(_weighted(out, weight), num_groups)
        moved = _through(scaled, normal, -1).reshape(pictures.shape)
        return _collected(moved, out, normal.values.reshape(pictures.shape))


def layer_norm2d_gradient(
    gradient: ArrayLike, x: ArrayLike, weight: ArrayLike | None = None, *, eps: float = 1e-5
) -> LayerGradient:
    """Return the gradient of a loss that depends on ``layer_norm2d(x, weight, bias)``.

    Args:
        gradient: With respect to the output, of its shape.
        x: As given to ``layer_norm2d``, and so are the others.
        weight: As given; None for 1.
        eps: As given.

    Returns:
        With respect to ``x``, the weight ``(C,)`` and the bias ``(C,)``.

    Raises:
        ValueError: If shapes do not fit.
    """
    pictures = to_maps(x)
    out = to_gradient(gradient, pictures.shape)
    normal = normalised(pictures, -3, eps)
    with np.errstate(all="ignore"):
        return _collected(_through(_weighted(out, weight), normal, -3), out, normal.values)


def _weighted(out: FloatArray, weight: ArrayLike | None) -> FloatArray:
    if weight is None:
        return out
    return out * per_channel(weight, "weight", out.shape[-3])[:, None, None]


def _through(out: FloatArray, normal: Normalised, axis: int) -> AnyArray:
    """Return (g - mean of g - n * mean of g n) / deviation, n being normalised."""
    both = (out * normal.values).mean(axis=axis, keepdims=True)
    mean = out.mean(axis=axis, dtype=np.float64, keepdims=True)
    return np.asarray((out - mean - normal.values * both) * normal.scale)


def _collected(moved: AnyArray, out: FloatArray, normal: AnyArray) -> LayerGradient:
    slope, offset = sum_per_channel(out * normal), sum_per_channel(out)
    return LayerGradient(moved.astype(np.float32), slope, offset)
