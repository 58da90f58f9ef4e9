"""Making pictures larger by a whole factor."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import check_rank, to_picture
from convlab.engine.naming import also_called, parse_name
from convlab.engine.shapes import pair


class Upsampling(StrEnum):
    """What lies between the pixels; the value is the name used in files and in the API."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"


class Neighbours(NamedTuple):
    """Between which two pixels each new one lies, along one direction.

    Attributes:
        before: Index of the first, never decreasing.
        after: Index of the second.
        share: Weight of the second, 0 to 1, float32; the first has the rest.
    """

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    share: FloatArray


@also_called(scale_factor="scale")
def upsample(
    x: ArrayLike, scale: int | Sequence[int], mode: str = "nearest", align_corners: bool = False
) -> FloatArray:
    """Make a picture larger, as ``torch.nn.functional.interpolate``.

    >>> upsample([[1, 2]], (1, 2)).tolist()
    [[1.0, 1.0, 2.0, 2.0]]
    >>> upsample([[1, 2]], (1, 2), "bilinear").tolist()
    [[1.0, 1.25, 1.75, 2.0]]

    Args:
        x: A plane ``(H, W)``, a picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided
            by 255 and uint16 by 65535; other whole numbers, booleans and floats keep their values.
        scale: How many times larger, one whole number or (rows, columns).
        mode: "nearest" repeats pixels, "bilinear" draws straight lines between them.
        align_corners: For "bilinear": the corner pixels stay at the corners. Otherwise pixels are
            squares, and the new squares divide the old.

    Returns:
        float32 of the same rank: ``(..., H * scale, W * scale)``. Inputs are not changed.

    Raises:
        ValueError: If shape, scale or mode cannot be used, or corners are to be aligned under
            "nearest".
    """
    pictures = to_picture(x)
    check_rank(pictures, (2, 3, 4), "(H, W), (C, H, W) or (N, C, H, W)")
    rows, columns = pair(scale, "scale")
    if parse_mode(mode, align_corners) is Upsampling.NEAREST:
        return pictures.repeat(columns, axis=-1).repeat(rows, axis=-2)
    height, width = pictures.shape[-2:]
    with np.errstate(all="ignore"):  # 0 times an infinity is NaN by right
        wide = _blend(pictures, neighbours(width, columns, align_corners), -1)
        return _blend(wide, neighbours(height, rows, align_corners), -2)


def parse_mode(mode: str, align_corners: bool) -> Upsampling:
    """Return the mode of that name.

    Raises:
        ValueError: If there is none, or if it has no corners to align.
    """
    kind = parse_name(Upsampling, mode, "mode")
    if align_corners and kind is Upsampling.NEAREST:
        raise ValueError('align_corners True has no meaning under "nearest": choose "bilinear"')
    return kind


def neighbours(size: int, scale: int, align_corners: bool) -> Neighbours:
    """Return where the new pixels lie along one direction.

    New pixel i has its middle at (i + 0.5) / scale - 0.5; with aligned corners it lies at
    i * (size - 1) / (size * scale - 1).

    Args:
        size: Old pixels.
        scale: New pixels per old one.
        align_corners: Which of the rules.
    """
    count = size * scale
    if align_corners:
        places = np.arange(count) * ((size - 1) / max(count - 1, 1))
    else:
        places = np.maximum((np.arange(count) + 0.5) / scale - 0.5, 0)
    before = np.minimum(places.astype(np.int64), size - 1)
    after = np.minimum(before + 1, size - 1)
    return Neighbours(before, after, (places - before).astype(np.float32))


def _blend(x: FloatArray, places: Neighbours, axis: int) -> FloatArray:
    share = places.share if axis == -1 else places.share[:, None]
    out = np.take(x, places.before, axis)
    out *= np.float32(1) - share
    second = np.take(x, places.after, axis)
    second *= share
    out += second
    return out
