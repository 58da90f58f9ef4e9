"""Which values the colours of maps span: those a person looks at, and rarely others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from convlab.document.stack.model import MapColors, MapRange
from convlab.engine.arrays import FloatArray
from convlab.engine.display import Scale, ScaleCurve
from convlab.engine.value_range import (
    ROUNDING,
    RangeFollower,
    nice_ceiling,
    range_floor,
    typical_magnitude,
)
from convlab.layers import Layer
from convlab.layers.graph import INPUT, Graph

MOST_OFF = 1e-4
"""Of values that are more than rounding. Of all layers of a network of 144, two runs of other order
differed by at most 1e-5 of the largest value."""


def wanted_limits(maps: FloatArray, colors: MapColors, noise: float) -> list[float]:
    """Return the largest magnitude that each map would be painted with: one for all, or one each.

    Args:
        maps: ``(C, H, W)``, not made smaller: the range is the same at every zoom.
        colors: What the range follows.
        noise: Magnitudes up to it are rounding.
    """
    groups = maps[:, None] if colors.range is MapRange.MAP else maps[None]
    is_root = colors.curve is ScaleCurve.ROOT
    if colors.is_full:
        found = [float(np.abs(group).max()) for group in groups]
    else:
        found = [typical_magnitude(group, noise, len(groups)) for group in groups]
    pairs = zip(found, groups, strict=True)
    return [
        _raised(limit, group, noise, is_root) if limit > noise else 1.0 for limit, group in pairs
    ]


def _raised(limit: float, group: FloatArray, noise: float, is_root: bool) -> float:
    """Return a limit that leaves rounding neutral.

    A root shows it a hundred times stronger: deep in a network, where all before adds to it, no
    value would be left that is seen. No range for its sake reaches beyond the largest value.
    """
    floor = range_floor(noise, is_root)
    if limit >= floor:
        return limit
    return max(min(floor, float(np.abs(group).max())), range_floor(noise, False))


def noise_after(layer: Layer, noise: float, before: float, after: float) -> float:
    """Return about how far off a layer's values are, whose sums are made in float32.

    What its input is off is taken along: as it is by a layer without weights, for what that leaves
    of the values says nothing of it; else as much larger or smaller as the values have become. Of
    an input that is more than rounding it is a small share at most: errors of single values add up
    by chance, where the bounds of fifty layers on each other would reach beyond all values.

    Args:
        layer: Any.
        noise: How far off its input is.
        before: Largest magnitude of its input.
        after: That of its result.
    """
    carried = 1.0
    if layer.weight_factors:
        noise = min(noise, MOST_OFF * before) if noise < before else noise
        carried = min(layer.gain, after / before) if before else layer.gain
    return ROUNDING * layer.gain * before + carried * noise


def noises_after(graph: Graph, magnitudes: Mapping[int, float]) -> dict[int, float]:
    """Return about how far off the picture is, and what each layer makes of it, by uid.

    Args:
        graph: The layers; all are on.
        magnitudes: The largest of the picture, and of each result that is known.
    """
    noises = {INPUT: 0.0}
    for node in graph:
        if node.uid in magnitudes:
            noise = sum(noises[uid] for uid in node.inputs)
            before = max(magnitudes[uid] for uid in node.inputs)
            noises[node.uid] = noise_after(node.layer, noise, before, magnitudes[node.uid])
    return noises


def signed_scale(maps: FloatArray, curve: ScaleCurve) -> Scale:
    """Return a range for maps ``(C, H, W)`` that are seen by themselves, zero in the middle."""
    limit = nice_ceiling(typical_magnitude(maps))
    return Scale(-limit, limit, curve)


class MapRanges:
    """The ranges of all maps of a live stack, by the uid of their layer; one worker owns it."""

    def __init__(self) -> None:
        self._followers: dict[int, list[RangeFollower]] = {}
        self._unseen: set[int] = set()  # layers whose maps came too soon to be looked at

    def scales(
        self,
        uid: int,
        measure: Callable[[], Sequence[float]],
        colors: MapColors,
        subject: object,
        now: float,
        is_held: bool,
    ) -> tuple[Scale, ...]:
        """Return the range of each map: one for all, or one each; see ``RangeFollower.follow``.

        Args:
            uid: Of the layer.
            measure: Gives the ``wanted_limits``; not called at each frame of a live picture.
            colors: What the range follows.
            subject: What is shown.
            now: Of a clock that only rises [s].
            is_held: A hand drags something.
        """
        if colors.range is MapRange.FIXED:
            return (Scale(-colors.limit, colors.limit, colors.curve),)
        followers = self._followers.get(uid, [])
        subject = subject, colors
        if not followers or not all(each.is_fresh(subject, now, is_held) for each in followers):
            wanted = measure()
            if len(followers) != len(wanted):
                followers = self._followers[uid] = [RangeFollower() for _ in wanted]
            for follower, limit in zip(followers, wanted, strict=True):
                follower.follow(limit, subject, now, is_held)
            self._unseen.discard(uid)
        else:
            self._unseen.add(uid)
        limits = [follower.limit for follower in followers]
        return tuple(Scale(-limit, limit, colors.curve) for limit in limits)

    @property
    def is_settled(self) -> bool:
        """No range is about to follow its map."""
        return not any(map(self.waits, self._followers))

    def waits(self, uid: int) -> bool:
        """Tell whether the range of a layer is about to follow, or has not seen its maps yet."""
        followers = self._followers.get(uid, ())
        return uid in self._unseen or not all(each.is_settled for each in followers)

    def keep(self, uids: Iterable[int]) -> None:
        """Forget all other layers."""
        kept = set(uids)
        self._unseen &= kept
        self._followers = {uid: kept_ for uid, kept_ in self._followers.items() if uid in kept}
