"""Pooling: the largest or the mean value of each window.

A window's largest value is the largest of its rows' largest values, and its sum is the sum of its
rows' sums: rows first, then columns, costs kh + kw steps a pixel where the window has kh * kw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine import buffers
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import check_rank, to_maps, to_picture, to_picture_as_it_lies
from convlab.engine.cv import cv2
from convlab.engine.parallel import share
from convlab.engine.shapes import Pair, ceil_padding, effective_size, output_size, pair

# Positions in a plane.
IndexArray = NDArray[np.int64]
_BLOCK_FLOATS = 1 << 16
_SMALLER = np.float32(2.0**-40)  # exact, as long as what is large stays so
_ONE_THREAD = 1 << 18  # pixels: fewer are pooled before another thread has woken up
_RANKS = "(H, W), (C, H, W) or (N, C, H, W)"


@dataclass(frozen=True, slots=True)
class Axis:
    """The windows along one direction.

    Attributes:
        size: Picture [px].
        kernel: Window, in cells.
        stride: Step between windows [px].
        padding: Cells added at each end [px].
        dilation: Distance between neighbouring cells [px].
        count: Number of windows.
    """

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    count: int

    @property
    def behind(self) -> int:
        """Cells that the last window needs behind the picture [px]."""
        last = (self.count - 1) * self.stride + effective_size(self.kernel, self.dilation)
        return max(last - self.padding - self.size, 0)

    def slice_of(self, cell: int) -> slice:
        """Return the places, in the padded picture, that one cell of the window visits."""
        first = cell * self.dilation
        return slice(first, first + (self.count - 1) * self.stride + 1, self.stride)

    def starts(self) -> IndexArray:
        """Return where in the picture each window starts [px]; negative in the padding."""
        return np.arange(self.count) * self.stride - self.padding


def windows(
    size: Pair,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> tuple[Axis, Axis]:
    """Return the windows along rows and columns of a picture of that size.

    Raises:
        ValueError: If a number cannot be used, or no window fits.
    """
    kernels = pair(kernel_size, "kernel_size")
    steps = kernels if stride is None else pair(stride, "stride")
    sides, gaps = pair(padding, "padding", 0), pair(dilation, "dilation")
    rows, columns = (
        Axis(n, k, s, p, d, _count(n, k, s, p, d, ceil_mode))
        for n, k, s, p, d in zip(size, kernels, steps, sides, gaps, strict=True)
    )
    return rows, columns


def _count(
    size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> int:
    """Return how many windows there are along one direction, by PyTorch's rule."""
    if padding > kernel // 2:
        raise ValueError(
            f"padding {padding} is more than half the kernel of {kernel}: "
            f"give at most {kernel // 2}, or a window may lie beside the picture"
        )
    behind = padding
    if ceil_mode:
        behind = ceil_padding(size, kernel, padding, padding, stride, dilation)
    return output_size(size, kernel, padding, behind, stride, dilation)


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
    out = _pool(pictures, rows, columns, np.maximum, -np.inf)
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
    out = _pool(pictures, rows, columns, np.add, 0.0)
    with np.errstate(all="ignore"):
        out /= window_areas(rows, columns, count_include_pad)
        if not np.isfinite(out.sum()):  # a sum may be beyond float32 where the mean is not
            wide = _pool(pictures * _SMALLER, rows, columns, np.add, 0.0)
            wide /= window_areas(rows, columns, count_include_pad)
            np.copyto(out, wide / _SMALLER, where=~np.isfinite(out))
    return out.reshape(*pictures.shape[:-2], rows.count, columns.count)


def window_areas(rows: Axis, columns: Axis, count_include_pad: bool) -> FloatArray:
    """Return by how many pixels each sum is divided, ``(H', W')``."""
    lengths = []
    for axis in (rows, columns):
        margin = axis.padding if count_include_pad else 0
        ends = np.minimum(axis.starts() + axis.kernel, axis.size + margin)
        lengths.append(ends - np.maximum(axis.starts(), -margin))
    areas: FloatArray = np.outer(*lengths).astype(np.float32)
    return areas


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


