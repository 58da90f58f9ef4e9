"""Patches laid out as columns (im2col) where many small pictures come together, as in training.

The pictures lie last, ``(C, H, W, N)``: a kernel's cell meets a run of W * N numbers, which is long
however small the pictures are, and the products give what the next layer reads as it lies. Not in
the table of algorithms, because it pays only where all layers keep to that order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from convlab.engine.algorithms.problem import Problem, Sizes
from convlab.engine.arrays import FloatArray, pictures_first, pictures_last
from convlab.engine.border import pad
from convlab.engine.parallel import share

# As many patches at a time as keep their columns within a few megabytes.
_SCRATCH_FLOATS = 1 << 20

# Rows of the result, and pictures.
Portion: TypeAlias = tuple[slice, slice]


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32 that lies pictures last."""
    sizes, planes = problem.sizes, padded(problem)
    pictures, outputs, height, width = sizes.out_shape
    kernels = problem.weight.reshape(sizes.groups, outputs // sizes.groups, -1)
    out: FloatArray = np.empty((outputs, height, width, pictures), np.float32)

    def fill(portions: Iterator[Portion]) -> None:
        for rows, some in portions:
            part = out[:, rows, :, some]
            columns = lay_out(planes[:, rows.start * sizes.stride[0] :, :, some], sizes, part)
            # The sum of an infinity and its opposite is NaN by right, and no reason for a warning.
            with np.errstate(all="ignore"):
                part[:] = (kernels @ columns).reshape(part.shape)
                if problem.bias is not None:
                    part += problem.bias[:, None, None, None]

    share(fill, portions_of(sizes))
    return pictures_first(out)


def padded(problem: Problem) -> FloatArray:
    """Return the pictures with their padding, ``(C, H, W, N)``."""
    sizes, planes = problem.sizes, pictures_last(problem.x)
    if not any(sizes.padding):
        return planes
    return pictures_last(pad(pictures_first(planes), sizes.padding, sizes.border, problem.value))


def portions_of(sizes: Sizes) -> list[Portion]:
    """Return which rows of which pictures of the result to lay out as columns at once."""
    pictures, _, height, width = sizes.out_shape
    cells = sizes.channels * math.prod(sizes.kernel)
    rows = min(max(_SCRATCH_FLOATS // (cells * width), 1), height)
    count = min(max(_SCRATCH_FLOATS // (cells * width * rows), 1), pictures)
    return [
        (slice(row, min(row + rows, height)), slice(n, min(n + count, pictures)))
        for n in range(0, pictures, count)
        for row in range(0, height, rows)
    ]


def lay_out(planes: FloatArray, sizes: Sizes, result: FloatArray) -> FloatArray:
    """Return all pixels that each cell of the kernel meets, ``(groups, C / groups * kh * kw, n)``.

    Args:
        planes: ``(C, H, W, N)``, from the first pixel that is met.
        sizes: Of the convolution.
        result: What comes of them or its gradient, n numbers for each output: only its shape
            ``(O, H', W', N)`` is looked at.
    """
    size = result.shape[1:]
    columns: FloatArray = np.empty((len(planes), *sizes.kernel, *size), np.float32)
    for i, j in np.ndindex(*sizes.kernel):
        columns[:, i, j] = _met(planes, sizes, size, i, j)
    return columns.reshape(sizes.groups, sizes.depth * math.prod(sizes.kernel), -1)


def collect(columns: FloatArray, sizes: Sizes, result: FloatArray, planes: FloatArray) -> None:
    """Add what ``lay_out`` copied back to ``(C, H, W, N)``, where it came from (col2im)."""
    size = result.shape[1:]
    cells = columns.reshape(len(planes), *sizes.kernel, *size)
    for i, j in np.ndindex(*sizes.kernel):
        met = _met(planes, sizes, size, i, j)
        met += cells[:, i, j]


def _met(
    planes: FloatArray, sizes: Sizes, size: tuple[int, ...], row: int, column: int
) -> FloatArray:
    """Return the pixels that one cell of the kernel meets, a view ``(C, H', W', N)``."""
    (down, across), (gap, side_gap) = sizes.stride, sizes.dilation
    y, x = row * gap, column * side_gap
    return planes[
        :, y : y + (size[0] - 1) * down + 1 : down, x : x + (size[1] - 1) * across + 1 : across
    ]
