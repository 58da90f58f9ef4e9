"""A function of each value by itself, computed in several steps a block at a time.

What the steps leave for each other stays in the cache of a core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from convlab.engine import buffers
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.cv import cv2
from convlab.engine.parallel import share

# Fills the second array from the first, ``(1, n)`` both: OpenCV takes them as they are.
Work: TypeAlias = Callable[..., object]

_PIECE = 1 << 19  # of fewer floats all are done before another thread has woken up


def by_blocks(
    values: FloatArray, work: Work, *more: AnyArray, block: int = _PIECE, scratch: int = 0
) -> FloatArray:
    """Return what ``work`` makes of each block, in an array of the same shape.

    Args:
        values: Contiguous, of any shape.
        work: Is called in several threads, with warnings of infinities and the like off.
        more: Contiguous arrays of that shape; ``work`` is given the same block of each.
        block: How many numbers at a time; fewer pay only where there are many steps.
        scratch: How many arrays more ``work`` is given at the end, of any numbers.
    """
    out = buffers.empty(values.shape)
    rows = [array.reshape(1, -1) for array in (values, out, *more)]

    def fill(starts: Iterator[int]) -> None:
        room = buffers.empty((scratch, 1, min(block, values.size)))
        with np.errstate(all="ignore"):
            for start in starts:
                for first in range(start, min(start + _PIECE, values.size), block):
                    some = [row[:, first : first + block] for row in rows]
                    work(*some, *(each[:, : some[0].shape[1]] for each in room))

    if values.size <= _PIECE:
        fill(iter((0,)))
    else:
        share(fill, range(0, values.size, _PIECE))
    return out


def _keeps_the_ends() -> bool:
    """Tell whether ``cv2.exp`` gives NaN, infinities and what float32 does not hold as it should.

    That depends on what OpenCV was built with.
    """
    x = np.tile(np.array([np.nan, np.inf, -np.inf, 1000, -1000, 0], np.float32), (1, 7))
    expected = np.tile(np.array([np.nan, np.inf, 0, np.inf, 0, 1], np.float32), (1, 7))
    return np.array_equal(cv2.exp(x), expected, equal_nan=True)


exp: Callable[[FloatArray, FloatArray], object] = cv2.exp if _keeps_the_ends() else np.exp
"""Fills the second array with e to the power of the first: OpenCV takes half of NumPy's time."""
