"""What each cell of a kernel meets, as a view."""

from __future__ import annotations

import numpy as np

from convlab.engine.algorithms.problem import Sizes
from convlab.engine.arrays import AnyArray


def patches(planes: AnyArray, sizes: Sizes) -> AnyArray:
    """Return the pixels under every cell of the kernel at every position.

    Args:
        planes: Pictures with their padding ``(N, C, H, W)``; there is no copy if they are
            contiguous, or channels last.
        sizes: Of the convolution.

    Returns:
        ``(N, C, kh, kw, H', W')``.
    """
    memory = planes if planes.flags.c_contiguous else planes.transpose(0, 2, 3, 1)
    if not memory.flags.c_contiguous:  # sides that are 1 long may have any strides
        planes = memory = np.ascontiguousarray(planes)
    picture, channel, row, column = planes.strides
    (down, across), (gap, side_gap) = sizes.stride, sizes.dilation
    return np.ndarray(
        (*planes.shape[:2], *sizes.kernel, *sizes.result),
        planes.dtype,
        memory,
        strides=(picture, channel, gap * row, side_gap * column, down * row, across * column),
    )
