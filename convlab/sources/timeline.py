"""When each frame of a film comes: from its packets once they are known, else from its rate."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise, starmap
from operator import lt

MOST_STATED = 1 << 31  # what a header may say is as good as anything
_SAME = 0.4  # of a frame's own time: two times no further apart are one


class Timeline:
    """Turns numbers of frames into times and back.

    Files lie about how many frames they have, and with a variable rate no number follows from a
    time: exact is only what ``learn`` was told.

    Args:
        fps: The rate that the file states [1/s].
        stated: How many frames it says that it has.
    """

    def __init__(self, fps: float, stated: float) -> None:
        self.gap = 1.0 / fps
        """Between two frames where nothing else is known [s]."""
        is_usable = math.isfinite(stated) and 1 <= stated <= MOST_STATED
        self._stated = int(stated) if is_usable else None
        self._found: int | None = None
        self._times: list[float] = []
        self._end: int | None = None

    def learn(self, times: Iterable[float]) -> None:
        """Take the times of all frames [s], in any order.

        Where two are the same, as in MPEG program streams, no frame can be known by its time: then
        only their number is learned.
        """
        ordered = sorted(times)
        self._found, self._end = len(ordered) or None, None
        is_told_apart = all(starmap(lt, pairwise(ordered)))
        self._times = ordered if is_told_apart else []

    def end_at(self, count: int) -> None:
        """Say that no frame could be decoded behind the first ``count``."""
        self._end = count

    @property
    def is_empty(self) -> bool:
        """Not even the first frame could be decoded."""
        return self._end == 0

    @property
    def is_learned(self) -> bool:
        """It is known how many frames there are, whatever the file says."""
        return self._found is not None

    @property
    def is_exact(self) -> bool:
        """The times of all frames are known."""
        return bool(self._times)

    @property
    def count(self) -> int | None:
        """How many frames there are; None: nobody knows."""
        return self._end or self._found or self._stated

    @property
    def duration(self) -> float | None:
        """How long all of it lasts [s]; None: nobody knows."""
        if self._times:
            return self._times[min(self._end or len(self._times), len(self._times)) - 1] + self.gap
        return None if self.count is None else self.count * self.gap

    @property
    def stated_duration(self) -> float | None:
        """How long the file says that it lasts [s]."""
        return None if self._stated is None else self._stated * self.gap

    def time_of(self, number: int) -> float:
        """Return when a frame comes [s]."""
        if number < len(self._times):
            return self._times[number]
        return number * self.gap

    def number_of(self, time: float) -> int:
        """Return the number of the frame that comes at a time [s]."""
        if not self._times:
            return max(0, round(time / self.gap))
        at = bisect_left(self._times, time - _SAME * self.gap)
        near = [each for each in (at, at + 1) if each < len(self._times)]
        return min(near, key=lambda each: abs(self._times[each] - time), default=at - 1)
