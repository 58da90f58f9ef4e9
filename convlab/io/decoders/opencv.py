"""What OpenCV decodes, the fastest way to a picture: JPEG, PNG, WebP, JPEG 2000, HDR, PFM."""

from __future__ import annotations

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.io.decoders.finish import as_engine_takes_it, over_white, upright
from convlab.io.headers.claim import UnreadableError, require
from convlab.io.headers.orientation import orientation


def decode(data: bytes) -> AnyArray:
    """Decode a picture, upright, ``(H, W)`` or RGB ``(H, W, 3)``.

    Raises:
        DamagedError: OpenCV cannot.
        UnreadableError: It has channels that are no colours.
    """
    return shown(raw(data), data)


def shown(pixels: AnyArray, data: bytes) -> AnyArray:
    """Return what OpenCV has decoded of a file, upright, as RGB, over white.

    Raises:
        UnreadableError: It has channels that are no colours.
    """
    return upright(_opaque_rgb(pixels), orientation(data))


def decode_rgb(data: bytes) -> AnyArray:
    """Decode a picture of 8 bits that has three colours and no more, upright, ``(H, W, 3)``.

    OpenCV turns the colours round while it decodes, in a tenth of the time that it takes later.

    Raises:
        DamagedError: OpenCV cannot.
    """
    how = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    return upright(raw(data, how), orientation(data))


def raw(data: bytes, how: int = cv2.IMREAD_UNCHANGED) -> AnyArray:
    """Decode without any conversion, BGR: other modes drop 16 bits or transparency.

    Raises:
        DamagedError: OpenCV cannot.
    """
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error:
        pixels = None
    require(pixels is not None and pixels.size > 0)
    assert pixels is not None
    return pixels


def _opaque_rgb(pixels: AnyArray) -> AnyArray:
    """Turn BGR or BGRA into RGB; grey stays grey."""
    pixels = as_engine_takes_it(pixels)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels == 1:
        return pixels.reshape(pixels.shape[:2])
    if channels == 3:  # six times faster than turning the last axis round
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2RGB))
    if channels == 4:
        return over_white(pixels[..., 2::-1], pixels[..., 3])
    raise UnreadableError(f"has {channels} channels: save it as grey, RGB or RGBA")
