"""Layers that steady a network while it learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from convlab.engine import counts
from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.engine.norm import batch_norm2d
from convlab.layers.base import NOT_GIVEN, Layer, Shape, check_count, need_picture, to_weight

# Weight, bias, running mean and running variance, where nothing is given.
_START = {"weight": 1.0, "bias": 0.0, "running_mean": 0.0, "running_var": 1.0}


@dataclass(frozen=True, eq=False)
class BatchNorm2d(Layer):
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

    num_features: int
    eps: float = 1e-5
    weight: FloatArray = NOT_GIVEN
    bias: FloatArray = NOT_GIVEN
    running_mean: FloatArray = NOT_GIVEN
    running_var: FloatArray = NOT_GIVEN

    def __post_init__(self) -> None:
        check_count("num_features", self.num_features)
        shape = (self.num_features,)
        for name, start in _START.items():
            given = getattr(self, name)
            values = np.full(shape, start, np.float32) if given is None else given
            object.__setattr__(self, name, to_weight(values, shape, name))

    def output_shape(self, shape: Shape) -> Shape:
        channels, _, _ = need_picture(shape, "BatchNorm2d")
        if channels != self.num_features:
            raise ValueError(
                f"the input has {channels} channels but this layer takes {self.num_features}: "
                "make num_features equal to the channels before it"
            )
        return shape

    def forward(self, x: FloatArray) -> FloatArray:
        return batch_norm2d(
            x, self.running_mean, self.running_var, self.weight, self.bias, epsilon=self.eps
        )

    def cost(self, shape: Shape) -> Cost:
        return counts.batch_norm(self.output_shape(shape))


@dataclass(frozen=True)
class Dropout(Layer):
    """Silences values at random while a network learns; in use it does nothing.

    Attributes:
        p: The share that is silenced, 0 to 1.

    Raises:
        ValueError: If the share is outside.
    """

    kind: ClassVar[str] = "dropout"

    p: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 <= self.p <= 1.0:
            raise ValueError(f"p {self.p!r} cannot be used: give a share from 0 to 1")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def forward(self, x: FloatArray) -> FloatArray:
        return x
