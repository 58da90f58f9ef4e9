"""What is painted of a signal: all of it, or the band that a long one covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.engine.arrays import AnyArray, frozen

MOST_POINTS = 4000
"""More than a window has pixels to show."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A signal ready to be painted; read-only.

    Attributes:
        times: ``(M,)`` [time]: of each value, or of the middle of each group.
        values: ``(M,)``; of a long signal ``(2, M)``, the least and the largest of each group.
    """

    times: AnyArray
    values: AnyArray


def thinned(values: AnyArray, most: int = MOST_POINTS) -> AnyArray:
    """Return values that can be painted quickly and look the same.

    >>> thinned(np.array([3, 1, 4, 1, 5, 9, 2, 6]), 4).tolist()
    [[1, 2], [4, 9]]

    Args:
        values: ``(N,)``.
        most: The most numbers to return, at least 2.

    Returns:
        The values themselves if there are no more than ``most``; else ``(2, M)``: the least and the
        largest of each of M neighbouring groups, 2 M <= most. No peak is lost.
    """
    if len(values) <= most:
        return values
    groups = _grouped(values, most)
    return np.stack([groups.min(1), groups.max(1)])


def curve(times: AnyArray, values: AnyArray, most: int = MOST_POINTS) -> Curve:
    """Return values ``(N,)`` at times ``(N,)`` as a curve of at most ``most`` numbers."""
    if len(values) > most:
        groups = _grouped(times, most)
        times = (groups[:, 0] + groups[:, -1]) / 2
    return Curve(frozen(times.view()), frozen(thinned(values, most).view()))


def _grouped(values: AnyArray, most: int) -> AnyArray:
    """Return the values in rows of neighbours; the last value fills the last row up."""
    size = -(-len(values) // (most // 2))
    missing = -len(values) % size
    return np.pad(values, (0, missing), "edge").reshape(-1, size)
