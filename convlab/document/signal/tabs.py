"""What the views below the plots show: one function for each, asked only for the one in sight.

The kernel h is g, or for a correlation g flipped (see ``window``): c(n) = Σ f(a) h(n − a).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convlab.document.signal.model import SignalState
from convlab.document.signal.window import extent, kept_part, kernel_extent
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.conv1d import Mode, Signal, conv1d, convolve_direct
from convlab.engine.signal_matrix import signal_matrix
from convlab.engine.weight_matrix import ZERO, WeightMatrix

MOST_COPIES = 24
POINTS_OF_COPIES = 2000  # of longer results means are taken
LARGEST_MATRIX = 24
"""Samples of each signal in the matrix: more cannot be read."""

LONGEST_LAW = 4096
"""Samples of each signal for which the laws are tried: enough to see them, and quick."""

THIRD = (0.25, 0.5, 0.25)
"""The third signal in (f * g) * h = f * (g * h)."""


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """The result as copies of g, each shifted to a sample of f and scaled by it; read-only.

    Attributes:
        indices: Which samples of f are shown, ``(K,)``, in order: those that are not zero; of more
            than 24 the largest.
        times: ``(M,)``: of each value of the result, or of the middle of each group of a long one.
        values: ``(K, M)``: one copy each; of a long one the means of the groups.
        total: ``(M,)``: the result there, which is the sum of all copies.
        left_out: How many further copies belong to the sum.
    """

    indices: AnyArray
    times: Signal
    values: Signal
    total: Signal
    left_out: int


def copies_of(f: Signal, kernel: Signal, result: FloatArray, state: SignalState) -> Copies:
    """Return the copies of g that add up to the result."""
    there = np.flatnonzero(f)
    largest = np.sort(there[np.argsort(-np.abs(f[there]), kind="stable")[:MOST_COPIES]])
    length = len(result)
    edges = np.append(np.arange(0, length, -(-length // POINTS_OF_COPIES)), length)
    sizes = np.diff(edges)
    middles = (edges[:-1] + edges[1:] - 1) / 2 - lag_origin(state)
    scale = state.step if state.is_continuous else 1.0
    summed = np.append(0.0, np.cumsum(kernel * scale))  # so a mean is a difference of two
    values = np.array([f[a] * _means(summed, edges - a) for a in largest], np.float64)
    total = np.add.reduceat(result.astype(np.float64), edges[:-1]) / sizes
    return Copies(
        frozen(largest),
        frozen(middles * state.step),
        frozen(values.reshape(len(largest), len(sizes))),
        frozen(total),
        len(there) - len(largest),
    )


def _means(summed: Signal, edges: AnyArray) -> Signal:
    """Return the means between edges of what was summed up; nothing lies beyond its ends."""
    means: Signal = np.diff(summed[np.clip(edges, 0, len(summed) - 1)]) / np.diff(edges)
    return means


def lag_origin(state: SignalState) -> int:
    """Return the index of the result that belongs to the time 0."""
    return 0 if state.is_flipped else state.count - 1


@dataclass(frozen=True, slots=True, eq=False)
class BandMatrix:
    """The part of the result that the mode keeps, of the first samples, as a matrix times f.

    Attributes:
        matrix: ``matrix.values @ f`` is that part; its cells are samples of g. None where g is
            zero everywhere.
        first: The c of its first row; of a correlation its lag.
        count: Samples of each signal that were taken.
        residual: Largest difference to the direct sum.
    """

    matrix: WeightMatrix | None
    first: int
    count: int
    residual: float


def matrix_of(f: Signal, g: Signal, state: SignalState) -> BandMatrix:
    """Return the banded matrix of the first samples of g, beside those of f."""
    f, g = f[:LARGEST_MATRIX], g[:LARGEST_MATRIX]
    count = len(g)
    kernel = g if state.is_flipped else g[::-1]
    start, end = kernel_extent(state.mode, kernel)
    short = kernel[start : end + 1] * (state.step if state.is_continuous else 1.0)
    if not short.any():
        return BandMatrix(None, 0, count, 0.0)
    weights = short if state.is_flipped else short[::-1]
    made = signal_matrix(weights, count, state.mode, state.is_flipped)
    before = start if state.is_flipped else count - 1 - end  # samples of g that were left out
    cells = np.where(made.cells == ZERO, ZERO, made.cells + before)
    matrix = replace(made, values=frozen(made.values), cells=frozen(cells))
    kept = kept_part(state.mode, kernel)
    rows = slice(kept.start, kept.start + len(cells))
    if state.mode is Mode.FULL:  # where they never meet there is nothing to sum
        rows = slice(start, start + len(cells))
    direct = convolve_direct(f, kernel)[rows] * (state.step if state.is_continuous else 1.0)
    residual = float(np.abs(made.values @ f - direct).max(initial=0.0))
    return BandMatrix(matrix, rows.start - lag_origin(replace(state, count=count)), count, residual)


@dataclass(frozen=True, slots=True, eq=False)
class Laws:
    """How far the laws of convolution hold for these signals, by index.

    Attributes:
        swapped: f * g − g * f, full.
        bracketed: (f * g) * h − f * (g * h), full.
        bracketed_same: The same where each step keeps as many values as f has: what the first
            step cut off is missing in the second, near the borders.
        largest: Size of the largest value of f * g * h, to judge the residuals by.
        count: Samples of each signal that were taken.
    """

    swapped: Signal
    bracketed: Signal
    bracketed_same: Signal
    largest: float
    count: int


def laws_of(f: Signal, kernel: Signal) -> Laws:
    """Try both laws on the first samples of two signals."""
    f, g = f[:LONGEST_LAW], kernel[:LONGEST_LAW]
    first, last = extent(g)
    short = g[first : last + 1]
    fg, gf, gh = conv1d(f, g), conv1d(g, f), conv1d(g, THIRD)
    bracketed = conv1d(fg, THIRD)
    same = conv1d(conv1d(f, short, "same"), THIRD, "same")
    return Laws(
        _difference(fg, gf),
        _difference(bracketed, conv1d(f, gh)),
        _difference(same, conv1d(f, conv1d(short, THIRD), "same")),
        float(np.abs(bracketed).max()),
        len(f),
    )


def _difference(first: FloatArray, second: FloatArray) -> Signal:
    difference: Signal = frozen(first.astype(np.float64) - second)
    return difference


@dataclass(frozen=True, slots=True)
class BallWay:
    """One way to come to c: a falls first, then b, with a + b = c.

    Attributes:
        a: (row, column) of the first fall.
        b: (row, column) of the second.
        f: The probability of a.
        g: The probability of b.
    """

    a: tuple[int, int]
    b: tuple[int, int]
    f: float
    g: float

    @property
    def product(self) -> float:
        """The probability of both."""
        return self.f * self.g


@dataclass(frozen=True, slots=True, eq=False)
class BallMaps:
    """The falling ball in two dimensions: dropped twice, it rolls rows down and columns on.

    Attributes:
        f: Probability of each (rows, columns) after the first drop, ``(5, 5)``.
        g: The same of the second drop.
        result: Probability of where it lies in the end, ``(9, 9)``.
        cell: (row, column) looked at in the result.
        ways: Each way to get there, the most probable first.
        total: Their sum: the value of the cell.
    """

    f: Signal
    g: Signal
    result: Signal
    cell: tuple[int, int]
    ways: tuple[BallWay, ...]
    total: float


def ball_maps(cell: tuple[int, int]) -> BallMaps:
    """Return both drops, what they make together, and the ways to a cell; beyond is the end."""
    f, g = _drop(1.5, 2.5), _drop(2.5, 1.5)
    result = np.zeros((9, 9))
    for row, column in np.ndindex(5, 5):
        result[row : row + 5, column : column + 5] += f[row, column] * g
    row, column = (min(max(index, 0), 8) for index in cell)
    ways = _ways(f, g, row, column)
    total = sum(way.product for way in ways)
    return BallMaps(frozen(f), frozen(g), frozen(result), (row, column), ways, total)


def _drop(row: float, column: float) -> Signal:
    """Return the probabilities around a middle; they sum to 1."""
    down = np.exp(-0.5 * (np.arange(5) - row) ** 2)
    right = np.exp(-0.5 * (np.arange(5) - column) ** 2)
    weights = np.outer(down, right)
    return np.asarray(weights / weights.sum(), np.float64)


def _ways(f: Signal, g: Signal, row: int, column: int) -> tuple[BallWay, ...]:
    ways = []
    for a, b in np.ndindex(5, 5):
        c, d = row - a, column - b
        if 0 <= c < 5 and 0 <= d < 5:
            ways.append(BallWay((a, b), (c, d), float(f[a, b]), float(g[c, d])))
    return tuple(sorted(ways, key=lambda way: -way.product))
