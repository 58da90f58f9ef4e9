"""Colour spaces: from a frame's pixels to the float planes that a kernel runs over."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray, native
from convlab.engine.cv import cv2


class ColorSpace(StrEnum):
    """How a colour picture is split into planes."""

    GREY = "grey"
    RGB = "rgb"
    HSV = "hsv"
    LAB = "lab"

    @property
    def channels(self) -> tuple[str, ...]:
        """Short names of the planes."""
        return _CHANNELS[self]


_CHANNELS = {
    ColorSpace.GREY: ("Grey",),
    ColorSpace.RGB: ("R", "G", "B"),
    ColorSpace.HSV: ("H", "S", "V"),
    ColorSpace.LAB: ("L", "a", "b"),
}
# OpenCV's float ranges: H 0..360, S and V 0..1; L 0..100, a and b -127..127.
_UNIT = {
    ColorSpace.HSV: np.array([1 / 360, 1.0, 1.0], np.float32),
    ColorSpace.LAB: np.array([1 / 100, 1 / 127, 1 / 127], np.float32),
}
_BRIGHTEST = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}


def to_planes(pixels: AnyArray, space: ColorSpace) -> FloatArray:
    """Split a picture into float32 planes: ``split``, then ``to_unit``."""
    return to_unit(split(pixels, space))


def split(pixels: AnyArray, space: ColorSpace) -> AnyArray:
    """Split a picture into planes, in the picture's own type where the space has one.

    Args:
        pixels: ``(H, W)`` or RGB ``(H, W, 3)``; uint8, uint16 or float32.
        space: The planes wanted. A grey picture has one plane in every space.

    Returns:
        ``(C, H, W)``, contiguous. Grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded to
        the picture's own depth. HSV and Lab are float32: H, S, V and L in 0..1, a and b in -1..1.
    """
    pixels = native(pixels)
    if pixels.ndim == 2:
        return pixels[np.newaxis]
    if space is ColorSpace.GREY:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))[np.newaxis]
    if space is ColorSpace.RGB:
        planes = np.empty((3, *pixels.shape[:2]), pixels.dtype)
        cv2.split(pixels, list(planes))
        return planes
    code = cv2.COLOR_RGB2HSV if space is ColorSpace.HSV else cv2.COLOR_RGB2Lab
    converted = np.asarray(cv2.cvtColor(to_unit(pixels), code)) * _UNIT[space]
    return np.stack(cv2.split(converted)).astype(np.float32, copy=False)


def to_unit(pixels: AnyArray) -> FloatArray:
    """Return float32: uint8 and uint16 divided by 255 and 65535, others as they are."""
    pixels = native(pixels)
    brightest = _BRIGHTEST.get(pixels.dtype)
    if brightest is None:
        return np.ascontiguousarray(pixels, dtype=np.float32)
    return np.multiply(pixels, np.float32(1 / brightest), dtype=np.float32)
