"""The windows along one direction of a picture, and the room that they need around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convlab.engine.arrays import FloatArray
from convlab.engine.shapes import Pair, ceil_padding, effective_size, output_size, pair

# Positions in a plane.
IndexArray = NDArray[np.int64]


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
