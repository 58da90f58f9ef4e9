"""The small masks of the textbooks, made of a few rows of numbers.

Those with a direction are steered: an edge that runs at any angle is cos · horizontal + sin ·
vertical. As in ``kernel_makers``, angles are counter-clockwise from the horizontal, all is written
for correlation, and the bright side of an edge is on its left, seen along it: left of a vertical
edge (90 degrees), above a horizontal one (0 degrees).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import FloatArray
from convlab.engine.kernel_makers import sides
from convlab.engine.numbers import finite

_Numbers = NDArray[np.float64]

# Scharr, "Optimal operators in digital image processing", 2000: smoothing and slope of 5 cells.
_SCHARR_5 = ([0.0233, 0.2415, 0.4704, 0.2415, 0.0233], [0.0836, 0.3327, 0, -0.3327, -0.0836])

_LAWS = {
    "L5": [1, 4, 6, 4, 1],
    "E5": [-1, -2, 0, 2, 1],
    "S5": [-1, 0, 2, 0, -1],
    "W5": [-1, 2, 0, -2, 1],
    "R5": [1, -4, 6, -4, 1],
}
_RING = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))  # clockwise


def binomial(size: int | Sequence[int]) -> FloatArray:
    """Return the blur whose rows are a row of Pascal's triangle, such as 1 4 6 4 1; the sum is 1.

    Raises:
        ValueError: If a size is not 1 to 63.
    """
    rows, columns = (_pascal(cells) / 2.0 ** (cells - 1) for cells in sides(size))
    return np.outer(rows, columns).astype(np.float32)


def sobel(size: int | Sequence[int] = 3, degrees: float = 90.0) -> FloatArray:
    """Return Sobel's edge detector in whole numbers: a binomial blur along, a slope across.

    >>> sobel(3).tolist()
    [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]

    Args:
        size: Cells, one number or (rows, columns).
        degrees: Where the edge runs.

    Raises:
        ValueError: If a size is not 1 to 63.
    """
    rows, columns = sides(size)
    across = np.outer(_pascal(rows), _slope(columns))
    return _steered(across, np.outer(_slope(rows), _pascal(columns)), degrees)


def scharr(size: int = 3, degrees: float = 90.0) -> FloatArray:
    """Return Scharr's edge detector, which judges all directions more evenly than Sobel's.

    Args:
        size: 3 (whole numbers, 3 10 3) or 5 (slope 1: a ramp that gains 1 per pixel gives 1).
        degrees: Where the edge runs.

    Raises:
        ValueError: If the size is another.
    """
    if size not in (3, 5):
        raise ValueError(f"size {size!r} cannot be used: Scharr's masks have 3 or 5 cells a side")
    smooth, slope = ([3, 10, 3], [1, 0, -1]) if size == 3 else _SCHARR_5
    across = np.outer(smooth, slope)
    return _steered(across, across.T, degrees)


def compass(mask: ArrayLike, turns: int) -> FloatArray:
    """Return a 3×3 mask whose ring goes round by 45 degrees counter-clockwise, ``turns`` times.

    Raises:
        ValueError: If the mask is not 3×3.
    """
    rotated = np.array(mask, np.float32)
    if rotated.shape != (3, 3):
        raise ValueError(f"a mask of shape {rotated.shape} has no ring to turn: give 3×3")
    ring = tuple(np.transpose(_RING))
    rotated[ring] = np.roll(rotated[ring], -turns)
    return rotated


def laws(column: str, row: str) -> FloatArray:
    """Return one of Laws' 25 texture masks: a column times a row.

    (Laws, "Textured image segmentation", 1980.)

    Args:
        column: L5 (level), E5 (edge), S5 (spot), W5 (wave) or R5 (ripple), downwards.
        row: The same, to the right.

    Raises:
        ValueError: If a name is unknown.
    """
    for name in (column, row):
        if name not in _LAWS:
            raise ValueError(f"{name!r} is no row of Laws: choose {', '.join(_LAWS)}")
    return np.outer(_LAWS[column], _LAWS[row]).astype(np.float32)


def _pascal(size: int) -> _Numbers:
    return np.array([math.comb(size - 1, place) for place in range(size)], float)


def _slope(size: int) -> _Numbers:
    """Return left minus right with a binomial blur, such as 1 2 0 -2 -1; one cell has no slope."""
    return np.convolve(_pascal(size - 1), [1, -1]) if size > 1 else np.zeros(1)


def _steered(vertical: _Numbers, horizontal: _Numbers, degrees: float) -> FloatArray:
    """Return the mask of an edge at an angle, from those of a vertical and a horizontal one."""
    angle = math.radians(finite("degrees", degrees))
    across, down = (round(share, 15) for share in (math.sin(angle), math.cos(angle)))  # cos 90° = 0
    return (across * vertical + down * horizontal + 0.0).astype(np.float32)
