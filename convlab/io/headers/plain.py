"""Formats with one short header: GIF, BMP, PNM, PFM, Radiance HDR."""

from __future__ import annotations

import re
import struct

from convlab.io.headers.claim import Claim, DamagedError, require

_PNM = re.compile(rb"P([1-6])" + rb"(?:\s|#[^\n\r]*[\n\r])+(\d{1,9})" * 2)
_MAXIMUM = re.compile(rb"(?:\s|#[^\n\r]*[\n\r])+(\d{1,5})\s")
PFM = re.compile(rb"P([Ff])\s+(\d{1,9})\s+(\d{1,9})\s")
_HDR_SIZE = re.compile(rb"\n[+-]([XY]) (\d{1,9}) [+-][XY] (\d{1,9})\n")
_SEARCHED = 256 * 1024
_BMP_CORE = 12  # length of the oldest header


def gif(data: bytes) -> Claim:
    """Read what a GIF claims: its screen, which the decoder keeps twice."""
    width, height = struct.unpack_from("<HH", data, 6)
    return Claim(width, height, 4, 1, 4 * width * height)


def bmp(data: bytes) -> Claim:
    """Read what a BMP claims; pixels that are not packed must lie inside the file."""
    start, header = struct.unpack_from("<II", data, 10)
    is_core = header == _BMP_CORE
    width, height, _, bits = struct.unpack_from("<HHHH" if is_core else "<iiHH", data, 18)
    (packing,) = (0,) if is_core else struct.unpack_from("<I", data, 30)
    height = abs(height)
    if packing == 0:
        require(start + (width * bits + 31) // 32 * 4 * height <= len(data) + 3)
    return Claim(width, height, 4 if bits == 32 else 3)


def pnm(data: bytes) -> Claim:
    """Read what a PBM, PGM or PPM claims; binary pixels must lie inside the file."""
    found = _PNM.match(data, 0, _SEARCHED)
    require(found is not None)
    assert found is not None
    kind, width, height = (int(number) for number in found.groups())
    channels = 3 if kind in (3, 6) else 1
    has_maximum = kind not in (1, 4)
    maximum = _MAXIMUM.match(data, found.end(), _SEARCHED) if has_maximum else None
    sample = 2 if maximum is not None and int(maximum[1]) > 255 else 1
    row = (width + 7) // 8 if kind == 4 else width * channels * sample
    if kind < 4:
        row = 2 * width * channels if kind > 1 else width  # a digit and what parts it
    require(row * height <= len(data) - found.end() + 1)
    return Claim(width, height, channels, sample)


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
