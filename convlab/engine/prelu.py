"""An activation whose slope for negative values is learned.

He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015, section 2.1.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine import buffers
from convlab.engine.arrays import FloatArray, read_rows_as_they_lie
from convlab.engine.conv_arguments import to_numbers, to_picture

_ZERO, _MOST = np.float32(0), np.float32(np.inf)


def prelu(x: ArrayLike, weight: ArrayLike) -> FloatArray:
    """Return x where it is positive, and the slope of its channel times x elsewhere.

    >>> prelu([[[-2]], [[-2]]], [0.5, 2]).tolist()
    [[[-1.0]], [[-4.0]]]

    Args:
        x: A picture ``(C, H, W)``, a vector ``(C,)`` or a batch of either. uint8 is divided by 255
            and uint16 by 65535; other whole numbers, booleans and floats keep their values.
        weight: The slopes, ``(C,)``, or one number for all channels.

    Returns:
        float32 of the shape of ``x``. Inputs are not changed.

    Raises:
        ValueError: If ``x`` has no axis, or the slopes are neither one nor as many as channels.
    """
    values = to_picture(x)
    slopes = slopes_for(weight, values.shape)
    out, low = buffers.empty(values.shape), buffers.empty(values.shape)
    with np.errstate(all="ignore"):  # 0 times an infinity is NaN by right
        if not np.isfinite(slopes).all():
            return np.where(values > 0, values, values * slopes)
        read_rows_as_they_lie(math.prod(values.shape[-2:]))
        # What is above zero adds nothing below it. To choose one by one takes five times as long.
        np.clip(values, -_MOST, _ZERO, out=low)
        np.multiply(low, slopes, out=low)
        np.clip(values, _ZERO, _MOST, out=out)
        return np.add(out, low, out=out)


def slopes_for(weight: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return slopes laid out to meet an array of that shape: ``(C, 1, 1)``, ``(C,)`` or ``(1,)``.

    Raises:
        ValueError: As ``prelu``.
    """
    slopes = np.atleast_1d(to_numbers(weight, "weight"))
    if not shape:
        raise ValueError("x is a single number: give an array")
    channels = shape[-3] if len(shape) > 2 else shape[-1]
    if slopes.shape not in ((1,), (channels,)):
        raise ValueError(
            f"weight of shape {slopes.shape} does not fit {channels} channels: give one slope, or "
            f"{channels}, one per channel"
        )
    return slopes[:, None, None] if len(shape) > 2 and len(slopes) > 1 else slopes
