"""A kernel for each channel of the picture: added up they are one filter of a network."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convlab.engine import kernels
from convlab.engine.arrays import FloatArray

Weights = tuple[tuple[float, ...], ...]
"""The rows of a kernel; float values exact in float32."""

MOST_CHANNELS = 3


@dataclass(frozen=True, slots=True)
class PerChannel:
    """Which channels have kernels of their own.

    The kernel that is seen and edited is that of one channel, and does not stand here: what edits
    a kernel need not know of channels.

    Attributes:
        is_on: Each channel has its own kernel; else all have the one that is edited.
        chosen: The channel whose kernel is edited: 0, 1 or 2.
        kernels: Of all three channels, that of the chosen one as it was when it was chosen; () if
            there never were any.
    """

    is_on: bool = False
    chosen: int = 0
    kernels: tuple[Weights, ...] = ()

    def array(self, channel: int, edited: FloatArray) -> FloatArray:
        """Return the kernel of a channel, as large as the edited one ``(rows, columns)``."""
        if not self.is_on or channel == self.chosen or not self.kernels:
            return edited
        kept = np.array(self.kernels[channel], np.float32)
        return kernels.resized(kept, *edited.shape)

    def with_kernel(self, channel: int, weights: Weights) -> PerChannel:
        """Return this with another kernel kept for a channel."""
        kept = list(self.kernels)
        kept[channel] = weights
        return replace(self, kernels=tuple(kept))
