"""What the gradients of all operations share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray, lies_pictures_last, pictures_first, pictures_last
from convlab.engine.conv_arguments import to_numbers


class LayerGradient(NamedTuple):
    """The gradient of a loss with respect to a layer's input and parameters, float32.

    Attributes:
        x: Of the shape of the input.
        weight: Of the shape of the weight.
        bias: ``(O,)``, one number per output channel.
    """

    x: FloatArray
    weight: FloatArray
    bias: FloatArray


def to_gradient(gradient: ArrayLike, shape: Sequence[int]) -> FloatArray:
    """Return the gradient with respect to an output, as contiguous float32.

    One that lies pictures last stays so.

    Args:
        gradient: What the caller gave.
        shape: Shape of the output.

    Raises:
        ValueError: If the shapes differ.
    """
    if isinstance(gradient, np.ndarray) and lies_pictures_last(gradient):
        numbers = pictures_first(to_numbers(pictures_last(gradient), "gradient"))
    else:
        numbers = to_numbers(gradient, "gradient")
    if numbers.shape != tuple(shape):
        raise ValueError(
            f"gradient of shape {numbers.shape} does not fit an output of shape {tuple(shape)}: "
            "give one number per number of the output"
        )
    return numbers


def to_gradient_like(gradient: ArrayLike, x: FloatArray) -> FloatArray:
    """Return the gradient with respect to an output of the shape of x, lying in memory as x does.

    Raises:
        ValueError: If the shapes differ.
    """
    numbers = to_gradient(gradient, x.shape)
    if lies_pictures_last(x):
        return pictures_first(pictures_last(numbers))
    return np.ascontiguousarray(numbers)


def sum_per_channel(values: FloatArray) -> FloatArray:
    """Return the sums over pictures and pixels of ``(..., C, H, W)``, ``(C,)``, in float64."""
    planes = values.reshape(-1, *values.shape[-3:]) if values.ndim != 4 else values
    return np.asarray(planes.sum(axis=(0, 2, 3), dtype=np.float64), np.float32)
