"""What sources with a time line have in common: they play, stop, and go to any of their frames."""

from __future__ import annotations

import time
from dataclasses import replace

from convlab.document.frame import Frame, Moment
from convlab.document.playback import Playback
from convlab.sources.base import Pacer


class TimedSource:
    """The base of films and of files with several pictures; to pause it, do not read it.

    Attributes:
        title: What the window calls it.
        moves: Another frame comes by itself; behind the last one only in a loop.
        stands: It does not play by itself when it is opened: pages wait for a hand.
        is_seeking: A frame was asked for that was not given yet.
        remark: What is to be said of it as it is now, with its title; "" is nothing.
    """

    stands = False
    is_seeking = False
    remark = ""

    def __init__(self, title: str) -> None:
        self.title = title
        self._playback = Playback()
        self._pacer = Pacer(None)
        self._last: Frame | None = None  # given
        self._index = 0
        self.moves = True

    def set_playback(self, playback: Playback) -> None:
        """Play otherwise from now on."""
        self._playback = playback
        if playback.loop and not self.moves:
            self._begin_again()

    def go_to(self, number: int) -> None:
        """Give a frame next, at once; behind the last one, that."""
        raise NotImplementedError

    def read(self) -> Frame | None:
        """Give the next frame when it is due, or None.

        Raises:
            SourceError: It cannot be read any further.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of what it holds; may be called twice."""
        raise NotImplementedError

    def _begin_again(self) -> None:
        """Go on with the first frame."""
        raise NotImplementedError

    def _is_due(self, gap: float) -> bool:
        """Wait until the next frame is due, but not for long.

        Args:
            gap: From the last frame to the next, at its own speed [s].
        """
        factor = self._playback.speed.factor
        self._pacer.period = max(gap, 0.0) / factor if factor else 0.0
        return self._pacer.wait()

    def _given(self, frame: Frame) -> Frame:
        """Number a frame that is given now; what it waited for until then is no delay."""
        self._pacer.advance()
        self._last = replace(frame, index=self._index, captured_at=time.perf_counter())
        self._index += 1
        return self._last

    @property
    def _moment(self) -> Moment | None:
        """Where the frame stands that was given last."""
        return None if self._last is None else self._last.moment

    def _end(self, count: int | None) -> Frame | None:
        """Begin again or stop; the last frame comes once more if it did not say that it is one."""
        if self._playback.loop:
            self._begin_again()
            return None
        self.moves = self.is_seeking = False
        moment = self._moment
        if self._last is None or moment is None or moment.count == count:
            return None
        return self._given(replace(self._last, moment=replace(moment, count=count)))
