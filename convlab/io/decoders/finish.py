"""The last steps of every decoder: numbers that the engine takes, upright, nothing transparent."""

from __future__ import annotations

import numpy as np

from convlab.engine.arrays import AnyArray, native


def upright(pixels: AnyArray, orientation: int) -> AnyArray:
    """Undo the rotation that a camera noted (EXIF 2.32, tag 274: 1 upright ... 8)."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


def over_white(colours: AnyArray, alpha: AnyArray, is_multiplied: bool = False) -> AnyArray:
    """Lay a picture over a white ground, one channel at a time to keep memory low.

    Args:
        colours: ``(H, W)`` or ``(H, W, 3)``; uint8, uint16 or float32.
        alpha: ``(H, W)`` of the same type; whole numbers reach their largest, others 1.
        is_multiplied: The colours are multiplied with it already.
    """
    is_float = colours.dtype.kind == "f"
    white = np.float32(1.0 if is_float else np.iinfo(colours.dtype).max)
    share = alpha.astype(np.float32) / white
    result = np.empty(colours.shape, colours.dtype)
    planes = colours.reshape(*colours.shape[:2], -1)
    for channel in range(planes.shape[2]):
        plane = planes[..., channel].astype(np.float32)
        mixed = plane + white * (1 - share) if is_multiplied else white + (plane - white) * share
        if not is_float:
            mixed = np.clip(np.rint(mixed), 0, white)
        result.reshape(planes.shape)[..., channel] = mixed
    return result


def as_engine_takes_it(pixels: AnyArray) -> AnyArray:
    """Return uint8 and uint16 as they are, other numbers as finite float32.

    Instruments write NaN where they measured nothing, and one of them would spread over the whole
    result: values that are not finite are 0.
    """
    if pixels.dtype in (np.uint8, np.uint16):
        return native(pixels)
    with np.errstate(over="ignore"):  # double precision is more than the engine computes with
        single = pixels.astype(np.float32)
    return np.nan_to_num(single, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
