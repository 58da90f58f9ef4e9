"""Layers that turn each value into another, and softmax, which turns scores into shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from convlab.engine import activate
from convlab.engine.arrays import FloatArray
from convlab.layers.base import Layer, Shape
from convlab.layers.parameters import decimal


class _Activation(Layer):
    """Keeps the shape."""

    def output_shape(self, shape: Shape) -> Shape:
        return shape


@dataclass(frozen=True)
class ReLU(_Activation):
    """Keeps what is positive: max(x, 0)."""

    kind: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    summary: ClassVar[str] = (
        "Keeps what is positive and makes the rest 0: max(x, 0). Without such a bend, layers "
        "would add up to a single one."
    )

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.relu(x)


@dataclass(frozen=True)
class LeakyReLU(_Activation):
    """Keeps what is positive and little of the rest.

    Attributes:
        negative_slope: What negative values are multiplied with.
    """

    kind: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "Leaky ReLU"
    summary: ClassVar[str] = (
        "Keeps what is positive and a little of the rest, so that no map goes silent for good."
    )

    negative_slope: float = field(
        default=0.01,
        metadata=decimal(
            "Slope",
            0.0,
            1.0,
            0.01,
            "What negative values are multiplied with: 0 is ReLU, 1 changes nothing.",
        ),
    )

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.leaky_relu(x, self.negative_slope)


@dataclass(frozen=True)
class Sigmoid(_Activation):
    """Squeezes each value between 0 and 1: 1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    summary: ClassVar[str] = (
        "Squeezes each value between 0 and 1: 1 / (1 + e⁻ˣ). 0 becomes one half."
    )

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.sigmoid(x)


@dataclass(frozen=True)
class Tanh(_Activation):
    """Squeezes each value between -1 and 1."""

    kind: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"
    summary: ClassVar[str] = (
        "Squeezes each value between −1 and 1 and keeps its sign; large values saturate."
    )

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.tanh(x)


@dataclass(frozen=True)
class Abs(_Activation):
    """Takes the magnitude: dark to bright and bright to dark count alike."""

    kind: ClassVar[str] = "abs"
    title: ClassVar[str] = "Magnitude"
    summary: ClassVar[str] = (
        "Takes the magnitude |x|: edges from dark to bright and from bright to dark count alike."
    )

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.absolute(x)


@dataclass(frozen=True)
class Softmax(_Activation):
    """Turns scores into shares that add up to 1: over the channels, or over a vector."""

    kind: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax"
    summary: ClassVar[str] = (
        "Turns scores into shares that add up to 1: at each pixel over the channels, or over "
        "a vector."
    )

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.softmax(x)
