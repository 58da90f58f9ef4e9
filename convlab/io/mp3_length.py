"""How long an MP3 is that does not say so: libsndfile guesses it, and stops where it has guessed.

Layer III only, which is what MP3 is (ISO/IEC 11172-3, 2.4.2.3, and 13818-3). What is counted is
written in front as encoders do it, in a frame of its own ("Xing").
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # [kbit/s]
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLING = (44_100, 48_000, 32_000)  # of MPEG 1 [Hz]; those of MPEG 2 are half, of 2.5 a quarter
_MPEG_1, _MPEG_2, _MPEG_25 = 3, 2, 0
_LAYER_3 = 1
_TAG = re.compile(rb"Xing|Info|VBRI")
_SEARCHED = 4096  # [bytes]


class _Frame(NamedTuple):
    """One frame.

    Attributes:
        size: With its header [bytes].
        side: Bytes between the header and what the tag takes the place of.
    """

    size: int
    side: int


def with_length(data: bytes) -> bytes:
    """Return an MP3 that says how long it is; as it was, if it did or its frames cannot be counted.

    >>> with_length(b"no MP3")
    b'no MP3'
    """
    start = _behind_tag(data)
    if _TAG.search(data, start, start + _SEARCHED):
        return data
    count, largest, place = 0, None, start
    while (frame := _frame(data[place : place + 4])) is not None:
        if largest is None or frame.size > largest[0].size:
            largest = frame, data[place : place + 4]
        count += 1
        place += frame.size
    if largest is None or count < 2:
        return data
    frame, header = largest
    tag = b"Xing" + struct.pack(">II", 1, count)  # 1: the number of frames is what follows
    said = bytes((header[0], header[1] | 1)) + header[2:] + bytes(frame.side) + tag  # no checksum
    return said.ljust(frame.size, b"\0") + data[start:] if len(said) <= frame.size else data


def _behind_tag(data: bytes) -> int:
    """Return where the sound begins: a tag in front has seven bits in each byte of its size."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return size + 10


def _frame(header: bytes) -> _Frame | None:
    """Return what a header says of its frame; None if it is none of Layer III."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    rate, sampling, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if layer != _LAYER_3 or version not in (_MPEG_1, _MPEG_2, _MPEG_25):
        return None
    if not 0 < rate < 15 or sampling == 3:
        return None
    is_mono = header[3] >> 6 == 3
    if version == _MPEG_1:
        size = 144_000 * _RATES_1[rate] // _SAMPLING[sampling] + padding
        return _Frame(size, 17 if is_mono else 32)
    hertz = _SAMPLING[sampling] // (2 if version == _MPEG_2 else 4)
    return _Frame(72_000 * _RATES_2[rate] // hertz + padding, 9 if is_mono else 17)
