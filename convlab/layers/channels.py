"""Layers that come with networks from elsewhere: they pick channels, or scale and move each."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.layers.base import NOT_GIVEN, ChannelLayer, Layer, Shape
from convlab.layers.parameters import numbers, whole


@dataclass(frozen=True, repr=False)
class ChannelSlice(Layer):
    """Keeps some neighbouring channels, or values of a vector, as ``x[start:stop:step]``.

    >>> ChannelSlice(2, 6).output_shape((8, 60, 80))
    (4, 60, 80)

    Attributes:
        start: The first one kept, counted from 0.
        stop: The first one behind those kept.
        step: Every how manyth is kept.

    Raises:
        ValueError: If none would be kept.
    """

    kind: ClassVar[str] = "channel_slice"
    family: ClassVar[str] = "Branches"
    title: ClassVar[str] = "Some channels"
    short: ClassVar[str] = "Slice"
    noun: ClassVar[str] = "the choice of channels"
    summary: ClassVar[str] = "Keeps some of the channels: where a network parts into branches."

    start: int = field(metadata=whole("From", 0, 4095, "The first channel kept, from 0."))
    stop: int = field(metadata=whole("To", 1, 4096, "The first channel behind those kept."))
    step: int = field(default=1, metadata=whole("Step", 1, 4096, "Every how manyth is kept."))

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.start < self.stop:
            raise ValueError(f"channels {self.start} to {self.stop} are none: give start < stop")

    def maps_met(self, channel: int, count: int) -> range:
        first = self.start + channel * self.step
        return range(first, first + 1)

    def output_shape(self, shape: Shape) -> Shape:
        if self.stop > shape[0]:
            raise ValueError(f"channel {self.stop - 1} does not exist: there are {shape[0]}")
        return len(range(self.start, self.stop, self.step)), *shape[1:]

    def forward(self, x: FloatArray) -> FloatArray:
        kept = slice(self.start, self.stop, self.step)
        return x[..., kept] if x.ndim < 3 else x[..., kept, :, :]


@dataclass(frozen=True, eq=False, repr=False)
class Affine(ChannelLayer):
    """Multiplies each channel with a number and adds one: weight · x + bias.

    Attributes:
        num_features: Channels, C; 1: the same numbers for all.
        weight: ``(C,)`` float32. Given as None: ones.
        bias: ``(C,)`` float32. Given as None: zeros.

    Raises:
        ValueError: If a size cannot be used or numbers do not fit it.
    """

    kind: ClassVar[str] = "affine"
    family: ClassVar[str] = "Normalisation and dropout"
    title: ClassVar[str] = "Scale and offset"
    short: ClassVar[str] = "Scale"
    noun: ClassVar[str] = "scale and offset"
    summary: ClassVar[str] = "Multiplies each map with a number of its own and adds another."

    starts = MappingProxyType({"weight": 1.0, "bias": 0.0})

    num_features: int = field(
        metadata=whole("Channels", 1, 4096, "Maps that come in; 1: one number for all of them.")
    )
    weight: FloatArray = field(
        default=NOT_GIVEN,
        metadata=numbers("Scale", -1e6, 1e6, 0.05, "What a map is multiplied with.", digits=4),
    )
    bias: FloatArray = field(
        default=NOT_GIVEN,
        metadata=numbers("Offset", -1e6, 1e6, 0.05, "What is added to a map.", digits=4),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.fill(self.num_features)

    def output_shape(self, shape: Shape) -> Shape:
        if self.num_features not in (1, shape[0]):
            raise ValueError(f"it takes {self.num_features} channels, not {shape[0]}")
        return shape

    def forward(self, x: FloatArray) -> FloatArray:
        spread = (-1,) if x.ndim < 3 else (-1, 1, 1)
        return x * self.weight.reshape(spread) + self.bias.reshape(spread)

    @property
    def bias_count(self) -> int:
        return self.num_features

    @property
    def weight_factors(self) -> tuple[int, ...]:
        return (self.num_features,)

    @property
    def gain(self) -> float:
        return float(np.abs(self.weight).max())
