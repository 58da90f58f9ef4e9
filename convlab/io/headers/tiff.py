"""TIFF and BigTIFF (TIFF 6.0 with its supplements): the directory of each page, checked."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.bounds import MOST_FRAMES, MOST_TIFF_ENTRIES, MOST_TIFF_PARTS
from convlab.io.headers.claim import Claim, DamagedError, require

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_SIZES |= {13: 4, 16: 8, 17: 8, 18: 8}
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_FILL, _ORIENTATION, _SAMPLES, _PLANES, _PREDICTOR, _COLOURS = 266, 274, 277, 284, 317, 320
_STRIPS, _STRIP_ROWS, _STRIP_BYTES = 273, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_BYTES = 322, 323, 324, 325
_EXTRA, _FORMAT = 338, 339
_REDUCED_OR_MASK = 1 | 4
_LARGEST_TILE = 128 << 20  # beside a picture that is much smaller [bits]
_GREYS = (0, 1, 4)  # ways to mean grey


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One picture of a file, as its tags say.

    Attributes:
        place: Where its directory lies in the file.
        order: "<" or ">": the order of the file's bytes.
        width: [px].
        height: [px].
        bits: Of each sample.
        samples: Of each pixel.
        format: 1 unsigned, 2 signed, 3 floating-point numbers; else what is not painted.
        photometric: What they mean: 0 white is zero, 1 black is zero, 2 RGB, 3 palette, ...
        compression: Number of the scheme.
        predictor: 1 none, 2 differences, 3 those of the bytes of floating-point numbers.
        is_planar: The samples lie one after the other, not pixel by pixel.
        extra: What the samples beyond the colours are: 0 unknown, 1 alpha that the colours are
            multiplied with, 2 alpha that they are not.
        orientation: As of EXIF, 1 (upright) to 8.
        fill: 2: the lowest bit of a byte comes first.
        colours: The palette, red first, each 0 to 65535.
        is_tiled: It is made of tiles, not strips.
        part: (rows, columns) of a tile or strip.
        starts: Where each of them lies.
        lengths: How many bytes each takes.
    """

    place: int
    order: str
    width: int
    height: int
    bits: tuple[int, ...]
    samples: int
    format: int
    photometric: int
    compression: int
    predictor: int
    is_planar: bool
    extra: tuple[int, ...]
    orientation: int
    fill: int
    colours: AnyArray
    is_tiled: bool
    part: tuple[int, int]
    starts: AnyArray
    lengths: AnyArray

    @property
    def row_samples(self) -> int:
        """How many samples of a pixel lie side by side."""
        return 1 if self.is_planar else self.samples

    @property
    def planes(self) -> int:
        """How many times the parts cover the picture."""
        return self.samples if self.is_planar else 1

    @property
    def across(self) -> int:
        """How many parts lie side by side."""
        return -(-self.width // self.part[1])

    @property
    def down(self) -> int:
        """How many parts lie one below the other."""
        return -(-self.height // self.part[0])

    def claim(self) -> Claim:
        """Return what decoding it needs."""
        sample = max(math.ceil(max(self.bits) / 8), 1)
        # Whatever it is compressed with is unpacked to bytes before it becomes numbers.
        padded = self.down * self.part[0] * self.across * self.part[1]
        working = padded * self.samples * sample
        # What is neither 8 nor 16 bits becomes float32.
        kept = sample if sample < 3 else 4
        channels = 1 if self.photometric in _GREYS and self.samples != 3 else 3
        return Claim(self.width, self.height, channels, kept, working)


class _Directory:
    """One directory of a file, whose entries all lie inside it."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data = data
        self.order = _order(data)
        self._is_big = _is_big(data)
        self._place, self._word, self._entry = ("Q", 8, 20) if self._is_big else ("I", 4, 12)
        counted = "Q" if self._is_big else "H"
        (count,) = self._unpack(counted, place)
        first = place + struct.calcsize(counted)
        require(count <= MOST_TIFF_ENTRIES and count * self._entry <= len(data) - first)
        self._entries = {}
        for at in range(first, first + count * self._entry, self._entry):
            tag, kind, length = self._unpack("HH" + self._place, at)
            self._entries[tag] = kind, length, at + 4 + self._word
        try:
            (self.next,) = self._unpack(self._place, first + count * self._entry)
        except struct.error:  # the last page of some writers ends with its entries
            self.next = 0

    def array(self, tag: int) -> AnyArray:
        """Return the values of a tag, as they lie in the file; none if it is not there."""
        if tag not in self._entries:
            return np.empty(0, np.int64)
        kind, count, start = self._entries[tag]
        require(kind in _NUMBERS and 0 < count <= MOST_TIFF_PARTS)
        size = _SIZES[kind] * count
        if size > self._word:
            (start,) = self._unpack(self._place, start)
        require(start + size <= len(self._data))
        return np.frombuffer(self._data, self.order + _NUMBERS[kind], count, start)

    def numbers(self, tag: int, *default: int) -> tuple[int, ...]:
        """Return the values of a tag."""
        return tuple(self.array(tag).tolist()) if tag in self._entries else default

    def number(self, tag: int, default: int) -> int:
        """Return the first value of a tag."""
        return self.numbers(tag, default)[0]

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, tag: int) -> bool:
        return tag in self._entries

    def _unpack(self, form: str, place: int) -> tuple[int, ...]:
        return struct.unpack_from(self.order + form, self._data, place)


def claim(data: bytes) -> Claim:
    """Read what the first page of a TIFF claims; what it is made of must lie inside the file."""
    return page(data, next(places(data))).claim()


def places(data: bytes) -> Iterator[int]:
    """Give where the directory of each page lies; smaller copies and masks of pages are left."""
    seen: set[int] = set()
    entries = 0
    (place,) = struct.unpack_from(
        _order(data) + ("Q" if _is_big(data) else "I"), data, 8 if _is_big(data) else 4
    )
    while place and place not in seen and len(seen) < MOST_FRAMES:
        first = not seen
        seen.add(place)
        try:
            directory = _Directory(data, place)
            is_page = not directory.number(_SUBFILE, 0) & _REDUCED_OR_MASK
        except (struct.error, DamagedError):
            require(not first)
            return  # the pages before are whole
        entries += len(directory)
        require(entries <= MOST_TIFF_ENTRIES)
        if first or (is_page and _WIDTH in directory):
            yield place
        place = directory.next
    require(bool(seen))


def page(data: bytes, place: int) -> Page:
    """Read a directory; the strips or tiles that it names must lie inside the file."""
    tags = _Directory(data, place)
    width, height = tags.number(_WIDTH, 0), tags.number(_HEIGHT, 0)
    require(min(width, height) > 0)
    is_tiled = _TILES in tags
    starts = tags.array(_TILES if is_tiled else _STRIPS).astype(np.uint64)
    lengths = tags.array(_TILE_BYTES if is_tiled else _STRIP_BYTES).astype(np.uint64)
    if len(starts) == 1 and not lengths.any():  # old writers left it away
        lengths = np.array([max(len(data) - int(starts[0]), 0)], np.uint64)
    if is_tiled:
        part = tags.number(_TILE_HEIGHT, 0), tags.number(_TILE_WIDTH, 0)
    else:
        part = min(tags.number(_STRIP_ROWS, height), height), width
    require(min(part) > 0)
    samples = tags.number(_SAMPLES, 1)
    require(0 < samples <= 1 << 16)
    bits = tags.numbers(_BITS, 1)
    found = Page(
        place=place,
        order=tags.order,
        width=width,
        height=height,
        bits=bits,
        samples=samples,
        format=tags.number(_FORMAT, 1),
        photometric=tags.number(_PHOTOMETRIC, 1),
        compression=tags.number(_COMPRESSION, 1),
        predictor=tags.number(_PREDICTOR, 1),
        is_planar=tags.number(_PLANES, 1) == 2 and samples > 1,
        extra=tags.numbers(_EXTRA),
        orientation=tags.number(_ORIENTATION, 1),
        fill=tags.number(_FILL, 1),
        colours=tags.array(_COLOURS),
        is_tiled=is_tiled,
        part=part,
        starts=starts,
        lengths=lengths,
    )
    pixel = samples * max(bits)
    require(math.prod(part) * pixel <= max(4 * width * height * pixel, _LARGEST_TILE))
    wanted, size = found.planes * found.across * found.down, np.uint64(len(data))
    require(wanted <= min(len(starts), len(lengths)))
    starts, lengths = starts[:wanted], lengths[:wanted]
    require(bool((starts <= size).all() and (lengths <= size - starts).all()))
    return found


def _order(data: bytes) -> str:
    return "<" if data[:2] == b"II" else ">"


def _is_big(data: bytes) -> bool:
    return data[2:4] in (b"+\x00", b"\x00+")
