"""Kernels as sums of columns times rows: one such product is a separable kernel, of rank 1."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np

from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.shapes import Pair

Term: TypeAlias = tuple[FloatArray, FloatArray]

# What the products may leave of a kernel, relative to its largest weight: rounding to float32
# leaves less than this of a rank-1 kernel, and a result is wrong by no more than as much of the
# sum of magnitudes.
TOLERANCE = 1e-6
MOST_TERMS = 4  # with more, plain sliding is as fast for all sizes that a person would edit


def factor(kernel: FloatArray) -> tuple[Term, ...] | None:
    """Return columns ``(kh, 1)`` and rows ``(1, kw)`` whose products add up to the kernel.

    The largest weight left is the pivot of each step: its column, times its row divided by it, is
    taken away (elimination with complete pivoting). It needs as many terms as the rank that
    singular values tell, and unlike those it keeps whole numbers whole: Sobel is exactly
    (1, 2, 1) times (1, 0, -1).

    Args:
        kernel: ``(kh, kw)`` float32.

    Returns:
        Read-only float32 terms, or None if ``MOST_TERMS`` are not enough.
    """
    return _factor(kernel.tobytes(), kernel.shape)


@lru_cache(maxsize=1024)
def _factor(weights: bytes, shape: Pair) -> tuple[Term, ...] | None:
    rest = np.frombuffer(weights, np.float32).reshape(shape).astype(np.float64)
    largest = float(np.abs(rest).max())
    if not np.isfinite(largest):
        return None
    terms: list[Term] = []
    while len(terms) < MOST_TERMS:
        row, column = divmod(int(np.abs(rest).argmax()), shape[1])
        pivot = rest[row, column]
        tall = rest[:, column : column + 1].copy()
        wide = rest[row : row + 1] / (pivot or 1.0)  # a kernel of zeros has no pivot
        rest -= tall * wide
        terms.append((frozen(tall.astype(np.float32)), frozen(wide.astype(np.float32))))
        if np.abs(rest).max() <= TOLERANCE * largest:
            return tuple(terms)
    return None
