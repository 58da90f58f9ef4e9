"""Normalisations by what the picture itself holds: in use they do what they did in training."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from convlab.engine import counts
from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.engine.group_norm import check_groups, group_norm, layer_norm2d
from convlab.engine.numbers import not_negative
from convlab.layers.base import NOT_GIVEN, ChannelLayer, Shape, need_channels
from convlab.layers.norm import EPSILON, SCALE, SHIFT
from convlab.layers.parameters import Parameter, whole

_CHANNELS = whole(
    "Channels", 1, 4096, "Maps that come in, C; each has a scale and an offset of its own."
)


class _Normalisation(ChannelLayer):
    """A layer that measures mean and variance in each picture, then scales each channel."""

    family: ClassVar[str] = "Normalisation and dropout"
    noun: ClassVar[str] = "normalisation"
    starts = MappingProxyType({"weight": 1.0, "bias": 0.0})

    num_channels: int
    eps: float
    weight: FloatArray
    bias: FloatArray

    def __post_init__(self) -> None:
        super().__post_init__()
        not_negative("eps", self.eps)
        self.fill(self.num_channels)

    @cached_property
    def gain(self) -> float:
        """Largest scale; how far values are moved depends on the picture."""
        return float(np.abs(self.weight).max())

    @property
    def channels_field(self) -> str:
        return "num_channels"

    @property
    def weight_factors(self) -> tuple[int, ...]:
        return (self.num_channels,)

    @property
    def bias_count(self) -> int:
        return self.num_channels

    def weight_uses(self, before: Shape, after: Shape) -> tuple[int, ...]:
        return before[1:]

    def output_shape(self, shape: Shape) -> Shape:
        return need_channels(shape, self.num_channels, type(self).__name__, "num_channels")

    def cost(self, shape: Shape) -> Cost:
        """Return that of the scaling, and two additions per value: for mean and variance."""
        return counts.batch_norm(self.output_shape(shape)) + Cost(additions=2 * math.prod(shape))


@dataclass(frozen=True, eq=False, repr=False)
class GroupNorm(_Normalisation):
    """Normalises groups of channels of each picture, as ``torch.nn.GroupNorm``.

    Attributes:
        num_groups: Among which the channels are shared: 1 is all together, C is each by itself.
        num_channels: Channels, C.
        eps: Added to the variance.
        weight: ``(C,)`` float32. Given as None: ones.
        bias: ``(C,)`` float32. Given as None: zeros.

    Raises:
        ValueError: If a size cannot be used or numbers do not fit it.
    """

    kind: ClassVar[str] = "group_norm"
    title: ClassVar[str] = "Group normalization"
    short: ClassVar[str] = "Group norm"
    summary: ClassVar[str] = (
        "Moves each group of maps to mean 0 and variance 1, by this picture alone, then scales it."
    )

    num_groups: int = field(
        metadata=whole(
            "Groups",
            1,
            4096,
            "Among which the maps are shared: 1 normalises all together, as many as maps each by "
            "itself (instance normalisation).",
        )
    )
    num_channels: int = field(metadata=_CHANNELS)
    eps: float = field(default=1e-5, metadata=EPSILON)
    weight: FloatArray = field(default=NOT_GIVEN, metadata=SCALE)
    bias: FloatArray = field(default=NOT_GIVEN, metadata=SHIFT)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_groups(self.num_channels, self.num_groups)

    def narrowed(self, parameter: Parameter) -> Parameter:
        """Leave the groups that divide the channels."""
        if parameter.name != "num_groups":
            return parameter
        divides = (n for n in range(1, self.num_channels + 1) if self.num_channels % n == 0)
        return replace(parameter, allowed=tuple(divides))

    @property
    def sees_all(self) -> bool:
        return True

    def maps_met(self, channel: int, count: int) -> range:
        size = self.num_channels // self.num_groups
        first = channel // size * size
        return range(first, first + size)

    def forward(self, x: FloatArray) -> FloatArray:
        return group_norm(x, self.num_groups, self.weight, self.bias, eps=self.eps)


@dataclass(frozen=True, eq=False, repr=False)
class LayerNorm2d(_Normalisation):
    """Normalises the channels of each pixel, as ``torchvision``'s layer of that name.

    It is ``torch.nn.LayerNorm`` over the channels, which there come last.

    Attributes:
        num_channels: Channels, C.
        eps: Added to the variance.
        weight: ``(C,)`` float32. Given as None: ones.
        bias: ``(C,)`` float32. Given as None: zeros.

    Raises:
        ValueError: If a size cannot be used or numbers do not fit it.
    """

    kind: ClassVar[str] = "layer_norm2d"
    title: ClassVar[str] = "Layer normalization"
    short: ClassVar[str] = "Layer norm"
    summary: ClassVar[str] = (
        "Moves the values of all maps at one pixel to mean 0 and variance 1, then scales each map."
    )

    num_channels: int = field(metadata=_CHANNELS)
    eps: float = field(default=1e-5, metadata=EPSILON)
    weight: FloatArray = field(default=NOT_GIVEN, metadata=SCALE)
    bias: FloatArray = field(default=NOT_GIVEN, metadata=SHIFT)

    def maps_met(self, channel: int, count: int) -> range:
        return range(count)

    def forward(self, x: FloatArray) -> FloatArray:
        return layer_norm2d(x, self.weight, self.bias, eps=self.eps)
