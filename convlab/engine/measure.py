"""Exact statistics and counts of all values of a picture, in one pass and on all cores.

A piece of a plane is read once from memory, and from the cache for each figure: of 24 million
pixels five passes took five times as long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from convlab.engine.arrays import AnyArray, ByteArray, FloatArray
from convlab.engine.color import to_unit
from convlab.engine.color_maps import LEVELS
from convlab.engine.cv import cv2
from convlab.engine.display import DisplayMode, Scale, Stats, levels
from convlab.engine.parallel import share
from convlab.engine.value_range import ROUNDING

_TOGETHER = 1 << 17  # values: half a megabyte
_ALONE = 1 << 22  # values; of fewer the threads would cost a live picture more than they save


class Measured(NamedTuple):
    """Statistics of all values, and how often each of the 256 levels occurs, ``(C, 256)`` int64."""

    stats: Stats
    counts: AnyArray


class _Part(NamedTuple):
    """What was found in a piece of a plane."""

    plane: int
    counts: AnyArray
    minimum: float
    maximum: float
    total: float
    power: float
    outside: int


def measure(planes: FloatArray, scale: Scale, mode: DisplayMode) -> Measured:
    """Measure ``(C, H, W)``; sums are taken in float64. Not for a thread of ``parallel.share``.

    Args:
        planes: Finite values.
        scale: The painted range: what lies beyond is clipped, and counted with its ends.
        mode: How values become colours.
    """
    count, height, width = planes.shape
    rows = max(_TOGETHER // width, 1)
    pieces = [(plane, first) for plane in range(count) for first in range(0, height, rows)]
    parts: list[_Part] = []

    def work(rest: Iterator[tuple[int, int]]) -> None:
        for plane, first in rest:
            piece = np.ascontiguousarray(planes[plane, first : first + rows])
            parts.append(_part(plane, piece, scale, mode))

    if planes.size < _ALONE:
        work(iter(pieces))
    else:
        share(work, pieces)
    return Measured(_stats(parts, planes.size), _counts(parts, count))


def measure_bytes(pixels: ByteArray, scale: Scale, mode: DisplayMode) -> Measured:
    """Measure planes of 8 bits ``(C, H, W)``, each a level of 0 to 1, as ``to_unit`` has them."""
    counts = count_levels(pixels)
    occurs = counts.sum(axis=0)
    values = to_unit(np.arange(LEVELS, dtype=np.uint8)).astype(np.float64)
    present = np.flatnonzero(occurs)
    minimum, maximum = float(values[present[0]]), float(values[present[-1]])
    mean = float(occurs @ values) / pixels.size
    std = math.sqrt(float(occurs @ (values - mean) ** 2) / pixels.size)
    low, high = _painted(scale, mode)
    clipped = float(occurs[(values < low) | (values > high)].sum()) / pixels.size
    return Measured(Stats(minimum, maximum, mean, std, clipped), counts)


def count_levels(steps: ByteArray) -> AnyArray:
    """Return how often each of the 256 levels occurs in every plane, ``(C, 256)`` int64."""
    # A histogram counts in float32, which is exact up to 2 ** 24.
    rows = max((1 << 24) // steps.shape[2], 1)
    return np.stack(
        [
            sum(_count(plane[first : first + rows]) for first in range(0, len(plane), rows))
            for plane in steps
        ]
    )


def _count(steps: ByteArray) -> AnyArray:
    counts = cv2.calcHist([steps], [0], None, [LEVELS], [0, LEVELS])
    return np.asarray(counts).ravel().astype(np.int64)


def _part(plane: int, piece: FloatArray, scale: Scale, mode: DisplayMode) -> _Part:
    minimum, maximum, _, _ = cv2.minMaxLoc(piece)
    low, high = _painted(scale, mode)
    below = np.count_nonzero(piece < low) if minimum < low else 0
    above = np.count_nonzero(piece > high) if maximum > high else 0
    total = cv2.sumElems(piece)[0]  # cv2.mean rounds to float32
    power = cv2.norm(piece, cv2.NORM_L2SQR)
    counts = _count(levels(piece[np.newaxis], scale)[0])
    return _Part(plane, counts, minimum, maximum, total, power, int(below + above))


def _painted(scale: Scale, mode: DisplayMode) -> tuple[float, float]:
    """Return the values that are painted as they are, and by how much rounding may miss them."""
    low = -scale.high if mode is DisplayMode.ABSOLUTE else scale.low
    slack = ROUNDING * (scale.high - low)
    return low - slack, scale.high + slack


def _stats(parts: list[_Part], size: int) -> Stats:
    mean = math.fsum(part.total for part in parts) / size
    power = math.fsum(part.power for part in parts) / size
    return Stats(
        minimum=min(part.minimum for part in parts),
        maximum=max(part.maximum for part in parts),
        mean=mean,
        std=math.sqrt(max(power - mean * mean, 0.0)),
        clipped=sum(part.outside for part in parts) / size,
    )


def _counts(parts: list[_Part], planes: int) -> AnyArray:
    counts = np.zeros((planes, LEVELS), np.int64)
    for part in parts:
        counts[part.plane] += part.counts
    return counts
