"""What the first bytes of a picture file tell without decoding it."""

from __future__ import annotations

import io
import re
import struct

_STARTS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
    b"\x00\x00\x00\x0cjP  ",
    b"#?RADIANCE",
    b"#?RGBE",
)
_PNM = re.compile(rb"P[1-6]\s")
_PFM = re.compile(rb"P[Ff]\s+(\d{1,9})\s+(\d{1,9})\s")
_HDR_SIZE = re.compile(rb"\n[+-]([XY]) (\d{1,9}) [+-][XY] (\d{1,9})\n")
_ORIENTATION_TAG = 0x0112
_SEARCHED = 256 * 1024
_UPRIGHT = 1


def is_known(data: bytes) -> bool:
    """Tell whether the bytes begin like a picture of a kind that can be decoded.

    What merely has a known size is not enough: SVG and HEIC do, and cannot.
    """
    return (
        data.startswith(_STARTS)
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis", b"mif1"))
        or _PNM.match(data) is not None
        or _PFM.match(data) is not None
    )


def size(data: bytes) -> tuple[int, int]:
    """Read (width, height) [px] as stored, before any turn; (-1, -1) when it cannot be found."""
    if match := _PFM.match(data):
        return int(match[1]), int(match[2])
    if data.startswith(b"#?"):
        found = _HDR_SIZE.search(data[:_SEARCHED])
        if found is None:
            return -1, -1
        first, second = int(found[2]), int(found[3])
        return (second, first) if found[1] == b"Y" else (first, second)
    import imagesize  # brings all of HTTP along, which the start need not wait for

    width, height = imagesize.get(io.BytesIO(data))
    return int(width), int(height)


def orientation(data: bytes) -> int:
    """Read the turn that a camera noted in a JPEG, PNG or WebP: 1 (upright) to 8.

    A TIFF is 1 here, because its decoder turns it by itself.
    """
    if data.startswith(b"\xff\xd8"):
        return _noted_at(data, data.find(b"Exif\x00\x00", 0, _SEARCHED), 6)
    if data.startswith(b"\x89PNG"):
        return _noted_at(data, data.find(b"eXIf"), 4)
    if data[8:12] == b"WEBP":
        return _noted_at(data, data.find(b"EXIF"), 8)
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


def is_cut_off(data: bytes) -> bool:
    """Tell whether a JPEG or PNG lacks its end mark; other decoders find out by themselves."""
    if data.startswith(b"\x89PNG"):
        return b"IEND" not in data[-_SEARCHED:]
    if data.startswith(b"\xff\xd8"):
        return data.find(b"\xff\xd9", _jpeg_scan(data)) < 0
    return False


def _jpeg_scan(data: bytes) -> int:
    """Find where a JPEG's picture data begins: a thumbnail before it has an end mark of its own."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # Padding.
            position += 1
            continue
        if marker == 0xDA:
            return position
        (length,) = struct.unpack_from(">H", data, position + 2)
        position += 2 + length
    return min(position, len(data))
