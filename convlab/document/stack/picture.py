"""How a picture enters a stack: fitted to its size or cut to the digit in it, normalised, shifted.

Each plane is (x · levels − mean) / std in float32, where x is the picture's own number between 0
and 1.
"""

from __future__ import annotations

import numpy as np

from convlab.document.frame import Frame
from convlab.document.stack.digit import BOX, cut_digit
from convlab.document.stack.model import LARGEST_SIDE, InputSpace, StackInput
from convlab.document.stack.tiles import Shades
from convlab.engine.arrays import AnyArray, FloatArray, native
from convlab.engine.color import ColorSpace, split, to_planes
from convlab.engine.cv import cv2
from convlab.engine.display import Scale
from convlab.networks.stack_input import Fitting

BARS = 114 / 255
"""Of white: the grey of the bars beside a picture that is not cut, as detectors have learned it."""

_BRIGHTEST = {np.dtype(np.uint8): 255.0, np.dtype(np.uint16): 65535.0}


def prepare(frame: Frame, wanted: StackInput, shift: tuple[int, int]) -> FloatArray:
    """Return the planes that enter the first layer.

    Args:
        frame: The picture.
        wanted: What the network wants.
        shift: (rows, columns) by which it is moved; what leaves on one side enters on the other.

    Returns:
        float32 ``(C, H, W)``, contiguous, its own memory.
    """
    planes = _digit(frame, wanted) if wanted.as_digit else _planes(frame, wanted)
    if len(planes) < wanted.space.channels:  # a grey picture has the same in red, green and blue
        planes = np.repeat(planes, wanted.space.channels, axis=0)
    if wanted.is_reversed:
        planes = planes[::-1]
    planes = _normalised(planes, wanted)
    if shift != (0, 0):
        planes = np.roll(planes, shift, axis=(1, 2))
    return planes if planes.base is None else planes.copy()


def shades_of(frame: Frame, wanted: StackInput) -> Shades:
    """Return how the planes that enter are painted."""
    white = (1.0 if wanted.as_digit else frame.white) * wanted.levels.white
    pairs = zip(wanted.mean, wanted.std, strict=True)
    scales = tuple(Scale(-mean / std, (white - mean) / std) for mean, std in pairs)
    return Shades(scales, wanted.is_reversed)


def _normalised(planes: AnyArray, wanted: StackInput) -> FloatArray:
    """Return planes in the order of the network, in its numbers: one product and one sum each."""
    brightest = _BRIGHTEST.get(planes.dtype, 1.0)
    factors = [wanted.levels.white / (brightest * std) for std in wanted.std]
    offsets = [-mean / std for mean, std in zip(wanted.mean, wanted.std, strict=True)]
    result = np.empty(planes.shape, np.float32)
    for plane, factor, offset, target in zip(planes, factors, offsets, result, strict=True):
        np.multiply(plane, np.float32(factor), out=target, dtype=np.float32)
        if offset:
            target += np.float32(offset)
    return result


def _planes(frame: Frame, wanted: StackInput) -> AnyArray:
    size = wanted.size or natural_size(frame.pixels.shape[:2])
    pixels = fitted(native(frame.pixels), size, wanted.fitting, frame.white)
    return split(pixels, ColorSpace.RGB if wanted.space is InputSpace.RGB else ColorSpace.GREY)


def _digit(frame: Frame, wanted: StackInput) -> FloatArray:
    grey = to_planes(frame.pixels, ColorSpace.GREY)[0] / np.float32(frame.white)
    return cut_digit(grey, wanted.size or (BOX, BOX))[np.newaxis]


def natural_size(size: tuple[int, ...]) -> tuple[int, int]:
    """Return the size of a picture as it is, or made smaller to at most LARGEST_SIDE [px]."""
    rows, columns = size
    factor = min(1.0, LARGEST_SIDE / max(rows, columns))
    return max(round(rows * factor), 1), max(round(columns * factor), 1)


def fitted(
    pixels: AnyArray, size: tuple[int, int], fitting: Fitting = Fitting.CROP, white: float = 1.0
) -> AnyArray:
    """Return a picture of another size.

    Args:
        pixels: ``(H, W)`` or ``(H, W, 3)``.
        size: (rows, columns) [px].
        fitting: What is done where it has another aspect.
        white: The value painted white where pixels are floats.
    """
    if pixels.shape[:2] == size:
        return pixels
    match fitting:
        case Fitting.STRETCH:
            return _resized(pixels, size)
        case Fitting.LETTERBOX:
            return _letterboxed(pixels, size, white)
    return scaled(pixels, size)


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
    return _resized(part, size, factor)


def _letterboxed(pixels: AnyArray, size: tuple[int, int], white: float) -> AnyArray:
    height, width = pixels.shape[:2]
    factor = max(height / size[0], width / size[1])
    rows, columns = max(round(height / factor), 1), max(round(width / factor), 1)
    grey = _BRIGHTEST.get(pixels.dtype, white) * BARS
    whole = np.full((*size, *pixels.shape[2:]), grey, pixels.dtype)
    top, left = (size[0] - rows) // 2, (size[1] - columns) // 2
    whole[top : top + rows, left : left + columns] = _resized(pixels, (rows, columns), factor)
    return whole


def _resized(pixels: AnyArray, size: tuple[int, int], factor: float | None = None) -> AnyArray:
    if pixels.shape[:2] == size:
        return pixels
    rows, columns = size
    if factor is None:
        factor = max(pixels.shape[0] / rows, pixels.shape[1] / columns)
    return np.asarray(cv2.resize(pixels, (columns, rows), interpolation=_interpolation(factor)))


def _interpolation(factor: float) -> int:
    """Return how a picture is made smaller by a factor.

    Areas are averaged, so that fine lines do not flicker; below two, four neighbours are an area
    and take a fifth of the time. Small pictures grow to squares, so that their pixels stay pixels.
    """
    if factor < 1.0:
        return cv2.INTER_NEAREST_EXACT
    return cv2.INTER_LINEAR if factor < 2.0 else cv2.INTER_AREA
