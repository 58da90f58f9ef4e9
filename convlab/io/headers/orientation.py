"""The turn that a camera noted in a picture (EXIF 2.32, tag 274)."""

from __future__ import annotations

import struct

from convlab.io.headers import boxes

_ORIENTATION_TAG = 0x0112
_SEARCHED = 256 * 1024
_UPRIGHT = 1


def orientation(data: bytes) -> int:
    """Read the rotation that a camera noted in a JPEG, PNG, WebP or AVIF: 1 (upright) to 8.

    A TIFF is 1 here, because its decoder turns it by itself.
    """
    if data.startswith(b"\xff\xd8"):
        return _noted_at(data, data.find(b"Exif\x00\x00", 0, _SEARCHED), 6)
    if data.startswith(b"\x89PNG"):
        return _noted_at(data, data.find(b"eXIf"), 4)
    if data[8:12] == b"WEBP":
        return _noted_at(data, data.find(b"EXIF"), 8)
    if boxes.is_avif(data):
        return boxes.avif_orientation(data)
    return _UPRIGHT


def _noted_at(data: bytes, marker: int, skipped: int) -> int:
    """Read the orientation from the EXIF block that follows a marker, 1 if there is none."""
    if marker < 0:
        return _UPRIGHT
    block = data[marker + skipped : marker + skipped + 65536]
    if block[:6] == b"Exif\x00\x00":  # WebP files repeat JPEG's prefix now and then.
        block = block[6:]
    try:
        return _orientation_in(block)
    except struct.error:
        return _UPRIGHT


def _orientation_in(block: bytes) -> int:
    """Walk the first directory of a TIFF structure (TIFF 6.0, section 2)."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return _UPRIGHT
    (directory,) = struct.unpack_from(order + "I", block, 4)
    (count,) = struct.unpack_from(order + "H", block, directory)
    for number in range(count):
        entry = directory + 2 + 12 * number
        (tag,) = struct.unpack_from(order + "H", block, entry)
        if tag == _ORIENTATION_TAG:
            (value,) = struct.unpack_from(order + "H", block, entry + 8)
            return int(value) if 1 <= value <= 8 else _UPRIGHT
    return _UPRIGHT
