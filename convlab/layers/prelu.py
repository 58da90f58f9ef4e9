"""The activation whose slope for negative values is learned."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.engine.errors import InputCountError
from convlab.engine.numbers import finite
from convlab.engine.prelu import prelu
from convlab.layers.activation import LeakyReLU
from convlab.layers.base import NOT_GIVEN, ChannelLayer, Shape
from convlab.layers.parameters import decimal, numbers, whole


@dataclass(frozen=True, eq=False, repr=False)
class PReLU(ChannelLayer):
    """Keeps what is positive, and a share of the rest that is learned, as ``torch.nn.PReLU``.

    Attributes:
        num_parameters: Slopes: 1 for all channels, or one for each, C.
        init: What they are to begin with.
        weight: The slopes, ``(num_parameters,)`` float32. Given as None: ``init``.

    Raises:
        ValueError: If a number cannot be used or the slopes are not as many.
    """

    kind: ClassVar[str] = "prelu"
    family: ClassVar[str] = "Activation"
    title: ClassVar[str] = "PReLU"
    noun: ClassVar[str] = "the activation"
    summary: ClassVar[str] = (
        "Keeps what is positive and a share of the rest, which is learned: one, or one a map."
    )

    num_parameters: int = field(
        default=1,
        metadata=whole("Slopes", 1, 4096, "1 for all maps, or as many as maps: one for each."),
    )
    init: float = field(
        default=0.25,
        metadata=decimal(
            "Start", -1.0, 2.0, 0.05, "What all slopes are set to; each is learned from there."
        ),
    )
    weight: FloatArray = field(
        default=NOT_GIVEN,
        metadata=numbers(
            "Slope a", -1e6, 1e6, 0.05, "What negative values are multiplied with.", noun="slope"
        ),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.fill(self.num_parameters)

    @property
    def starts(self) -> dict[str, float]:  # type: ignore[override]  # it depends on a field
        """The slopes, and what they begin with."""
        return {"weight": finite("init", self.init)}

    @cached_property
    def gain(self) -> float:
        """The largest slope; 1 on the positive side."""
        return max(float(np.abs(self.weight).max()), 1.0)

    @property
    def channels_field(self) -> str | None:
        return "num_parameters" if self.num_parameters > 1 else None

    @property
    def weight_factors(self) -> tuple[int, ...]:
        return (self.num_parameters,)

    def weight_uses(self, before: Shape, after: Shape) -> tuple[int, ...]:
        return before[1:] if self.num_parameters > 1 else before

    def output_shape(self, shape: Shape) -> Shape:
        if self.num_parameters not in (1, shape[0]):
            raise InputCountError(shape[0], self.num_parameters, "channel", "num_parameters")
        return shape

    def forward(self, x: FloatArray) -> FloatArray:
        return prelu(x, self.weight)

    def cost(self, shape: Shape) -> Cost:
        """Return its slopes, and one product per value at the most."""
        return Cost(self.num_parameters, multiply_adds=math.prod(shape))

    def of_channel(self, channel: int) -> LeakyReLU:
        """Return what it does to the values of one channel."""
        return LeakyReLU(float(self.weight[channel if self.num_parameters > 1 else 0]))
