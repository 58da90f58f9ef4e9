"""The samples of a TIFF page, as numbers: strips and tiles unpacked, differences added up.

libtiff, by Pillow, unpacks whatever is packed; it is told that the page holds bytes, so that it
changes nothing of what they mean.
"""

from __future__ import annotations

import io
import struct

import numpy as np

from convlab.engine.arrays import AnyArray, ByteArray
from convlab.io.headers.claim import UnreadableError, require
from convlab.io.headers.tiff import Page

PLAIN = 1
BYTEWISE = frozenset({PLAIN, 5, 8, 32946, 32773, 34925, 50000})
"""Schemes that pack bytes whatever they mean: none, LZW, deflate, PackBits, LZMA, Zstandard."""

FLOAT = 3
"""The format of floating-point numbers."""
_KINDS = {1: "u", 2: "i", 4: "u"}
_WHOLE = (8, 16, 32, 64)
_BITS_AT_ONCE = 1 << 22
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def samples(data: bytes, page: Page, plane: int = 0) -> AnyArray:
    """Return the numbers of a page.

    Args:
        data: The file.
        page: Its samples are not compressed, or as bytes (``BYTEWISE``).
        plane: Which, if they lie in planes; else 0.

    Returns:
        ``(H, W, S)`` in the machine's byte order, S as many samples as lie side by side. Samples
        of other depths than 8, 16, 32 and 64 bits are unpacked to the next of them.

    Raises:
        UnreadableError: They are numbers of another kind.
        DamagedError: Bytes are missing.
    """
    bits, (rows, columns) = page.bits[0], page.part
    if len(set(page.bits)) > 1:
        raise UnreadableError("has channels of different depths: save it with 8 or 16 bits")
    _require_numbers(page, bits)
    columns *= page.across
    line = -(-columns * page.row_samples * bits // 8)
    if page.is_tiled:
        require(page.part[1] * page.row_samples * bits % 8 == 0)
    height = rows * page.down if page.is_tiled else page.height
    packed = _bytes(data, page, plane, height, line)
    shape = height, columns, page.row_samples
    numbers = _numbers(packed, page, bits, shape)
    if page.predictor == 2:
        for left in range(0, columns, page.part[1]):
            part = numbers[:, left : left + page.part[1]]
            unsigned = part.view(f"u{part.dtype.itemsize}")
            np.cumsum(unsigned, axis=1, dtype=unsigned.dtype, out=unsigned)
    return numbers[: page.height, : page.width]


def _require_numbers(page: Page, bits: int) -> None:
    if page.format in (5, 6):
        raise UnreadableError("holds complex numbers: save their magnitude")
    if page.format == FLOAT:
        if bits not in (16, 32, 64):
            raise UnreadableError(f"holds floating-point numbers of {bits} bits: save it with 32")
    elif page.format not in _KINDS or (not 0 < bits <= 32 and bits != 64):
        raise UnreadableError(f"holds numbers of {bits} bits: save it with 8 or 16 bits")
    elif page.format == 2 and bits not in _WHOLE:
        raise UnreadableError(f"holds signed numbers of {bits} bits: save it with 16")
    is_fine = page.predictor == 1 or (page.predictor == 2 and bits in _WHOLE)
    if not is_fine and (page.predictor, page.format) != (3, FLOAT):
        raise UnreadableError(
            f"is packed with predictor {page.predictor} of {bits} bits: save it without a predictor"
        )


def _numbers(packed: ByteArray, page: Page, bits: int, shape: tuple[int, int, int]) -> AnyArray:
    """Return what bytes ``(H, L)`` mean, in the machine's byte order, ``(H, W, S)``, writable."""
    size = bits // 8
    if page.predictor == 3:
        return _from_byte_differences(packed, page, size, shape)
    if bits in _WHOLE:
        kind = "f" if page.format == FLOAT else _KINDS[page.format]
        there = packed.view(f"{page.order}{kind}{size}").reshape(shape)
        here = there.astype(there.dtype.newbyteorder("="), copy=False)
        return here if here.flags.writeable or page.predictor == 1 else here.copy()
    return _from_bits(packed, bits, shape)


def _from_byte_differences(
    packed: ByteArray, page: Page, size: int, shape: tuple[int, int, int]
) -> AnyArray:
    """Undo predictor 3 (TIFF Technical Note 3): differences of bytes, the highest of all first."""
    height, columns, count = shape
    tiles = packed.reshape(height, page.across, -1, count)
    whole = np.cumsum(tiles, axis=2, dtype=np.uint8)
    apart = whole.reshape(height, page.across, size, -1)
    together = np.ascontiguousarray(apart.swapaxes(2, 3))
    return together.view(f">f{size}").astype(f"f{size}").reshape(height, columns, count)


def _from_bits(packed: ByteArray, bits: int, shape: tuple[int, int, int]) -> AnyArray:
    """Unpack numbers that do not fill whole bytes, the highest bit first."""
    height, columns, count = shape
    kind = np.dtype("u1" if bits < 8 else "u2" if bits < 16 else "u4")
    weights = (1 << np.arange(bits - 1, -1, -1, dtype=np.uint64)).astype(kind)
    result = np.empty((height, columns * count), kind)
    block = max(_BITS_AT_ONCE // (columns * count * bits), 1)
    for top in range(0, height, block):
        each = np.unpackbits(packed[top : top + block], axis=1, count=columns * count * bits)
        result[top : top + block] = each.reshape(-1, columns * count, bits) @ weights
    return result.reshape(shape)


def _bytes(data: bytes, page: Page, plane: int, height: int, line: int) -> ByteArray:
    """Return the unpacked bytes of a plane, its tiles whole, ``(H, L)``."""
    count = page.across * page.down
    parts = slice(plane * count, (plane + 1) * count)
    places = zip(page.starts[parts].tolist(), page.lengths[parts].tolist(), strict=True)
    if page.compression != PLAIN:
        return _unpacked([data[at : at + length] for at, length in places], page, height, line)
    if page.fill == 2:
        data = data.translate(_REVERSED)
    return _laid_out(data, list(places), page, height, line)


def _laid_out(
    data: bytes, places: list[tuple[int, int]], page: Page, height: int, line: int
) -> ByteArray:
    """Return bytes that are not packed, as they lie in the picture."""
    rows, wide = page.part[0], line // page.across
    ends = [at + length for at, length in places]
    is_whole = page.across == 1 and all(
        end == at for end, (at, _) in zip(ends, places[1:], strict=False)
    )
    if is_whole:
        require(ends[-1] - places[0][0] >= height * line)
        return np.frombuffer(data, np.uint8, height * line, places[0][0]).reshape(height, line)
    result = np.empty((height, line), np.uint8)
    for number, (at, length) in enumerate(places):
        down, across = divmod(number, page.across)
        top, left = down * rows, across * wide
        kept = min(rows, height - top)
        require(length >= kept * wide)
        part = np.frombuffer(data, np.uint8, kept * wide, at).reshape(kept, wide)
        result[top : top + kept, left : left + wide] = part
    return result


def _unpacked(parts: list[bytes], page: Page, height: int, line: int) -> ByteArray:
    """Return what libtiff unpacks, told that all of it is a grey picture of 8 bits."""
    from PIL import Image  # takes 30 ms, and is not wanted at the start

    if page.fill == 2:
        parts = [part.translate(_REVERSED) for part in parts]
    wide = line // page.across
    tags: dict[int, tuple[int, ...]] = {256: (line,), 257: (height,), 258: (8,)}
    tags |= {259: (page.compression,), 262: (1,), 277: (1,)}
    starts = np.cumsum([8, *map(len, parts)])
    lies, sizes = tuple(starts[:-1].tolist()), tuple(map(len, parts))
    if page.is_tiled:
        tags |= {322: (wide,), 323: (page.part[0],), 324: lies, 325: sizes}
    else:
        tags |= {273: lies, 278: (page.part[0],), 279: sizes}
    body = struct.pack("<2sHI", b"II", 42, int(starts[-1])) + b"".join(parts)
    with Image.open(io.BytesIO(body + _directory(tags, int(starts[-1]))), formats=["tiff"]) as file:
        require(file.size == (line, height) and file.mode == "L")
        return np.array(file)


def _directory(tags: dict[int, tuple[int, ...]], place: int) -> bytes:
    """Write a directory that lies at a place; what does not fit into it follows."""
    entries, rest = b"", b""
    behind = place + 2 + 12 * len(tags) + 4
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"<{len(values)}I", *values)
        if len(values) > 1:
            packed, rest = struct.pack("<I", behind + len(rest)), rest + packed
        entries += struct.pack("<HHI", tag, 4, len(values)) + packed
    return struct.pack("<H", len(tags)) + entries + bytes(4) + rest
