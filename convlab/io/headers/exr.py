"""OpenEXR (its technical introduction, "OpenEXR File Layout"): the headers of all its parts."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from convlab.io.headers.claim import Claim, UnreadableError, require

MAGIC = b"\x76\x2f\x31\x01"
_DEEP, _MULTIPART = 0x800, 0x1000
_MOST_PARTS, _MOST_ATTRIBUTES, _MOST_CHANNELS = 100, 1000, 1000
_LONGEST_NAME = 255
_LINES = {0: 1, 1: 1, 2: 1, 3: 16, 4: 32, 5: 16, 6: 32, 7: 32, 8: 32, 9: 256}
"""Rows in a block, by the number of the compression."""


@dataclass(frozen=True, slots=True)
class Part:
    """One picture of a file.

    Attributes:
        width: [px].
        height: [px].
        channels: Their names, as they lie in the file.
    """

    width: int
    height: int
    channels: tuple[str, ...]


def claim(data: bytes) -> Claim:
    """Read what a file claims: all of its parts are decoded, with 4 bytes for each number."""
    parts = headers(data)
    numbers = sum(part.width * part.height * len(part.channels) for part in parts)
    first = parts[0]
    return Claim(first.width, first.height, min(len(first.channels), 3), 4, 4 * numbers)


def headers(data: bytes) -> list[Part]:
    """Read what a file says of each of its parts.

    Raises:
        DamagedError: It does not lie inside the file.
        UnreadableError: It has several samples in a pixel, or pixels of different sizes.
    """
    (flags,) = struct.unpack_from("<I", data, 4)
    if flags & _DEEP:
        raise UnreadableError("has several depths in each pixel: flatten it and save it again")
    parts: list[Part] = []
    place = 8
    while len(parts) < _MOST_PARTS and data[place]:
        attributes, place = _attributes(data, place)
        parts.append(_part(attributes, data, place))
        if not flags & _MULTIPART:
            break
    require(bool(parts))
    return parts


def _attributes(data: bytes, place: int) -> tuple[dict[bytes, bytes], int]:
    found: dict[bytes, bytes] = {}
    for _ in range(_MOST_ATTRIBUTES):
        name, place = _name(data, place)
        if not name:
            return found, place
        _, place = _name(data, place)
        (length,) = struct.unpack_from("<i", data, place)
        place += 4
        require(0 <= length <= len(data) - place)
        found[name] = data[place : place + length]
        place += length
    require(False)
    raise AssertionError


def _name(data: bytes, place: int) -> tuple[bytes, int]:
    end = data.index(b"\0", place, place + _LONGEST_NAME + 1)
    return data[place:end], end + 1


def _part(attributes: dict[bytes, bytes], data: bytes, place: int) -> Part:
    require({b"dataWindow", b"channels", b"compression"} <= attributes.keys())
    left, top, right, bottom = struct.unpack("<4i", attributes[b"dataWindow"])
    width, height = right - left + 1, bottom - top + 1
    require(min(width, height) > 0)
    if b"tiles" not in attributes:
        lines = _LINES.get(attributes[b"compression"][0], 256)
        require(-(-height // lines) * 8 <= len(data) - place)  # where each block lies
    return Part(width, height, _channels(attributes[b"channels"]))


def _channels(listed: bytes) -> tuple[str, ...]:
    names: list[str] = []
    place = 0
    while listed[place]:
        require(len(names) < _MOST_CHANNELS)
        name, place = _name(listed, place)
        across, down = struct.unpack_from("<ii", listed, place + 8)
        if (across, down) != (1, 1):
            raise UnreadableError("has colours of fewer pixels than its brightness: save it as RGB")
        names.append(name.decode("utf-8"))
        place += 16
    require(bool(names))
    return tuple(names)
