"""How alive the maps of a layer are: share of zeros, dead ones, saturated ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from weakref import ref

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.cv import cv2
from convlab.engine.display import DisplayMode, Histogram, Scale, Stats, histogram
from convlab.engine.measure import measure
from convlab.layers import Layer, Sigmoid, Tanh
from convlab.layers.base import WeightedLayer

PACE = 0.5
"""What changes all the time is measured this often [s]."""

AT_END = 0.01  # of the whole span of a sigmoid: this near to an end, its slope is nearly 0
SATURATED = 0.95  # of the values of a map at the ends

_ENDS: dict[type[Layer], tuple[float, float]] = {Sigmoid: (0.0, 1.0), Tanh: (-1.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Activity:
    """How alive the maps of one layer are.

    Attributes:
        zeros: Share of the values that are exactly 0, of each map.
        dead: Numbers of the maps that are 0 everywhere behind an activation.
        saturated: Numbers of the maps whose values are nearly all at an end of a sigmoid.
        clipped: Share of all values that lie beyond the range of the colours.
    """

    zeros: tuple[float, ...]
    dead: tuple[int, ...] = ()
    saturated: tuple[int, ...] = ()
    clipped: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class MapStatistics:
    """Exact figures of one map.

    Attributes:
        stats: Least, largest, mean, standard deviation.
        zeros: Share of the values that are exactly 0.
        negative: Share of the values below 0.
        histogram: On the scale of its colours.
    """

    stats: Stats
    zeros: float
    negative: float
    histogram: Histogram


class _Known(NamedTuple):
    """What is known of a layer.

    Attributes:
        activity: As it was measured last.
        maps: Of which; they are not kept alive.
        scales: On which.
        seen: The maps that were there last.
        since: When maps were there first that are not measured yet [s]; None: all are.
    """

    activity: Activity
    maps: ref[FloatArray]
    scales: Sequence[Scale]
    seen: ref[FloatArray]
    since: float | None


class Activities:
    """How alive all layers of a stack are, by their uid; one worker owns it.

    Counting every value takes as long as painting it: an edit and a live picture do not wait for
    that. What stands is measured when it is looked at again, what changes now and then.
    """

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}

    def last(self, uid: int) -> Activity | None:
        """Return what was measured last of a layer."""
        known = self._known.get(uid)
        return None if known is None else known.activity

    def is_due(self, uid: int, maps: FloatArray, scales: Sequence[Scale], now: float) -> bool:
        """Tell whether a layer is to be measured now.

        Args:
            uid: Of the layer.
            maps: ``(C, H, W)``.
            scales: Range of the colours of each map.
            now: Of a clock that only rises [s].
        """
        known = self._known.get(uid)
        if known is None or len(known.activity.zeros) != len(maps):
            return True
        if known.maps() is maps and known.scales == scales:
            self._known[uid] = known._replace(seen=ref(maps), since=None)
            return False
        since = now if known.since is None else known.since
        self._known[uid] = known._replace(seen=ref(maps), since=since)
        return known.seen() is maps or now - since >= PACE

    def measure(
        self,
        uid: int,
        layer: Layer,
        maps: FloatArray,
        scales: Sequence[Scale],
        values: FloatArray | None = None,
    ) -> Activity:
        """Return how alive the maps are that a layer gave.

        Args:
            uid: As of ``is_due``; so are the maps and the scales.
            layer: It.
            maps: ``(C, H, W)``.
            scales: Range of the colours of each map.
            values: What of the maps the layer gave, unless it is all.
        """
        activity = activity_of(layer, maps if values is None else values, scales)
        self._known[uid] = _Known(activity, ref(maps), scales, ref(maps), None)
        return activity

    @property
    def is_settled(self) -> bool:
        """All that is known is of what is there."""
        return all(known.since is None for known in self._known.values())

    def keep(self, uids: Iterable[int]) -> None:
        """Forget all other layers."""
        self._known = {uid: self._known[uid] for uid in uids if uid in self._known}


def activity_of(layer: Layer, maps: FloatArray, scales: Sequence[Scale] = ()) -> Activity:
    """Return how alive maps ``(C, H, W)`` are that a layer gave, painted in ranges."""
    flat = maps.reshape(len(maps), -1)
    zeros = _shares(flat == 0)
    # A convolution of all zeros is a matter of its weights; what a ReLU silences learns no more.
    # A single value, as in a vector, is 0 for every other picture.
    can_die = flat.shape[1] > 1 and not isinstance(layer, WeightedLayer)
    dead = _those(zeros, 1.0) if can_die else ()
    ends = _ENDS.get(type(layer))
    saturated = () if ends is None else _those(_shares_at(flat, *ends), SATURATED)
    return Activity(zeros, dead, saturated, _beyond(flat, scales))


def _beyond(flat: FloatArray, scales: Sequence[Scale]) -> float:
    """Return the share of all values that are beyond the range of their map's colours."""
    if not scales:
        return 0.0
    if len(set(scales)) == 1:
        low, high = scales[0].low, scales[0].high
        return float(np.count_nonzero(flat < low) + np.count_nonzero(flat > high)) / flat.size
    lows = np.array([[scale.low] for scale in scales], np.float32)
    highs = np.array([[scale.high] for scale in scales], np.float32)
    part = flat[: len(scales)]
    return float(np.count_nonzero(part < lows) + np.count_nonzero(part > highs)) / flat.size


def statistics_of(plane: FloatArray, scale: Scale) -> MapStatistics:
    """Return the figures of a map ``(H, W)`` painted on a scale."""
    planes = np.ascontiguousarray(plane[np.newaxis])
    zeros = 1.0 - cv2.countNonZero(planes[0]) / plane.size
    negative = float(np.count_nonzero(plane < 0.0)) / plane.size
    found = measure(planes, scale, DisplayMode.SIGNED)
    return MapStatistics(found.stats, zeros, negative, histogram(found.counts, scale))


def _those(shares: tuple[float, ...], least: float) -> tuple[int, ...]:
    return tuple(number for number, share in enumerate(shares) if share >= least)


def _shares_at(flat: FloatArray, low: float, high: float) -> tuple[float, ...]:
    """Return the share of each map's values that are near one of the two ends."""
    near = AT_END * (high - low)
    middle, reach = (low + high) / 2, (high - low) / 2 - near
    return _shares(np.abs(flat - middle) >= reach)


def _shares(flags: AnyArray) -> tuple[float, ...]:
    """Return the share of each row that is true: hundreds of small maps at once."""
    counts = cv2.reduce(flags.view(np.uint8), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    return tuple((counts[:, 0] / flags.shape[1]).tolist())
