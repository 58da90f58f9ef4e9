"""The sorts of arithmetic behind one unit: frozen records with the pipeline's own float32 numbers.

All arrays are read-only. ``result`` is always read from the layer's result, never worked out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.window import IndexArray
from convlab.layers import Layer
from convlab.layers.activation import Activation


class Pooling(StrEnum):
    """What a pooling layer makes of a window."""

    LARGEST = "largest"
    MEAN = "mean"


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """A convolution: patch × kernel = products, which are added up with the bias.

    Attributes:
        channels: Numbers of the input maps that are used: those of the unit's group.
        corner: (row, column) of the patch's first cell in the input maps; may be negative [px].
        step: (rows, columns) between the patch's cells: the dilation [px].
        patch: Input values met, ``(C / groups, kh, kw)``.
        padded: True where a patch cell lies in the padding, ``(kh, kw)``.
        kernel: The kernel as it is laid on the patch, ``(C / groups, kh, kw)``.
        flipped: It is the layer's kernel flipped by 180 degrees (true convolution).
        products: ``patch * kernel``.
        partials: Sum of each channel's products, ``(C / groups,)``.
        bias: What is added at last, or None.
        result: The value that came of it.
    """

    channels: range
    corner: tuple[int, int]
    step: tuple[int, int]
    patch: FloatArray
    padded: AnyArray
    kernel: FloatArray
    flipped: bool
    products: FloatArray
    partials: FloatArray
    bias: float | None
    result: float

    @property
    def operands(self) -> tuple[FloatArray, FloatArray]:
        """What is multiplied: the values and the weights, of the same shape."""
        return self.patch, self.kernel


@dataclass(frozen=True, slots=True, eq=False)
class TransposedProducts:
    """A transposed convolution: the input pixels that reach the unit, each by one cell.

    Rows and columns do not mix: ``values[c, i, j]`` is the pixel in row ``rows[i]`` and column
    ``columns[j]``, and it meets the kernel's cell (``cell_rows[i]``, ``cell_columns[j]``).

    Attributes:
        channels: Numbers of the input maps that are used.
        rows: Of the pixels, rising, ``(n,)``; there may be none.
        columns: Of the pixels, rising, ``(m,)``; there may be none.
        cell_rows: Of the kernel's cells, ``(n,)``.
        cell_columns: Of the kernel's cells, ``(m,)``.
        values: Of the pixels, ``(C / groups, n, m)``.
        weights: Of the cells, ``(C / groups, n, m)``.
        products: ``values * weights``.
        partials: Sum of each channel's products, ``(C / groups,)``.
        bias: What is added at last, or None.
        result: The value that came of it.
    """

    channels: range
    rows: IndexArray
    columns: IndexArray
    cell_rows: IndexArray
    cell_columns: IndexArray
    values: FloatArray
    weights: FloatArray
    products: FloatArray
    partials: FloatArray
    bias: float | None
    result: float

    @property
    def operands(self) -> tuple[FloatArray, FloatArray]:
        """What is multiplied: the values and the weights, of the same shape."""
        return self.values, self.weights


@dataclass(frozen=True, slots=True, eq=False)
class WeightedSum:
    """A fully connected unit: every input times its weight.

    Attributes:
        inputs: ``(I,)``.
        weights: ``(I,)``.
        products: ``inputs * weights``.
        bias: What is added at last, or None.
        result: The value that came of it.
    """

    inputs: FloatArray
    weights: FloatArray
    products: FloatArray
    bias: float | None
    result: float

    def largest(self, count: int) -> IndexArray:
        """Return the numbers of the products with the largest magnitude, the strongest first."""
        strengths = np.abs(self.products)
        found = np.arange(strengths.size)
        if count < strengths.size:  # sorting all of them would take ten times as long
            found = np.sort(np.argpartition(-strengths, count)[:count])
        order: IndexArray = found[np.argsort(-strengths[found], kind="stable")]
        return order

    def rest(self, shown: IndexArray) -> float:
        """Return the sum of all products but those."""
        return total(self.products) - total(self.products[shown])


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A pooling window, and what three ways to make it smaller give side by side.

    Attributes:
        pooling: What this layer takes.
        channel: Number of the map, in the input as in the result.
        corner: (row, column) of the window's first cell in the input map; may be negative [px].
        step: (rows, columns) between the window's cells: the dilation [px].
        values: ``(kh, kw)``; 0 in the padding.
        inside: True where a cell lies in the map, ``(kh, kw)``.
        counted: True where a cell counts for the mean, ``(kh, kw)``.
        best: (row, column) in the window of the largest value, the first of equals; None where
            the window meets the padding only.
        largest: What max pooling gives; the padding never wins.
        mean: What average pooling gives, over the cells counted.
        strided: What a stride without a window gives: the pixel at (row, column) times the stride;
            None where the map has ended before.
        result: The value that came of it.
    """

    pooling: Pooling
    channel: int
    corner: tuple[int, int]
    step: tuple[int, int]
    values: FloatArray
    inside: AnyArray
    counted: AnyArray
    best: tuple[int, int] | None
    largest: float
    mean: float
    strided: float | None
    result: float


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A function of one value.

    Attributes:
        layer: Which function.
        x: What goes in.
        result: What comes out.
        inputs: Where the function's graph is sampled, rising, around 0 and ``x``, ``(n,)``.
        outputs: The function there, ``(n,)``.
    """

    layer: Activation
    x: float
    result: float
    inputs: FloatArray
    outputs: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Probabilities:
    """A softmax: exp(score − largest score), divided by the sum of these.

    Attributes:
        asked: Which of the classes is the unit.
        scores: ``(C,)``.
        largest: The largest of them.
        powers: ``exp(scores - largest)``, ``(C,)``.
        total: Sum of the powers.
        probabilities: Results of all classes at the unit's place, ``(C,)``.
        result: That of the one asked for.
        names: Of the classes; none if they have none.
    """

    asked: int
    scores: FloatArray
    largest: float
    powers: FloatArray
    total: float
    probabilities: FloatArray
    result: float
    names: tuple[str, ...] = ()

    def name(self, number: int) -> str:
        """Return what a class is called: its number if it has no name."""
        return self.names[number] if self.names else str(number)


class Step(NamedTuple):
    """A line of arithmetic.

    Attributes:
        label: What is done: "x − mean".
        template: The line with a place for each number: "{} − {}".
        numbers: One for each place.
        result: What comes of it.
    """

    label: str
    template: str
    numbers: tuple[float, ...]
    result: float


@dataclass(frozen=True, slots=True)
class Steps:
    """Arithmetic that goes line by line, such as a normalisation: the record of a new layer's own.

    Attributes:
        purpose: What it does, in a few words.
        formula: All of it in one line.
        steps: Line by line; the last one gives the result.
        result: The value that came of it.
    """

    purpose: str
    formula: Step
    steps: tuple[Step, ...]
    result: float


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """An upsampled pixel: the one it copies, or the two or four it is mixed from.

    Attributes:
        channel: Number of the map, in the input as in the result.
        rows: Of the pixels in the input map, ``(n,)`` with n = 1 or 2.
        columns: Of the pixels, ``(m,)`` with m = 1 or 2.
        values: Of the pixels, ``(n, m)``.
        weights: None is 0, and they add up to 1, ``(n, m)``.
        products: ``values * weights``.
        result: The value that came of it.
    """

    channel: int
    rows: IndexArray
    columns: IndexArray
    values: FloatArray
    weights: FloatArray
    products: FloatArray
    result: float


@dataclass(frozen=True, slots=True)
class Copy:
    """A value that is handed on as it is.

    Attributes:
        layer: Which hands it on.
        source: Its place in the input: (channel, row, column), or (number,) in a vector; empty if
            it comes of the padding.
        target: Its place in the result, likewise.
        x: What goes in.
        result: What comes out.
    """

    layer: Layer
    source: tuple[int, ...]
    target: tuple[int, ...]
    x: float
    result: float


Detail: TypeAlias = (
    Products
    | TransposedProducts
    | WeightedSum
    | Choice
    | Curve
    | Probabilities
    | Steps
    | Mixture
    | Copy
)


def total(numbers: FloatArray) -> float:
    """Return the sum, taken in float64."""
    with np.errstate(all="ignore"):  # an infinity and its opposite make NaN by right
        return float(numbers.sum(dtype=np.float64))
