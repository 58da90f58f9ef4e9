"""Weights of another shape: what there was stays in its place, what is new is drawn at random.

The draws depend on the shape alone, so the same edit always gives the same weights. Cells that a
kernel grows by are zero: its result changes only when somebody sets them.
"""

from __future__ import annotations

import math

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.layers.weights import he_normal

MOST_WEIGHTS = 1 << 24
"""Of a layer that an edit makes: 64 MB, drawn in a third of a second."""


def check_weights(shape: tuple[int, ...]) -> None:
    """Reject more weights than an edit may make.

    Raises:
        ValueError: With the numbers.
    """
    if math.prod(shape) > MOST_WEIGHTS:
        raise ValueError(
            f"a layer of {math.prod(shape)} weights is too large: keep it at {MOST_WEIGHTS} "
            "with fewer inputs or outputs, or a smaller kernel"
        )


def regrown_vector(old: FloatArray, size: int, start: float) -> FloatArray:
    """Return one number for each output; new ones have the value to start with."""
    new = np.full(size, start, np.float32)
    kept = min(len(old), size)
    new[:kept] = old[:kept]
    return new


def regrown_matrix(old: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """Return ``(O, I)`` weights.

    Raises:
        ValueError: If they would be too many.
    """
    rows, columns = (min(sides) for sides in zip(old.shape, shape, strict=True))
    if (rows, columns) == shape:
        return old[:rows, :columns]
    new = _drawn(shape)
    new[:rows, :columns] = old[:rows, :columns]
    return new


def regrown_kernels(
    old: FloatArray, old_groups: int, shape: tuple[int, ...], groups: int
) -> FloatArray:
    """Return kernels in other groups, of other channels or of another size.

    A kernel stays with the two channels that it connects, counted over all groups.

    Args:
        old: ``(A, B / old_groups, kh, kw)``; A are the outputs, or the inputs if transposed.
        old_groups: Among which they were shared.
        shape: The new shape.
        groups: Among which they are to be shared.

    Raises:
        ValueError: If they would be too many.
    """
    if (old.shape, old_groups) == (shape, groups):
        return old
    check_weights(shape)
    resized = _resized(_resized(old, shape[2], 2), shape[3], 3)
    if (resized.shape, old_groups) == (shape, groups):
        return resized
    new = _drawn(shape)
    for outer in range(min(len(old), shape[0])):
        before = _partners(outer, old.shape, old_groups)
        after = _partners(outer, shape, groups)
        low, high = max(before.start, after.start), min(before.stop, after.stop)
        if low < high:
            source = slice(low - before.start, high - before.start)
            new[outer, low - after.start : high - after.start] = resized[outer, source]
    return new


def _partners(outer: int, shape: tuple[int, ...], groups: int) -> range:
    """Return the channels that one is connected with: those of its group."""
    first = outer * groups // shape[0] * shape[1]
    return range(first, first + shape[1])


def _drawn(shape: tuple[int, ...]) -> FloatArray:
    """Draw by He; the seed differs between shapes, or new weights would repeat the old."""
    check_weights(shape)
    return he_normal(shape, math.prod(shape)).copy()


def _resized(weight: FloatArray, size: int, axis: int) -> FloatArray:
    """Grow with zeros or cut one axis so that the anchor, cell (k - 1) // 2, keeps its place."""
    old = weight.shape[axis]
    shift = (size - 1) // 2 - (old - 1) // 2
    first, stop = max(0, -shift), min(old, size - shift)
    kept = np.take(weight, range(first, stop), axis)
    around = [(0, 0)] * weight.ndim
    around[axis] = (first + shift, size - stop - shift)
    return np.pad(kept, around)
