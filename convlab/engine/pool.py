"""Pooling: the largest or the mean value of each window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.algorithms.problem import is_finite
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.conv_arguments import check_rank, to_maps, to_picture, to_picture_as_it_lies
from convlab.engine.cv import cv2
from convlab.engine.pool_axis import Axis, IndexArray, pad_for, windows
from convlab.engine.pool_windows import combine_windows
from convlab.engine.shapes import Pair

_SMALLER = np.float32(2.0**-40)  # exact, as long as what is large stays so
_RANKS = "(H, W), (C, H, W) or (N, C, H, W)"


def max_pool2d(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    *,
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> FloatArray:
    """Return the largest value of each window.

    Names, order and meaning are PyTorch's.

    >>> max_pool2d([[1, 2, 0, 0], [3, 4, 0, 5]], 2).tolist()
    [[4.0, 5.0]]

    Args:
        x: A plane ``(H, W)``, a picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided
            by 255 and uint16 by 65535; other numbers keep their values. NaN wins its windows.
        kernel_size: Height and width of the window, one number or (rows, columns) [px].
        stride: Step between windows [px]; the kernel's size if None.
        padding: Cells added at each end [px], one number or (rows, columns); they never win.
        dilation: Distance between neighbouring cells of the window [px].
        ceil_mode: Let the last window stick out where the division leaves a remainder.

    Returns:
        float32 of the same rank as ``x``: ``(..., H', W')``. Inputs are not changed.

    Raises:
        ValueError: If shapes or sizes do not fit; the message has the numbers and a remedy.
    """
    pictures = to_picture(x)
    check_rank(pictures, (2, 3, 4), _RANKS)
    rows, columns = windows(_size(pictures), kernel_size, stride, padding, dilation, ceil_mode)
    out = combine_windows(pictures, rows, columns, np.maximum, -np.inf)
    return out.reshape(*pictures.shape[:-2], rows.count, columns.count)


class Winners(NamedTuple):
    """The largest value of each window, and where it was found.

    Attributes:
        values: ``(..., H', W')`` float32.
        cells: Which cell of the window holds it, counted in reading order, of the same shape.
        rows: The windows along the rows.
        columns: And along the columns.
    """

    values: FloatArray
    cells: NDArray[np.integer[Any]]
    rows: Axis
    columns: Axis


def max_pool2d_winners(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    *,
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> Winners:
    """Return what ``max_pool2d`` does and which cell of each window it is.

    Arguments as in ``max_pool2d``. Of equal values the first in reading order counts, of several
    NaN the last, as in PyTorch. What is returned lies in memory as ``x``.

    >>> max_pool2d_winners([[1, 2, 0, 0], [3, 4, 0, 5]], 2).cells.tolist()
    [[3, 3]]

    Raises:
        ValueError: If shapes or sizes do not fit.
    """
    pictures = to_picture_as_it_lies(x)
    check_rank(pictures, (2, 3, 4), _RANKS)
    rows, columns = windows(_size(pictures), kernel_size, stride, padding, dilation, ceil_mode)
    best, cells = _winners(pad_for(pictures, rows, columns, -np.inf), rows, columns)
    lost = np.isneginf(best)
    if lost.any():
        # Nothing was larger than the padding: the first pixel of the window it is.
        down, across = (np.minimum(_first_cells(axis), axis.kernel - 1) for axis in (rows, columns))
        first = down[:, None] * columns.kernel + across
        np.copyto(cells, first.astype(cells.dtype), where=lost)
    return Winners(best, cells, rows, columns)


def _winners(
    padded: FloatArray, rows: Axis, columns: Axis
) -> tuple[FloatArray, NDArray[np.integer[Any]]]:
    """Return the largest value of each window, and which cell holds it, in reading order."""
    best = padded[..., rows.slice_of(0), columns.slice_of(0)].copy(order="K")
    cells = rows.kernel * columns.kernel
    winner: NDArray[np.integer[Any]] = np.zeros_like(best, np.uint8 if cells <= 256 else np.int32)
    has_nan = bool(np.isnan(padded.max()))
    for cell in range(1, cells):
        i, j = divmod(cell, columns.kernel)
        values = padded[..., rows.slice_of(i), columns.slice_of(j)]
        better = values > best
        if has_nan:
            better |= np.isnan(values)
        # A later cell has the higher number. Copying where one is better takes ten times as long.
        np.maximum(winner, better * winner.dtype.type(cell), out=winner)
        np.maximum(best, values, out=best)
    return best, winner


def avg_pool2d(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    *,
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> FloatArray:
    """Return the mean of each window.

    Names, order and meaning are PyTorch's.

    >>> avg_pool2d([[1, 2, 0, 0], [3, 4, 0, 6]], 2).tolist()
    [[2.5, 1.5]]

    Args:
        x: As in ``max_pool2d``.
        kernel_size: Height and width of the window, one number or (rows, columns) [px].
        stride: Step between windows [px]; the kernel's size if None.
        padding: Zeros added at each end [px], one number or (rows, columns).
        ceil_mode: Let the last window stick out where the division leaves a remainder. What lies
            beyond the padding is never counted.
        count_include_pad: Count the padding's zeros as pixels; else divide by the pixels met.

    Returns:
        float32 of the same rank as ``x``: ``(..., H', W')``. Inputs are not changed.

    Raises:
        ValueError: If shapes or sizes do not fit; the message has the numbers and a remedy.
    """
    pictures = to_picture(x)
    check_rank(pictures, (2, 3, 4), _RANKS)
    rows, columns = windows(_size(pictures), kernel_size, stride, padding, 1, ceil_mode)
    out = combine_windows(pictures, rows, columns, np.add, 0.0)
    with np.errstate(all="ignore"):
        out /= window_areas(rows, columns, count_include_pad)
        if not is_finite(out):  # a sum may be beyond float32 where the mean is not
            wide = combine_windows(pictures * _SMALLER, rows, columns, np.add, 0.0)
            wide /= window_areas(rows, columns, count_include_pad)
            np.copyto(out, wide / _SMALLER, where=~np.isfinite(out))
    return out.reshape(*pictures.shape[:-2], rows.count, columns.count)


@lru_cache(maxsize=64)  # of the layers of a network for every picture
def window_areas(rows: Axis, columns: Axis, count_include_pad: bool) -> FloatArray:
    """Return by how many pixels each sum is divided, ``(H', W')``; read-only."""
    lengths = []
    for axis in (rows, columns):
        margin = axis.padding if count_include_pad else 0
        ends = np.minimum(axis.starts() + axis.kernel, axis.size + margin)
        lengths.append(ends - np.maximum(axis.starts(), -margin))
    return frozen(np.outer(*lengths).astype(np.float32))


def global_avg_pool2d(x: ArrayLike) -> FloatArray:
    """Return the mean of each channel.

    >>> global_avg_pool2d([[[1, 2], [3, 6]]]).tolist()
    [[[3.0]]]

    Args:
        x: A picture ``(C, H, W)`` or a batch ``(N, C, H, W)``, converted as in ``max_pool2d``.

    Returns:
        float32 ``(C, 1, 1)`` or ``(N, C, 1, 1)``, summed in float64.

    Raises:
        ValueError: If ``x`` has another rank.
    """
    pictures = to_maps(x)
    planes = pictures.reshape(-1, pictures.shape[-2] * pictures.shape[-1])
    sums = np.asarray(cv2.reduce(planes, 1, cv2.REDUCE_SUM, dtype=cv2.CV_64F))
    with np.errstate(all="ignore"):
        means = (sums / planes.shape[1]).astype(np.float32)
    return means.reshape(*pictures.shape[:-2], 1, 1)


def _size(pictures: FloatArray) -> Pair:
    return pictures.shape[-2], pictures.shape[-1]


def _first_cells(axis: Axis) -> IndexArray:
    """Return the first cell of each window that meets a pixel; at least its length if none does."""
    first = -(np.minimum(axis.starts(), 0) // axis.dilation)
    inside: IndexArray = np.where(
        axis.starts() + first * axis.dilation < axis.size, first, axis.kernel
    )
    return inside
