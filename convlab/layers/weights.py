"""The weights that layers are made with: given, or drawn at random."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray, frozen, is_frozen
from convlab.engine.conv_arguments import to_numbers


def he_normal(shape: tuple[int, ...], seed: int = 0) -> FloatArray:
    """Return weights drawn from a normal distribution of variance 2 / fan-in, read-only.

    What ReLU leaves of a signal then keeps its strength (He, Zhang, Ren and Sun, "Delving deep
    into rectifiers", 2015). The same shape and seed give the same weights.
    """
    deviation = np.sqrt(2.0 / np.prod(shape[1:]))
    drawn = np.random.default_rng(seed).standard_normal(shape) * deviation
    return frozen(drawn.astype(np.float32))


def to_weight(weight: ArrayLike | None, shape: tuple[int, ...], name: str = "weight") -> FloatArray:
    """Return weights of a shape, read-only; drawn at random where there are none.

    Raises:
        ValueError: If they have another shape, or are no numbers.
    """
    if weight is None:
        return he_normal(shape)
    return _copied(weight, shape, name)


def to_bias(bias: ArrayLike | bool | None, outputs: int) -> FloatArray | None:
    """Return the offsets ``(O,)``, read-only; True is zeros, False and None are no offsets.

    Raises:
        ValueError: If they have another shape, or are no numbers.
    """
    if bias is None or bias is False:
        return None
    if bias is True:
        return frozen(np.zeros(outputs, np.float32))
    return _copied(bias, (outputs,), "bias")


def _copied(values: ArrayLike, shape: tuple[int, ...], name: str) -> FloatArray:
    numbers = to_numbers(values, name)
    if numbers.shape != shape:
        raise ValueError(f"{name} has shape {numbers.shape}: this layer takes {shape}")
    return numbers if is_frozen(numbers) else frozen(numbers.copy())
