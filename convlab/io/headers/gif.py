"""GIF (GIF89a): its screen, and how long each of its frames is shown."""

from __future__ import annotations

import struct

from convlab.io.bounds import MOST_FRAMES
from convlab.io.headers.claim import Claim, DamagedError, require

_MOST_BLOCKS = 500_000  # behind one another, 255 bytes each
_MOST_PARTS = 100_000  # frames, what is said of each, and zeros between
_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B
_CONTROL = 0xF9


def claim(data: bytes) -> Claim:
    """Read what a GIF claims: its screen, which the decoder keeps twice.

    It grows where a frame reaches beyond it.
    """
    width, height = struct.unpack_from("<HH", data, 6)
    for _, right, bottom in _frames(data):
        width, height = max(width, right), max(height, bottom)
    return Claim(width, height, 4, 1, 4 * width * height)


def durations(data: bytes) -> tuple[float, ...]:
    """Read how long each frame is shown [s], as it is written; a cut last one is left away."""
    return tuple(time for time, *_ in _frames(data))


def _frames(data: bytes) -> list[tuple[float, int, int]]:
    """Return how long each frame is shown [s], and where it ends at the right and below [px]."""
    place = 13 + _colours(data[10])
    found: list[tuple[float, int, int]] = []
    time = 0.0
    try:
        for _ in range(_MOST_PARTS):
            if len(found) == MOST_FRAMES or data[place] == _END:
                break
            if data[place] == _EXTENSION:
                if data[place + 1] == _CONTROL:
                    time = int.from_bytes(data[place + 4 : place + 6], "little") / 100
                place = _behind(data, place + 2)
            elif data[place] == _FRAME:
                left, top, wide, high = struct.unpack_from("<4H", data, place + 1)
                place = _behind(data, place + 11 + _colours(data[place + 9]))
                found.append((time, left + wide, top + high))
            else:
                place += 1  # some writers leave zeros between blocks
    except (IndexError, struct.error, DamagedError):
        pass
    require(bool(found))
    return found


def _colours(flags: int) -> int:
    """Return how many bytes a table of colours takes."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _behind(data: bytes, place: int) -> int:
    """Return what follows a row of blocks, each as long as its first byte says."""
    for _ in range(_MOST_BLOCKS):
        length = data[place]
        place += 1 + length
        if not length:
            return place
    raise DamagedError
