"""Pictures written to and read from files."""

from __future__ import annotations

from pathlib import Path

from convlab.engine.arrays import AnyArray, ByteArray
from convlab.io.images import decode_image, encode_png, read_image_file


def save_png(path: Path, rgb: ByteArray) -> None:
    """Save ``(H, W, 3)`` RGB as PNG."""
    path.write_bytes(encode_png(rgb))


def load_image(path: Path) -> AnyArray:
    return decode_image(read_image_file(path), path.name)
