"""The convolution of a signal with g as a matrix: one row of weights for each value of the result.

The same as ``weight_matrix`` in one dimension, but flipped as convolution wants it, and with the
cells counted in g.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.conv1d import Mode, kept_part, to_signal
from convlab.engine.naming import parse_name
from convlab.engine.shapes import check_whole
from convlab.engine.weight_matrix import LARGEST, ZERO, WeightMatrix, weight_matrix


def signal_matrix(
    g: ArrayLike, count: int, mode: str = "full", is_flipped: bool = True
) -> WeightMatrix:
    """Write the convolution of a signal with g as a matrix: ``values @ f`` is ``conv1d(f, g)``.

    >>> signal_matrix([5, 3], 4, "valid").values.tolist()
    [[3.0, 5.0, 0.0, 0.0], [0.0, 3.0, 5.0, 0.0], [0.0, 0.0, 3.0, 5.0]]

    Args:
        g: A signal ``(G,)``.
        count: Values of the signal f it will be multiplied with.
        mode: As in ``conv1d``.
        is_flipped: False is correlation: convolution with g flipped.

    Returns:
        values and cells are ``(n, count)``; the cells are indices into g, -1 (``ZERO``) for a
        structural zero. Kernel and sizes are those of one row: ``(1, G)``.

    Raises:
        ValueError: If g is no signal, the mode is unknown or the matrix would be too large.
    """
    part = parse_name(Mode, mode, "mode")
    weights = to_signal(g, "g")
    check_whole("count", count, 1)
    kept = kept_part(part, count, len(weights))
    rows = kept.stop - kept.start
    if rows * count > LARGEST:
        raise ValueError(
            f"a matrix of {rows} × {count} is too large to look at: take fewer samples"
        )
    # Value n of the full result lies G − 1 − n zeros before the signal's start.
    before = len(weights) - 1 - kept.start
    padding = (0, 0, before, rows + len(weights) - 1 - count - before)
    laid = weights[::-1] if is_flipped else weights
    matrix = weight_matrix(laid[np.newaxis], (1, count), padding=padding)
    if not is_flipped:
        return matrix
    cells = np.where(matrix.cells == ZERO, ZERO, len(weights) - 1 - matrix.cells)
    return replace(matrix, cells=cells, kernel=matrix.kernel[:, ::-1])
