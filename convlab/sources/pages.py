"""A file of several pictures: an animation that plays, or pages that are looked through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

from convlab.document.asset import Asset
from convlab.document.frame import FRAME, Frame, Moment, own_scale
from convlab.engine.arrays import AnyArray
from convlab.sources.base import SourceError
from convlab.sources.timed import TimedSource


class Pictures(Protocol):
    """The pictures of a file."""

    @property
    def noun(self) -> str:
        """What one of them is called: only a frame plays by itself."""

    @property
    def durations(self) -> Sequence[float]:
        """How long each is seen [s]."""

    def frame(self, number: int) -> AnyArray:
        """Decode one of them."""

    def close(self) -> None:
        """Let go of the file."""
        """Let go of the file."""


class PageSource(TimedSource):
    """Plays the frames of an animation by their own times; pages stand until one is asked for.

    Args:
        pictures: Two or more.
        title: What the window calls it.
        asset: The encoded file, for the document to keep.
        damaged: What they raise where one cannot be decoded: a message for people.
    """

    def __init__(
        self,
        pictures: Pictures,
        title: str,
        asset: Asset | None = None,
        damaged: type[Exception] = ValueError,
    ) -> None:
        super().__init__(title)
        self.asset = asset
        self._pictures = pictures
        self._damaged = damaged
        self.stands = pictures.noun != FRAME
        self._gaps = pictures.durations
        self._times = [0.0, *accumulate(self._gaps)]
        self._next = 0
        self._is_closed = False

    def go_to(self, number: int) -> None:
        """Give a frame next, at once; behind the last one, that."""
        self._next = min(max(0, number), len(self._gaps) - 1)
        self.is_seeking = self.moves = True

    def read(self) -> Frame | None:
        """Give the next frame when it is due, or None.

        Raises:
            SourceError: It cannot be read any further.
        """
        if self._is_closed or not self.moves:
            return None
        if self._next >= len(self._gaps):
            return self._end(len(self._gaps))
        last = self._moment
        if self.is_seeking or last is None:
            self._pacer.restart()
        elif not self._is_due(self._gaps[last.number]):
            return None
        number, self._next, self.is_seeking = self._next, self._next + 1, False
        try:
            pixels = self._pictures.frame(number)
        except self._damaged as error:
            self._pass_over(number, str(error))
            return None
        self.remark = ""
        moment, scale = self._moment_of(number), own_scale(pixels)
        return self._given(Frame(pixels, 0, 0.0, moment=moment, scale=scale))

    def _pass_over(self, number: int, why: str) -> None:
        """Say that a picture cannot be had, and go on with the next."""
        self.remark = why
        if self._last is None and number == len(self._gaps) - 1:
            raise SourceError(why)  # it was the last of them all

    def close(self) -> None:
        """Let go of the file."""
        self._is_closed = True
        self._pictures.close()

    def _begin_again(self) -> None:
        self._next, self.moves = 0, True

    def _moment_of(self, number: int) -> Moment:
        count = len(self._gaps)
        if self.stands:
            return Moment(number, count, noun=self._pictures.noun)
        return Moment(number, count, self._times[number], self._times[-1])
