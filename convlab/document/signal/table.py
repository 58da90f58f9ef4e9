"""All products f(a) g(b) at once: the diagonals a + b = c are the values of the convolution.

A correlation sums along the other diagonals, a − b = c. With powers of x in place of the samples it
is how two polynomials are multiplied: the coefficient of x^c is the sum over a + b = c.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.document.signal.model import SignalState
from convlab.document.signal.window import extent
from convlab.engine.arrays import AnyArray, frozen
from convlab.engine.conv1d import Signal

LONGEST_SIDE = 12
"""Samples of each signal in the table: more cannot be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The products of two signals; all arrays are read-only.

    Attributes:
        a: Samples of f, ``(A,)``, one after another.
        b: Samples of g, ``(B,)``.
        f: The values there.
        g: The values there.
        scale: Of a product: 1, or the time between two samples of curves.
        is_flipped: Convolution, a + b = c; False is correlation, a − b = c.
        is_cut: There are further samples that are not zero.
    """

    a: AnyArray
    b: AnyArray
    f: Signal
    g: Signal
    scale: float
    is_flipped: bool
    is_cut: bool

    @property
    def products(self) -> Signal:
        """f(a) g(b), times the scale, ``(A, B)``."""
        return np.multiply.outer(self.f, self.g) * self.scale

    @property
    def places(self) -> AnyArray:
        """The c to which each product belongs, ``(A, B)``."""
        b = self.b if self.is_flipped else -self.b
        return np.add.outer(self.a, b)


@dataclass(frozen=True, slots=True)
class Sides:
    """Which samples stand in the table: first and last of f and of g."""

    a: tuple[int, int]
    b: tuple[int, int]
    is_cut: bool = False


def sides_at(c: int, f: Signal, g: Signal, state: SignalState) -> Sides:
    """Return which samples a table shows that is looked at for the value at c.

    All that are not zero; of more than there is room for those about the middle of what meets.
    """
    (first, last), (g_first, g_last) = extent(f), extent(g)
    if max(last - first, g_last - g_first) < LONGEST_SIDE:
        return Sides((first, last), (g_first, g_last))
    if state.is_flipped:
        meets = max(first, c - g_last), min(last, c - g_first)
    else:
        meets = max(first, c + g_first), min(last, c + g_last)
    a = (meets[0] + meets[1]) // 2
    b = c - a if state.is_flipped else a - c
    return Sides(_around(a, first, last), _around(b, g_first, g_last), True)


def _around(middle: int, first: int, last: int) -> tuple[int, int]:
    """Return the ends of the longest side about a sample that lies within a signal."""
    low = min(max(middle - LONGEST_SIDE // 2, first), max(last - LONGEST_SIDE + 1, first))
    return low, min(low + LONGEST_SIDE - 1, last)


def table_of(sides: Sides, f: Signal, g: Signal, state: SignalState) -> Table:
    """Return the products of these samples."""
    a, b = (np.arange(first, last + 1) for first, last in (sides.a, sides.b))
    scale = state.step if state.is_continuous else 1.0
    parts = frozen(a), frozen(b), frozen(f[a]), frozen(g[b])
    return Table(*parts, scale, state.is_flipped, sides.is_cut)
