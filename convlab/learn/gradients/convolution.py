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

from convlab.engine.algorithms.batch import collect, lay_out, padded, portions_of
from convlab.engine.algorithms.problem import Algorithm, Problem, Sizes
from convlab.engine.arrays import FloatArray, pictures_first, pictures_last
from convlab.engine.border import Border, fold
from convlab.engine.conv2d import run
from convlab.engine.conv_transpose2d import TransposedProblem, build_transposed
from convlab.engine.shapes import Padding, effective_size
from convlab.learn.gradients.layer import LayerGradient, sum_per_channel, to_gradient

# Weights that are learned are new in each step: what prepares itself for them is slow, and what the
# planner has measured meanwhile must not change the numbers.
_ALGORITHM = Algorithm.GEMM


def conv2d_gradient(
    gradient: ArrayLike, problem: Problem, *, flip: bool, needs_x: bool
) -> LayerGradient:
    """Return the gradient of a loss that depends on the convolution of a batch.

    Args:
        gradient: With respect to the output, of its shape.
        problem: What was computed.
        flip: Whether its kernels are flipped.
        needs_x: Whether to find the gradient with respect to x; else it is one 0.

    Returns:
        With respect to ``x`` (after whole numbers were divided), ``weight`` and the bias ``(O,)``.

    Raises:
        ValueError: If the gradient does not fit the output.
    """
    out = pictures_first(pictures_last(to_gradient(gradient, problem.sizes.out_shape)))
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        kernels = _kernel_gradient(padded(problem), out, problem.sizes)
        if flip:
            kernels = np.ascontiguousarray(kernels[:, :, ::-1, ::-1])
        pictures = _picture_gradient(problem, out) if needs_x else np.zeros(1, np.float32)
        return LayerGradient(pictures, kernels, sum_per_channel(out))


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
    transposed, rank = build_transposed(
        x, weight, None, stride, padding, output_padding, dilation, groups
    )
    shape = len(transposed.x), transposed.weight.shape[1] * transposed.groups, *transposed.out_size
    out = to_gradient(gradient, shape[4 - rank :]).reshape(shape)
    problem = _reverse(transposed, out)
    with np.errstate(all="ignore"):
        kernels = _kernel_gradient(pictures_last(problem.x), transposed.x, problem.sizes)
        # A copy, where the fastest algorithm gives a view of something larger.
        pictures = np.ascontiguousarray(run(problem, _ALGORITHM))
        return LayerGradient(
            pictures.reshape(pictures.shape[4 - rank :]),
            kernels.reshape(kernels.shape[2:] if rank == 2 else kernels.shape),
            sum_per_channel(out),
        )


def _reverse(transposed: TransposedProblem, gradient: FloatArray) -> Problem:
    """Return the convolution, without padding, whose gradient is the transposed convolution."""
    planes = _uncut(transposed, gradient)
    sizes = Sizes(
        len(planes),
        planes.shape[1],
        (planes.shape[2], planes.shape[3]),
        len(transposed.weight),
        (transposed.weight.shape[2], transposed.weight.shape[3]),
        transposed.stride,
        Padding(0, 0, 0, 0),
        transposed.dilation,
        transposed.groups,
        Border.ZEROS,
        (transposed.x.shape[2], transposed.x.shape[3]),
    )
    return Problem(sizes, planes, transposed.weight, None, 0.0)


def _uncut(transposed: TransposedProblem, gradient: FloatArray) -> FloatArray:
    """Return the gradient of all that was scattered: 0 for what was cut off."""
    reach, kept, source = [], [], []
    for axis in (0, 1):
        size, kernel = transposed.x.shape[2 + axis], transposed.weight.shape[2 + axis]
        span = effective_size(kernel, transposed.dilation[axis])
        reach.append((size - 1) * transposed.stride[axis] + span)
        first = min(transposed.cut[axis], reach[axis])
        # Output padding may lie beyond the last copy of the kernel.
        seen = min(transposed.out_size[axis], reach[axis] - first)
        kept.append(slice(first, first + seen))
        source.append(slice(0, seen))
    planes = np.zeros((*gradient.shape[:2], *reach), np.float32)
    planes[:, :, kept[0], kept[1]] = gradient[:, :, source[0], source[1]]
    return planes


def _picture_gradient(problem: Problem, gradient: FloatArray) -> FloatArray:
    """Return the gradient with respect to the pictures, ``(N, C, H, W)``.

    The columns' gradient, one matrix product, is added up where each was copied from (col2im).
    """
    sizes, out = problem.sizes, pictures_last(gradient)
    kernels = problem.weight.reshape(sizes.groups, sizes.outputs // sizes.groups, -1).swapaxes(1, 2)
    planes = np.zeros((sizes.channels, *sizes.padded, sizes.pictures), np.float32)
    with np.errstate(all="ignore"):
        for rows, some in portions_of(sizes):
            across = out[:, rows, :, some]
            columns = kernels @ across.reshape(sizes.groups, sizes.outputs // sizes.groups, -1)
            collect(columns, sizes, across, planes[:, rows.start * sizes.stride[0] :, :, some])
        return fold(pictures_first(planes), sizes.padding, sizes.border)


def _kernel_gradient(planes: FloatArray, gradient: FloatArray, sizes: Sizes) -> FloatArray:
    """Return the gradient with respect to the kernels, ``(O, C / groups, kh, kw)``.

    Args:
        planes: The padded pictures ``(C, H, W, N)``.
        gradient: With respect to the output, ``(N, O, H', W')``.
        sizes: Of the convolution.
    """
    out, groups = pictures_last(gradient), sizes.groups
    cells = sizes.depth * math.prod(sizes.kernel)
    total = np.zeros((groups, sizes.outputs // groups, cells), np.float32)
    for rows, some in portions_of(sizes):
        across = out[:, rows, :, some]
        columns = lay_out(planes[:, rows.start * sizes.stride[0] :, :, some], sizes, across)
        # The channels first: pictures and pixels are summed in one product.
        total += across.reshape(groups, sizes.outputs // groups, -1) @ columns.swapaxes(1, 2)
    return total.reshape(sizes.outputs, sizes.depth, *sizes.kernel)
