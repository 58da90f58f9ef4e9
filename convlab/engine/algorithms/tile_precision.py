"""How exactly a tile has to be transformed, so that its dark places are right beside bright ones.

All pixels of a tile feel each other in its spectrum, and what is rounded there comes back to all of
them. Its size was measured over pictures and kernels of many kinds; here it is compared with the
smallest sum of magnitudes that any window of the tile may have.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convlab.engine.arrays import AnyArray, ByteArray, FloatArray
from convlab.engine.cv import cv2
from convlab.engine.shapes import Pair

ALLOWED = 2e-5
"""How far a sum may be off, in parts of the sum of the magnitudes of its products."""
# The largest error seen was six times the rounding of a number times ``_Kernels.level``.
_SAFETY = 12.0
# Between these a float32 has all its digits, and the sums of a spectrum do not overflow.
_LEAST, _MOST = 1e-25, 1e37
_SHARE = 0.25  # of the weights must lie on pixels that are bright enough


@dataclass(frozen=True, slots=True)
class Weights:
    """What matters of the kernels that slide over one channel.

    Attributes:
        span: Height and width that a dilated kernel covers [px].
        mean: The error that pixels as bright as their root mean square bring to their sums.
        peak: The error that a single bright pixel brings, likewise.
        strength: Largest sum of magnitudes of a kernel.
        shares: Share of the weights that is left at least under any n cells: the smallest n.
    """

    span: Pair
    mean: float
    peak: float
    strength: float
    shares: AnyArray

    @classmethod
    def of(cls, kernels: FloatArray) -> Weights:
        """Sum up kernels ``(O, kh, kw)``."""
        cells = np.sort(np.abs(kernels.reshape(len(kernels), -1)).astype(np.float64))
        sums = cells.sum(axis=1, keepdims=True)
        parts = (cells / np.where(sums == 0.0, 1.0, sums))[sums[:, 0] > 0]
        shares = np.zeros(cells.shape[1] + 1)
        if len(parts):
            shares[1:] = np.cumsum(parts, axis=1).min(axis=0)
        mean = float((1.0 + 2.0 * np.sqrt((parts**2).sum(axis=1))).max(initial=0.0))
        peak = float(parts.max(initial=0.0))
        return cls((kernels.shape[1], kernels.shape[2]), mean, peak, float(sums.max()), shares)

    def most_dark(self, share: float) -> int:
        """Return how many cells may lie on dark pixels so that a share of the weights does not."""
        return len(self.shares) - 1 - int(np.searchsorted(self.shares, share))


def is_bright_enough(tile: FloatArray, weights: Weights) -> bool:
    """Tell whether float32 is exact enough for every window of a tile ``(h, w)``."""
    level = _level(tile, weights, 2.0**-24)
    if level == 0.0:
        return True
    largest = cv2.norm(tile, cv2.NORM_INF) * weights.strength
    if not _LEAST < largest < _MOST / tile.size:
        return False
    dark = _between(tile, level / _SHARE)
    most = weights.most_dark(_SHARE)
    return cv2.countNonZero(dark) <= most or int(_counts(dark, weights.span).max()) <= most


def empty_windows(tiles: FloatArray, weights: Sequence[Weights]) -> AnyArray | None:
    """Return which windows hold zeros only, bool ``(h - kh + 1, w - kw + 1)``.

    None: in others float64 would not be exact enough.

    Args:
        tiles: ``(C, h, w)``, some of them not all zeros.
        weights: Of the kernels of each channel.
    """
    empty: AnyArray | None = None
    for tile, mine in zip(tiles, weights, strict=True):
        level = _level(tile, mine, 2.0**-53)
        if level == 0.0:
            continue  # adds nothing anywhere
        magnitudes = np.abs(tile)
        faintest = float(magnitudes[magnitudes > 0.0].min())
        counts = _counts(_between(tile, 0.0), mine.span)
        is_empty = counts == math.prod(mine.span)
        if not (is_empty | (counts <= mine.most_dark(level / faintest))).all():
            return None
        if empty is not None and not np.array_equal(empty, is_empty):
            return None  # one channel's rounding would be felt where another is alone
        empty = is_empty
    return empty


def _level(tile: FloatArray, weights: Weights, rounding: float) -> float:
    """Return how bright the pixels of a window must be on average, by the kernel's weights."""
    mean = cv2.norm(tile, cv2.NORM_L2) / math.sqrt(tile.size)
    peak = cv2.norm(tile, cv2.NORM_INF)
    return _SAFETY * rounding / ALLOWED * (weights.mean * mean + weights.peak * peak)


def _between(tile: FloatArray, limit: float) -> ByteArray:
    """Return 1 where a pixel's magnitude is not above a limit, 0 elsewhere."""
    return np.asarray(cv2.inRange(tile, -limit, limit) // 255, np.uint8)


def _counts(dark: ByteArray, span: Pair) -> AnyArray:
    """Return how many pixels of each window are dark."""
    rows, columns = span
    sums = cv2.boxFilter(
        dark,
        cv2.CV_32S,
        (columns, rows),
        anchor=(0, 0),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    return np.asarray(sums)[: dark.shape[0] - rows + 1, : dark.shape[1] - columns + 1]
