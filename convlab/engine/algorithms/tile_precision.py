"""How exactly a tile has to be transformed, so that its dark places are right beside bright ones.

All pixels of a tile feel each other in its spectrum, and what is rounded there comes back to all of
them. Its size was measured over pictures and kernels of many kinds; here it is compared with the
smallest sum of magnitudes that any window of the tile may have.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from convlab.engine.arrays import AnyArray, ByteArray, FloatArray
from convlab.engine.cv import cv2
from convlab.engine.shapes import Pair

# First row and last plus one, first column and last plus one.
Frame: TypeAlias = tuple[Pair, Pair]

ALLOWED = 2e-5
"""How far a sum may be off, in parts of the sum of the magnitudes of its products."""
# The largest error seen was six times as large as ``_level`` without it.
_SAFETY = 10.0
# Between these a float32 has all its digits, and the sums of a spectrum do not overflow.
_LEAST, _MOST = 1e-25, 1e37
# The spectrum of a kernel is looked at in twice as many places as it has cells: between two of them
# it may be so much larger (Ehlich and Zeller, 1964), along one direction at least.
_BETWEEN = math.sqrt(2.0)


@dataclass(frozen=True, slots=True)
class Weights:
    """What matters of the kernels that slide over one channel.

    Attributes:
        span: Height and width that a dilated kernel covers [px].
        mean: The error that pixels as bright as their root mean square bring to their sums.
        peak: The error that a single bright pixel brings, likewise.
        strength: Largest sum of magnitudes of a kernel.
        parts: Magnitudes ``(O, kh, kw)`` in parts of their sum, of kernels that are not all zeros.
        shares: Share of the weights that is left at least under any n cells: the smallest n.
    """

    span: Pair
    mean: float
    peak: float
    strength: float
    parts: AnyArray
    shares: AnyArray

    @classmethod
    def of(cls, kernels: FloatArray) -> Weights:
        """Sum up kernels ``(O, kh, kw)``."""
        rows, columns = kernels.shape[1:]
        sums = np.abs(kernels).sum(axis=(1, 2), dtype=np.float64)
        used = kernels[sums > 0.0] / sums[sums > 0.0, None, None]
        spectrum = np.abs(np.fft.rfft2(used, (2 * rows, 2 * columns))).max((1, 2), initial=0.0)
        parts = np.abs(used)
        cells = parts.reshape(len(parts), rows * columns)
        means = np.minimum(_BETWEEN * spectrum, 1.0) + 2.0 * np.sqrt((cells**2).sum(axis=1))
        shares = np.zeros(rows * columns + 1)
        if len(cells):
            shares[1:] = np.cumsum(np.sort(cells), axis=1).min(axis=0)
        mean, peak = float(means.max(initial=0.0)), float(parts.max(initial=0.0))
        return cls((rows, columns), mean, peak, float(sums.max()), parts, shares)

    def most_dark(self, share: Any) -> Any:
        """Return how many cells may lie on dark pixels so that a share of the weights does not."""
        return len(self.shares) - 1 - np.searchsorted(self.shares, share)

    def share_inside(self, rows: AnyArray, columns: AnyArray) -> AnyArray:
        """Return the least share of the weights that lies in these rows and columns of the kernel.

        Args:
            rows: First and last plus one ``(2, m)``.
            columns: The same ``(2, n)``.

        Returns:
            ``(m, n)``.
        """
        sums = np.zeros((len(self.parts), self.span[0] + 1, self.span[1] + 1))
        sums[:, 1:, 1:] = self.parts.cumsum(axis=1).cumsum(axis=2)
        tall = sums[:, rows[1]] - sums[:, rows[0]]
        share: AnyArray = (tall[:, :, columns[1]] - tall[:, :, columns[0]]).min(axis=0)
        return share


class Light(NamedTuple):
    """How bright the pixels of a tile are: root mean square, and largest magnitude."""

    mean: float
    peak: float

    @classmethod
    def of(cls, tile: FloatArray) -> Light:
        """Look at a tile ``(h, w)``."""
        mean = cv2.norm(tile, cv2.NORM_L2) / math.sqrt(tile.size)
        return cls(mean, cv2.norm(tile, cv2.NORM_INF))


def is_bright_enough(
    tile: FloatArray, weights: Weights, frame: Frame, light: Light | None = None
) -> bool:
    """Tell whether float32 is exact enough for every window of a tile ``(h, w)``.

    Args:
        tile: The pixels.
        weights: Of the kernels that slide over them.
        frame: Where the tile is more than padding with zeros.
        light: Of the tile; None: it is looked at.
    """
    light = light or Light.of(tile)
    level = _level(light, weights, 2.0**-24)
    if level == 0.0:
        return True
    largest = light.peak * weights.strength
    if not _LEAST < largest < _MOST / tile.size:
        return False
    (rows, row), (columns, column) = (
        _runs(ends, size, cells)
        for ends, size, cells in zip(frame, tile.shape, weights.span, strict=True)
    )
    inside = weights.share_inside(rows, columns)
    least = float(inside.min())
    if least <= 0.0:
        return False
    # A window with so many dark pixels has half of the least share on others, twice as bright.
    most = weights.most_dark(1.0 - inside + least / 2.0)
    seen = tile[slice(*frame[0]), slice(*frame[1])]
    found = _up_to(2.0 * level / least, np.abs(seen))
    if cv2.countNonZero(found) <= most.min():
        return True
    dark = np.zeros(tile.shape, np.uint8)
    dark[slice(*frame[0]), slice(*frame[1])] = found
    counts = _counts(dark, weights.span)
    highest = np.maximum.reduceat(np.maximum.reduceat(counts, row, axis=0), column, axis=1)
    return bool((highest <= most).all())


@lru_cache(maxsize=64)  # most tiles lie alike
def _runs(ends: Pair, size: int, cells: int) -> tuple[AnyArray, AnyArray]:
    """Return which cells of a kernel lie between two ends, and from which window on.

    First and last plus one, ``(2, n)``, each different from the one before; n windows.
    """
    places = np.clip(np.array(ends)[:, np.newaxis] - np.arange(size - cells + 1), 0, cells)
    first = np.flatnonzero((np.diff(places, prepend=-1) != 0).any(axis=0))
    return places[:, first], first


def empty_windows(
    tiles: FloatArray, weights: Sequence[Weights], lights: Sequence[Light] | None = None
) -> AnyArray | None:
    """Return which windows hold zeros only, bool ``(h - kh + 1, w - kw + 1)``.

    None: in others float64 would not be exact enough.

    Args:
        tiles: ``(C, h, w)``, some of them not all zeros.
        weights: Of the kernels of each channel.
        lights: Of each channel; None: they are looked at.
    """
    empty: AnyArray | None = None
    lights = lights or [Light.of(tile) for tile in tiles]
    for tile, mine, light in zip(tiles, weights, lights, strict=True):
        level = _level(light, mine, 2.0**-53)
        if level == 0.0:
            continue  # adds nothing anywhere
        magnitudes = np.abs(tile)
        counts = _counts(_up_to(0.0, magnitudes), mine.span)
        is_empty = counts == math.prod(mine.span)
        if not (is_empty | (counts <= mine.most_dark(level / _faintest(magnitudes)))).all():
            return None
        if empty is not None and not np.array_equal(empty, is_empty):
            return None  # one channel's rounding would be felt where another is alone
        empty = is_empty
    return empty


def _faintest(magnitudes: FloatArray) -> float:
    """Return the smallest magnitude above zero; not all are zero."""
    # As whole numbers floats are in the same order, and what is one less than zero is the largest.
    before = magnitudes.view(np.uint32) - np.uint32(1)
    return float((before.min() + np.uint32(1)).view(np.float32))


def _level(light: Light, weights: Weights, rounding: float) -> float:
    """Return how bright the pixels of a window must be on average, by the kernel's weights."""
    return _SAFETY * rounding / ALLOWED * (weights.mean * light.mean + weights.peak * light.peak)


def _up_to(limit: float, magnitudes: FloatArray) -> ByteArray:
    """Return 1 where a magnitude is not above a limit, 0 elsewhere."""
    return (magnitudes <= np.float32(limit)).view(np.uint8)


def _counts(dark: ByteArray, span: Pair) -> AnyArray:
    """Return how many pixels of each window are dark."""
    rows, columns = span
    sums = cv2.boxFilter(
        dark,
        cv2.CV_16U if rows * columns < 1 << 16 else cv2.CV_32S,
        (columns, rows),
        anchor=(0, 0),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    return np.asarray(sums)[: dark.shape[0] - rows + 1, : dark.shape[1] - columns + 1]
