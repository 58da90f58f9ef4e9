"""AVIF: by Pillow, which keeps but 8 bits; of more by OpenCV, which leaves them in its low bits."""

from __future__ import annotations

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.decoders import opencv, pillow
from convlab.io.headers.boxes import avif_depth
from convlab.io.headers.claim import require


def decode(data: bytes) -> AnyArray:
    """Decode the first picture of a file, upright, ``(H, W)`` or RGB ``(H, W, 3)``.

    Raises:
        DamagedError: OpenCV cannot.
        Exception: Whatever Pillow raises for a damaged file.
    """
    depth = avif_depth(data)
    if depth == 8:
        return pillow.decode(data, "AVIF")
    deep = opencv.raw(data)
    require(deep.dtype == np.uint16 and int(deep.max()) < 1 << depth)
    spread = np.rint(np.linspace(0, 65535, 1 << depth)).astype(np.uint16)
    return opencv.shown(spread[deep], data)
