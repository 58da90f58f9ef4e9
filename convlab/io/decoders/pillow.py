"""What Pillow decodes: GIF, BMP, AVIF, moving PNG and WebP, pictures packed in TIFF.

It is imported when something is decoded: it takes 30 ms.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.decoders.finish import over_white, upright

if TYPE_CHECKING:
    from PIL import Image

# What it prints of a file helps nobody: whoever asked is told in one message.
warnings.filterwarnings("ignore", module=r"PIL\.")

_ORIENTATION = 0x0112
_DEEP = ("I;16", "I;16L", "I;16B", "I;16N")
_CLEAR = ("RGBA", "LA", "La", "PA", "RGBa")


def opened(data: bytes, kind: str) -> Image.Image:
    """Open a file of one kind; whoever takes it closes it."""
    from PIL import Image

    return Image.open(io.BytesIO(data), formats=[kind])


def decode(data: bytes, kind: str) -> AnyArray:
    """Decode the first picture of a file, upright, ``(H, W)`` or RGB ``(H, W, 3)``.

    Raises:
        Exception: Whatever Pillow raises for a damaged file.
    """
    with opened(data, kind) as image:
        return from_pillow(image)


def from_pillow(image: Image.Image) -> AnyArray:
    """Return what an image shows: upright, its transparency over white."""
    image.load()
    turn = image.getexif().get(_ORIENTATION, 1)
    return upright(_opaque(image), turn if turn in range(1, 9) else 1)


def _opaque(image: Image.Image) -> AnyArray:
    if image.mode in _DEEP:
        return np.asarray(image).astype(np.uint16)
    if image.mode in ("I", "F"):
        return np.asarray(image).astype(np.float32)
    if image.mode in _CLEAR or "transparency" in image.info:
        whole = np.asarray(image.convert("RGBA"))
        return over_white(whole[..., :3], whole[..., 3])
    return np.asarray(image.convert("L" if image.mode in ("1", "L") else "RGB"))
