"""Layers that forget where things were: flattening, and weighted sums of everything."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from convlab.engine import counts, dense
from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.layers.base import (
    NOT_GIVEN,
    Layer,
    Shape,
    WeightedLayer,
    check_count,
    to_bias,
    to_weight,
)


@dataclass(frozen=True)
class Flatten(Layer):
    """Lays all channels out as one vector.

    >>> Flatten().output_shape((16, 5, 5))
    (400,)
    """

    kind: ClassVar[str] = "flatten"

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def forward(self, x: FloatArray) -> FloatArray:
        return dense.flatten(x)


@dataclass(frozen=True, eq=False)
class Linear(WeightedLayer):
    """Sums all inputs with one weight each for every output, as ``torch.nn.Linear``.

    Attributes:
        in_features: Length of the input, I.
        out_features: Length of the result, O.
        bias: ``(O,)`` float32, or None. Given as True: zeros.
        weight: ``(O, I)`` float32. Given as None: drawn at random (He).

    Raises:
        ValueError: If sizes, weights or offsets do not fit each other.
    """

    kind: ClassVar[str] = "linear"

    in_features: int
    out_features: int
    bias: FloatArray | bool | None = True
    weight: FloatArray = NOT_GIVEN

    def __post_init__(self) -> None:
        check_count("in_features", self.in_features)
        check_count("out_features", self.out_features)
        shape = (self.out_features, self.in_features)
        object.__setattr__(self, "weight", to_weight(self.weight, shape))
        object.__setattr__(self, "bias", to_bias(self.bias, self.out_features))

    @property
    def sees_all(self) -> bool:
        return True

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise ValueError(f"Linear needs a vector (F,), not {shape}: put Flatten before it")
        if shape[0] != self.in_features:
            raise ValueError(
                f"the input has {shape[0]} values but this layer takes {self.in_features}: "
                f"make in_features {shape[0]}"
            )
        return (self.out_features,)

    def forward(self, x: FloatArray) -> FloatArray:
        return dense.linear(x, self.weight, self.offsets)

    def cost(self, shape: Shape) -> Cost:
        return counts.linear(self.in_features, self.out_features, self.offsets is not None)
