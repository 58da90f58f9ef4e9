"""From channels to pixels and back: larger pictures without a sum.

Shi and others, "Real-time single image and video super-resolution using an efficient sub-pixel
convolutional neural network", 2016.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_maps
from convlab.engine.errors import counted
from convlab.engine.shapes import check_whole


def pixel_shuffle(x: ArrayLike, upscale_factor: int) -> FloatArray:
    """Lay r² channels out as r x r pixels, as ``torch.nn.PixelShuffle``.

    >>> pixel_shuffle([[[1]], [[2]], [[3]], [[4]]], 2).tolist()
    [[[1.0, 2.0], [3.0, 4.0]]]

    Args:
        x: A picture ``(C * r * r, H, W)`` or a batch of them. uint8 is divided by 255 and uint16 by
            65535; other whole numbers, booleans and floats keep their values.
        upscale_factor: r.

    Returns:
        float32 ``(..., C, H * r, W * r)``. Inputs are not changed.

    Raises:
        ValueError: If the factor cannot be used, or r² does not divide the channels.
    """
    pictures = to_maps(x)
    *batch, channels, height, width = pictures.shape
    kept, r = shuffled_channels(channels, upscale_factor), upscale_factor
    cells = pictures.reshape(*batch, kept, r, r, height, width)
    rows_first = np.moveaxis(cells, (-4, -3), (-3, -1))  # (..., C, H, r, W, r)
    return rows_first.reshape(*batch, kept, height * r, width * r).copy()


def pixel_unshuffle(x: FloatArray, downscale_factor: int) -> FloatArray:
    """Take back what ``pixel_shuffle`` did.

    Args:
        x: ``(..., C, H * r, W * r)``.
        downscale_factor: r.

    Returns:
        ``(..., C * r * r, H, W)``, new.
    """
    *batch, channels, height, width = x.shape
    r = downscale_factor
    rows_first = x.reshape(*batch, channels, height // r, r, width // r, r)
    cells = np.moveaxis(rows_first, (-3, -1), (-4, -3))
    return cells.reshape(*batch, channels * r * r, height // r, width // r).copy()


def shuffled_channels(channels: int, upscale_factor: int) -> int:
    """Return how many channels are left.

    Raises:
        ValueError: If the factor cannot be used, or its square does not divide the channels.
    """
    check_whole("upscale_factor", upscale_factor, 1)
    square = upscale_factor * upscale_factor
    if channels % square:
        raise ValueError(
            f"{counted(channels, 'channel')} cannot be laid out as squares of {square} pixels: "
            f"make the channels a multiple of {square}, or take another upscale_factor"
        )
    return channels // square
