"""TIFF and BigTIFF (TIFF 6.0; the decoder takes the first directory)."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

from convlab.io.headers.claim import Claim, UnreadableError, require

MOST_PARTS = 1 << 20  # strips or tiles
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_SIZES |= {13: 4, 16: 8, 17: 8, 18: 8}
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_WIDTH, _HEIGHT, _BITS, _SAMPLES = 256, 257, 258, 277
_STRIPS, _STRIP_ROWS, _STRIP_BYTES = 273, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_BYTES = 322, 323, 324, 325
_PLANES = 284
_FORMAT, _FLOAT = 339, 3


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    count: int
    start: int  # where its values lie


class _Directory:
    """The first directory of a file, whose entries all lie inside it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = "<" if data[:2] == b"II" else ">"
        self._is_big = data[2:4] in (b"+\x00", b"\x00+")
        self._place, self._word, self._entry = ("Q", 8, 20) if self._is_big else ("I", 4, 12)
        (first,) = self._unpack(self._place, 8 if self._is_big else 4)
        counted = "Q" if self._is_big else "H"
        (count,) = self._unpack(counted, first)
        first += struct.calcsize(counted)
        require(count * self._entry <= len(data) - first)
        self._entries = dict(self._read(first + k * self._entry) for k in range(count))

    def numbers(self, tag: int, default: int) -> tuple[int, ...]:
        """Return the values of a tag."""
        entry = self._entries.get(tag)
        if entry is None:
            return (default,)
        require(entry.kind in _NUMBERS and 0 < entry.count <= MOST_PARTS)
        return self._unpack(f"{entry.count}{_NUMBERS[entry.kind]}", entry.start)

    def number(self, tag: int, default: int) -> int:
        """Return the first value of a tag."""
        return self.numbers(tag, default)[0]

    def __contains__(self, tag: int) -> bool:
        return tag in self._entries

    def _read(self, place: int) -> tuple[int, _Entry]:
        tag, kind, count = self._unpack("HH" + self._place, place)
        size = _SIZES.get(kind, 1) * count
        start = place + 4 + self._word
        if size > self._word:
            (start,) = self._unpack(self._place, start)
        require(start + size <= len(self._data))
        return tag, _Entry(kind, count, start)

    def _unpack(self, form: str, place: int) -> tuple[int, ...]:
        return struct.unpack_from(self._order + form, self._data, place)


def claim(data: bytes) -> Claim:
    """Read what a TIFF claims; its directory, strips and tiles must lie inside the file."""
    directory = _Directory(data)
    width, height = directory.number(_WIDTH, 0), directory.number(_HEIGHT, 0)
    bits, samples = directory.number(_BITS, 1), directory.number(_SAMPLES, 1)
    is_tiled = _TILES in directory
    starts = directory.numbers(_TILES if is_tiled else _STRIPS, 0)
    lengths = directory.numbers(_TILE_BYTES if is_tiled else _STRIP_BYTES, 0)
    for start, length in zip(starts, lengths, strict=False):
        require(start + length <= len(data))
    if is_tiled:
        columns, rows = directory.number(_TILE_WIDTH, 0), directory.number(_TILE_HEIGHT, 0)
    else:
        columns, rows = width, min(directory.number(_STRIP_ROWS, height), height)
    sample = max(math.ceil(bits / 8), 1)
    # Eight bits are unpacked with transparency whatever they hold.
    channels = max(samples, 4) if sample == 1 and samples > 1 else samples
    is_apart = directory.number(_PLANES, 1) == 2
    _require_readable(samples, bits, directory.number(_FORMAT, 1) == _FLOAT, is_apart)
    part = columns * rows * max(sample * (1 if is_apart else samples), 4)
    return Claim(width, height, channels, sample, part)


def _require_readable(samples: int, bits: int, is_float: bool, is_apart: bool) -> None:
    """Reject what OpenCV cannot decode, or fills with whatever is in memory."""
    if samples > 4:
        raise UnreadableError(f"has {samples} channels: save it as grey, RGB or RGBA")
    if is_float and bits < 32:
        raise UnreadableError(f"holds floating-point numbers of {bits} bits: save it with 32")
    if is_apart and samples > 1 and bits > 8:
        raise UnreadableError(
            f"holds its channels one after the other with {bits} bits: save it with the channels "
            "interleaved, or with 8 bits"
        )
