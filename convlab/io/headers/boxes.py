"""AVIF (ISO/IEC 14496-12 and 23000-22) and JPEG 2000 (ISO/IEC 15444-1): files made of boxes."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from convlab.io.bounds import MOST_FRAMES
from convlab.io.headers.claim import Claim, DamagedError, require

_TILE = 12 * 1024  # what the decoder of JPEG 2000 keeps of each tile and channel, at most [bytes]
_CODESTREAM = b"\xff\x4f\xff\x51"
_DEEP, _TWELVE = 0x40, 0x20  # flags of an AVIF's colours
_YCC = 18  # number of a colour space
_MOST_BOXES = 10_000
_AVIF = {b"avif", b"avis"}
_LONGEST_BRANDS = 512
# By quarter turns to the left, and what is mirrored afterwards: 0 top with bottom, 1 left with
# right.
_ORIENTATIONS: dict[tuple[int, int | None], int] = {
    (0, None): 1, (1, None): 8, (2, None): 3, (3, None): 6,
    (0, 0): 4, (1, 0): 5, (2, 0): 2, (3, 0): 7,
    (0, 1): 2, (1, 1): 7, (2, 1): 4, (3, 1): 5,
}  # fmt: skip

_Box: TypeAlias = tuple[bytes, int, int]  # name, where its content begins, and ends
_Place: TypeAlias = tuple[int, int]


def is_avif(data: bytes) -> bool:
    """Tell whether the bytes begin like an AVIF."""
    return bool(brands(data) & _AVIF)


def brands(data: bytes) -> set[bytes]:
    """Return what the first box of a file says that it is; nothing, if it is of another kind."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), _LONGEST_BRANDS)
    others = data[16:end]
    return {data[8:12], *(others[at : at + 4] for at in range(0, len(others), 4))}


def avif(data: bytes) -> Claim:
    """Read what an AVIF claims: the largest picture in it; its boxes must lie inside the file."""
    properties = _properties(data)
    sizes = [struct.unpack_from(">II", data, start + 4) for start, _ in _named(properties, b"ispe")]
    require(bool(sizes))
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    is_deep = any(data[start + 2] & _DEEP for start, _ in _named(properties, b"av1C"))
    channels = 4 if any(True for _ in _named(properties, b"auxC")) else 3
    sample = 2 if is_deep else 1
    return Claim(width, height, channels, sample, width * height * channels * sample)


def avif_depth(data: bytes) -> int:
    """Read how many bits the colours of an AVIF have: 8, 10 or 12, the most of its pictures."""
    flags = [data[start + 2] for start, _ in _named(_properties(data), b"av1C")]
    deep = [12 if each & _TWELVE else 10 for each in flags if each & _DEEP]
    return max(deep, default=8)


def avif_orientation(data: bytes) -> int:
    """Read the rotation and the mirror of an AVIF, as EXIF counts them: 1 (upright) to 8."""
    properties = _properties(data)
    turn = next((data[start] & 3 for start, _ in _named(properties, b"irot")), 0)
    mirror = next((data[start] & 1 for start, _ in _named(properties, b"imir")), None)
    return _ORIENTATIONS[turn, mirror]


def durations(data: bytes) -> tuple[float, ...]:
    """Read how long each picture of an AVIF sequence is shown [s]; none if it does not move."""
    for track in _inside(data, (0, len(data)), b"moov", b"trak"):
        (head,) = [*_inside(data, track, b"mdia", b"mdhd")][:1] or [(0, 0)]
        (times,) = [*_inside(data, track, b"mdia", b"minf", b"stbl", b"stts")][:1] or [(0, 0)]
        if head[0] and times[0]:
            return _times(data, head[0], times[0])
    return ()


def _times(data: bytes, head: int, times: int) -> tuple[float, ...]:
    (scale,) = struct.unpack_from(">I", data, head + (20 if data[head] else 12))
    (runs,) = struct.unpack_from(">I", data, times + 4)
    found: list[float] = []
    for run in range(runs):
        count, length = struct.unpack_from(">II", data, times + 8 + 8 * run)
        require(scale > 0 and len(found) + count <= MOST_FRAMES)
        found += [length / scale] * count
    return tuple(found)


def _inside(data: bytes, place: tuple[int, int], name: bytes, *names: bytes) -> Iterator[_Place]:
    """Give where the content of boxes lies that lie in others, one in another."""
    for each in _named(_boxes(data, *place), name):
        yield from _inside(data, each, *names) if names else (each,)


def _properties(data: bytes) -> list[_Box]:
    """Return the boxes that describe the pictures of an AVIF."""
    boxes = list(_boxes(data, 0, len(data)))  # all of them: the last may be cut off
    return [
        part
        for meta in _named(boxes, b"meta")
        for iprp in _named(_boxes(data, meta[0] + 4, meta[1]), b"iprp")
        for ipco in _named(_boxes(data, *iprp), b"ipco")
        for part in _boxes(data, *ipco)
    ]


def jpeg_2000(data: bytes) -> Claim:
    """Read what a JPEG 2000 file claims; its boxes must lie inside it."""
    for start, _ in _named(_boxes(data, 0, len(data)), b"jp2c"):
        require(data[start : start + 4] == _CODESTREAM)
        right, bottom, left, top, *tile, channels = struct.unpack_from(">8IH", data, start + 8)
        width, height = right - left, bottom - top
        require(min(width, height, *tile[:2]) > 0)
        deepest = max(data[start + 42 : start + 42 + 3 * channels : 3]) & 0x7F
        tiles = -(-(right - tile[2]) // tile[0]) * -(-(bottom - tile[3]) // tile[1])
        # Numbers of four bytes, as wavelets and as pixels.
        working = 8 * width * height * channels + tiles * channels * _TILE
        return Claim(width, height, channels, 2 if deepest >= 8 else 1, working)
    raise DamagedError


def is_plain_jpeg_2000(data: bytes) -> bool:
    """Tell whether a JPEG 2000 file holds grey or RGB and nothing else: no alpha, inks or YCC."""
    for start, _ in _inside(data, (0, len(data)), b"jp2h", b"colr"):
        if data[start] == 1 and struct.unpack_from(">I", data, start + 3)[0] == _YCC:
            return False
    (stream, _) = next(_named(_boxes(data, 0, len(data)), b"jp2c"))
    return struct.unpack_from(">H", data, stream + 40)[0] in (1, 3)


def _boxes(data: bytes, place: int, end: int) -> Iterator[_Box]:
    """Give the name of each box, and where its content begins and ends."""
    for _ in range(_MOST_BOXES):
        if place + 8 > end:
            return
        length, name = struct.unpack_from(">I4s", data, place)
        head = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, place + 8)
            head = 16
        elif length == 0:
            length = end - place
        require(head <= length <= end - place)
        yield name, place + head, place + length
        place += length


def _named(boxes: Iterable[_Box], wanted: bytes) -> Iterator[tuple[int, int]]:
    return ((start, end) for name, start, end in boxes if name == wanted)
