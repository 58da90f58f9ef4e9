"""Gradients of the convolutions.

With respect to the picture, the gradient of a convolution is a transposed convolution and the
other way round. With respect to the kernel, it is the correlation of the picture with the output's
gradient (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016): one
matrix product of the output's gradient and the patches of the picture, laid out as columns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.algorithms.problem import Algorithm, Problem, Sizes
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border, fold, pad
from convlab.engine.conv2d import run
from convlab.engine.conv_arguments import build_problem
from convlab.engine.conv_transpose2d import Stamping, build_stamping
from convlab.engine.shapes import Padding, PaddingSpec, effective_size
from convlab.learn.gradients.layer import (
    LayerGradient,
    ParameterGradient,
    sum_per_channel,
    to_gradient,
)

# Weights that are learned are new in each step: what prepares itself for them is slow, and what the
# planner has measured meanwhile must not change the numbers.
_ALGORITHM = Algorithm.GEMM
# As many patches at a time as keep their columns within a few megabytes.
_SCRATCH_FLOATS = 1 << 20


def conv2d_gradient(
    gradient: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike,
    *,
    stride: int | Sequence[int] = 1,
    padding: PaddingSpec = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    border: str = "zeros",
    value: float = 0.0,
    flip: bool = False,
) -> LayerGradient:
    """Return the gradient of a loss that depends on ``conv2d(x, weight, bias, ...)``.

    >>> conv2d_gradient([[1]], [[1, 2, 3]], [[4, 5, 6]]).weight.tolist()
    [[1.0, 2.0, 3.0]]

    Args:
        gradient: With respect to the output, of its shape.
        x: As given to ``conv2d``, and so are the others.
        weight: As given.
        stride: As given.
        padding: As given.
        dilation: As given.
        groups: As given.
        border: As given.
        value: As given.
        flip: As given.

    Returns:
        With respect to ``x`` (after whole numbers were divided), ``weight`` and the bias ``(O,)``.

    Raises:
        ValueError: If the arguments do not fit each other, or the gradient does not fit the output.
    """
    problem, rank = build_problem(
        x, weight, None, stride, padding, dilation, groups, border, value, flip
    )
    out = _to_output(gradient, problem, rank)
    found = _parameter_gradient(problem, out, rank, flip)
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        pictures = _picture_gradient(problem, out)
    return LayerGradient(pictures.reshape(pictures.shape[4 - rank :]), *found)


def conv2d_parameter_gradient(
    gradient: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike,
    *,
    stride: int | Sequence[int] = 1,
    padding: PaddingSpec = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    border: str = "zeros",
    value: float = 0.0,
    flip: bool = False,
) -> ParameterGradient:
    """Return what ``conv2d_gradient`` does, without the picture: the first layer needs none.

    Args:
        gradient: As in ``conv2d_gradient``, and so are the others.
        x: As given to ``conv2d``.
        weight: As given.
        stride: As given.
        padding: As given.
        dilation: As given.
        groups: As given.
        border: As given.
        value: As given.
        flip: As given.

    Raises:
        ValueError: As ``conv2d_gradient``.
    """
    problem, rank = build_problem(
        x, weight, None, stride, padding, dilation, groups, border, value, flip
    )
    return _parameter_gradient(problem, _to_output(gradient, problem, rank), rank, flip)


def conv_transpose2d_gradient(
    gradient: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike,
    *,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> LayerGradient:
    """Return the gradient of a loss that depends on ``conv_transpose2d(x, weight, bias, ...)``.

    >>> conv_transpose2d_gradient([[1, 2, 3]], [[4]], [[5, 6, 7]]).x.tolist()
    [[38.0]]

    Args:
        gradient: With respect to the output, of its shape.
        x: As given to ``conv_transpose2d``, and so are the others.
        weight: As given.
        stride: As given.
        padding: As given.
        output_padding: As given.
        dilation: As given.
        groups: As given.

    Returns:
        With respect to ``x`` (after whole numbers were divided), ``weight`` and the bias ``(O,)``.

    Raises:
        ValueError: If the arguments do not fit each other, or the gradient does not fit the output.
    """
    stamping, rank = build_stamping(
        x, weight, None, stride, padding, output_padding, dilation, groups
    )
    shape = len(stamping.x), stamping.weight.shape[1] * stamping.groups, *stamping.out_size
    out = to_gradient(gradient, shape[4 - rank :]).reshape(shape)
    problem = _reverse(stamping, out)
    with np.errstate(all="ignore"):
        kernels = _kernel_gradient(problem.x, stamping.x, problem.sizes)
        # A copy, where the fastest algorithm gives a view of something larger.
        pictures = np.ascontiguousarray(run(problem, _ALGORITHM))
        return LayerGradient(
            pictures.reshape(pictures.shape[4 - rank :]),
            kernels.reshape(kernels.shape[2:] if rank == 2 else kernels.shape),
            sum_per_channel(out),
        )


def _to_output(gradient: ArrayLike, problem: Problem, rank: int) -> FloatArray:
    """Return the gradient with respect to the output as ``(N, O, H', W')``."""
    shape = problem.sizes.out_shape
    return to_gradient(gradient, shape[4 - rank :]).reshape(shape)


def _parameter_gradient(
    problem: Problem, out: FloatArray, rank: int, flip: bool
) -> ParameterGradient:
    sizes, planes = problem.sizes, problem.x
    if any(sizes.padding):
        planes = pad(planes, sizes.padding, sizes.border, problem.value)
    with np.errstate(all="ignore"):
        kernels = _kernel_gradient(planes, out, sizes)
        if flip:
            kernels = np.ascontiguousarray(kernels[:, :, ::-1, ::-1])
        kernels = kernels.reshape(kernels.shape[2:] if rank == 2 else kernels.shape)
        return ParameterGradient(kernels, sum_per_channel(out))


def _reverse(stamping: Stamping, gradient: FloatArray) -> Problem:
    """Return the convolution, without padding, whose gradient is the transposed convolution."""
    planes = _uncut(stamping, gradient)
    sizes = Sizes(
        len(planes),
        planes.shape[1],
        (planes.shape[2], planes.shape[3]),
        len(stamping.weight),
        (stamping.weight.shape[2], stamping.weight.shape[3]),
        stamping.stride,
        Padding(0, 0, 0, 0),
        stamping.dilation,
        stamping.groups,
        Border.ZEROS,
        (stamping.x.shape[2], stamping.x.shape[3]),
    )
    return Problem(sizes, planes, stamping.weight, None, 0.0)


def _uncut(stamping: Stamping, gradient: FloatArray) -> FloatArray:
    """Return the gradient of all that is stamped: 0 for what was cut off."""
    reach, kept, source = [], [], []
    for axis in (0, 1):
        size, kernel = stamping.x.shape[2 + axis], stamping.weight.shape[2 + axis]
        span = effective_size(kernel, stamping.dilation[axis])
        reach.append((size - 1) * stamping.stride[axis] + span)
        first = min(stamping.cut[axis], reach[axis])
        # Output padding may lie beyond the last stamp.
        seen = min(stamping.out_size[axis], reach[axis] - first)
        kept.append(slice(first, first + seen))
        source.append(slice(0, seen))
    planes = np.zeros((*gradient.shape[:2], *reach), np.float32)
    planes[:, :, kept[0], kept[1]] = gradient[:, :, source[0], source[1]]
    return planes


def _picture_gradient(problem: Problem, gradient: FloatArray) -> FloatArray:
    """Return the gradient with respect to the pictures, ``(N, C, H, W)``.

    The columns' gradient, one matrix product, is added up where each was copied from (col2im).
    """
    sizes, (pictures, outputs, height, width) = problem.sizes, gradient.shape
    cells = sizes.channels * math.prod(sizes.kernel)
    kernels = problem.weight.reshape(sizes.groups, outputs // sizes.groups, -1).swapaxes(1, 2)
    padded = np.zeros((sizes.channels, *sizes.padded, pictures), np.float32)
    rows, count = _portion(cells, height, width, pictures)
    for n in range(0, pictures, count):
        out = _pictures_last(gradient[n : n + count])
        for row in range(0, height, rows):
            across = out[:, row : row + rows]
            columns = kernels @ across.reshape(sizes.groups, outputs // sizes.groups, -1)
            met = padded[:, row * sizes.stride[0] :, :, n : n + count]
            _collect(columns.reshape(-1, *sizes.kernel, *across.shape[1:]), sizes, met)
    return fold(np.ascontiguousarray(padded.transpose(3, 0, 1, 2)), sizes.padding, sizes.border)


def _portion(cells: int, height: int, width: int, pictures: int) -> tuple[int, int]:
    """Return how many rows of how many pictures to lay out as columns at once."""
    rows = min(max(_SCRATCH_FLOATS // (cells * width), 1), height)
    return rows, min(max(_SCRATCH_FLOATS // (cells * width * rows), 1), pictures)


def _kernel_gradient(planes: FloatArray, gradient: FloatArray, sizes: Sizes) -> FloatArray:
    """Return the gradient with respect to the kernels, ``(O, C / groups, kh, kw)``.

    Args:
        planes: The padded pictures ``(N, C, H, W)``.
        gradient: With respect to the output, ``(N, O, H', W')``.
        sizes: Of the convolution.
    """
    groups, outputs, (pictures, _, height, width) = sizes.groups, sizes.outputs, gradient.shape
    cells = sizes.channels * math.prod(sizes.kernel)
    rows, count = _portion(cells, height, width, pictures)
    total = np.zeros((groups, outputs // groups, cells // groups), np.float32)
    for n in range(0, pictures, count):
        met, out = (_pictures_last(array[n : n + count]) for array in (planes, gradient))
        for row in range(0, height, rows):
            across = out[:, row : row + rows]
            below = met[:, row * sizes.stride[0] :]
            columns = _columns(below, sizes, across.shape[1:])
            # The channels first: pictures and pixels are summed in one product.
            total += across.reshape(groups, outputs // groups, -1) @ columns.reshape(
                groups, cells // groups, -1
            ).swapaxes(1, 2)
    return total.reshape(outputs, sizes.depth, *sizes.kernel)


def _pictures_last(batch: FloatArray) -> FloatArray:
    """Return ``(N, C, H, W)`` as ``(C, H, W, N)``: small pictures are copied in long runs so."""
    return np.ascontiguousarray(batch.transpose(1, 2, 3, 0))


def _columns(planes: FloatArray, sizes: Sizes, size: tuple[int, ...]) -> FloatArray:
    """Return, for each cell of the kernel, all pixels it meets: ``(C, kh, kw, H', W', N)``.

    Args:
        planes: ``(C, H, W, N)``.
        sizes: Of the convolution.
        size: Height and width of the output [px], and pictures.
    """
    columns = np.empty((len(planes), *sizes.kernel, *size), np.float32)
    for i, j in np.ndindex(*sizes.kernel):
        columns[:, i, j] = _met(planes, sizes, size, i, j)
    return columns


def _collect(columns: FloatArray, sizes: Sizes, planes: FloatArray) -> None:
    """Add what ``_columns`` lays out back to ``(C, H, W, N)``, where it came from."""
    for i, j in np.ndindex(*sizes.kernel):
        met = _met(planes, sizes, columns.shape[3:], i, j)
        met += columns[:, i, j]


def _met(
    planes: FloatArray, sizes: Sizes, size: tuple[int, ...], row: int, column: int
) -> FloatArray:
    """Return the pixels that one cell of the kernel meets, a view ``(C, H', W', N)``."""
    (down, across), (gap, side_gap) = sizes.stride, sizes.dilation
    y, x = row * gap, column * side_gap
    return planes[
        :, y : y + (size[0] - 1) * down + 1 : down, x : x + (size[1] - 1) * across + 1 : across
    ]