def _pool(
    pictures: FloatArray, rows: Axis, columns: Axis, combine: Callable[..., Any], outside: float
) -> FloatArray:
    """Return ``(planes, H', W')``: the pixels of each window, combined."""
    planes = pictures.reshape(-1, rows.size, columns.size)
    out = buffers.empty((len(planes), rows.count, columns.count))
    # A few planes at a time: what the rows leave is still in the cache when the columns need it.
    together = min(max(_BLOCK_FLOATS // planes[0].size, 1), len(planes))
    is_long = _is_long(rows) or _is_long(columns)

    def pool(starts: Iterator[int]) -> None:
        for first in starts:
            block, result = planes[first : first + together], out[first : first + together]
            if is_long:
                block = pad_for(block, rows, columns, outside)
            between = buffers.empty((len(block), rows.count, block.shape[2]))
            with np.errstate(all="ignore"):  # an infinity and its opposite make NaN by right
                _combine(block.swapaxes(0, 1), rows, combine, between.swapaxes(0, 1), outside)
                # The direction to combine comes first.
                last, result = between.transpose(2, 0, 1), result.transpose(2, 0, 1)
                _combine(last, columns, combine, result, outside)

    starts = range(0, len(planes), together)
    if planes.size > _ONE_THREAD:
        share(pool, starts)
    else:
        pool(iter(starts))
    return out


def _combine(
    x: FloatArray, axis: Axis, combine: Callable[..., Any], out: FloatArray, outside: float
) -> None:
    """Combine the cells of each window along the first axis.

    Args:
        x: The pixels, or the pixels with their padding.
        axis: The windows.
        combine: Of two numbers.
        out: For each window.
        outside: What the padding holds: it changes nothing that it is combined with.
    """
    padding = axis.padding if len(x) == axis.size else 0
    reach = 1
    if combine is np.maximum and _is_long(axis):
        x, reach = _double(x, axis)
    # Windows of ``reach`` cells, side by side; the last may overlap the one before.
    last = axis.kernel - reach
    cells = [*range(0, last, reach), last]
    met = [_met(cell * axis.dilation - padding, axis, len(x)) for cell in cells]
    everywhere = [each for each in met if each[0] == slice(0, axis.count)]
    first, others = everywhere[:2], [each for each in met if each not in everywhere[:2]]
    if len(first) == 2:
        combine(x[first[0][1]], x[first[1][1]], out=out)
    elif first:
        np.copyto(out, x[first[0][1]])
    else:
        out.fill(outside)
    for places, pixels in others:
        combine(out[places], x[pixels], out=out[places])


def _met(offset: int, axis: Axis, size: int) -> tuple[slice, slice]:
    """Return the windows one cell of which meets a pixel, and these pixels.

    Args:
        offset: Of the cell from the place where its window begins, less the padding.
        axis: The windows.
        size: Number of pixels.
    """
    first = max(-(offset // axis.stride), 0)
    stop = max(min((size - 1 - offset) // axis.stride + 1, axis.count), first)
    begin = first * axis.stride + offset
    end = begin + (stop - first - 1) * axis.stride + 1 if stop > first else begin
    return slice(first, stop), slice(begin, end, axis.stride)


def _is_long(axis: Axis) -> bool:
    """Tell whether so many cells are met that it pays to double their reach."""
    return axis.kernel > 2 * axis.stride + 1


def _double(x: FloatArray, axis: Axis) -> tuple[FloatArray, int]:
    """Return the largest values of ``reach`` cells each, and ``reach``.

    Two windows of 4 cells make one of up to 8: a kernel of k needs log2(k) steps instead of k - 1.
    These steps cannot skip what the stride skips, so they pay only where the kernel is long.
    """
    reach = 1
    while axis.kernel > max(2 * reach, 2 * axis.stride + 1):
        x = np.maximum(x[: len(x) - reach * axis.dilation], x[reach * axis.dilation :])
        reach *= 2
    return x, reach


def pad_for(planes: FloatArray, rows: Axis, columns: Axis, outside: float) -> FloatArray:
    """Return planes with room for every window, or the same planes if they have it."""
    height = rows.padding + rows.size + rows.behind
    width = columns.padding + columns.size + columns.behind
    if (height, width) == planes.shape[-2:]:
        return planes
    padded: FloatArray = np.full_like(planes, outside, shape=(*planes.shape[:-2], height, width))
    inside_of(padded, rows, columns)[...] = planes
    return padded


def inside_of(padded: FloatArray, rows: Axis, columns: Axis) -> FloatArray:
    """Return the part of padded planes where the picture goes."""
    down, across = (slice(axis.padding, axis.padding + axis.size) for axis in (rows, columns))
    return padded[..., down, across]


def _first_cells(axis: Axis) -> IndexArray:
    """Return the first cell of each window that meets a pixel; at least its length if none does."""
    first = -(np.minimum(axis.starts(), 0) // axis.dilation)
    inside: IndexArray = np.where(
        axis.starts() + first * axis.dilation < axis.size, first, axis.kernel
    )
    return inside
