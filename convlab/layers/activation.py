"""Layers that turn each value into another, and softmax, which turns scores into probabilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

import numpy as np

from convlab.engine import activate
from convlab.engine.activate import Approximation
from convlab.engine.arrays import FloatArray
from convlab.layers.base import Layer, Shape
from convlab.layers.parameters import choice, decimal

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

    line: ClassVar[str]
    """The function as a text: {x} is its number, {factor} the same behind a sign, {minus} −x."""

    def equation(self, x: float, result: float, write: Write) -> str:
        """Return the function with its number put in, like ``max(0, −0.31) = 0``."""
        numbers = {"x": write(x), "factor": _factor(x, write), "minus": write(-x)}
        return f"{self.line.format(**numbers)} = {write(result)}"

    def output_shape(self, shape: Shape) -> Shape:
        return shape


@dataclass(frozen=True, repr=False)
class ReLU(Activation):
    """Keeps what is positive: max(x, 0)."""

    kind: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    summary: ClassVar[str] = (
        "Keeps what is positive and makes the rest 0: max(x, 0). Without such a bend, layers "
        "would add up to a single one."
    )

    effect: ClassVar[str] = "keeps what is positive"
    line: ClassVar[str] = "max(0, {x})"

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
        return f"{write(self.negative_slope)} × {_factor(x, write)} = {write(result)}"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.leaky_relu(x, self.negative_slope)


@dataclass(frozen=True, repr=False)
class Sigmoid(Activation):
    """Squeezes each value between 0 and 1: 1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    summary: ClassVar[str] = (
        "Squeezes each value between 0 and 1: 1 / (1 + e⁻ˣ). 0 becomes one half."
    )

    reach: ClassVar[float] = 8.0
    effect: ClassVar[str] = "squeezes between 0 and 1"
    line: ClassVar[str] = "1 / (1 + exp({minus}))"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.sigmoid(x)


@dataclass(frozen=True, repr=False)
class Tanh(Activation):
    """Squeezes each value between -1 and 1."""

    kind: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"
    summary: ClassVar[str] = (
        "Squeezes each value between −1 and 1 and keeps its sign; large values saturate."
    )

    reach: ClassVar[float] = 4.0
    effect: ClassVar[str] = "squeezes between −1 and 1"
    line: ClassVar[str] = "tanh({x})"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.tanh(x)


@dataclass(frozen=True, repr=False)
class ReLU6(Activation):
    """Keeps what is positive, up to 6: min(max(x, 0), 6)."""

    kind: ClassVar[str] = "relu6"
    title: ClassVar[str] = "ReLU6"
    summary: ClassVar[str] = (
        "Keeps what is positive, up to 6: numbers stay small enough for phones that count in eight "
        "bits."
    )

    reach: ClassVar[float] = 8.0
    effect: ClassVar[str] = "keeps what is positive, up to 6"
    line: ClassVar[str] = "min(max(0, {x}), 6)"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.relu6(x)


@dataclass(frozen=True, repr=False)
class HardSigmoid(Activation):
    """Squeezes each value between 0 and 1 by straight lines: x / 6 + 1/2, cut at 0 and 1."""

    kind: ClassVar[str] = "hard_sigmoid"
    title: ClassVar[str] = "Hard sigmoid"
    short: ClassVar[str] = "Hard sigm."
    summary: ClassVar[str] = (
        "A sigmoid of straight lines: x / 6 + ½, cut at 0 and 1. Cheap, and flat beyond ±3."
    )

    reach: ClassVar[float] = 4.0
    effect: ClassVar[str] = "squeezes between 0 and 1"
    line: ClassVar[str] = "max(0, min({factor} / 6 + 1/2, 1))"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.hard_sigmoid(x)


@dataclass(frozen=True, repr=False)
class HardSwish(Activation):
    """Weighs each value with its hard sigmoid."""

    kind: ClassVar[str] = "hard_swish"
    title: ClassVar[str] = "Hard swish"
    is_monotone: ClassVar[bool] = False
    summary: ClassVar[str] = (
        "Each value times its hard sigmoid: 0 below −3, as it is above 3, a curve between."
    )

    effect: ClassVar[str] = "keeps what is positive, by a curve"

    def equation(self, x: float, result: float, write: Write) -> str:
        share = max(0.0, min(x / 6 + 0.5, 1.0))
        return f"{_factor(x, write)} × {write(share)} = {write(result)}"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.hard_swish(x)


@dataclass(frozen=True, repr=False)
class SiLU(Activation):
    """Weighs each value with its sigmoid: x / (1 + exp(-x)), also called swish."""

    kind: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"
    is_monotone: ClassVar[bool] = False
    summary: ClassVar[str] = (
        "Each value times its sigmoid, also called swish: a ReLU without a corner, which dips "
        "a little below 0."
    )

    reach: ClassVar[float] = 6.0
    effect: ClassVar[str] = "keeps what is positive, by a curve"
    line: ClassVar[str] = "{x} / (1 + exp({minus}))"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.silu(x)


@dataclass(frozen=True, repr=False)
class GELU(Activation):
    """Weighs each value with the share of a normal distribution that is below it.

    Attributes:
        approximate: As in ``gelu``: "none" or "tanh".
    """

    kind: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"
    is_monotone: ClassVar[bool] = False
    summary: ClassVar[str] = (
        "Each value times the share of a normal distribution below it: a ReLU without a corner."
    )

    effect: ClassVar[str] = "keeps what is positive, by a curve"

    approximate: str = field(
        default="none",
        metadata=choice(
            "Computed",
            ((str(Approximation.NONE), "exactly"), (str(Approximation.TANH), "by tanh")),
            "The exact share, or the curve of tanh that older networks were trained with.",
        ),
    )

    def equation(self, x: float, result: float, write: Write) -> str:
        share = float(activate.normal_below(np.array([x], np.float32), self.approximate)[0])
        return f"{_factor(x, write)} × {write(share)} = {write(result)}"

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.gelu(x, self.approximate)


def _factor(x: float, write: Write) -> str:
    return f"({write(x)})" if x < 0 else write(x)


@dataclass(frozen=True, repr=False)
class Abs(Activation):
    """Takes the magnitude: dark to bright and bright to dark count alike."""

    kind: ClassVar[str] = "abs"
    title: ClassVar[str] = "Magnitude"
    summary: ClassVar[str] = (
        "Takes the magnitude |x|: edges from dark to bright and from bright to dark count alike."
    )

    effect: ClassVar[str] = "takes the magnitude"
    line: ClassVar[str] = "|{x}|"
    is_monotone: ClassVar[bool] = False

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.absolute(x)


@dataclass(frozen=True, repr=False)
class Softmax(Layer):
    """Turns scores into probabilities, which add up to 1: over the channels, or over a vector."""

    kind: ClassVar[str] = "softmax"
    family: ClassVar[str] = "Activation"
    title: ClassVar[str] = "Softmax"
    noun: ClassVar[str] = "the activation"
    summary: ClassVar[str] = (
        "Turns scores into probabilities, which add up to 1: at each pixel over channels, or over "
        "a vector."
    )

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def maps_met(self, channel: int, count: int) -> range:
        return range(count)

    def forward(self, x: FloatArray) -> FloatArray:
        return activate.softmax(x)
