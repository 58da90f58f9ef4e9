"""How often each pixel of the picture is used by a stack, along one axis and over the plane.

Two different counts, equal for a single layer of convolution or pooling:

- paths: in how many ways a pixel reaches the output, one factor per kernel cell on the way. It is
  the gradient of the sum of all outputs if every weight is 1. In a stack pixels in the middle have
  many more paths than those near the edge (Luo, Li, Urtasun and Zemel, "Understanding the
  Effective Receptive Field in Deep Convolutional Neural Networks", 2016).
- viewers: how many output units see a pixel, however often.

Only pixels of the picture count: padding is no pixel, and a border that repeats pixels is counted
as padding too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.engine.window import IndexArray, Layer, sizes

_LARGEST = int(np.iinfo(np.int64).max)


def paths(layers: Sequence[Layer], size: int) -> AnyArray:
    """Return in how many ways each pixel of a row reaches the output.

    >>> from convlab.engine.window import Window
    >>> paths([Window(3)], 6).tolist()
    [1, 2, 3, 3, 2, 1]

    Args:
        layers: From the picture upwards.
        size: Picture [px].

    Returns:
        ``(size,)`` int64, or Python's whole numbers (dtype object) where int64 could be too small.

    Raises:
        ValueError: If a layer does not fit.
    """
    maps = sizes(layers, size)
    # A pixel meets each cell of a kernel at most once.
    most = math.prod(layer.kernel for layer in layers)
    counts: AnyArray = np.ones(maps[-1], _whole_type(most))
    for layer, below in zip(reversed(layers), reversed(maps[:-1]), strict=True):
        lower = np.zeros(below, counts.dtype)
        for met, fed in layer.taps(below):
            lower[met] += counts[fed]
        counts = lower
    return counts


def viewers(layers: Sequence[Layer], size: int) -> IndexArray:
    """Return how many output units see each pixel of a row.

    >>> from convlab.engine.window import Window
    >>> viewers([Window(3), Window(3)], 6).tolist()
    [1, 2, 2, 2, 2, 1]

    Args:
        layers: From the picture upwards.
        size: Picture [px].

    Returns:
        ``(size,)`` int64.

    Raises:
        ValueError: If a layer does not fit.
    """
    maps = sizes(layers, size)
    # Row i, column o: output o sees unit i of the map reached so far.
    sees = np.eye(maps[-1], dtype=bool)
    for layer, below in zip(reversed(layers), reversed(maps[:-1]), strict=True):
        lower = np.zeros((below, maps[-1]), bool)
        for met, fed in layer.taps(below):
            lower[met] |= sees[fed]
        sees = lower
    counts: IndexArray = sees.sum(axis=1)
    return counts


def never_used(layers: Sequence[Layer], size: int) -> IndexArray:
    """Return the pixels of a row that no output sees, in order.

    >>> from convlab.engine.window import Window
    >>> never_used([Window(3, stride=3)], 7).tolist()
    [6]

    Raises:
        ValueError: If a layer does not fit.
    """
    return np.flatnonzero(paths(layers, size) == 0)


def over_plane(rows: AnyArray, columns: AnyArray) -> AnyArray:
    """Return the counts of every pixel of a picture from those along its two axes.

    A unit sees a pixel if it sees its row and its column, so counts multiply; this holds for paths
    and for viewers.

    >>> over_plane(np.array([1, 2, 1]), np.array([1, 1])).tolist()
    [[1, 1], [2, 2], [1, 1]]

    Args:
        rows: ``(H,)``, whole numbers.
        columns: ``(W,)``, whole numbers.

    Returns:
        ``(H, W)`` int64, or Python's whole numbers (dtype object) where int64 is too small.
    """
    kind = _whole_type(int(rows.max()) * int(columns.max()))
    return np.multiply.outer(rows.astype(kind), columns.astype(kind))


def _whole_type(most: int) -> type:
    return np.int64 if most <= _LARGEST else object
