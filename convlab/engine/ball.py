"""A ball falls twice: how likely is it to come to rest at c?

Dropped, it rolls a with the chance f(a); dropped again there, it rolls b with the chance g(b). It
ends at c in every way in which a + b = c, so b = c − a, and the chances of the ways add up:
(f * g)(c) = Σ f(a) g(c − a) (Olah, "Understanding Convolutions", 2014).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv1d import to_signal
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import to_numbers
from convlab.engine.shapes import Pair

Place = TypeVar("Place", int, Pair)


@dataclass(frozen=True, slots=True)
class Term(Generic[Place]):
    """One way to come to rest at c = a + b.

    Attributes:
        a: Where the ball is after the first fall: n, or (row, column).
        b: How far it rolls after the second, likewise.
        first: f(a).
        second: g(b).
    """

    a: Place
    b: Place
    first: float
    second: float

    @property
    def product(self) -> float:
        """f(a) g(b), the chance of this way."""
        return self.first * self.second

    @property
    def letters(self) -> str:
        """As it is written in a sum, such as f(2)·g(1)."""
        return f"f({_indices(self.a)})·g({_indices(self.b)})"


def terms(f: ArrayLike, g: ArrayLike, c: int) -> list[Term[int]]:
    """Return the terms of (f * g)(c), for growing a; those outside of either signal are left out.

    >>> " + ".join(term.letters for term in terms([1, 2, 3, 4], [1, 1, 1, 1], 3))
    'f(0)·g(3) + f(1)·g(2) + f(2)·g(1) + f(3)·g(0)'

    Raises:
        ValueError: If f or g is no signal.
    """
    left, right = to_signal(f, "f"), to_signal(g, "g")
    return [
        Term(a, c - a, float(left[a]), float(right[c - a]))
        for a in _meeting(len(left), len(right), c)
    ]


def plane_terms(f: ArrayLike, g: ArrayLike, c: Pair) -> list[Term[Pair]]:
    """Return the terms of (f * g)(c) in two dimensions, row by row of a.

    Args:
        f: ``(H, W)``.
        g: ``(h, w)``.
        c: (row, column).

    Raises:
        ValueError: If f or g is no plane.
    """
    left, right = _to_plane(f, "f"), _to_plane(g, "g")
    rows, columns = (_meeting(left.shape[k], right.shape[k], c[k]) for k in range(2))
    ways = [((row, column), (c[0] - row, c[1] - column)) for row in rows for column in columns]
    return [Term(a, b, float(left[a]), float(right[b])) for a, b in ways]


def resting_chances(f: ArrayLike, g: ArrayLike) -> FloatArray:
    """Return (f * g) in two dimensions, ``(H + h - 1, W + w - 1)``: a heat map of where it rests.

    Raises:
        ValueError: If f or g is no plane.
    """
    return conv2d(_to_plane(f, "f"), _to_plane(g, "g"), padding="full", flip=True)


def landing_chances(size: Pair, centre: Sequence[float], spread: float) -> FloatArray:
    """Return how likely a ball lands on each cell of a grid; the sum is 1.

    Proportional to exp(−r² / 2σ²), r the distance of the cell from the centre.

    Args:
        size: (rows, columns).
        centre: (row, column), also between cells.
        spread: σ [cells].

    Raises:
        ValueError: If a size is below 1 or the spread is not positive.
    """
    if min(size) < 1 or not 0 < spread < math.inf:
        raise ValueError(
            f"a grid of {size[0]} × {size[1]} with a spread of {spread:g} cannot be used: give at "
            "least one cell and a spread above 0"
        )
    rows, columns = (
        (np.arange(cells) - middle) ** 2 for cells, middle in zip(size, centre, strict=True)
    )
    squares = np.add.outer(rows, columns)
    # Less the nearest cell's, else all may be too small for a number.
    chances = np.exp((squares.min() - squares) / (2 * spread**2))
    shares: FloatArray = (chances / chances.sum()).astype(np.float32)
    return shares


def _meeting(f: int, g: int, c: int) -> range:
    """Return the a at which f has a value and g has one at c − a."""
    return range(max(c - g + 1, 0), min(c + 1, f))


def _to_plane(values: ArrayLike, name: str) -> FloatArray:
    plane = to_numbers(values, name)
    if plane.ndim != 2:
        raise ValueError(f"{name} of shape {plane.shape} is no plane: give (rows, columns)")
    return plane


def _indices(place: int | Pair) -> str:
    return str(place) if isinstance(place, int) else f"{place[0]}, {place[1]}"
