"""FITS: its numbers as they were measured, the lowest row at the bottom."""

from __future__ import annotations

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.decoders.finish import as_engine_takes_it
from convlab.io.headers.claim import require
from convlab.io.headers.fits import header

_UNSIGNED = {"u1": 0.0, ">i2": 32768.0}
"""The zero with which whole numbers from 0 on are stored."""


def decode(data: bytes, number: int = 0) -> AnyArray:
    """Decode a picture of a file, ``(H, W)``: uint8 or uint16 where it holds these, else float32.

    Raises:
        DamagedError: It is cut off.
        UnreadableError: It holds no picture, or a compressed one.
    """
    found = header(data)
    require(number < found.count)
    size = found.width * found.height
    start = found.start + number * size * np.dtype(found.kind).itemsize
    stored = np.frombuffer(data, found.kind, size, start).reshape(found.height, found.width)[::-1]
    if found.scale == 1.0 and found.blank is None and _UNSIGNED.get(found.kind) == found.zero:
        return stored if found.kind == "u1" else (stored.astype(np.int32) + 32768).astype(np.uint16)
    values = stored.astype(np.float64) * found.scale + found.zero
    if found.blank is not None:
        values[stored == found.blank] = np.nan
    return as_engine_takes_it(values)
