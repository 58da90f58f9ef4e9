"""Colour spaces: from a frame's pixels to the float planes that a kernel runs over."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
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
    """Split a picture into float32 planes.

    Args:
        pixels: ``(H, W)`` or RGB ``(H, W, 3)``; uint8 and uint16 are divided by 255 and 65535,
            float32 is taken as it is.
        space: The planes wanted. A grey picture has one plane in every space.

    Returns:
        ``(C, H, W)`` float32, contiguous. Grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601),
        rounded to the picture's own depth. H, S, V and L lie in 0..1, a and b in -1..1.
    """
    if pixels.ndim == 2:
        return _unit_interval(pixels)[np.newaxis]
    if space is ColorSpace.GREY:
        return _unit_interval(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))[np.newaxis]
    rgb = _unit_interval(pixels)
    if space is ColorSpace.HSV:
        rgb = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)) * _UNIT[space]
    elif space is ColorSpace.LAB:
        rgb = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)) * _UNIT[space]
    return np.stack(cv2.split(rgb)).astype(np.float32, copy=False)


def _unit_interval(pixels: AnyArray) -> FloatArray:
    brightest = _BRIGHTEST.get(pixels.dtype)
    if brightest is None:
        return np.ascontiguousarray(pixels, dtype=np.float32)
    return np.multiply(pixels, np.float32(1 / brightest), dtype=np.float32)
