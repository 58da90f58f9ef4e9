"""Where in its plane the largest value of each window lies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.pool import max_pool2d_winners
from convlab.engine.pool_axis import IndexArray


def winning_pixels(x: ArrayLike, kernel_size: Any, **options: Any) -> IndexArray:
    """Row * W + column of each winner; of no pixel where a window meets the padding only."""
    _, cells, rows, columns = max_pool2d_winners(x, kernel_size, **options)
    steps = np.arange(rows.kernel)[:, None] * (rows.dilation * columns.size)
    offsets = (steps + np.arange(columns.kernel) * columns.dilation).ravel()
    index: IndexArray = offsets[cells] + rows.starts()[:, None] * columns.size + columns.starts()
    return index
