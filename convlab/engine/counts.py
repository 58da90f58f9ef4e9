"""What layers cost: parameters to learn, and operations for one picture.

A multiply-add (MAC) is one product and its addition to a sum. Products with padding count, because
a layer computes them. A bias is added once per output and is not a multiply-add.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from operator import add

from convlab.engine.shapes import Pair, check_whole


@dataclass(frozen=True, slots=True)
class Cost:
    """Numbers to learn, and operations for one picture. Costs of layers add up with ``+``.

    Attributes:
        weights: Factors to learn.
        biases: Offsets to learn.
        multiply_adds: Products, each added to a sum.
        comparisons: Of two values, for the larger one.
        additions: That do not follow a product.
        divisions: By the number of cells of an average.
    """

    weights: int = 0
    biases: int = 0
    multiply_adds: int = 0
    comparisons: int = 0
    additions: int = 0
    divisions: int = 0

    @property
    def parameters(self) -> int:
        """All numbers to learn."""
        return self.weights + self.biases

    def __add__(self, other: Cost) -> Cost:
        return Cost(*map(add, astuple(self), astuple(other)))


def convolution(weight_shape: Sequence[int], out_size: Pair, bias: bool = True) -> Cost:
    """Return the cost of a convolution: (kh * kw * C / groups + 1) * O parameters.

    Each output is a sum of kh * kw * C / groups products. Groups are in the weight's shape:
    depthwise kernels are ``(C, 1, kh, kw)``.

    >>> convolution((6, 3, 5, 5), (28, 28)).parameters  # 32×32×3, six kernels of 5×5×3
    456

    Args:
        weight_shape: ``(O, C / groups, kh, kw)``.
        out_size: Height and width of the result [px].
        bias: Whether each output channel has one.

    Raises:
        ValueError: If a number is no whole number or below 1, or there are too many or too few.
    """
    _check("weight shape", weight_shape, 4)
    _check("output size", out_size, 2)
    weights = math.prod(weight_shape)
    return Cost(weights, weight_shape[0] * bias, weights * math.prod(out_size))


def transposed_convolution(
    weight_shape: Sequence[int], in_size: Pair, groups: int = 1, bias: bool = True
) -> Cost:
    """Return the cost of a transposed convolution.

    Each input is multiplied with kh * kw * O / groups weights; products that padding then cuts off
    count as well.

    >>> transposed_convolution((16, 8, 4, 4), (14, 14))
    Cost(weights=2048, biases=8, multiply_adds=401408, comparisons=0, additions=0, divisions=0)

    Args:
        weight_shape: ``(C, O / groups, kh, kw)``.
        in_size: Height and width of the input [px].
        groups: Number of groups.
        bias: Whether each output channel has one.

    Raises:
        ValueError: If a number is no whole number or below 1, there are too many or too few, or
            the channels cannot be shared among the groups.
    """
    _check("weight shape", weight_shape, 4)
    _check("input size", in_size, 2)
    check_whole("groups", groups, 1)
    if weight_shape[0] % groups:
        raise ValueError(
            f"{weight_shape[0]} input channels cannot be shared among {groups} groups: "
            "make weight_shape[0] a multiple of groups"
        )
    weights = math.prod(weight_shape)
    return Cost(weights, weight_shape[1] * groups * bias, weights * math.prod(in_size))


def max_pool(kernel_size: Pair, out_shape: Sequence[int]) -> Cost:
    """Return the cost of max pooling: kh * kw - 1 comparisons per output, nothing to learn.

    Args:
        kernel_size: Height and width of the window, in cells.
        out_shape: ``(C, H', W')``.

    Raises:
        ValueError: If a number is no whole number or below 1, or there are too many or too few.
    """
    _check("kernel size", kernel_size, 2)
    _check("output shape", out_shape, 3)
    return Cost(comparisons=(math.prod(kernel_size) - 1) * math.prod(out_shape))


def average_pool(kernel_size: Pair, out_shape: Sequence[int]) -> Cost:
    """Return the cost of average pooling: kh * kw - 1 additions and one division per output.

    Args:
        kernel_size: Height and width of the window, in cells; the whole map's if it is global.
        out_shape: ``(C, H', W')``.

    Raises:
        ValueError: If a number is no whole number or below 1, or there are too many or too few.
    """
    _check("kernel size", kernel_size, 2)
    _check("output shape", out_shape, 3)
    outputs = math.prod(out_shape)
    return Cost(additions=(math.prod(kernel_size) - 1) * outputs, divisions=outputs)


def linear(inputs: int, outputs: int, bias: bool = True) -> Cost:
    """Return the cost of a fully connected layer: one weight, used once, per pair of units.

    >>> linear(128 * 128, 300, bias=False).weights
    4915200

    Raises:
        ValueError: If a number is no whole number or below 1.
    """
    check_whole("inputs", inputs, 1)
    check_whole("outputs", outputs, 1)
    return Cost(inputs * outputs, outputs * bias, inputs * outputs)


def batch_norm(shape: Sequence[int]) -> Cost:
    """Return the cost of batch normalisation in use: one multiply-add per value.

    Each channel learns a factor and an offset; mean and variance are measured, not learned, and in
    use they are part of these two (Ioffe and Szegedy, "Batch Normalization", 2015, algorithm 2).

    Args:
        shape: ``(C, H, W)``.

    Raises:
        ValueError: If a number is no whole number or below 1, or there are too many or too few.
    """
    _check("shape", shape, 3)
    return Cost(shape[0], shape[0], math.prod(shape))


def _check(name: str, numbers: Sequence[int], count: int) -> None:
    if len(numbers) != count:
        raise ValueError(f"{name} {tuple(numbers)} cannot be used: give {count} whole numbers")
    for number in numbers:
        check_whole(f"{name} {tuple(numbers)}:", number, 1)
