"""PNG: by OpenCV, which knows nothing of transparent grey, and of frames less than Pillow."""

from __future__ import annotations

import struct

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.decoders import opencv, pillow
from convlab.io.decoders.finish import upright
from convlab.io.headers import png
from convlab.io.headers.orientation import orientation

_GREY, _RGB = 0, 2


def decode(data: bytes) -> AnyArray:
    """Decode a PNG, upright, its transparency over white; the first frame if it moves."""
    if png.durations(data):
        return pillow.decode(data, "PNG")
    kind, depth, place, length = png.transparent_colour(data)
    if not length or kind not in (_GREY, _RGB):
        return opencv.decode(data)
    opaque = opencv.raw(data[: place - 8] + data[place + length + 4 :])
    clear = np.array(struct.unpack_from(f">{length // 2}H", data, place)[::-1])
    if depth < 8:
        clear = clear * (255 // ((1 << depth) - 1))
    is_clear = (opaque.reshape(*opaque.shape[:2], -1) == clear).all(axis=2)
    opaque[is_clear] = np.iinfo(opaque.dtype).max
    rgb = opaque if opaque.ndim == 2 else opaque[..., ::-1]
    return upright(rgb, orientation(data))
