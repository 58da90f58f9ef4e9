"""Pictures and maps made smaller for the screen by a whole factor.

A picture becomes means, as a camera would see it from afar. A signed map keeps the strongest value
of each block: the two sides of a thin edge would cancel, and a line of one pixel be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from convlab.engine.arrays import SIGN, AnyArray, FloatArray
from convlab.engine.cv import cv2
from convlab.engine.parallel import share

_Keep = Callable[[AnyArray, AnyArray], AnyArray]

_TOGETHER = 1 << 18  # values: what is read is still in the cache when it is read once more
_ALONE = 1 << 22  # values: fewer are not worth the threads


def fitting_factor(size: tuple[int, ...], width: int) -> int:
    """Return how many times smaller (rows, columns) may become and be at least so wide [px]."""
    rows, columns = size
    factor = columns // max(width, 1)
    return 1 if factor < 2 or rows < factor else factor


def strongest(
    planes: FloatArray, factor: int, least: float = -1.0, on_all_cores: bool = False
) -> FloatArray:
    """Return of each block of ``factor`` x ``factor`` values the one of the largest magnitude.

    Args:
        planes: ``(C, H, W)``. Where sides are no multiples, the last blocks are smaller.
        factor: At least 1.
        least: The least of the values, or less: where none is negative, there is less to do.
        on_all_cores: For large planes; not in a thread of ``parallel.share``.

    Returns:
        ``(C, ceil(H / factor), ceil(W / factor))``. Of two opposite values the positive one.

    >>> strongest(np.array([[[0, 1, 0], [-3, 0, 2]]], np.float32), 2).tolist()
    [[[-3.0, 2.0]]]
    """
    if factor == 1:
        return planes
    count, height, width = planes.shape
    small = np.empty((count, -(-height // factor), -(-width // factor)), np.float32)
    if planes.flags.c_contiguous and height % factor == 0:
        # No block lies in two planes: they are one tall picture.
        planes, pieces = planes.reshape(1, -1, width), small.reshape(1, -1, small.shape[2])
    else:
        pieces = small
    rows = max(_TOGETHER // (width * factor), 1)
    bands = [
        (plane[first * factor : (first + rows) * factor], target[first : first + rows])
        for plane, target in zip(planes, pieces, strict=True)
        for first in range(0, len(target), rows)
    ]

    def work(rest: Iterator[tuple[FloatArray, FloatArray]]) -> None:
        for band, target in rest:
            _strongest(band, factor, least, target)

    if on_all_cores and planes.size >= _ALONE:
        share(work, bands)
    else:
        work(iter(bands))
    return small


def _strongest(band: FloatArray, factor: int, least: float, out: FloatArray) -> None:
    _across(_down(band, factor, cv2.max), factor, np.maximum, out)
    if least < 0.0:
        lowest = np.empty_like(out)
        _across(_down(band, factor, cv2.min), factor, np.minimum, lowest)
        _stronger(out, lowest)


def _stronger(highest: FloatArray, lowest: FloatArray) -> None:
    """Let the values of larger magnitude stand in the first array.

    Signs are put as bits: where it is left to chance which value is taken, choosing between them
    takes longer than all the rest.
    """
    is_low = (highest + lowest).view(np.uint32) & SIGN
    np.maximum(highest, np.negative(lowest, out=lowest), out=highest)
    bits = highest.view(np.uint32)
    np.bitwise_or(bits, is_low, out=bits)


def _down(band: FloatArray, factor: int, keep: _Keep) -> FloatArray:
    """Return the largest, or the least, of each ``factor`` rows."""
    kept = band[::factor]
    for start in range(1, min(factor, len(band))):
        line = band[start::factor]
        best, single = keep(kept[: len(line)], line), kept[len(line) :]
        kept = np.concatenate([best, single]) if len(single) else best  # of the last block
    return kept


def _across(lines: FloatArray, factor: int, keep: np.ufunc, out: FloatArray) -> None:
    """Write the largest, or the least, of each ``factor`` columns."""
    first, rest = lines[:, ::factor], lines.shape[1] % factor
    if rest:
        out[:, -1] = first[:, -1]
    for start in range(1, factor):
        others = lines[:, start::factor]
        kept = out[:, : others.shape[1]]
        keep(first[:, : others.shape[1]] if start == 1 else kept, others, out=kept)


def means(pixels: AnyArray, factor: int) -> AnyArray:
    """Return the mean of each block of ``factor`` x ``factor`` pixels, in the picture's own type.

    Args:
        pixels: ``(H, W)`` or ``(H, W, K)``. Where sides are no multiples, the last blocks are
            smaller.
        factor: At least 1.

    Returns:
        ``(ceil(H / factor), ceil(W / factor))``, or the same with ``K`` at the end.
    """
    if factor == 1:
        return pixels
    height, width = pixels.shape[:2]
    small = np.empty((-(-height // factor), -(-width // factor), *pixels.shape[2:]), pixels.dtype)
    for rows, lines in _spans(height, factor):
        for columns, places in _spans(width, factor):
            block, target = pixels[rows, columns], small[lines, places]
            size = target.shape[1::-1]
            target[:] = cv2.resize(block, size, interpolation=cv2.INTER_AREA).reshape(target.shape)
    return small


def _spans(side: int, factor: int) -> list[tuple[slice, slice]]:
    """Return the whole blocks of a side and the rest: in the picture, and in the smaller one."""
    count = side // factor
    whole = slice(0, count * factor), slice(0, count)
    rest = slice(count * factor, side), slice(count, count + 1)
    return [span for span in (whole, rest) if span[0].start < span[0].stop]
