"""Fully connected layers: pictures laid out as vectors, and a matrix times a vector."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_maps, to_numbers, to_picture
from convlab.engine.errors import warn_of_overflow


def linear(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> FloatArray:
    """Return x weight^T + bias: every output is a weighted sum of all inputs.

    >>> linear([1, 2], [[3, 4], [5, 6]], [0.5, 0]).tolist()
    [11.5, 17.0]

    Args:
        x: A vector ``(I,)`` or a batch ``(..., I)``. uint8 is divided by 255 and uint16 by 65535;
            other whole numbers, booleans and floats keep their values.
        weight: ``(O, I)``, as they are.
        bias: ``(O,)``, or None.

    Returns:
        float32 ``(O,)`` or ``(..., O)``. Inputs are not changed.

    Warns:
        OverflowWarning: If sums are too large for float32 and become infinite.

    Raises:
        ValueError: If shapes do not fit; the message has the numbers and a remedy.
    """
    out = weighted_sums(x, weight, bias)
    if not np.isfinite(out).all():
        warn_of_overflow(out, to_picture(x), to_numbers(weight, "weight"))
    return out


def weighted_sums(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> FloatArray:
    """Return what ``linear`` does without a warning, for layers.

    Raises:
        ValueError: As ``linear``.
    """
    vectors, matrix = to_picture(x), to_numbers(weight, "weight")
    if vectors.ndim == 0 or matrix.ndim != 2 or vectors.shape[-1] != matrix.shape[1]:
        raise ValueError(
            f"x of shape {vectors.shape} and weight of shape {matrix.shape} do not go together: "
            "(..., I) takes a weight (O, I); flatten a picture first"
        )
    with np.errstate(all="ignore"):  # an infinity and its opposite make NaN by right
        out = np.asarray(vectors @ matrix.T)
        if bias is not None:
            out += _to_bias(bias, len(matrix))
    return out


def flatten(x: ArrayLike) -> FloatArray:
    """Lay a picture out as a vector: channel by channel, row by row.

    >>> flatten([[[1, 2], [3, 4]]]).tolist()
    [1.0, 2.0, 3.0, 4.0]

    Args:
        x: A picture ``(C, H, W)`` or a batch ``(N, C, H, W)``, converted as in ``linear``.

    Returns:
        float32 ``(C * H * W,)`` or ``(N, C * H * W)``, a copy.

    Raises:
        ValueError: If ``x`` has another rank.
    """
    pictures = to_maps(x)
    return pictures.reshape(*pictures.shape[:-3], -1).copy()


def _to_bias(bias: ArrayLike, outputs: int) -> FloatArray:
    numbers = to_numbers(bias, "bias")
    if numbers.shape != (outputs,):
        raise ValueError(
            f"bias of shape {numbers.shape} does not fit {outputs} outputs: "
            f"give {outputs} numbers, one per row of weight"
        )
    return numbers
