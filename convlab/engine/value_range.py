"""Which values the colours of a map span: those a person looks at, not the single largest one.

A map's range follows the 99.5th percentile of its magnitudes, as a round number. What lies beyond
is clipped. It is never below the noise of rounding, so that nothing is painted as nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2

SHARE = 0.995
"""Of the values inside the range that is chosen."""

ROUNDING = 1e-6
"""Sums in float32 are off by about this share of what was added up."""

_NEUTRAL = 0.01  # rounding noise is painted at most so strong, as a share of the range
_NICE_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_BINS = 1024
_FINE = 64  # the number of a bin from which on it is narrow enough beside its value
_ENOUGH = 1 << 16  # values: of more, whole rows are left out

# The range that is shown stays while the wanted one is within this factor of it ...
_TOLERANCE = 1.5
# ... and follows when it has been outside for so long [s]: a flash of one frame moves nothing.
_PATIENCE = 0.6

_PACE = 0.2  # between two measurements of a live picture [s]


def nice_ceiling(value: float) -> float:
    """Return the next round number at or above a positive value: 27 -> 30, 4 -> 4.

    A live picture's range would otherwise tremble with every frame's noise.
    """
    if not math.isfinite(value) or value <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    for step in _NICE_STEPS:
        if step * power >= value * (1 - ROUNDING):
            return float(f"{step * power:.12g}")
    return 10.0 * power


def typical_magnitude(planes: FloatArray, noise: float = 0.0, parts: int = 1) -> float:
    """Return the magnitude that 99.5 % of the finite values do not exceed.

    Where that is no more than noise, the values above it count alone: a few thin lines on a flat
    picture are what one looks at there.

    Args:
        planes: ``(C, H, W)``. Of very large ones, every n-th row is measured.
        noise: Magnitudes up to it are rounding.
        parts: How many such planes are measured one after another, in the time of one.

    Returns:
        The percentile, at most 1/64 too large; 0 if no finite value exceeds the noise.
    """
    step = max(planes.size * parts // _ENOUGH, 1)
    found = _percentile(_magnitudes(planes[:, ::step]), noise)
    return found if found or step == 1 else _percentile(_magnitudes(planes), noise)


def _magnitudes(planes: FloatArray) -> FloatArray:
    """Return the finite magnitudes as one row."""
    values = np.abs(planes).reshape(1, -1)
    is_finite = np.isfinite(values)
    return values if is_finite.all() else values[is_finite].reshape(1, -1)


def _percentile(magnitudes: FloatArray, noise: float) -> float:
    """Return the least upper end of a narrow bin that 99.5 % do not exceed; 0 if all is noise."""
    is_loud = magnitudes > noise
    count = int(np.count_nonzero(is_loud))
    if count <= (1 - SHARE) * magnitudes.size:
        magnitudes = magnitudes[is_loud].reshape(1, -1)
    rank = SHARE * magnitudes.size
    upper = largest = float(magnitudes.max(initial=0.0))
    while count:
        end = float(np.nextafter(np.float32(upper), np.float32(np.inf)))  # calcHist leaves it out
        bins = cv2.calcHist([magnitudes], [0], None, [_BINS], [0.0, end]).ravel()
        index = int(np.searchsorted(np.cumsum(bins, dtype=np.float64), rank))
        upper = min(upper * (index + 1) / _BINS, largest)
        if index >= _FINE:
            break
    return upper


def range_floor(noise: float, is_root: bool) -> float:
    """Return the least range under which rounding noise of a size is still painted as neutral."""
    return noise / (_NEUTRAL**2 if is_root else _NEUTRAL)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A range that is shown, and since when another one has been wanted [s]."""

    limit: float
    strayed: float | None = None


class RangeFollower:
    """Lets the range of a live picture follow rarely, and never under a hand.

    One for each picture of the screen; one worker owns it.
    """

    def __init__(self) -> None:
        self._shown: _Shown | None = None
        self._subject: object = None
        self._is_behind = False
        self._measured: tuple[object, float, bool] = (None, -math.inf, False)

    @property
    def limit(self) -> float:
        """The range that is shown; 1 before there is one."""
        return 1.0 if self._shown is None else self._shown.limit

    def is_fresh(self, subject: object, now: float, is_held: bool) -> bool:
        """Tell whether the same subject was measured a moment ago: a live picture need not be."""
        before, at, was_held = self._measured
        return now - at < _PACE and is_held == was_held and subject == before

    @property
    def is_settled(self) -> bool:
        """The range that is shown is not about to follow another."""
        return not self._is_behind

    def follow(self, wanted: float, subject: object, now: float, is_held: bool) -> float:
        """Return the range to be shown.

        Args:
            wanted: What the picture would choose by itself.
            subject: What is shown, by equality: where it changes without a hand on it, the range
                follows at once.
            now: Of any clock that only rises [s].
            is_held: A hand drags something: nothing moves until it lets go.
        """
        if self._shown is None or (subject != self._subject and not is_held):
            self._shown = _Shown(nice_ceiling(wanted))
        elif not is_held:
            self._shown = self._followed(self._shown, wanted, now)
        if not is_held:
            self._subject = subject
        self._is_behind = not _serves(self._shown.limit, nice_ceiling(wanted))
        self._measured = subject, now, is_held
        return self._shown.limit

    @staticmethod
    def _followed(shown: _Shown, wanted: float, now: float) -> _Shown:
        limit = nice_ceiling(wanted)
        if _serves(shown.limit, limit):
            return _Shown(shown.limit)
        if shown.strayed is None:
            return _Shown(shown.limit, now)
        return _Shown(limit) if now - shown.strayed >= _PATIENCE else shown


def _serves(shown: float, wanted: float) -> bool:
    return shown / _TOLERANCE <= wanted <= shown * _TOLERANCE
