"""The slow, obvious convolution: the oracle of the tests.

It shares no code with the fast paths: no padded copy is made, each pixel is looked up by the rule
of the border.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convlab.engine.arrays import AnyArray
from convlab.engine.border import Border
from convlab.engine.shapes import Padding, Pair


def conv2d_reference(
    x: AnyArray,
    weight: AnyArray,
    bias: AnyArray | None,
    stride: Pair,
    padding: Padding,
    dilation: Pair,
    groups: int,
    border: Border,
    value: float,
    flip: bool,
) -> AnyArray:
    """Return every sum of products, one output pixel after the other, in float64.

    Args:
        x: ``(N, C, H, W)``.
        weight: ``(O, C / groups, kh, kw)``.
        bias: ``(O,)`` or None.
        stride: Rows, columns.
        padding: Cells added on each side.
        dilation: Rows, columns.
        groups: Number of groups.
        border: What lies beyond the edge.
        value: What it holds under ``Border.CONSTANT``.
        flip: Turn the kernel by 180 degrees first: true convolution.

    Returns:
        ``(N, O, H', W')`` of the type of ``x``.
    """
    kernels = weight.astype(np.float64)
    if flip:
        kernels = kernels[:, :, ::-1, ::-1]
    outputs, depth, rows, columns = weight.shape
    span = dilation[0] * (rows - 1) + 1, dilation[1] * (columns - 1) + 1
    height = (x.shape[2] + padding.top + padding.bottom - span[0]) // stride[0] + 1
    width = (x.shape[3] + padding.left + padding.right - span[1]) // stride[1] + 1
    out = np.empty((len(x), outputs, height, width))
    for n, o, i, j in np.ndindex(out.shape):
        first = o // (outputs // groups) * depth
        top, left = i * stride[0] - padding.top, j * stride[1] - padding.left
        patch = np.empty((depth, rows, columns))
        for row in range(rows):
            for column in range(columns):
                y, z = top + row * dilation[0], left + column * dilation[1]
                patch[:, row, column] = _pixel(x[n, first : first + depth], y, z, border, value)
        with np.errstate(all="ignore"):  # an infinity and its opposite make NaN by right
            out[n, o, i, j] = (patch * kernels[o]).sum() + (0.0 if bias is None else bias[o])
    with np.errstate(over="ignore"):  # beyond float32 becomes infinite
        return out.astype(x.dtype)


def _pixel(
    planes: AnyArray, row: int, column: int, border: Border, value: float
) -> NDArray[np.float64]:
    """Return the values of all planes at one place, inside the picture or beyond its edge."""
    y = _place(row, planes.shape[1], border)
    z = _place(column, planes.shape[2], border)
    if y is None or z is None:
        outside = value if border is Border.CONSTANT else 0.0
        return np.full(len(planes), outside, np.float64)
    return planes[:, y, z].astype(np.float64)


def _place(index: int, size: int, border: Border) -> int | None:
    """Return the pixel that stands for an index, or None where the border has a fixed value."""
    if 0 <= index < size:
        return index
    match border:
        case Border.REPLICATE:
            return 0 if index < 0 else size - 1
        case Border.REFLECT:
            return -index if index < 0 else 2 * (size - 1) - index
        case Border.CIRCULAR:
            return index % size
        case _:
            return None
