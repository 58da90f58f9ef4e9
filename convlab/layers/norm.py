"""Layers that steady a network while it learns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from convlab.engine import counts
from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.engine.norm import batch_norm2d
from convlab.engine.numbers import not_negative
from convlab.layers.base import NOT_GIVEN, ChannelLayer, Layer, Shape, need_channels
from convlab.layers.parameters import decimal, numbers, whole

_LARGEST = 1e6

SCALE = numbers(
    "Scale γ",
    -_LARGEST,
    _LARGEST,
    0.05,
    "What the normalised map is multiplied with: its new standard deviation.",
    noun="scale",
    digits=4,
)
SHIFT = numbers(
    "Shift β",
    -_LARGEST,
    _LARGEST,
    0.05,
    "What is added at last: the new mean of the map.",
    noun="shift",
    digits=4,
)
EPSILON = decimal(
    "Epsilon",
    1e-5,
    1.0,
    1e-5,
    "Added to the variance under the root: (x − mean) / √(variance + ε), so that a flat "
    "map is not divided by zero.",
)


@dataclass(frozen=True, eq=False, repr=False)
class BatchNorm2d(ChannelLayer):
    """Moves each channel to mean 0 and variance 1, then scales it, as ``torch.nn.BatchNorm2d``.

    It uses the running mean and variance, as PyTorch does in evaluation.

    Attributes:
        num_features: Channels, C.
        eps: Added to the variance.
        weight: ``(C,)`` float32. Given as None: ones.
        bias: ``(C,)`` float32. Given as None: zeros.
        running_mean: ``(C,)`` float32. Given as None: zeros.
        running_var: ``(C,)`` float32. Given as None: ones.

    Raises:
        ValueError: If a size cannot be used or numbers do not fit it.
    """

    kind: ClassVar[str] = "batch_norm2d"
    family: ClassVar[str] = "Normalisation and dropout"
    title: ClassVar[str] = "Batch normalization"
    short: ClassVar[str] = "Batch norm"
    noun: ClassVar[str] = "normalisation"
    summary: ClassVar[str] = (
        "Moves each map to mean 0 and variance 1, by what was seen in training, then scales it."
    )
    starts = MappingProxyType({"weight": 1.0, "bias": 0.0, "running_mean": 0.0, "running_var": 1.0})

    num_features: int = field(
        metadata=whole(
            "Channels",
            1,
            4096,
            "Maps that come in, C; each has a mean, a variance, a scale and an offset of its own.",
        )
    )
    eps: float = field(default=1e-5, metadata=EPSILON)
    weight: FloatArray = field(default=NOT_GIVEN, metadata=SCALE)
    bias: FloatArray = field(default=NOT_GIVEN, metadata=SHIFT)
    running_mean: FloatArray = field(
        default=NOT_GIVEN,
        metadata=numbers(
            "Mean μ",
            -_LARGEST,
            _LARGEST,
            0.05,
            "The mean that the map had in training; it is taken from each value.",
            noun="mean",
            digits=4,
        ),
    )
    running_var: FloatArray = field(
        default=NOT_GIVEN,
        metadata=numbers(
            "Variance σ²",
            0.0,
            _LARGEST,
            0.05,
            "The variance that the map had in training; each value is divided by its root.",
            noun="variance",
            digits=4,
        ),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        not_negative("eps", self.eps)
        self.fill(self.num_features)

    @cached_property
    def gain(self) -> float:
        """Largest magnitude of what a channel is multiplied with."""
        return float(np.abs(self.weight / np.sqrt(self.running_var + self.eps)).max())

    @property
    def channels_field(self) -> str:
        return "num_features"

    @property
    def weight_factors(self) -> tuple[int, ...]:
        return (self.num_features,)

    @property
    def bias_count(self) -> int:
        return self.num_features

    def weight_uses(self, before: Shape, after: Shape) -> tuple[int, ...]:
        return before[1:]

    def output_shape(self, shape: Shape) -> Shape:
        return need_channels(shape, self.num_features, "BatchNorm2d", "num_features")

    def forward(self, x: FloatArray) -> FloatArray:
        return batch_norm2d(
            x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps
        )

    def cost(self, shape: Shape) -> Cost:
        return counts.batch_norm(self.output_shape(shape))


@dataclass(frozen=True, repr=False)
class Dropout(Layer):
    """Silences values at random while a network learns; in use it does nothing.

    Attributes:
        p: The probability that a value is dropped, 0 to 1.

    Raises:
        ValueError: If the probability is outside.
    """

    kind: ClassVar[str] = "dropout"
    family: ClassVar[str] = "Normalisation and dropout"
    title: ClassVar[str] = "Dropout"
    noun: ClassVar[str] = "dropout"
    summary: ClassVar[str] = (
        "Silences values at random while a network learns; here, in use, it changes nothing."
    )

    p: float = field(
        default=0.5,
        metadata=decimal(
            "Probability",
            0.0,
            1.0,
            0.05,
            "The probability, p, that a value is dropped while a network learns; the others are "
            "multiplied with 1 / (1 − p). In use nothing is silenced.",
        ),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0.0 <= self.p <= 1.0:
            raise ValueError(f"p {self.p!r} cannot be used: give a probability from 0 to 1")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def forward(self, x: FloatArray) -> FloatArray:
        return x
