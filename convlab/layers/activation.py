"""Layers that turn each value into another, and softmax, which turns scores into shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from convlab.engine import activate
from convlab.engine.arrays import FloatArray
from convlab.layers.base import Layer, Shape


class _Activation(Layer):
    """Keeps the shape."""

    def output_shape(self, shape: Shape) -> Shape:
        return shape


@dataclass(frozen=True)
class ReLU(_Activation):
    """Keeps what is positive: max(x, 0)."""

    kind: ClassVar[str] = "relu"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.relu(x)


@dataclass(frozen=True)
class LeakyReLU(_Activation):
    """Keeps what is positive and little of the rest.

    Attributes:
        negative_slope: What negative values are multiplied with.
    """

    kind: ClassVar[str] = "leaky_relu"

    negative_slope: float = 0.01

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.leaky_relu(x, self.negative_slope)


@dataclass(frozen=True)
class Sigmoid(_Activation):
    """Squeezes each value between 0 and 1: 1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "sigmoid"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.sigmoid(x)


@dataclass(frozen=True)
class Tanh(_Activation):
    """Squeezes each value between -1 and 1."""

    kind: ClassVar[str] = "tanh"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.tanh(x)


@dataclass(frozen=True)
class Abs(_Activation):
    """Takes the magnitude: dark to bright and bright to dark count alike."""

    kind: ClassVar[str] = "abs"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.absolute(x)


@dataclass(frozen=True)
class Softmax(_Activation):
    """Turns scores into shares that add up to 1: over the channels, or over a vector."""

    kind: ClassVar[str] = "softmax"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.softmax(x)
