"""Normalisation by the strength of neighbouring channels.

Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks",
2012, section 3.3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.conv_arguments import to_maps
from convlab.engine.numbers import finite
from convlab.engine.shapes import Pair, check_whole


def local_response_norm(
    x: ArrayLike, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> FloatArray:
    """Divide by (k + alpha / size * sum of squares over ``size`` channels) to the power of beta.

    As ``torch.nn.LocalResponseNorm``: the window lies around each channel, with the odd one of an
    even size in front; what lies beyond the first or the last channel is 0 and counts.

    >>> local_response_norm([[[2]], [[0]]], 2, alpha=0.5, beta=1).tolist()
    [[[1.0]], [[0.0]]]

    Args:
        x: A picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided by 255 and uint16
            by 65535; other whole numbers, booleans and floats keep their values.
        size: How many channels, the one itself with them.
        alpha: Weight of the mean of the squares.
        beta: The exponent.
        k: Added to it, so that 0 is not divided by 0.

    Returns:
        float32 of the shape of ``x``. Inputs are not changed.

    Raises:
        ValueError: If the shape or a number cannot be used.
    """
    pictures = to_maps(x)
    with np.errstate(all="ignore"):  # an infinity over an infinity is NaN by right
        divisor = response_divisor(pictures, size, alpha, k)
        return np.asarray(pictures / divisor ** finite("beta", beta), np.float32)


def response_divisor(pictures: FloatArray, size: int, alpha: float, k: float) -> AnyArray:
    """Return k + alpha / size * the sum of squares of ``size`` channels, float64.

    Raises:
        ValueError: If a number cannot be used.
    """
    share = finite("alpha", alpha) / check_size(size)
    squares = np.square(pictures, dtype=np.float64)
    return finite("k", k) + share * channel_sums(squares, *reach(size))


def check_size(size: int) -> int:
    """Return a number of channels.

    Raises:
        ValueError: If it is no whole number of at least 1.
    """
    check_whole("size", size, 1)
    return size


def reach(size: int) -> Pair:
    """Return how many channels before and behind each one are met.

    >>> reach(4)
    (2, 1)
    """
    return size // 2, (size - 1) // 2


def channel_sums(values: AnyArray, before: int, behind: int) -> AnyArray:
    """Return sums of each channel and its neighbours, of the shape of ``(..., C, H, W)``."""
    channels = values.shape[-3]
    total = values.copy()
    for step in range(1, min(before, channels - 1) + 1):
        total[..., step:, :, :] += values[..., :-step, :, :]
    for step in range(1, min(behind, channels - 1) + 1):
        total[..., :-step, :, :] += values[..., step:, :, :]
    return total
