"""JPEG (ITU-T T.81, annex B)."""

from __future__ import annotations

import struct

from convlab.io.headers.claim import Claim, require

MOST_SCANS = 100  # encoders write up to a dozen; each goes over the whole picture again
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
_ALONE = (0x01, *range(0xD0, 0xD9))  # markers without a segment
_SCAN = 0xDA
_PROGRESSIVE = (0xC2, 0xC6, 0xCA, 0xCE)


def claim(data: bytes) -> Claim:
    """Read what a JPEG claims; its segments must lie inside the file, and an end mark follow.

    The decoder fills the missing part of a cut picture with grey, which would be measured as if it
    had been photographed.
    """
    frame = 0
    place = 2
    while True:
        marker, place = _marker(data, place)
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, place)
        require(length >= 2 and place + length <= len(data))
        if marker == _SCAN:
            break
        if marker in _FRAMES:
            require(not frame)
            frame, kind = place, marker
        place += length
    require(frame > 0 and data.find(b"\xff\xd9", place) >= 0)
    scans = data.count(b"\xff\xda", place - 2)  # in a scan's own bytes 0 follows each 255
    require(scans <= MOST_SCANS)
    _, height, width, channels = struct.unpack_from(">BHHB", data, frame + 2)
    is_kept = kind in _PROGRESSIVE or scans > 1
    working = 2 * width * height * channels if is_kept else 0  # coefficients of all scans
    return Claim(width, height, channels, 1, working)


def _marker(data: bytes, place: int) -> tuple[int, int]:
    """Return the marker at a place, and where what follows it begins; 255 may be repeated."""
    require(data[place] == 0xFF)
    while data[place] == 0xFF:
        place += 1
    return data[place], place + 1
