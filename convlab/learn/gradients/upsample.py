"""Gradient of upsampling: each old pixel collects from the new ones it went into."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.upsample import (
    Neighbours,
    Scale,
    Upsampling,
    copies,
    neighbours,
    parse_mode,
    resizing,
)
from convlab.learn.gradients.layer import to_gradient


def upsample_gradient(
    gradient: ArrayLike,
    shape: Sequence[int],
    scale: Scale | None,
    mode: str = "nearest",
    align_corners: bool = False,
    *,
    size: int | Sequence[int] | None = None,
) -> FloatArray:
    """Return the gradient of a loss that depends on ``upsample(x, ...)``, of the shape of ``x``.

    >>> upsample_gradient([[1, 2, 3, 4]], (1, 2), (1, 2)).tolist()
    [[3.0, 7.0]]

    Args:
        gradient: With respect to the output, of its shape.
        shape: Shape of ``x``.
        scale: As given to ``upsample``, and so are the others.
        mode: As given.
        align_corners: As given.
        size: As given.

    Raises:
        ValueError: If the arguments do not fit each other, or the gradient does not fit the output.
    """
    *planes, height, width = shape
    rows, columns = resizing((height, width), scale, size)
    kind = parse_mode(mode, align_corners)
    out = to_gradient(gradient, (*planes, rows.new, columns.new))
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        if kind is Upsampling.NEAREST and rows.factor and columns.factor:
            squares = out.reshape(*planes, height, rows.factor, width, columns.factor)
            return np.asarray(squares.sum(axis=(-3, -1)), np.float32)
        for axis, along in ((rows, -2), (columns, -1)):
            is_nearest = kind is Upsampling.NEAREST
            places = copies(axis) if is_nearest else neighbours(axis, align_corners)
            out = collect(out, places, axis.old, along)
        return out


def collect(out: FloatArray, places: Neighbours, size: int, axis: int) -> FloatArray:
    """Sum, along one direction, what each old pixel gave to the new ones.

    Args:
        out: The gradient of the new pixels.
        places: Between which old ones they lie along the axis.
        size: How many old pixels there are.
        axis: The direction.
    """
    out = np.moveaxis(out, axis, 0)
    share = places.share.reshape(-1, *[1] * (out.ndim - 1))
    total = np.zeros((size, *out.shape[1:]), np.float32)
    for index, part in (
        (places.before, out * (np.float32(1) - share)),
        (places.after, out * share),
    ):
        # The index never decreases: equal ones stand side by side.
        met, first = np.unique(index, return_index=True)
        total[met] += np.add.reduceat(part, first, axis=0)
    return np.ascontiguousarray(np.moveaxis(total, 0, axis))
