"""Formats with one short header: GIF, BMP, PFM, Radiance HDR."""

from __future__ import annotations

import re
import struct

from convlab.io.headers.claim import Claim, DamagedError, require

PFM = re.compile(rb"P([Ff])\s+(\d{1,9})\s+(\d{1,9})\s")
_HDR_SIZE = re.compile(rb"\n[+-]([XY]) (\d{1,9}) [+-][XY] (\d{1,9})\n")
_SEARCHED = 256 * 1024
_BMP_CORE = 12  # length of the oldest header


def bmp(data: bytes) -> Claim:
    """Read what a BMP claims; pixels that are not packed must lie inside the file."""
    start, header = struct.unpack_from("<II", data, 10)
    is_core = header == _BMP_CORE
    width, height, _, bits = struct.unpack_from("<HHHH" if is_core else "<iiHH", data, 18)
    (packing,) = (0,) if is_core else struct.unpack_from("<I", data, 30)
    height = abs(height)  # a negative one begins at the top
    require(width > 0)
    if packing == 0:
        require(start + (width * bits + 31) // 32 * 4 * height <= len(data) + 3)
    return Claim(width, height, 4 if bits == 32 else 3)


def pfm(data: bytes) -> Claim:
    """Read what a PFM claims; its pixels must lie inside the file."""
    found = PFM.match(data)
    require(found is not None)
    assert found is not None
    width, height, channels = int(found[2]), int(found[3]), 3 if found[1] == b"F" else 1
    claim = Claim(width, height, channels, 4)
    require(claim.memory <= len(data))
    return claim


def hdr(data: bytes) -> Claim:
    """Read what a Radiance picture claims."""
    found = _HDR_SIZE.search(data, 0, _SEARCHED)
    if found is None:
        raise DamagedError
    first, second = int(found[2]), int(found[3])
    width, height = (second, first) if found[1] == b"Y" else (first, second)
    return Claim(width, height, 3, 4)
