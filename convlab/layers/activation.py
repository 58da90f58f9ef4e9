"""Layers that turn each value into another, and softmax, which turns scores into probabilities."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from convlab.engine import activate
from convlab.engine.arrays import FloatArray
from convlab.layers.base import Layer, Shape
from convlab.layers.parameters import decimal

Write: TypeAlias = Callable[[float], str]
"""Writes a number as people read it."""


class Activation(Layer):
    """A function of one value, with the words and the graph that explain it."""

    family: ClassVar[str] = "Activation"
    noun: ClassVar[str] = "the activation"
    reach: ClassVar[float] = 1.0
    """How far its graph goes at least: as far as it bends."""
    is_monotone: ClassVar[bool] = True
    """Of two values the larger one gives what is no smaller."""

    effect: ClassVar[str]
    """What it does, in a few words."""

    @abstractmethod
    def equation(self, x: float, result: float, write: Write) -> str:
        """Return the function with its number put in, like ``max(0, −0.31) = 0``."""

    def output_shape(self, shape: Shape) -> Shape:
        return shape


@dataclass(frozen=True, repr=False)
class ReLU(Activation):
    """Keeps what is positive: max(x, 0)."""

    kind: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    short: ClassVar[str] = "ReLU"
    summary: ClassVar[str] = (
        "Keeps what is positive and makes the rest 0: max(x, 0). Without such a bend, layers "
        "would add up to a single one."
    )

    effect: ClassVar[str] = "keeps what is positive"

    def equation(self, x: float, result: float, write: Write) -> str:
        return f"max(0, {write(x)}) = {write(result)}"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.relu(x)


@dataclass(frozen=True, repr=False)
class LeakyReLU(Activation):
    """Keeps what is positive and little of the rest.

    Attributes:
        negative_slope: What negative values are multiplied with.
    """

    kind: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "Leaky ReLU"
    short: ClassVar[str] = "Leaky ReLU"
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

    @property
    def effect(self) -> str:  # type: ignore[override]  # it names the slope
        """What it does, in a few words."""
        return f"keeps what is positive, and {self.negative_slope:g} of the rest"

    def equation(self, x: float, result: float, write: Write) -> str:
        if x > 0:
            return f"{write(x)} stays {write(result)}"
        value = f"({write(x)})" if x < 0 else write(x)
        return f"{write(self.negative_slope)} × {value} = {write(result)}"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.leaky_relu(x, self.negative_slope)


@dataclass(frozen=True, repr=False)
class Sigmoid(Activation):
    """Squeezes each value between 0 and 1: 1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    short: ClassVar[str] = "Sigmoid"
    summary: ClassVar[str] = (
        "Squeezes each value between 0 and 1: 1 / (1 + e⁻ˣ). 0 becomes one half."
    )

    reach: ClassVar[float] = 8.0
    effect: ClassVar[str] = "squeezes between 0 and 1"

    def equation(self, x: float, result: float, write: Write) -> str:
        return f"1 / (1 + exp({write(-x)})) = {write(result)}"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.sigmoid(x)


@dataclass(frozen=True, repr=False)
class Tanh(Activation):
    """Squeezes each value between -1 and 1."""

    kind: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"
    short: ClassVar[str] = "Tanh"
    summary: ClassVar[str] = (
        "Squeezes each value between −1 and 1 and keeps its sign; large values saturate."
    )

    reach: ClassVar[float] = 4.0
    effect: ClassVar[str] = "squeezes between −1 and 1"

    def equation(self, x: float, result: float, write: Write) -> str:
        return f"tanh({write(x)}) = {write(result)}"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.tanh(x)


@dataclass(frozen=True, repr=False)
class Abs(Activation):
    """Takes the magnitude: dark to bright and bright to dark count alike."""

    kind: ClassVar[str] = "abs"
    title: ClassVar[str] = "Magnitude"
    short: ClassVar[str] = "Magnitude"
    summary: ClassVar[str] = (
        "Takes the magnitude |x|: edges from dark to bright and from bright to dark count alike."
    )

    effect: ClassVar[str] = "takes the magnitude"
    is_monotone: ClassVar[bool] = False

    def equation(self, x: float, result: float, write: Write) -> str:
        return f"|{write(x)}| = {write(result)}"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.absolute(x)


@dataclass(frozen=True, repr=False)
class Softmax(Layer):
    """Turns scores into probabilities, which add up to 1: over the channels, or over a vector."""

    kind: ClassVar[str] = "softmax"
    family: ClassVar[str] = "Activation"
    title: ClassVar[str] = "Softmax"
    short: ClassVar[str] = "Softmax"
    noun: ClassVar[str] = "the activation"
    summary: ClassVar[str] = (
        "Turns scores into probabilities, which add up to 1: at each pixel over channels, or over "
        "a vector."
    )

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.softmax(x)
