"""Averaging to a size that is asked for: the windows follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import check_rank, to_picture
from convlab.engine.pool import avg_pool2d, global_avg_pool2d
from convlab.engine.shapes import Pair, pair
from convlab.engine.window import AdaptiveWindow


def adaptive_avg_pool2d(x: ArrayLike, output_size: int | Sequence[int]) -> FloatArray:
    """Return the means of as many windows as are asked for, as ``torch.nn.AdaptiveAvgPool2d``.

    Window o of n covers the pixels from floor(o H / n) up to, but without, ceil((o + 1) H / n): all
    pixels are covered, and neighbours overlap where n does not divide H.

    >>> adaptive_avg_pool2d([[1, 2, 4]], (1, 2)).tolist()
    [[1.5, 3.0]]

    Args:
        x: A plane ``(H, W)``, a picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided
            by 255 and uint16 by 65535; other numbers keep their values.
        output_size: One number, or (rows, columns) [px].

    Returns:
        float32 of the same rank: ``(..., rows, columns)``. Inputs are not changed.

    Raises:
        ValueError: If the shape or the size cannot be used.
    """
    pictures = to_picture(x)
    check_rank(pictures, (2, 3, 4), "(H, W), (C, H, W) or (N, C, H, W)")
    rows, columns = pair(output_size, "output_size")
    height, width = pictures.shape[-2:]
    if (rows, columns) == (1, 1) and pictures.ndim > 2:
        return global_avg_pool2d(pictures)
    if height % rows == 0 and width % columns == 0:
        return avg_pool2d(pictures, (height // rows, width // columns))
    with np.errstate(all="ignore"):  # an infinity and its opposite make NaN by right
        return _means(_means(pictures, rows, -2), columns, -1)


def sections(size: int, count: int) -> Iterator[Pair]:
    """Give the first pixel of each window and the one behind its last [px].

    >>> list(sections(5, 2))
    [(0, 3), (2, 5)]
    """
    return map(AdaptiveWindow(size, count).span, range(count))


def _means(x: FloatArray, count: int, axis: int) -> FloatArray:
    lines = np.moveaxis(x, axis, 0)
    out: FloatArray = np.empty((count, *lines.shape[1:]), np.float32)
    for mean, (first, stop) in zip(out, sections(len(lines), count), strict=True):
        mean[...] = lines[first:stop].mean(axis=0, dtype=np.float64)
    return np.ascontiguousarray(np.moveaxis(out, 0, axis))
