"""PNG and animated PNG (W3C Portable Network Graphics, third edition)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from convlab.io.headers.claim import Claim, require

MOST_CHUNKS = 200_000  # of the smallest that are in use, 4 kB, these are 800 MB
_CHANNELS = {0: 1, 2: 3, 3: 3, 4: 4, 6: 4}  # grey with transparency is decoded as four
_HEADER = struct.Struct(">IIBB")


def claim(data: bytes) -> Claim:
    """Read what a PNG claims; each chunk must lie inside the file, up to the last one."""
    names: set[bytes] = set()
    for name, start, _ in _chunks(data):
        if not names:
            require(name == b"IHDR")
            width, height, depth, kind = _HEADER.unpack_from(data, start)
        names.add(name)
    require(b"IEND" in names and b"IDAT" in names and kind in _CHANNELS)
    channels = 4 if b"tRNS" in names or b"acTL" in names else _CHANNELS[kind]
    sample = 2 if depth == 16 else 1
    # Frames of an animation are drawn on a canvas and kept beside the one before.
    working = 2 * width * height * channels * sample if b"acTL" in names else 0
    return Claim(width, height, channels, sample, working)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Give the name, start and length of each chunk up to IEND."""
    place = 8
    for _ in range(MOST_CHUNKS):
        length, name = struct.unpack_from(">I4s", data, place)
        yield name, place + 8, length
        if name == b"IEND":
            return
        place += 12 + length
        require(place <= len(data))
    require(False)


def durations(data: bytes) -> tuple[float, ...]:
    """Read how long each frame is shown [s], as it is written; none if it does not move.

    A picture before the first frame is for programs that show no movement.
    """
    times = []
    for name, start, _ in _chunks(data):
        if name == b"fcTL":
            over, under = struct.unpack_from(">HH", data, start + 20)
            times.append(over / (under or 100))
    return tuple(times)


def has_cover(data: bytes) -> bool:
    """Tell whether a picture lies before the first frame that is none of them."""
    return next(name for name, *_ in _chunks(data) if name in (b"fcTL", b"IDAT")) == b"IDAT"


def transparent_colour(data: bytes) -> tuple[int, int, int, int]:
    """Return the kind of colours, their depth, and where what is transparent is noted, how long.

    Nowhere is 0, 0.
    """
    _, _, depth, kind = _HEADER.unpack_from(data, 16)
    for name, start, length in _chunks(data):
        if name == b"tRNS":
            return kind, depth, start, length
        if name == b"IDAT":
            break
    return kind, depth, 0, 0
