"""From the first bytes of a picture file to what it claims."""

from __future__ import annotations

import struct
from collections.abc import Callable

from convlab.io.headers import boxes, jpeg, plain, png, riff, tiff
from convlab.io.headers.claim import Claim, DamagedError

_BY_START: tuple[tuple[bytes, Callable[[bytes], Claim]], ...] = (
    (b"\x89PNG\r\n\x1a\n", png.claim),
    (b"\xff\xd8\xff", jpeg.claim),
    (b"GIF8", plain.gif),
    (b"BM", plain.bmp),
    (b"II*\x00", tiff.claim),
    (b"MM\x00*", tiff.claim),
    (b"II+\x00", tiff.claim),
    (b"MM\x00+", tiff.claim),
    (b"\x00\x00\x00\x0cjP  ", boxes.jpeg_2000),
    (b"#?RADIANCE", plain.hdr),
    (b"#?RGBE", plain.hdr),
)


def is_known(data: bytes) -> bool:
    """Tell whether the bytes begin like a picture of a kind that can be decoded."""
    return _reader(data) is not None


def survey(data: bytes) -> Claim:
    """Read what a picture claims, without decoding it.

    Raises:
        DamagedError: It is of no known kind, or a part of it does not lie inside the file.
        UnreadableError: It is healthy, but the decoder gets it wrong.
    """
    read = _reader(data)
    if read is None:
        raise DamagedError
    try:
        return read(data)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise DamagedError from error


def _reader(data: bytes) -> Callable[[bytes], Claim] | None:
    for start, read in _BY_START:
        if data.startswith(start):
            return read
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return riff.claim
    if boxes.is_avif(data):
        return boxes.avif
    if plain.PFM.match(data):
        return plain.pfm
    if data[:1] == b"P" and data[1:2] in b"123456" and data[2:3].isspace():
        return plain.pnm
    return None
