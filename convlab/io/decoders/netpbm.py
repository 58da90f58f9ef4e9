"""PBM, PGM, PPM and PAM: their maximum is white. OpenCV ignores it, Pillow drops 16 bits."""

from __future__ import annotations

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.decoders.finish import over_white
from convlab.io.headers.claim import require
from convlab.io.headers.netpbm import Netpbm, header

_DIGITS = b"0123456789 \t\r\n\v\f"


def decode(data: bytes) -> AnyArray:
    """Decode a picture, ``(H, W)`` or RGB ``(H, W, 3)``; uint8, or uint16 above 255.

    Raises:
        DamagedError: Numbers are missing, or above its maximum.
    """
    found = header(data)
    numbers = _numbers(data, found)
    require(int(numbers.max(initial=0)) <= found.maximum)
    if found.kind in (1, 4):
        numbers = 1 - numbers  # one is black
    shown = _spread(numbers.reshape(found.height, found.width, found.samples), found)
    grey_or_rgb = shown[..., 0] if found.samples < 3 else shown[..., :3]
    return over_white(grey_or_rgb, shown[..., -1]) if found.samples in (2, 4) else grey_or_rgb


def _numbers(data: bytes, found: Netpbm) -> AnyArray:
    count = found.width * found.height * found.samples
    if found.kind == 4:
        row = (found.width + 7) // 8
        packed = np.frombuffer(data, np.uint8, row * found.height, found.start)
        bits = np.unpackbits(packed.reshape(found.height, row), axis=1, count=found.width)
        return bits.reshape(-1)
    if not found.is_text:
        kind = np.dtype(np.uint8 if found.sample == 1 else ">u2")
        return np.frombuffer(data, kind, count, found.start).astype(kind.newbyteorder("="))
    text = data[found.start :]
    if b"#" in text:
        text = b"\n".join(line.partition(b"#")[0] for line in text.splitlines())
    require(not text.translate(None, _DIGITS))
    if found.kind == 1:  # digits need not be parted
        digits = np.frombuffer(text.translate(None, _DIGITS[10:]), np.uint8)[:count]
        require(len(digits) == count)
        return digits - ord("0")
    numbers = np.fromstring(text, np.uint32, count, sep=" ")  # a list of words takes ten times it
    require(len(numbers) == count)
    return numbers


def _spread(numbers: AnyArray, found: Netpbm) -> AnyArray:
    """Return numbers spread over all of 8 or 16 bits, so that the maximum is white."""
    white = 255 if found.sample == 1 else 65535
    kind = np.uint8 if found.sample == 1 else np.uint16
    if found.maximum == white:
        return numbers.astype(kind, copy=False)
    scale = np.rint(np.arange(found.maximum + 1) * (white / found.maximum)).astype(kind)
    spread: AnyArray = scale[numbers]
    return spread
