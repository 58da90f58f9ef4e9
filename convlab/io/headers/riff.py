"""WebP (RFC 9649): chunks in a RIFF file."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from convlab.io.headers.claim import Claim, DamagedError, require

_ALPHA = 0x10


def claim(data: bytes) -> Claim:
    """Read what a WebP claims; its chunks up to the picture's must lie inside the file."""
    canvas: Claim | None = None
    for name, start, length in _chunks(data):
        require(start + length <= len(data))
        match name:
            case b"VP8X":
                width = 1 + int.from_bytes(data[start + 4 : start + 7], "little")
                height = 1 + int.from_bytes(data[start + 7 : start + 10], "little")
                canvas = _claim(width, height, bool(data[start] & _ALPHA))
            case b"VP8 ":
                width, height = struct.unpack_from("<HH", data, start + 6)
                return canvas or _claim(width & 0x3FFF, height & 0x3FFF, False)
            case b"VP8L":
                (bits,) = struct.unpack_from("<I", data, start + 1)
                size = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
                return canvas or _claim(*size, bool(bits >> 28 & 1))
            case b"ANMF" if canvas is not None:
                return canvas
    raise DamagedError


def durations(data: bytes) -> tuple[float, ...]:
    """Read how long each frame is shown [s], as it is written; none if it does not move."""
    return tuple(
        int.from_bytes(data[start + 12 : start + 15], "little") / 1000
        for name, start, _ in _chunks(data)
        if name == b"ANMF"
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Give the name, start and length of each chunk."""
    place = 12
    while place + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, place)
        yield name, place + 8, length
        place += 8 + length + length % 2


def _claim(width: int, height: int, has_alpha: bool) -> Claim:
    return Claim(width, height, 4 if has_alpha else 3, 1, 4 * width * height)
