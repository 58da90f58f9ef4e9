"""A film in the capture process: any of its frames by its number, and how many there are.

What a header says of the number of frames is often wrong, and a position asked of the player is
met only roughly. So the times of all packets are read beside the playing, undecoded and a little
at a time, and each frame is known by its time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.sources.timeline import Timeline

USUAL_FPS = 30.0
_SLOWEST_FPS, _FASTEST_FPS = 0.1, 240.0
NEAR = 16  # frames ahead are decoded one by one; further ones are jumped to
_COUNTED = 1500  # frames decoded at most to find one that cannot be known by its time
_JUMPS = (0.0, 1.0, 4.0)  # a position that was missed is asked for so much earlier [s]
_KEPT_BYTES = 96 << 20  # of frames before the one that was gone back to
_MOST_KEPT = 24
_LITTLE = 0.9  # of the stated time; files are a little shorter than they say


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that is used, so that tests can stand in for a device."""

    def isOpened(self) -> bool: ...  # noqa: D102
    def read(self) -> tuple[bool, AnyArray]: ...  # noqa: D102
    def grab(self) -> bool: ...  # noqa: D102
    def retrieve(self) -> tuple[bool, AnyArray]: ...  # noqa: D102
    def get(self, propId: int, /) -> float: ...  # noqa: D102
    def set(self, propId: int, value: float, /) -> bool: ...  # noqa: D102
    def release(self) -> None: ...  # noqa: D102


class Shot(NamedTuple):
    """One frame of a film.

    Attributes:
        picture: As it was decoded: grey or BGR.
        number: From 0.
        time: When it comes [s].
    """

    picture: AnyArray
    number: int
    time: float


def usable_fps(fps: float) -> float:
    """Give the rate that a file states, or 30 when it is not a sensible one."""
    return fps if math.isfinite(fps) and _SLOWEST_FPS <= fps <= _FASTEST_FPS else USUAL_FPS


class Film:
    """Reads the frames of a file in their order, from any of them on.

    Args:
        opener: Opens the file; called again to begin again, for not every player can seek.
        packets: The same file, giving packets that are not decoded; None: nothing is looked up.
        working: Called at least once a frame while many are decoded.
    """

    def __init__(
        self,
        opener: Callable[[], Capture],
        packets: Capture | None = None,
        working: Callable[[], None] = lambda: None,
    ) -> None:
        self._opener, self._packets, self._working = opener, packets, working
        self._capture = opener()
        self._found: list[float] = []  # times of packets [s]
        self.fps = usable_fps(self._capture.get(cv2.CAP_PROP_FPS))
        self.timeline = Timeline(self.fps, self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self._next = 0  # wanted
        self._at = 0  # decoded next
        self._time = -1.0  # of what was decoded last [s]
        self._cache: dict[int, Shot] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._capture.release()
        if self._packets is not None:
            self._packets.release()

    # ---- how long it is ----

    @property
    def is_scanning(self) -> bool:
        """Its packets are not all known yet."""
        return self._packets is not None

    def scan(self, limit: float) -> None:
        """Look for packets, for so long at most [s]."""
        end = time.perf_counter() + limit
        while self._packets is not None and time.perf_counter() < end:
            if self._packets.grab():
                self._found.append(_time_of(self._packets))
                continue
            self._packets.release()
            self._packets = None
            self.timeline.learn(self._found)
            self._found = []

    @property
    def remark(self) -> str:
        """What is to be said of it, if anything: that it ends before it should."""
        stated, there = self.timeline.stated_duration, self.timeline.duration
        if not self.timeline.is_learned or stated is None or there is None:
            return ""
        if there >= _LITTLE * stated or stated - there < 4 * self.timeline.gap:
            return ""
        return f"ends after {there:.1f} s of {stated:.1f} s: the rest is missing or damaged."

    # ---- its frames ----

    def seek(self, number: int) -> None:
        """Go on with a frame; behind the last one that is known, with that."""
        count = self.timeline.count
        self._next = max(0, number if count is None else min(number, count - 1))

    def read(self) -> Shot | None:
        """Return the next frame; None: there is none any more."""
        shot = self._cache.get(self._next)
        if shot is None:
            shot = self._decoded(self._next)
        if shot is not None:
            self._next = shot.number + 1
        return shot

    def _decoded(self, number: int) -> Shot | None:
        """Decode a frame, with those before it if it was gone back to."""
        if self._at <= number <= self._at + NEAR:
            return self._forward(number, number)
        self._cache.clear()
        first = number
        if self._at - _MOST_KEPT <= number < self._at:  # who goes back goes back further
            first = max(0, number - self._room() + 1)
        is_grabbed = self._jump(first)
        return self._forward(number, first, is_grabbed)

    def _room(self) -> int:
        """How many frames are kept."""
        size = 3 * self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)
        size *= self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
        return int(min(_MOST_KEPT, max(1.0, _KEPT_BYTES / max(size, 1.0))))

    def _forward(self, number: int, first: int, is_grabbed: bool = False) -> Shot | None:
        """Decode up to a frame, or the next there is; keep those from ``first`` on before it."""
        while is_grabbed or self._grab():
            is_grabbed = False
            at = self._at - 1
            if at < first:
                continue
            ok, picture = self._capture.retrieve()
            if not ok or picture is None:
                continue
            shot = Shot(picture, at, self._time)
            if at >= number:
                return shot
            self._cache[at] = shot
        self.timeline.end_at(self._at)
        return None

    def _grab(self) -> bool:
        """Decode one frame, and note which it is."""
        self._working()
        if not self._capture.grab():
            return False
        now = _time_of(self._capture)
        if now <= self._time:  # it says no time: it comes behind the last
            now = self.timeline.time_of(self._at)
        elif self._at and self.timeline.is_exact:
            number = self.timeline.number_of(now)
            self._at += 0 if number == self._at - 1 else number - self._at
        self._time = now
        self._at += 1
        return True

    def _jump(self, number: int) -> bool:
        """Go to a frame or before it; return whether a frame was decoded in finding out."""
        wanted = self.timeline.time_of(number)
        must_count = self.timeline.is_learned and not self.timeline.is_exact
        for earlier in _JUMPS:
            if number == 0 or wanted <= earlier or (must_count and number <= _COUNTED):
                break
            if not self._capture.set(cv2.CAP_PROP_POS_MSEC, 1000.0 * (wanted - earlier)):
                break
            self._working()
            if not self._capture.grab():
                continue
            now = _time_of(self._capture)
            at = self.timeline.number_of(now)
            if now > 0 and at <= number:
                self._at, self._time = at + 1, now
                return True
        self._rewind()
        return False

    def _rewind(self) -> None:
        self._capture.release()
        self._capture = self._opener()
        self._at, self._time = 0, -1.0


def _time_of(capture: Capture) -> float:
    """Return when the frame or packet comes that was read last [s]."""
    return capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
