"""How a picture enters a stack: cut to the wanted aspect or to the digit in it, scaled, shifted."""

from __future__ import annotations

import numpy as np

from convlab.document.frame import Frame
from convlab.document.stack.digit import BOX, cut_digit
from convlab.document.stack.model import LARGEST_SIDE, InputSpace, StackInput
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.color import ColorSpace, to_planes
from convlab.engine.cv import cv2


def prepare(frame: Frame, wanted: StackInput, shift: tuple[int, int]) -> FloatArray:
    """Return the planes that enter the first layer.

    Args:
        frame: The picture.
        wanted: Channels and size.
        shift: (rows, columns) by which it is moved; what leaves on one side enters on the other.

    Returns:
        float32 ``(C, H, W)``, contiguous, its own memory.
    """
    planes = _digit(frame, wanted) if wanted.as_digit else _planes(frame, wanted)
    if len(planes) < wanted.space.channels:  # a grey picture has the same in red, green and blue
        planes = np.repeat(planes, wanted.space.channels, axis=0)
    if shift != (0, 0):
        planes = np.roll(planes, shift, axis=(1, 2))
    return planes if planes.base is None else planes.copy()


def white_of(frame: Frame, wanted: StackInput) -> float:
    """Return the value that is painted white in the planes that enter."""
    return 1.0 if wanted.as_digit else frame.white


def _planes(frame: Frame, wanted: StackInput) -> FloatArray:
    pixels = scaled(frame.pixels, wanted.size or natural_size(frame.pixels.shape[:2]))
    space = ColorSpace.RGB if wanted.space is InputSpace.RGB else ColorSpace.GREY
    return to_planes(pixels, space)


def _digit(frame: Frame, wanted: StackInput) -> FloatArray:
    grey = to_planes(frame.pixels, ColorSpace.GREY)[0] / np.float32(frame.white)
    return cut_digit(grey, wanted.size or (BOX, BOX))[np.newaxis]


def natural_size(size: tuple[int, ...]) -> tuple[int, int]:
    """Return the size of a picture as it is, or made smaller to at most LARGEST_SIDE [px]."""
    rows, columns = size
    factor = min(1.0, LARGEST_SIDE / max(rows, columns))
    return max(round(rows * factor), 1), max(round(columns * factor), 1)


def scaled(pixels: AnyArray, size: tuple[int, int]) -> AnyArray:
    """Return a picture of another size; what does not fit the new aspect is cut off evenly."""
    if pixels.shape[:2] == size:
        return pixels
    height, width = pixels.shape[:2]
    rows, columns = size
    factor = min(height / rows, width / columns)
    kept_rows, kept_columns = max(round(rows * factor), 1), max(round(columns * factor), 1)
    top, left = (height - kept_rows) // 2, (width - kept_columns) // 2
    part = np.ascontiguousarray(pixels[top : top + kept_rows, left : left + kept_columns])
    return np.asarray(cv2.resize(part, (columns, rows), interpolation=_interpolation(factor)))


def _interpolation(factor: float) -> int:
    """Return how a picture is made smaller by a factor.

    Areas are averaged, so that fine lines do not flicker; below two, four neighbours are an area
    and take a fifth of the time. Small pictures grow to squares, so that their pixels stay pixels.
    """
    if factor < 1.0:
        return cv2.INTER_NEAREST_EXACT
    return cv2.INTER_LINEAR if factor < 2.0 else cv2.INTER_AREA
