"""Small files that claim to be large: each must be rejected before anything believes it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from convlab.io.datasets import load_own
from convlab.io.project import load_project
from convlab.io.sounds import unpack_sound
from convlab.io.tables import unpack_table
from convlab.io.tensors import pack_tensors
from convlab.io.weights import read_weights
from tests.io.made import chunk, encoded
from tests.pictures import load_image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = chunk(b"IEND", b"")
PIXELS = chunk(b"IDAT", zlib.compress(bytes(72)))


def png_header(width: int, height: int, depth: int = 8, colour: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def long_chunk(name: bytes, length: int = 0xFFFFFFF0) -> bytes:
    """A chunk that says that gigabytes follow."""
    return (
        struct.pack(">I", length) + PIXELS[4:]
        if name == b"IDAT"
        else (struct.pack(">I", length) + name + bytes(30))
    )


def tiff(**tags: tuple[int, int, int]) -> bytes:
    """A TIFF of 16 × 16 grey pixels; each further tag is (kind, count, value)."""
    all_tags = {256: (4, 1, 16), 257: (4, 1, 16), 258: (3, 1, 8), 259: (3, 1, 1), 262: (3, 1, 1)}
    all_tags |= {int(name[1:]): tag for name, tag in tags.items()}
    entries = b"".join(
        struct.pack("<HHII", number, *tag) for number, tag in sorted(all_tags.items())
    )
    start = b"II*\0" + struct.pack("<IH", 8, len(all_tags)) + entries + bytes(4)
    return start + bytes(300)


def box(name: bytes, content: bytes, length: int | None = None) -> bytes:
    return struct.pack(">I", len(content) + 8 if length is None else length) + name + content


def avif(width: int, height: int) -> bytes:
    size = box(b"ispe", struct.pack(">III", 0, width, height))
    properties = box(b"iprp", box(b"ipco", size))
    return box(b"ftyp", b"avif" + bytes(8)) + box(b"meta", bytes(4) + properties)


def webp(width: int, height: int) -> bytes:
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + b"VP8 " + struct.pack("<I", 20)
    return b"RIFF" + struct.pack("<I", len(body) + 20) + body + bytes(20)


def jpeg_2000(width: int, height: int, tile: int) -> bytes:
    sizes = struct.pack(">HHIIIIIIIIH", 47, 0, width, height, 0, 0, tile, tile, 0, 0, 3)
    stream = b"\xff\x4f\xff\x51" + sizes + bytes((7, 1, 1)) * 3 + bytes(60)
    return b"\0\0\0\x0cjP  \r\n\x87\n" + box(b"ftyp", b"jp2 " + bytes(8)) + box(b"jp2c", stream)


def jpeg_of_many_scans() -> bytes:
    whole = encoded(".jpg", np.zeros((64, 64), np.uint8))
    scan = whole[whole.find(b"\xff\xda") : -2]
    return whole[:-2] + scan * 500 + whole[-2:]


PICTURES = {
    "long IDAT": SIGNATURE + png_header(8, 8) + long_chunk(b"IDAT") + END,
    "long IDAT of 2 GB": SIGNATURE + png_header(8, 8) + long_chunk(b"IDAT", 0x7FFFFFF0) + END,
    "long text": SIGNATURE + png_header(8, 8) + long_chunk(b"tEXt") + PIXELS + END,
    "long frame": SIGNATURE + png_header(8, 8) + PIXELS + long_chunk(b"fdAT") + END,
    "large PNG": SIGNATURE + png_header(8000, 8000, 16, 6) + PIXELS + END,
    "large GIF": b"GIF89a" + struct.pack("<HHBBB", 8191, 8191, 128, 0, 0) + bytes(6)
    + b"," + struct.pack("<HHHHB", 0, 0, 8191, 8191, 0) + b"\2\2\x44\1\0;",
    "large BMP": b"BM" + struct.pack("<IIIIiiHHI", 99, 0, 54, 40, 8000, 8000, 1, 32, 0) + bytes(60),
    "large PNM": b"P6 8000 8000 65535\n" + bytes(60),
    "large PFM": b"PF\n8000 8000\n-1.0\n" + bytes(60),
    "large HDR": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 8000 +X 8000\n" + bytes(60),
    "large WebP": webp(8000, 8000),
    "large AVIF": avif(8000, 8000),
    "long AVIF box": avif(8, 8) + box(b"mdat", bytes(9), 0x7FFFFFF0),
    "large JPEG 2000": jpeg_2000(8000, 8000, 8000),
    "JPEG 2000 of many tiles": jpeg_2000(2000, 2000, 8),
    "large tile": tiff(t322=(4, 1, 16384), t323=(4, 1, 16384), t324=(4, 1, 200), t325=(4, 1, 16)),
    "many strips": tiff(t273=(4, 0x3FFFFFFF, 200), t279=(4, 0x3FFFFFFF, 16)),
    "long strip": tiff(t273=(4, 1, 200), t279=(4, 1, 0xFFFFFFF0)),
    "strip elsewhere": tiff(t273=(4, 1, 0xFFFFFF00), t279=(4, 1, 256)),
    "many tags": b"II*\0" + struct.pack("<IH", 8, 65535) + bytes(99),
    "directory elsewhere": b"MM\0*" + struct.pack(">I", 0xFFFFFFF0) + bytes(99),
    "JPEG of 500 scans": jpeg_of_many_scans(),
}  # fmt: skip


def zipped(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def long_directory() -> bytes:
    """A zip file whose list of entries is twenty megabytes of nothing."""
    entry = b"PK\1\2" + bytes(42)
    count = (20 << 20) // len(entry)
    end = struct.pack("<HHHHIIH", 0, 0, 65535, 65535, count * len(entry), 0, 0)
    return entry * count + b"PK\5\6" + end


def npy(shape: str) -> bytes:
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(9)


def safetensors_list() -> bytes:
    """Twelve megabytes of JSON in front of no numbers."""
    text = b'{"a":' + b"[" * (6 << 20) + b"]" * (6 << 20) + b"}"
    return struct.pack("<Q", len(text)) + text


def wav(length: int) -> bytes:
    header = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    return b"RIFF\xff\xff\xff\x7fWAVEfmt " + header + b"data" + struct.pack("<I", length) + bytes(9)


def read_sound(path: Path) -> object:
    return unpack_sound(path.read_bytes(), path.name)


def read_table(path: Path) -> object:
    return unpack_table(path.read_bytes(), path.name)


READERS: dict[str, Callable[[Path], object]] = {
    ".picture": load_image,
    ".csv": read_table,
    ".wav": read_sound,
    ".own": load_own,
    ".convlab": load_project,
} | dict.fromkeys((".npy", ".npz", ".safetensors"), lambda path: read_weights(path, (4, 2, 3, 3)))
"""Who reads a file, by its ending."""

OTHERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "2,000,000 lines": (".csv", lambda: b"1\n" * 2_000_000),
    "2,000,000 cells": (".csv", lambda: b"1;" * 2_000_000),
    "200,000 lines of 20 cells": (".csv", lambda: (b"1;" * 20 + b"\n") * 200_002),
    "long WAV": (".wav", lambda: wav(0x7F000000)),
    "WAV of many chunks": (".wav", lambda: wav(1)[:36] + b"junk\0\0\0\0" * 2_000_000),
    "long list of entries": (".npz", long_directory),
    "many small bombs": (".npz", lambda: zipped(
        {f"{k}.npy": bytes(1 << 20) for k in range(300)})),
    "large npy": (".npy", lambda: npy("(2147483647,)")),
    "large data set": (".own", lambda: zipped(
        {"images.npy": npy("(2147483647, 1, 1)"), "labels.npy": npy("(2147483647,)")})),
    "long list of arrays": (".safetensors", safetensors_list),
    "nested project": (".convlab", lambda: zipped({
        "project.json": b'{"a":' + b"[" * 900_000 + b"]" * 900_000 + b"}",
        "weights.safetensors": pack_tensors({})})),
}  # fmt: skip


def write(folder: Path) -> dict[str, Path]:
    """Write them all; return where each is."""
    made = {name: (".picture", lambda data=data: data) for name, data in PICTURES.items()} | OTHERS
    paths = {}
    for number, (name, (ending, make)) in enumerate(made.items()):
        paths[name] = folder / f"{number}{ending}"
        paths[name].write_bytes(make())
    return paths
