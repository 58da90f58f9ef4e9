"""The pixels of each window of a picture, combined: the largest of them, or their sum.

A window's largest value is the largest of its rows' largest values, and its sum is the sum of its
rows' sums: one direction after the other costs kh + kw steps a pixel where the window has kh * kw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from convlab.engine import buffers
from convlab.engine.arrays import FloatArray
from convlab.engine.parallel import share
from convlab.engine.pool_axis import Axis, pad_for

_BLOCK_FLOATS = 1 << 16
_ONE_THREAD = 1 << 18  # pixels: fewer are pooled before another thread has woken up
# Windows that begin at every pixel, where the stride skips most: up to these it is faster.
_MOST_CELLS, _LONGEST_STRIDE = 7, 4


def combine_windows(
    pictures: FloatArray, rows: Axis, columns: Axis, combine: Callable[..., Any], outside: float
) -> FloatArray:
    """Return ``(planes, H', W')``: the pixels of each window, combined.

    Args:
        pictures: ``(..., H, W)``, contiguous.
        rows: The windows along the rows.
        columns: And along the columns.
        combine: ``np.maximum`` or ``np.add``.
        outside: What the padding holds: it changes nothing that it is combined with.
    """
    planes = pictures.reshape(-1, rows.size, columns.size)
    out = buffers.empty((len(planes), rows.count, columns.count))
    # A few planes at a time: what one direction leaves is still in the cache for the other.
    together = min(max(_BLOCK_FLOATS // planes[0].size, 1), len(planes))
    is_flat = _fits_flat(rows) and _fits_flat(columns)

    def pool(starts: Iterator[int]) -> None:
        scratch = buffers.empty((3, together * planes[0].size)) if is_flat else None
        with np.errstate(all="ignore"):  # an infinity and its opposite make NaN by right
            for first in starts:
                some = slice(first, first + together)
                if scratch is None:
                    _pool_by_cells(planes[some], rows, columns, combine, out[some], outside)
                else:
                    _pool_flat(planes[some], rows, columns, combine, out[some], scratch)

    starts = range(0, len(planes), together)
    if planes.size > _ONE_THREAD:
        share(pool, starts)
    else:
        pool(iter(starts))
    return out


# The pixels as one long run, whatever lies between two rows and two planes.


def _fits_flat(axis: Axis) -> bool:
    """Tell whether each window begins at another pixel, or one before them all."""
    is_small = axis.kernel <= _MOST_CELLS and axis.stride <= _LONGEST_STRIDE
    sides = axis.padding + axis.behind
    reaches_little = axis.padding <= 1 and axis.behind <= 1 and sides < max(axis.kernel, 2)
    is_inside = axis.kernel <= axis.size > (axis.count - 1) * axis.stride
    return axis.dilation == 1 and is_small and reaches_little and is_inside


def _pool_flat(
    planes: FloatArray,
    rows: Axis,
    columns: Axis,
    combine: Callable[..., Any],
    out: FloatArray,
    scratch: FloatArray,
) -> None:
    first, second, third = scratch[:, : planes.size]
    across = _sweep(planes.reshape(-1), columns, 1, combine, first, second)
    down = _sweep(across, rows, columns.size, combine, first if across is second else second, third)
    last, end = ((axis.count - 1) * axis.stride + 1 for axis in (rows, columns))
    whole = down.reshape(planes.shape)
    np.copyto(out, whole[:, : last : rows.stride, : end : columns.stride])


def _sweep(
    numbers: FloatArray,
    axis: Axis,
    unit: int,
    combine: Callable[..., Any],
    shorter: FloatArray,
    found: FloatArray,
) -> FloatArray:
    """Return the window that begins at each number, or ``axis.padding`` before it.

    Those that no stride stops at may hold what is of two rows.

    Args:
        numbers: All rows, one after the other.
        axis: The windows.
        unit: From a cell of a window to the next.
        combine: Of two numbers.
        shorter: Room for as many numbers, and for the result if there is no padding.
        found: Room for the result.
    """
    if axis.kernel == 1:
        return numbers
    size, last = numbers.size, axis.kernel - 1
    short = numbers  # windows but for their last cell
    for cell in range(1, last):
        stop = size - cell * unit
        combine(short[:stop], numbers[cell * unit :], out=shorter[:stop])
        short = shorter
    start, stop = axis.padding * unit, size - last * unit
    if not axis.padding + axis.behind:  # in place: nobody asks again for what was shorter
        found = shorter
    combine(short[:stop], numbers[last * unit :], out=found[start : start + stop])
    lines, begun = (array.reshape(-1, axis.size, unit) for array in (found, short))
    if axis.padding:  # the first cell is beside the picture
        lines[:, 0] = begun[:, 0]
    if axis.behind:  # the last one is
        lines[:, axis.size - last + axis.padding] = begun[:, axis.size - last]
    return found


# A cell of all windows after the other.


def _pool_by_cells(
    planes: FloatArray,
    rows: Axis,
    columns: Axis,
    combine: Callable[..., Any],
    out: FloatArray,
    outside: float,
) -> None:
    if _is_long(rows) or _is_long(columns):
        planes = pad_for(planes, rows, columns, outside)
    between = buffers.empty((len(planes), rows.count, planes.shape[2]))
    _combine(planes.swapaxes(0, 1), rows, combine, between.swapaxes(0, 1), outside)
    # The direction to combine comes first.
    _combine(between.transpose(2, 0, 1), columns, combine, out.transpose(2, 0, 1), outside)


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
