"""The pictures of one file, one after another: GIF, APNG, WebP, AVIF, pages of a TIFF."""

from __future__ import annotations

from collections import OrderedDict
from typing import Self

from convlab.engine.arrays import AnyArray, frozen
from convlab.io.decoders import exr, fits, reels
from convlab.io.decoders.reels import Reel
from convlab.io.headers import boxes, gif, png, riff
from convlab.io.headers import exr as exr_header
from convlab.io.headers import fits as fits_header
from convlab.io.headers.claim import Claim, damage_found
from convlab.io.headers.survey import Kind, kind_of
from convlab.io.images import check_claim, check_image, decode_image, user_facing

_MOST_BYTES = 96 << 20  # of pictures that are kept
_MOST_KEPT = 64


class Frames:
    """The pictures of one file; each is decoded when it is asked for, and the last are kept.

    One thread at a time may use it. It is a context manager that closes itself.

    Attributes:
        noun: What one of them is called: "frame", "page" or "channel"; "picture" if it is one.
        durations: How long each is shown [s], always more than 0; a page half a second.
    """

    def __init__(self, reel: Reel, size: int, name: str) -> None:
        self.noun = reel.noun
        self.durations = reel.durations
        self._reel = reel
        self._size = size
        self._name = name
        self._decoded: OrderedDict[int, AnyArray] = OrderedDict()

    @property
    def count(self) -> int:
        """How many there are, at least 1."""
        return len(self.durations)

    def frame(self, number: int) -> AnyArray:
        """Return a picture as ``decode_image`` does; pages may differ in size and type.

        Args:
            number: 0 to ``count`` − 1. The next one is cheap; an earlier one that is not kept any
                more takes as long as all before it.

        Raises:
            ImageLoadError: It is damaged or too large; the others may still be had.
            IndexError: There is none of that number.
        """
        if not 0 <= number < self.count:
            raise IndexError(f"there is no {self.noun} {number} of {self.count}")
        if number not in self._decoded:
            with user_facing(self._name):
                check_claim(self._reel.claim(number), self._size, self._name)
                self._keep(number, frozen(self._reel.decode(number)))
        self._decoded.move_to_end(number)
        return self._decoded[number]

    def close(self) -> None:
        """Let go of the file and of what is kept; may be called twice."""
        self._decoded.clear()
        self._reel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _keep(self, number: int, pixels: AnyArray) -> None:
        self._decoded[number] = pixels
        while len(self._decoded) > 1 and (
            len(self._decoded) > _MOST_KEPT
            or sum(each.nbytes for each in self._decoded.values()) > _MOST_BYTES
        ):
            self._decoded.popitem(last=False)


class _One(Reel):
    """The only picture of a file."""

    noun = "picture"
    durations: tuple[float, ...] = (reels.PAGE_TIME,)

    def __init__(self, data: bytes, claim: Claim, name: str) -> None:
        self._data = data
        self._claim = claim
        self._name = name

    def claim(self, number: int) -> Claim:
        del number
        return self._claim

    def decode(self, number: int) -> AnyArray:
        del number
        return decode_image(self._data, self._name)

    def close(self) -> None:
        self._data = b""


def open_frames(data: bytes, name: str) -> Frames:
    """Open the pictures of a file; of most kinds there is one.

    Args:
        data: The file's bytes (``read_image_file``).
        name: What to call it in an error.

    Raises:
        ImageLoadError: As of ``decode_image``; nothing is decoded yet.
    """
    claim = check_image(data, name)
    with user_facing(name), damage_found():
        reel = _reel(data, claim, name)
        several = reel if len(reel.durations) > 1 else _One(data, claim, name)
        return Frames(several, len(data), name)


def _reel(data: bytes, claim: Claim, name: str) -> Reel:
    kind = kind_of(data)
    match kind:
        case Kind.TIFF:
            return reels.Pages(data)
        case Kind.EXR:
            count = len(exr.pictures_in(exr_header.headers(data)[0].channels))
            return reels.Listed(data, claim, "channel", count, exr.decode)
        case Kind.FITS:
            count = fits_header.header(data).count
            return reels.Listed(data, claim, "page", count, fits.decode)
        case Kind.GIF:
            durations, skipped = gif.durations(data), 0
        case Kind.PNG:
            durations, skipped = png.durations(data), int(png.has_cover(data))
        case Kind.WEBP:
            durations, skipped = riff.durations(data), 0
        case Kind.AVIF:
            durations, skipped = boxes.durations(data), 0
        case _:
            return _One(data, claim, name)
    if len(durations) < 2:
        return _One(data, claim, name)
    return reels.Moving(data, kind, claim, durations, skipped)
