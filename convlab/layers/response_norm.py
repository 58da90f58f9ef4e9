"""A layer in which the channels of a pixel weaken each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.engine.response_norm import local_response_norm, reach
from convlab.layers.base import Layer, Shape, need_picture
from convlab.layers.parameters import decimal, whole


@dataclass(frozen=True, repr=False)
class LocalResponseNorm(Layer):
    """Divides by the strength of neighbouring channels, as ``torch.nn.LocalResponseNorm``.

    Attributes:
        size: Channels that are met, the one itself with them.
        alpha: Weight of the mean of their squares.
        beta: The exponent.
        k: Added to it.

    Raises:
        ValueError: If a number cannot be used.
    """

    kind: ClassVar[str] = "local_response_norm"
    family: ClassVar[str] = "Normalisation and dropout"
    title: ClassVar[str] = "Local response normalization"
    short: ClassVar[str] = "Local resp."
    noun: ClassVar[str] = "normalisation"
    summary: ClassVar[str] = (
        "Divides each value by the strength of its neighbours among the maps: strong ones win."
    )
    options = ("size", "alpha", "beta", "k")

    size: int = field(
        metadata=whole("Maps", 1, 64, "How many neighbouring maps count, n, this one with them.")
    )
    alpha: float = field(
        default=1e-4,
        metadata=decimal(
            "Alpha α",
            0.0,
            10.0,
            1e-4,
            "Weight of the mean square of the maps that count. Try 1: the effect is seen.",
        ),
    )
    beta: float = field(
        default=0.75,
        metadata=decimal("Beta β", 0.0, 4.0, 0.05, "The exponent of what values are divided by."),
    )
    k: float = field(
        default=1.0,
        metadata=decimal(
            "Offset k", 0.0, 10.0, 0.1, "Added to it, so that dark places are not divided by zero."
        ),
    )

    def output_shape(self, shape: Shape) -> Shape:
        return need_picture(shape, "LocalResponseNorm")

    def maps_met(self, channel: int, count: int) -> range:
        before, behind = reach(self.size)
        return range(max(channel - before, 0), min(channel + behind + 1, count))

    def forward(self, x: FloatArray) -> FloatArray:
        return local_response_norm(x, **self.arguments)

    def cost(self, shape: Shape) -> Cost:
        """Return the sums of the neighbours, and one division per value."""
        channels, height, width = need_picture(shape, "LocalResponseNorm")
        met = sum(len(self.maps_met(channel, channels)) for channel in range(channels))
        return Cost(additions=met * height * width, divisions=channels * height * width)
