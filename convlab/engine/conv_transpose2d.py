"""Transposed convolution: every pixel stamps the kernel, scaled by its value, and stamps add up.

With a stride of s the pixels of the result fall into s × s phases. All pixels of one phase meet the
same cells of the kernel, so each phase is an ordinary correlation with some of the cells, and no
multiplication is spent on the zeros between stamps (the sub-pixel view of Shi et al., "Is the
deconvolution layer the same as a convolutional layer?", 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.algorithms.problem import Problem
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border
from convlab.engine.conv2d import Algorithm, run
from convlab.engine.conv_arguments import to_bias, to_groups, to_numbers, to_picture
from convlab.engine.shapes import Padding, Pair, pair, transposed_size


def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> FloatArray:
    """Stamp the kernel at every pixel, scaled by its value, and add the stamps up.

    Names, order and meaning are PyTorch's. It makes from the result's size of ``conv2d`` the size
    it was made from, and is its gradient with respect to the picture.

    >>> conv_transpose2d([[1, 2]], [[1, 10]], stride=2).tolist()
    [[1.0, 10.0, 2.0, 20.0]]

    Args:
        x: A plane ``(H, W)``, a picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided
            by 255 and uint16 by 65535; other whole numbers, booleans and floats keep their values.
        weight: ``(kh, kw)`` for a plane, else ``(C, O / groups, kh, kw)``; values as they are.
        bias: One number per output channel, added to the sums; a plain number for a plane.
        stride: Distance of the stamps, one number or (rows, columns) [px].
        padding: Pixels cut off at each end of the result, one number or (rows, columns) [px].
        output_padding: Pixels added at the bottom and on the right, as ``stride`` [px]. Smaller
            than the stride or the dilation.
        dilation: Distance between neighbouring cells of the kernel, as ``stride`` [px].
        groups: Split the channels into groups that do not see each other.

    Returns:
        float32 of the same rank as ``x``: ``(H', W')``, ``(O, H', W')`` or ``(N, O, H', W')`` with
        H' = (H - 1)s - 2p + d(k - 1) + output_padding + 1. Inputs are not changed.

    Raises:
        ValueError: If shapes or sizes do not fit; the message has the numbers and a remedy.
    """
    stamping, rank = build_stamping(
        x, weight, bias, stride, padding, output_padding, dilation, groups
    )
    out = stamp(stamping)
    return out.reshape(out.shape[4 - rank :])  # only axes of length 1 go


@dataclass(frozen=True, slots=True, eq=False)
class Stamping:
    """A transposed convolution whose arguments fit each other.

    Attributes:
        x: Pictures ``(N, C, H, W)``, float32, contiguous.
        weight: Kernels ``(C, O / groups, kh, kw)``, float32.
        bias: ``(O,)`` float32, or None.
        stride: Rows, columns [px].
        cut: Pixels cut off at the top and on the left [px].
        dilation: Rows, columns [px].
        groups: Number of groups.
        out_size: Height and width of the result [px]; what no stamp reaches holds the bias.
    """

    x: FloatArray
    weight: FloatArray
    bias: FloatArray | None
    stride: Pair
    cut: Pair
    dilation: Pair
    groups: int
    out_size: Pair


def build_stamping(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: int | Sequence[int],
    padding: int | Sequence[int],
    output_padding: int | Sequence[int],
    dilation: int | Sequence[int],
    groups: int,
) -> tuple[Stamping, int]:
    """Return the checked arguments and the rank of the caller's picture (2, 3 or 4).

    Raises:
        ValueError: If the arguments do not fit each other.
    """
    pictures, kernels = to_picture(x), to_numbers(weight, "weight")
    rank = pictures.ndim
    _check_ranks(pictures, kernels)
    pictures = pictures.reshape((1,) * (4 - rank) + pictures.shape)
    kernels = kernels.reshape((1,) * (4 - kernels.ndim) + kernels.shape)
    groups = _check_groups(pictures.shape[1], kernels.shape, groups)
    steps, gaps = pair(stride, "stride"), pair(dilation, "dilation")
    cut, extra = pair(padding, "padding", 0), pair(output_padding, "output_padding", 0)
    height, width = (
        transposed_size(*numbers)
        for numbers in zip(
            pictures.shape[2:], kernels.shape[2:], cut, extra, steps, gaps, strict=True
        )
    )
    offsets = None if bias is None else to_bias(bias, kernels.shape[1] * groups)
    stamping = Stamping(pictures, kernels, offsets, steps, cut, gaps, groups, (height, width))
    return stamping, rank


def stamp(stamping: Stamping) -> FloatArray:
    """Return ``(N, O, H', W')`` float32, contiguous."""
    kernels = _turned(stamping.weight, stamping.groups)
    down, across = (
        _phases(*numbers)
        for numbers in zip(
            stamping.x.shape[2:],
            stamping.weight.shape[2:],
            stamping.stride,
            stamping.dilation,
            stamping.cut,
            stamping.out_size,
            strict=True,
        )
    )
    whole = len(down) == len(across) == 1
    out = np.empty((len(stamping.x), len(kernels), *stamping.out_size), np.float32)
    for rows in down:
        for columns in across:
            part = _correlate(stamping, kernels, rows, columns)
            if whole and part is not None:
                return np.ascontiguousarray(part)
            place = out[:, :, rows.out, columns.out]
            if part is not None:
                place[...] = part
            else:
                place[...] = 0 if stamping.bias is None else stamping.bias[:, None, None]
    return out


@dataclass(frozen=True, slots=True)
class _Phase:
    """The pixels of the result, along one direction, that meet the same cells of the kernel.

    Attributes:
        out: Where they are in the result.
        cells: The cells they meet, in the turned kernel.
        dilation: Distance of these cells in the picture [px].
        first: The pixel of the picture under the first cell, for the first of them.
        last: The pixel under the last cell, for the last of them, plus one.
    """

    out: slice
    cells: slice
    dilation: int
    first: int
    last: int


def _phases(
    size: int, kernel: int, stride: int, dilation: int, cut: int, out_size: int
) -> list[_Phase]:
    """Return the phases along one direction; those that meet no cell have an empty slice.

    Pixel y of the result, counted before the cut, gets x[i] * w[a] for all i * s + a * d = y.
    """
    phases = []
    common = gcd(stride, dilation)
    for start in range(min(stride, out_size)):
        step, gap = stride // common, dilation // common
        met = [a for a in range(step) if (a * dilation - start - cut) % stride == 0]
        if not met or met[0] >= kernel:
            phases.append(_Phase(slice(start, None, stride), slice(0, 0), gap, 0, 0))
            continue
        count = -(-(kernel - met[0]) // step)
        # The last cell that is met comes first in the turned kernel.
        turned = kernel - 1 - (met[0] + (count - 1) * step)
        first = (start + cut - (met[0] + (count - 1) * step) * dilation) // stride
        last = first + (count - 1) * gap + (out_size - 1 - start) // stride + 1
        phases.append(
            _Phase(slice(start, None, stride), slice(turned, None, step), gap, first, last)
        )
    return phases


def _correlate(
    stamping: Stamping, kernels: FloatArray, rows: _Phase, columns: _Phase
) -> FloatArray | None:
    """Return the pixels of one phase, ``(N, O, h, w)``, or None if no stamp reaches them."""
    height, width = stamping.x.shape[2:]
    cells = kernels[:, :, rows.cells, columns.cells]
    if not cells.size or not (_meets(rows, height) and _meets(columns, width)):
        return None
    seen = stamping.x[:, :, max(rows.first, 0) : rows.last, max(columns.first, 0) : columns.last]
    padding = Padding(
        max(-rows.first, 0),
        max(rows.last - height, 0),
        max(-columns.first, 0),
        max(columns.last - width, 0),
    )
    out_size = (
        rows.last - rows.first - (cells.shape[2] - 1) * rows.dilation,
        columns.last - columns.first - (cells.shape[3] - 1) * columns.dilation,
    )
    problem = Problem(
        np.ascontiguousarray(seen),
        np.ascontiguousarray(cells),
        stamping.bias,
        (1, 1),
        padding,
        (rows.dilation, columns.dilation),
        stamping.groups,
        Border.ZEROS,
        0.0,
        out_size,
    )
    return run(problem, Algorithm.AUTO)


def _meets(phase: _Phase, size: int) -> bool:
    return phase.first < size and phase.last > 0


def _turned(weight: FloatArray, groups: int) -> FloatArray:
    """Return the kernels of the correlation, ``(O, C / groups, kh, kw)``, turned by 180 degrees."""
    channels, outputs, rows, columns = weight.shape
    grouped = weight.reshape(groups, channels // groups, outputs, rows, columns)
    swapped = grouped.swapaxes(1, 2)[..., ::-1, ::-1]
    return swapped.reshape(groups * outputs, channels // groups, rows, columns)


def _check_ranks(x: FloatArray, weight: FloatArray) -> None:
    if (x.ndim == 2 and weight.ndim == 2) or (x.ndim in (3, 4) and weight.ndim == 4):
        return
    raise ValueError(
        f"x of shape {x.shape} and weight of shape {weight.shape} do not go together: "
        "a plane (H, W) takes a weight (kh, kw); "
        "(C, H, W) and (N, C, H, W) take (C, O / groups, kh, kw)"
    )


def _check_groups(channels: int, weight_shape: tuple[int, ...], groups: int) -> int:
    groups = to_groups(groups)
    if channels != weight_shape[0]:
        raise ValueError(
            f"x has {channels} channels but weight of shape {weight_shape} takes "
            f"{weight_shape[0]}: make weight.shape[0] equal to the channels"
        )
    if channels % groups:
        raise ValueError(
            f"{channels} channels cannot be shared among {groups} groups: "
            "make the channels a multiple of groups"
        )
    return groups
