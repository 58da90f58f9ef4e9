"""What every source has in common: an error, the protocol and the pace."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from convlab.document.frame import Frame

LONGEST_WAIT = 0.05
"""How long one read may block [s]: a worker that is asked to stop answers within this time."""


class SourceError(Exception):
    """A source cannot be opened or is lost; the text is one message with its remedy."""


class Source(Protocol):
    """Where frames come from. One thread at a time may read it.

    Attributes:
        title: What the window calls it.
        moves: False: ``read`` gives one frame, then None for ever.
    """

    title: str
    moves: bool

    def read(self) -> Frame | None:
        """Give the next frame when it is due, or None; blocks for ``LONGEST_WAIT`` at most.

        Raises:
            SourceError: The source is lost.
        """
        ...

    def close(self) -> None:
        """Let go of what the source holds; may be called twice."""
        ...


class Pacer:
    """Says when the next frame is due, at a given rate.

    Whoever comes late by more than a period starts from now: after a pause nothing is caught up.

    Args:
        fps: Rate [1/s]; None: every frame is due at once.
        clock: Gives the time [s]; tests pass their own.
        sleep: Waits for so many seconds; tests pass their own.

    Attributes:
        period: From the last frame to the next [s]; may be another for each.
    """

    def __init__(
        self,
        fps: float | None,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.period = 1.0 / fps if fps else 0.0
        self._clock = clock
        self._sleep = sleep
        self._last: float | None = None  # when the last frame was due

    def remaining(self) -> float:
        """Time until the next frame is due [s]; 0.0 when it is."""
        return 0.0 if self._last is None else max(0.0, self._last + self.period - self._clock())

    def wait(self, limit: float = LONGEST_WAIT) -> bool:
        """Sleep until the next frame is due, ``limit`` seconds at most; tell whether it is."""
        remaining = self.remaining()
        if remaining > 0.0:
            self._sleep(min(remaining, limit))
        return remaining <= limit

    def advance(self) -> None:
        """Note that a frame was given: the next one is due a period later."""
        now = self._clock()
        due = now if self._last is None else self._last + self.period
        self._last = now if now - due > self.period else due

    def restart(self) -> None:
        """Let the next frame be due at once."""
        self._last = None
