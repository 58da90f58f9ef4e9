"""Kernels as sums of columns times rows: one such product is a separable kernel, of rank 1."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.shapes import Pair

Term: TypeAlias = tuple[FloatArray, FloatArray]

# How far the products may be off a weight, relative to this weight: a result is wrong by no more
# than as much of what lies under the kernel, however dark it is beside the rest of the picture.
TOLERANCE = 4e-6
# How many times as large as a weight the products may be that cancel each other there: they round
# as what they are. A weight of zero must not be what others leave, or it would not stay zero.
MOST_GROWTH = 30.0
_NOTHING = 1e-7  # of the largest singular value: what float32 rounds
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
        Read-only float32 terms, no more than the rank; or None if so many, or ``MOST_TERMS``, are
        not enough, or too much of them would cancel.
    """
    return _factor(kernel.tobytes(), kernel.shape)


@lru_cache(maxsize=1024)
def _factor(weights: bytes, shape: Pair) -> tuple[Term, ...] | None:
    exact = np.frombuffer(weights, np.float32).reshape(shape).astype(np.float64)
    if not np.isfinite(exact).all():
        return None
    rest, sizes = exact.copy(), np.abs(exact)
    growth = np.zeros(shape)
    terms: list[Term] = []
    while len(terms) < MOST_TERMS:
        row, column = divmod(int(np.abs(rest).argmax()), shape[1])
        pivot = rest[row, column]
        tall = rest[:, column : column + 1].astype(np.float32)
        wide = (rest[row : row + 1] / (pivot or 1.0)).astype(np.float32)  # zeros have no pivot
        product = tall.astype(np.float64) * wide
        rest -= product
        growth += np.abs(product)
        terms.append((frozen(tall), frozen(wide)))
        if (np.abs(rest) <= TOLERANCE * sizes).all() and (growth <= MOST_GROWTH * sizes).all():
            # A term beyond the rank only adds what the others round: it costs more than it is.
            return tuple(terms) if len(terms) == 1 or len(terms) <= _rank(exact) else None
    return None


def _rank(exact: NDArray[np.float64]) -> int:
    """Return the rank that singular values tell."""
    singular = np.linalg.svd(exact, compute_uv=False)
    return int((singular > _NOTHING * singular[0]).sum())
