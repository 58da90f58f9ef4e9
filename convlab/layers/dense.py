"""Layers that forget where things were: flattening, and weighted sums of everything."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

from convlab.engine import counts, dense
from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.engine.errors import InputCountError
from convlab.layers.base import (
    NOT_GIVEN,
    Layer,
    Shape,
    WeightedLayer,
)
from convlab.layers.parameters import array, optional_array, whole
from convlab.layers.weights import to_bias, to_weight

_MOST_FEATURES = 1 << 24


@dataclass(frozen=True, repr=False)
class Flatten(Layer):
    """Lays all channels out as one vector.

    >>> Flatten().output_shape((16, 5, 5))
    (400,)
    """

    kind: ClassVar[str] = "flatten"
    family: ClassVar[str] = "Dense"
    title: ClassVar[str] = "Flatten"
    noun: ClassVar[str] = "flattening"
    summary: ClassVar[str] = (
        "Lays all maps out as one long vector: C × H × W numbers, and no more neighbours."
    )

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def forward(self, x: FloatArray) -> FloatArray:
        return dense.flatten(x) if x.ndim > 2 else x  # vectors are flat


@dataclass(frozen=True, eq=False, repr=False)
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
    family: ClassVar[str] = "Dense"
    title: ClassVar[str] = "Linear"
    noun: ClassVar[str] = "this layer"
    summary: ClassVar[str] = (
        "Gives every output a weighted sum of all inputs: no window, no sharing, many weights."
    )

    in_features: int = field(
        metadata=whole(
            "Inputs",
            1,
            _MOST_FEATURES,
            "Length of the vector that comes in, I: behind Flatten C × H × W. The layer has I × O "
            "weights, often more than all others together.",
        )
    )
    out_features: int = field(
        metadata=whole(
            "Outputs",
            1,
            _MOST_FEATURES,
            "Length of the vector that comes out, O: at the end of a classifier one score for "
            "each class.",
        )
    )
    bias: FloatArray | bool | None = field(
        default=True,
        metadata=optional_array("Bias", "One number for each output, added to its sum."),
    )
    weight: FloatArray = field(default=NOT_GIVEN, metadata=array())

    def __post_init__(self) -> None:
        super().__post_init__()
        shape = (self.out_features, self.in_features)
        object.__setattr__(self, "weight", to_weight(self.weight, shape))
        object.__setattr__(self, "bias", to_bias(self.bias, self.out_features))

    def maps_met(self, channel: int, count: int) -> range:
        return range(count)

    @property
    def sees_all(self) -> bool:
        return True

    @property
    def weight_factors(self) -> tuple[int, ...]:
        return self.in_features, self.out_features

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise ValueError(f"Linear needs a vector (F,), not {shape}: put Flatten before it")
        if shape[0] != self.in_features:
            raise InputCountError(shape[0], self.in_features, "value", "in_features")
        return (self.out_features,)

    def forward(self, x: FloatArray) -> FloatArray:
        return dense.weighted_sums(x, self.weight, self.offsets)

    def cost(self, shape: Shape) -> Cost:
        return counts.linear(self.in_features, self.out_features, self.offsets is not None)
