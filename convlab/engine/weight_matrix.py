"""A convolution as a matrix: few of its numbers are weights, and each weight stands there often.

With the picture laid out as one long vector, every output pixel is a row of weights, one for each
pixel of the picture. Two decisions make a fully connected layer a convolution (LeCun et al.,
"Gradient-based learning applied to document recognition", 1998): an output is connected to the
pixels in its window only, so the rest are structural zeros; and all outputs share one set of
weights, so the same numbers repeat along the diagonals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import to_numbers
from convlab.engine.shapes import PaddingSpec, Pair, check_whole
from convlab.engine.window import IndexArray, Window, windows

ZERO = -1
"""Stands among the cells where there is no connection."""

LARGEST = 1 << 22
"""More connections than this are no matrix to look at."""


class Sharing(StrEnum):
    """Three ways from all to all connections to a convolution."""

    DENSE = "dense"  # every output is connected to every input, each by a weight of its own
    CUT = "cut"  # only to what lies in its window, still each by a weight of its own
    TIED = "tied"  # all outputs share the kernel's weights: a convolution


@dataclass(frozen=True, slots=True, eq=False)
class WeightMatrix:
    """A convolution written as a matrix: ``values @ x.ravel()`` is its result, laid out.

    Attributes:
        values: ``(outputs, inputs)`` float32.
        cells: ``(outputs, inputs)``: which cell of the kernel stands there, row * columns + column;
            -1 (``ZERO``) for a structural zero. A weight of 0 is none.
        kernel: ``(kh, kw)``, as given.
        input_size: (rows, columns) of the picture [px].
        output_size: (rows, columns) of the result [px].
    """

    values: FloatArray
    cells: IndexArray
    kernel: FloatArray
    input_size: Pair
    output_size: Pair

    @property
    def connections(self) -> int:
        """How many pairs of an output and an input are connected."""
        return int((self.cells != ZERO).sum())

    @property
    def zeros(self) -> int:
        """How many pairs are not."""
        return self.cells.size - self.connections

    @property
    def tied(self) -> int:
        """How many different weights the kernel has: kh * kw, whatever their values."""
        return self.kernel.size

    def weight_count(self, sharing: Sharing) -> int:
        """Return how many weights would have to be learned under a way of sharing."""
        counts = {Sharing.DENSE: self.cells.size, Sharing.CUT: self.connections}
        return counts.get(sharing, self.tied)

    def shared(self, sharing: Sharing, seed: int = 0) -> FloatArray:
        """Return the matrix under a way of sharing, ``(outputs, inputs)``.

        Weights that are not tied are drawn at random, no larger than the kernel's largest; the same
        seed gives the same, and cutting leaves those that stay as they were.
        """
        if sharing is Sharing.TIED:
            return self.values
        largest = float(np.abs(self.kernel).max()) or 1.0
        drawn = np.random.default_rng(seed).uniform(-largest, largest, self.cells.shape)
        if sharing is Sharing.CUT:
            drawn[self.cells == ZERO] = 0
        return drawn.astype(np.float32)


def weight_matrix(
    kernel: ArrayLike,
    size: Pair,
    *,
    stride: int | Sequence[int] = 1,
    padding: PaddingSpec = 0,
    dilation: int | Sequence[int] = 1,
) -> WeightMatrix:
    """Write the convolution of a small plane as a matrix.

    Beyond the edge are zeros: there is nothing to connect to.

    >>> weight_matrix([[3, 5]], (1, 4)).values.tolist()
    [[3.0, 5.0, 0.0, 0.0], [0.0, 3.0, 5.0, 0.0], [0.0, 0.0, 3.0, 5.0]]

    Args:
        kernel: ``(kh, kw)``, not flipped: as ``conv2d`` takes it.
        size: (rows, columns) of the plane [px].
        stride: As in ``conv2d`` [px].
        padding: As in ``conv2d`` [px].
        dilation: As in ``conv2d`` [px].

    Raises:
        ValueError: If the arguments do not fit each other, or the matrix would be too large.
    """
    weights = to_numbers(kernel, "kernel")
    if weights.ndim != 2:
        raise ValueError(f"kernel of shape {weights.shape} cannot be used here: give (kh, kw)")
    for side in size:
        check_whole("size", side, 1)
    axes = windows((weights.shape[0], weights.shape[1]), stride, padding, dilation)
    output_size = axes[0].output_size(size[0]), axes[1].output_size(size[1])
    if np.prod((*size, *output_size)) > LARGEST:
        raise ValueError(
            f"a matrix of {np.prod(output_size)} × {np.prod(size)} is too large to look at: take a "
            "smaller picture"
        )
    cells = _cells(axes, size, output_size).reshape(int(np.prod(output_size)), -1)
    values = np.append(weights.ravel(), np.float32(0))[cells]  # ZERO takes the last
    return WeightMatrix(values, cells, weights, size, output_size)


def largest_difference(
    matrix: WeightMatrix,
    *,
    stride: int | Sequence[int] = 1,
    padding: PaddingSpec = 0,
    dilation: int | Sequence[int] = 1,
) -> float:
    """Return how far matrix × picture is from ``conv2d`` on one picture, always the same.

    Arguments are those the matrix was made with; the picture's values are from 0 to 1.
    """
    picture = np.random.default_rng(0).random(matrix.input_size, np.float32)
    product = (matrix.values @ picture.ravel()).reshape(matrix.output_size)
    expected = conv2d(picture, matrix.kernel, stride=stride, padding=padding, dilation=dilation)
    return float(np.abs(product - expected).max())


def _cells(axes: tuple[Window, Window], size: Pair, output_size: Pair) -> IndexArray:
    """Return which cell joins an output to an input: ``(H', W', H, W)``."""
    cells: IndexArray = np.full((*output_size, *size), ZERO)
    for row, fed_rows, met_rows in _meetings(axes[0], size[0]):
        for column, fed_columns, met_columns in _meetings(axes[1], size[1]):
            place = fed_rows[:, None], fed_columns, met_rows[:, None], met_columns
            cells[place] = row * axes[1].kernel + column
    return cells


def _meetings(axis: Window, size: int) -> Iterator[tuple[int, IndexArray, IndexArray]]:
    """Give for each cell, along one direction, the outputs it feeds and the inputs it meets."""
    for cell, (met, fed) in enumerate(axis.taps(size)):
        yield cell, np.r_[fed], np.r_[met]
