"""Gradients of pooling: to the largest pixel of each window, or in equal shares to all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.adaptive_pool import sections
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_numbers, to_picture_as_it_lies
from convlab.engine.pool import Winners, window_areas
from convlab.engine.pool_axis import Axis, inside_of, pad_for, windows
from convlab.learn.gradients.layer import to_gradient, to_gradient_like


def max_pool2d_gradient(gradient: ArrayLike, x: ArrayLike, winners: Winners) -> FloatArray:
    """Return the gradient of a loss that depends on ``max_pool2d(x, ...)``, of the shape of ``x``.

    Of equal values the first in reading order gets it all, as in PyTorch.

    >>> from convlab.engine.pool import max_pool2d_winners
    >>> max_pool2d_gradient([[5]], [[1, 3]], max_pool2d_winners([[1, 3]], (1, 2))).tolist()
    [[0.0, 5.0]]

    Args:
        gradient: With respect to the output, of its shape.
        x: As given to ``max_pool2d``.
        winners: ``max_pool2d_winners(x, ...)``.

    Raises:
        ValueError: If the gradient does not fit the output.
    """
    pictures = to_picture_as_it_lies(x)
    out = to_gradient_like(gradient, winners.values)
    rows, columns = winners.rows, winners.columns
    padded = np.zeros_like(pad_for(pictures, rows, columns, 0.0))
    bits = out.view(np.int32)
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        for cell in range(rows.kernel * columns.kernel):
            i, j = divmod(cell, columns.kernel)
            # All bits of a number or none, as in ``relu_gradient``.
            won = np.negative(winners.cells == cell, dtype=np.int32)
            padded[..., rows.slice_of(i), columns.slice_of(j)] += (bits & won).view(np.float32)
    is_padded = padded.shape != pictures.shape
    return inside_of(padded, rows, columns).copy(order="K") if is_padded else padded


def avg_pool2d_gradient(
    gradient: ArrayLike,
    shape: Sequence[int],
    kernel_size: int | Sequence[int],
    *,
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> FloatArray:
    """Return the gradient of a loss that depends on ``avg_pool2d(x, ...)``, of the shape of ``x``.

    >>> avg_pool2d_gradient([[5]], (1, 2), (1, 2)).tolist()
    [[2.5, 2.5]]

    Args:
        gradient: With respect to the output, of its shape.
        shape: Shape of ``x``.
        kernel_size: As given to ``avg_pool2d``, and so are the others.
        stride: As given.
        padding: As given.
        ceil_mode: As given.
        count_include_pad: As given.

    Raises:
        ValueError: If the arguments do not fit each other, or the gradient does not fit the output.
    """
    *planes, height, width = shape
    rows, columns = windows((height, width), kernel_size, stride, padding, 1, ceil_mode)
    out = to_gradient(gradient, (*planes, rows.count, columns.count))
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        shares = out / window_areas(rows, columns, count_include_pad)
        return _spread(_spread(shares, columns, -1), rows, -2)


def global_avg_pool2d_gradient(gradient: ArrayLike, shape: Sequence[int]) -> FloatArray:
    """Return the gradient of a loss that depends on ``global_avg_pool2d(x)``.

    >>> global_avg_pool2d_gradient([[[6]]], (1, 1, 3)).tolist()
    [[[2.0, 2.0, 2.0]]]

    Args:
        gradient: With respect to the output, ``(C, 1, 1)`` or ``(N, C, 1, 1)``.
        shape: Shape of ``x``, which is the shape of the result.

    Raises:
        ValueError: If the gradient does not fit the output.
    """
    *planes, height, width = shape
    out = to_gradient(gradient, (*planes, 1, 1))
    return np.broadcast_to(out / np.float32(height * width), tuple(shape)).copy()


def adaptive_avg_pool2d_gradient(gradient: ArrayLike, shape: Sequence[int]) -> FloatArray:
    """Return the gradient of a loss that depends on ``adaptive_avg_pool2d(x, ...)``.

    >>> adaptive_avg_pool2d_gradient([[2, 4]], (1, 3)).tolist()
    [[1.0, 3.0, 2.0]]

    Args:
        gradient: With respect to the output, ``(..., rows, columns)``.
        shape: Shape of ``x``, which is the shape of the result.

    Raises:
        ValueError: If the gradient does not fit the output.
    """
    *planes, height, width = shape
    numbers = to_numbers(gradient, "gradient")
    out = to_gradient(numbers, (*planes, *numbers.shape[-2:]))
    with np.errstate(all="ignore"):
        return _spread_sections(_spread_sections(out, width, -1), height, -2)


def _spread_sections(shares: FloatArray, size: int, along: int) -> FloatArray:
    """Give what each window of adaptive pooling got in equal shares to its pixels."""
    shares = np.moveaxis(shares, along, 0)
    pixels = np.zeros((size, *shares.shape[1:]), np.float32)
    for share, (start, stop) in zip(shares, sections(size, len(shares)), strict=True):
        pixels[start:stop] += share / np.float32(stop - start)
    return np.ascontiguousarray(np.moveaxis(pixels, 0, along))


def _spread(shares: FloatArray, axis: Axis, along: int) -> FloatArray:
    """Give each window's share to all pixels of the window, along one direction."""
    size = axis.padding + axis.size + axis.behind
    shares = np.moveaxis(shares, along, 0)
    padded = np.zeros((size, *shares.shape[1:]), np.float32)
    for cell in range(axis.kernel):
        padded[axis.slice_of(cell)] += shares
    pixels = padded[axis.padding : axis.padding + axis.size]
    return np.ascontiguousarray(np.moveaxis(pixels, 0, along))
