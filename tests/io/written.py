"""Pictures as Pillow and tifffile write them: every mode in every format, every layout of TIFF."""

from __future__ import annotations

import io
import itertools
import struct
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
import tifffile
from PIL import Image

from convlab.engine.arrays import AnyArray

SIZE = (21, 37)  # odd: no row fills whole bytes at 1, 2 or 4 bits
MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F")
COMPRESSIONS = (
    "raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "lzma", "zstd", "jpeg",
)  # fmt: skip
FORMATS = (
    "PNG", "GIF", "BMP", "PPM", "JPEG", "JPEG2000", "WEBP", "AVIF", "PCX", "ICO", "SGI", "DDS",
    "QOI", "EPS", "XBM",
)  # fmt: skip
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"TIFF {how}": ("TIFF", {"compression": how}) for how in COMPRESSIONS},
    **{kind: (kind, {}) for kind in FORMATS},
    "PNG with a transparent colour": ("PNG", {"transparency": 9}),
    "PNG of 2 bits": ("PNG", {"bits": 2}),
    "lossless WebP": ("WEBP", {"lossless": True}),
    "progressive JPEG": ("JPEG", {"progressive": True, "subsampling": 0}),
    "TIFF of strips": ("TIFF", {"compression": "tiff_lzw", "strip_size": 200}),
    "big TIFF": ("TIFF", {"big_tiff": True}),
}
_ORDERS: tuple[Literal["<", ">"], ...] = ("<", ">")
FAX = [f"TIFF {how}" for how in ("group3", "group4", "tiff_ccitt")]
WAYS |= {name: ("TIFF", {"compression": name.split()[1]}) for name in FAX}


def _smooth(channels: int) -> AnyArray:
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    waves = [np.sin((rows * (k + 1) + columns * (3 - k)) / 17) for k in range(channels)]
    return (127 + 120 * np.stack(waves, axis=-1)).astype(np.uint8)


def image(mode: str) -> Image.Image:
    """Return a picture of one of Pillow's modes."""
    rng = np.random.default_rng(17)
    colours = Image.fromarray(_smooth(4)[..., :3])
    match mode:
        case "I;16":
            return Image.fromarray(rng.integers(0, 65536, SIZE, np.uint16))
        case "I":
            return Image.fromarray(rng.integers(0, 65536, SIZE).astype(np.int32))
        case "F":
            return Image.fromarray(rng.normal(size=SIZE).astype(np.float32))
        case "RGBA":
            return Image.fromarray(_smooth(4))
        case "LA":
            return Image.merge("LA", [Image.fromarray(_smooth(2)[..., k]) for k in range(2)])
        case "PA":
            return colours.convert("P").convert("PA")
    return colours.convert(mode)


def by_pillow() -> Iterator[tuple[str, bytes]]:
    """Give the name and the bytes of all that Pillow can write of it."""
    for (name, (kind, how)), mode in itertools.product(WAYS.items(), MODES):
        if (name in FAX) is not (mode == "1") and name in FAX:
            continue
        file = io.BytesIO()
        try:
            image(mode).save(file, kind, **how)
        except (OSError, ValueError, RuntimeError):
            continue  # there is no such file
        yield f"{name}, {mode}", file.getvalue()


class Layout(NamedTuple):
    """How the samples of a TIFF lie in it."""

    kind: str
    compression: str | None
    predictor: bool
    order: Literal["<", ">"]
    tile: tuple[int, int] | None
    channels: int
    planar: bool

    def write(self, pixels: AnyArray) -> bytes:
        """Write ``(H, W)`` or ``(H, W, C)``."""
        how: dict[str, Any] = {"photometric": "rgb" if self.channels == 3 else "minisblack"}
        if self.channels:
            how["planarconfig"] = "separate" if self.planar else "contig"
        if self.tile is None:
            how["rowsperstrip"] = 7
        kind = np.dtype(self.kind).newbyteorder(self.order)
        file = io.BytesIO()
        tifffile.imwrite(
            file,
            (np.moveaxis(pixels, -1, 0) if self.planar else pixels).astype(kind),
            byteorder=self.order,
            compression=self.compression,
            predictor=self.predictor or None,
            tile=self.tile,
            bigtiff=self.channels == 5,
            **how,
        )
        return file.getvalue()

    def pixels(self, rng: np.random.Generator) -> AnyArray:
        """Return numbers over the whole range of the kind."""
        shape = (*SIZE, self.channels) if self.channels else SIZE
        kind = np.dtype(self.kind)
        if kind.kind == "f":
            return rng.normal(size=shape).astype(kind)
        ends = np.iinfo(kind)
        return rng.integers(ends.min, ends.max, shape, kind, endpoint=True)


def layouts() -> list[Layout]:
    """Return all layouts that tifffile can write."""
    channels = ((0, False), (3, False), (3, True), (2, False), (2, True), (5, False), (5, True))
    return [
        Layout(kind, compression, predictor, order, tile, *planes)
        for kind in ("u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8")
        for compression in (None, "lzw", "zlib", "packbits", "lzma", "zstd")
        for predictor in (False, True)
        for order in _ORDERS
        for tile in (None, (16, 32))
        for planes in channels
        if not predictor or (compression not in (None, "packbits") and kind not in ("u8", "i8"))
    ]


def packed_tiff(numbers: AnyArray, bits: int) -> bytes:
    """Write whole numbers of any depth, ``(H, W, C)``, byte by byte: no program takes them all."""
    height, width, channels = numbers.shape
    places = np.arange(bits - 1, -1, -1)
    ones = (numbers[..., np.newaxis] >> places & 1).astype(np.uint8)
    packed = np.packbits(ones.reshape(height, -1), axis=1).tobytes()
    kind = 2 if channels == 3 else 1
    single = {256: width, 257: height, 259: 1, 262: kind, 277: channels, 278: height}
    single[279] = len(packed)
    rest = 8 + 2 + 12 * (len(single) + 2) + 4
    entries = {tag: struct.pack("<HHII", tag, 4, 1, value) for tag, value in single.items()}
    entries[258] = struct.pack("<HHII", 258, 3, channels, rest if channels > 2 else bits)
    entries[273] = struct.pack("<HHII", 273, 4, 1, rest + 8)
    listed = b"".join(entries[tag] for tag in sorted(entries))
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + listed + bytes(4)
    return head + struct.pack("<4H", *[bits] * 4) + packed
