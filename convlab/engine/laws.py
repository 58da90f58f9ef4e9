"""The laws of convolution, and where a border breaks them.

f * g = g * f and (f * g) * h = f * (g * h) hold for whole results. Where something is cut off after
a convolution ("same", "valid") it is missing in the next, as if it were zero there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.conv1d import Mode, Signal, convolve_whole, kept_part, to_signal
from convlab.engine.naming import parse_name

ROUNDING = 1e-12
"""Differences up to this part of the largest value are rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The two sides of a law, laid out over the indices of the whole result.

    Attributes:
        left: ``(n,)`` float64; 0 where this side keeps nothing.
        right: ``(n,)`` likewise.
    """

    left: Signal
    right: Signal

    @property
    def difference(self) -> Signal:
        """Left less right, ``(n,)``."""
        return self.left - self.right

    @property
    def largest(self) -> float:
        """The largest difference, whatever its sign."""
        return float(np.abs(self.difference).max())

    @property
    def broken(self) -> tuple[int, ...]:
        """The indices at which they differ by more than rounding."""
        scale = max(np.abs(self.left).max(), np.abs(self.right).max())
        return tuple(np.flatnonzero(np.abs(self.difference) > ROUNDING * scale).tolist())

    @property
    def holds(self) -> bool:
        """They are equal but for rounding."""
        return not self.broken


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What is kept of a result: its values from index ``first`` of the whole on."""

    values: Signal
    first: int = 0

    def convolved(self, other: _Part, mode: Mode) -> _Part:
        kept = kept_part(mode, len(self.values), len(other.values))
        values = convolve_whole(self.values, other.values)[kept]
        return _Part(values, self.first + other.first + kept.start)

    def laid_out(self, length: int) -> Signal:
        row = np.zeros(length)
        row[self.first : self.first + len(self.values)] = self.values
        return row


def commutativity(f: ArrayLike, g: ArrayLike, mode: str = "full") -> Sides:
    """Return f * g on the left and g * f on the right, ``(F + G - 1,)``.

    >>> commutativity([1, 2, 3], [1, 1], "same").difference.tolist()
    [1.0, 0.0, -1.0, 0.0]

    Raises:
        ValueError: As in ``conv1d``.
    """
    part = parse_name(Mode, mode, "mode")
    left, right = _Part(to_signal(f, "f")), _Part(to_signal(g, "g"))
    length = len(left.values) + len(right.values) - 1
    return Sides(
        left.convolved(right, part).laid_out(length), right.convolved(left, part).laid_out(length)
    )


def associativity(f: ArrayLike, g: ArrayLike, h: ArrayLike, mode: str = "full") -> Sides:
    """Return (f * g) * h on the left and f * (g * h) on the right, ``(F + G + H - 2,)``.

    Raises:
        ValueError: As in ``conv1d``.
    """
    part = parse_name(Mode, mode, "mode")
    one, two, three = (_Part(to_signal(x, name)) for x, name in ((f, "f"), (g, "g"), (h, "h")))
    length = len(one.values) + len(two.values) + len(three.values) - 2
    left = one.convolved(two, part).convolved(three, part)
    right = one.convolved(two.convolved(three, part), part)
    return Sides(left.laid_out(length), right.laid_out(length))
