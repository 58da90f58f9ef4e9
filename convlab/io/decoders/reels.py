"""Files of several pictures: each decoded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.decoders import pillow, tiff
from convlab.io.headers import tiff as header
from convlab.io.headers.claim import Claim, damage_found, require
from convlab.io.headers.survey import Kind

PAGE_TIME = 0.5
"""How long a page is shown: its file says nothing of time [s]."""

_SHORTEST = 0.01  # what is written as shorter, or as so long, was meant for slow machines [s]
_USUAL = 0.1  # such a frame is shown for so long, as browsers do [s]


class Reel(Protocol):
    """The pictures of a file.

    Attributes:
        noun: What one of them is called.
        durations: How long each is shown [s].
    """

    noun: str
    durations: tuple[float, ...]

    def claim(self, number: int) -> Claim:
        """Return what decoding a picture needs."""
        ...

    def decode(self, number: int) -> AnyArray:
        """Return a picture, ``(H, W)`` or RGB ``(H, W, 3)``; uint8, uint16 or float32."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class Pages(Reel):
    """The pages of a TIFF, and the channels of each that are no colours.

    Args:
        data: The file, whose first page was surveyed.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        places = list(header.places(data))
        first = header.page(data, places[0])
        self._of_each = tiff.pictures_in(first)
        self._places = places
        self._pages = {0: first}
        self.noun = "page" if self._of_each == 1 else "channel"
        self.durations = (PAGE_TIME,) * (len(places) * self._of_each)

    def claim(self, number: int) -> Claim:
        """Return what decoding a picture needs."""
        return self._page(number).claim()

    def decode(self, number: int) -> AnyArray:
        """Return a page, or one of its channels."""
        page, at = self._page(number), number % self._of_each
        require(at < tiff.pictures_in(page))  # as many as the first has
        return tiff.decode(self._data, page, at)

    def close(self) -> None:
        """Let go of the file."""
        self._data = b""

    def _page(self, number: int) -> header.Page:
        at = number // self._of_each
        if at not in self._pages:
            with damage_found():
                self._pages = {at: header.page(self._data, self._places[at])}
        return self._pages[at]


class Listed(Reel):
    """Pictures of a file whose number its header tells, each decoded from all of it.

    Args:
        data: The file, which was surveyed.
        claim: What it claims.
        noun: What one of them is called.
        count: How many there are.
        decoder: Decodes one of them.
    """

    def __init__(
        self,
        data: bytes,
        claim: Claim,
        noun: str,
        count: int,
        decoder: Callable[[bytes, int], AnyArray],
    ) -> None:
        self._data, self._claim, self._decoder = data, claim, decoder
        self.noun = noun
        self.durations = (PAGE_TIME,) * count

    def claim(self, number: int) -> Claim:
        """Return what decoding one of them needs."""
        del number
        return self._claim

    def decode(self, number: int) -> AnyArray:
        """Return one of them."""
        return self._decoder(self._data, number)

    def close(self) -> None:
        """Let go of the file."""
        self._data = b""


class Moving(Reel):
    """The frames of a GIF, an animated PNG or WebP, or an AVIF sequence.

    Pillow draws a frame over the one before it: going back begins at the first one again.

    Args:
        data: The file, which was surveyed.
        kind: Which it is.
        claim: What it claims.
        durations: As they are written [s].
        skipped: Pictures before the first frame that are none.
    """

    noun = "frame"

    def __init__(
        self, data: bytes, kind: Kind, claim: Claim, durations: Sequence[float], skipped: int = 0
    ) -> None:
        self._claim = claim
        self._skipped = skipped
        self._image = pillow.opened(data, kind.value)
        self.durations = tuple(time if time > _SHORTEST else _USUAL for time in durations)

    def claim(self, number: int) -> Claim:
        """Return what decoding a frame needs."""
        del number
        return self._claim

    def decode(self, number: int) -> AnyArray:
        """Return a frame, drawn over those before it: always colours, as another may have them."""
        self._image.seek(number + self._skipped)
        pixels = pillow.from_pillow(self._image)
        return pixels if pixels.ndim == 3 else np.repeat(pixels[..., np.newaxis], 3, axis=2)

    def close(self) -> None:
        """Let go of the file."""
        self._image.close()
