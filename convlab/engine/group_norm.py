"""Normalisation by what a picture itself holds: over groups of channels, or over each pixel.

Wu and He, "Group normalization", 2018; Ba, Kiros and Hinton, "Layer normalization", 2016.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.conv_arguments import check_channels_first, to_maps
from convlab.engine.norm import per_channel
from convlab.engine.numbers import not_negative
from convlab.engine.shapes import check_whole


class Normalised(NamedTuple):
    """Numbers of mean 0 and variance 1, and what they were multiplied with; both float64."""

    values: AnyArray
    scale: AnyArray


def group_norm(
    x: ArrayLike,
    num_groups: int,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    eps: float = 1e-5,
) -> FloatArray:
    """Normalise each picture over groups of neighbouring channels, as ``torch.nn.GroupNorm``.

    >>> group_norm([[[1, 3]]], 1, eps=0).tolist()
    [[[-1.0, 1.0]]]

    Args:
        x: A picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided by 255 and uint16
            by 65535; other whole numbers, booleans and floats keep their values.
        num_groups: How many, which share the channels evenly. 1 is over the whole picture.
        weight: ``(C,)``, or None for 1.
        bias: ``(C,)``, or None for 0.
        eps: Added to the variance, so that a flat group does not divide by 0.

    Returns:
        float32 of the shape of ``x``. Inputs are not changed.

    Raises:
        ValueError: If shapes or numbers do not fit.
    """
    pictures = to_maps(x)
    found = normalised(grouped(pictures, num_groups), -1, eps)
    return _scaled(found.values.reshape(pictures.shape), weight, bias)


def layer_norm2d(
    x: ArrayLike,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    eps: float = 1e-5,
) -> FloatArray:
    """Normalise the channels of each pixel, as ``torch.nn.LayerNorm`` with the channels last.

    >>> layer_norm2d([[[1]], [[3]]], eps=0).tolist()
    [[[-1.0]], [[1.0]]]

    Args:
        x: As in ``group_norm``.
        weight: ``(C,)``, or None for 1.
        bias: ``(C,)``, or None for 0.
        eps: As in ``group_norm``.

    Returns:
        float32 of the shape of ``x``. Inputs are not changed.

    Raises:
        ValueError: If shapes or numbers do not fit.
    """
    return _scaled(normalised(to_maps(x), -3, eps).values, weight, bias)


def grouped(pictures: FloatArray, num_groups: int) -> FloatArray:
    """Return the numbers of each group of channels side by side, ``(..., G, n)``: a view.

    Raises:
        ValueError: If the channels cannot be shared evenly.
    """
    *batch, channels, height, width = pictures.shape
    check_groups(channels, num_groups)
    return pictures.reshape(*batch, num_groups, channels // num_groups * height * width)


def check_groups(channels: int, num_groups: int) -> None:
    """Reject groups that cannot share the channels evenly.

    Raises:
        ValueError: With both numbers.
    """
    check_whole("num_groups", num_groups, 1)
    if channels % num_groups:
        raise ValueError(
            f"{channels} channels cannot be shared among {num_groups} groups: "
            "make num_groups a divisor of the channels"
        )


def normalised(values: FloatArray, axis: int, eps: float) -> Normalised:
    """Return values moved to mean 0 and scaled to variance 1 along an axis.

    Raises:
        ValueError: If eps is negative or not finite.
    """
    added = not_negative("eps", eps)
    with np.errstate(all="ignore"):  # flat ones without eps: NaN by right
        centred = values - values.mean(axis=axis, dtype=np.float64, keepdims=True)
        variance = np.square(centred).mean(axis=axis, keepdims=True)
        scale = 1 / np.sqrt(variance + added)
        centred *= scale
    return Normalised(centred, scale)


def _scaled(normal: AnyArray, weight: ArrayLike | None, bias: ArrayLike | None) -> FloatArray:
    channels = normal.shape[-3]
    if weight is not None:
        check_channels_first(normal.shape, np.size(weight))
    with np.errstate(all="ignore"):
        if weight is not None:
            normal *= per_channel(weight, "weight", channels)[:, None, None]
        if bias is not None:
            normal += per_channel(bias, "bias", channels)[:, None, None]
        return normal.astype(np.float32)
