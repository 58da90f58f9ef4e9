"""Resizing pictures by a factor, or to a size, as ``torch.nn.functional.interpolate`` does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine import buffers
from convlab.engine.algorithms.problem import is_finite
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import check_rank, to_picture
from convlab.engine.cv import cv2
from convlab.engine.naming import also_called, parse_name
from convlab.engine.numbers import to_float
from convlab.engine.shapes import LARGEST, Pair, pair

Scale: TypeAlias = float | Sequence[float]

_BLOCK_FLOATS = 1 << 18
_MOST_MERGED = 4  # beyond, OpenCV does it number by number
_FEWEST_PIXELS = 400  # of a plane: with fewer a call of OpenCV takes longer than they do


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


class Resizing(NamedTuple):
    """How one direction is resized.

    Attributes:
        old: Pixels before.
        new: Pixels after.
        step: Old pixels per new one.
    """

    old: int
    new: int
    step: float

    @property
    def factor(self) -> int | None:
        """How often each pixel is repeated, if that is a whole number."""
        factor = self.new // self.old
        return factor if factor * self.old == self.new and self.step * factor == 1 else None


@also_called(scale_factor="scale")
def upsample(
    x: ArrayLike,
    scale: Scale | None = None,
    mode: str = "nearest",
    align_corners: bool = False,
    *,
    size: int | Sequence[int] | None = None,
) -> FloatArray:
    """Make a picture larger or smaller, as ``torch.nn.functional.interpolate``.

    >>> upsample([[1, 2]], (1, 2)).tolist()
    [[1.0, 1.0, 2.0, 2.0]]
    >>> upsample([[1, 2]], (1, 2), "bilinear").tolist()
    [[1.0, 1.25, 1.75, 2.0]]
    >>> upsample([[1, 2]], size=(1, 3)).tolist()
    [[1.0, 1.0, 2.0]]

    Args:
        x: A plane ``(H, W)``, a picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided
            by 255 and uint16 by 65535; other whole numbers, booleans and floats keep their values.
        scale: How many times larger, one number or (rows, columns); sizes are rounded down.
        mode: "nearest" repeats pixels, "bilinear" draws straight lines between them.
        align_corners: For "bilinear": the corner pixels stay at the corners. Otherwise pixels are
            squares, and the new squares divide the old.
        size: Instead of ``scale``: the new height and width, one number or (rows, columns) [px].

    Returns:
        float32 of the same rank: ``(..., H * scale, W * scale)``. Inputs are not changed.

    Raises:
        ValueError: If shape, scale, size or mode cannot be used, or corners are to be aligned under
            "nearest".
    """
    pictures = to_picture(x)
    check_rank(pictures, (2, 3, 4), "(H, W), (C, H, W) or (N, C, H, W)")
    rows, columns = resizing((pictures.shape[-2], pictures.shape[-1]), scale, size)
    if parse_mode(mode, align_corners) is Upsampling.NEAREST:
        if rows.factor and columns.factor:
            return _enlarged(pictures, rows.factor, columns.factor)
        return np.take(np.take(pictures, nearest(columns), -1), nearest(rows), -2)
    if not align_corners and _is_for_opencv(rows, columns):
        out = _resized(pictures, rows.new, columns.new)
        if is_finite(out):
            return out
    with np.errstate(all="ignore"):  # 0 times an infinity is NaN by right
        wide = _blend(pictures, neighbours(columns, align_corners), -1)
        return _blend(wide, neighbours(rows, align_corners), -2)


def resizing(
    shape: Pair, scale: Scale | None, size: int | Sequence[int] | None = None
) -> tuple[Resizing, Resizing]:
    """Return how rows and columns are resized.

    Args:
        shape: Old height and width [px].
        scale: As in ``upsample``.
        size: As in ``upsample``.

    Raises:
        ValueError: If they cannot be used, or both or none are given.
    """
    if (scale is None) == (size is None):
        raise ValueError("give either scale, how many times larger, or size, (rows, columns)")
    if scale is None:
        assert size is not None
        new = pair(size, "size")
        rows, columns = (
            Resizing(old, count, old / count) for old, count in zip(shape, new, strict=True)
        )
        return rows, columns
    factors = _factors(scale)
    counts = [math.floor(old * factor) for old, factor in zip(shape, factors, strict=True)]
    if min(counts) < 1:
        raise ValueError(
            f"scale {scale!r} leaves nothing of a picture of {shape[0]} × {shape[1]} pixels: "
            f"give at least {1 / min(shape):g}"
        )
    rows, columns = (
        Resizing(old, count, 1 / factor)
        for old, count, factor in zip(shape, counts, factors, strict=True)
    )
    return rows, columns


def by_factor(size: int, factor: int) -> Resizing:
    """Return how one direction is made larger by a whole factor."""
    return Resizing(size, size * factor, 1 / factor)


def _factors(scale: Scale) -> tuple[float, float]:
    try:
        given = (scale, scale) if np.ndim(scale) == 0 else tuple(scale)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        given = ()
    numbers = tuple(math.nan if isinstance(one, bool | str) else to_float(one) for one in given)
    if len(numbers) != 2 or not all(0 < number <= LARGEST for number in numbers):
        raise ValueError(
            f"scale {scale!r} cannot be used: give one number above 0, or two as (rows, columns)"
        )
    return numbers[0], numbers[1]


def _enlarged(pictures: FloatArray, rows: int, columns: int) -> FloatArray:
    """Return every pixel ``rows`` times ``columns`` times."""
    *planes, height, width = pictures.shape
    out = buffers.empty((*planes, height * rows, width * columns))
    lines = pictures.reshape(-1, width)
    results = out.reshape(len(lines), -1)
    together = min(max(_BLOCK_FLOATS // (width * columns), 1), len(lines))
    scratch = buffers.empty((together, width, columns))
    for first in range(0, len(lines), together):
        wide = some = lines[first : first + together]
        if 1 < columns <= _MOST_MERGED:  # channels side by side
            wide = scratch[: len(some)]
            cv2.merge([some] * columns, wide)
        elif columns > 1:
            wide = some.repeat(columns, axis=1)
        cv2.repeat(wide.reshape(len(some), -1), 1, rows, results[first : first + together])
    return out


def _is_for_opencv(rows: Resizing, columns: Resizing) -> bool:
    """Tell whether no place is rounded, which OpenCV counts in float32, and it takes less time."""
    is_exact = all(axis.factor and axis.factor & (axis.factor - 1) == 0 for axis in (rows, columns))
    return is_exact and rows.old * columns.old >= _FEWEST_PIXELS


def _resized(pictures: FloatArray, rows: int, columns: int) -> FloatArray:
    """Return straight lines between the pixels; an infinity may be lost, but not all it reaches."""
    out = buffers.empty((*pictures.shape[:-2], rows, columns))
    planes = pictures.reshape(-1, *pictures.shape[-2:])
    for plane, result in zip(planes, out.reshape(-1, rows, columns), strict=True):
        cv2.resize(plane, (columns, rows), result, 0.0, 0.0, cv2.INTER_LINEAR)
    return out


def parse_mode(mode: str, align_corners: bool) -> Upsampling:
    """Return the mode of that name.

    Raises:
        ValueError: If there is none, or if it has no corners to align.
    """
    kind = parse_name(Upsampling, mode, "mode")
    if align_corners and kind is Upsampling.NEAREST:
        raise ValueError('align_corners True has no meaning under "nearest": choose "bilinear"')
    return kind


def neighbours(axis: Resizing, align_corners: bool) -> Neighbours:
    """Return where the new pixels lie along one direction.

    New pixel i has its middle at (i + 0.5) * step - 0.5; with aligned corners it lies at
    i * (size - 1) / (count - 1).

    Args:
        axis: The direction.
        align_corners: Which of the rules.
    """
    size, count = axis.old, axis.new
    if size == count:  # a copy, whatever the factor was before it was rounded down
        return copies(axis)
    if align_corners:
        places = np.arange(count) * ((size - 1) / max(count - 1, 1))
    else:
        places = np.maximum((np.arange(count) + 0.5) * axis.step - 0.5, 0)
    before = np.minimum(places.astype(np.int64), size - 1)
    after = np.minimum(before + 1, size - 1)
    share = np.minimum(places - before, 1)
    return Neighbours(before, after, share.astype(np.float32))


def nearest(axis: Resizing) -> NDArray[np.int64]:
    """Return the old pixel that each new one repeats: floor(i * step), in float32 as in PyTorch."""
    if axis.new == axis.old:
        return np.arange(axis.old)
    places = np.arange(axis.new, dtype=np.float32) * np.float32(axis.step)
    return np.minimum(places.astype(np.int64), axis.old - 1)


def copies(axis: Resizing) -> Neighbours:
    """Return ``nearest`` as neighbours: all of a new pixel is the first."""
    found = nearest(axis)
    return Neighbours(found, found, np.zeros(len(found), np.float32))


def _blend(x: FloatArray, places: Neighbours, axis: int) -> FloatArray:
    share = places.share if axis == -1 else places.share[:, None]
    out = np.take(x, places.before, axis)
    out *= np.float32(1) - share
    second = np.take(x, places.after, axis)
    second *= share
    out += second
    return out
