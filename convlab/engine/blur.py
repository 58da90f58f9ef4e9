"""What a kernel does to the waves of planes of a shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from convlab.engine import packed_spectrum as packed
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.shapes import Pair


@dataclass(frozen=True, slots=True, eq=False)
class Blur:
    """A kernel's spectrum for correlation, packed; both are read-only.

    Attributes:
        response: K.
        strength: |K|² of each wave, at both of its numbers.
    """

    response: FloatArray
    strength: FloatArray

    @property
    def shape(self) -> Pair:
        """Rows and columns of the planes."""
        height, width = self.response.shape
        return height, width


def blur_of(weights: FloatArray, shape: Pair) -> Blur:
    """Return what a kernel does to planes of a shape; it is kept for the next picture."""
    return _blur(weights.tobytes(), weights.shape, shape)


@lru_cache(maxsize=4)
def _blur(weights: bytes, size: Pair, shape: Pair) -> Blur:
    laid = np.zeros(shape, np.float32)
    # A convolution by the flipped kernel is the correlation; cell (k - 1) // 2 lies on the pixel.
    laid[: size[0], : size[1]] = np.frombuffer(weights, np.float32).reshape(size)[::-1, ::-1]
    before = tuple((side - 1) // 2 - (side - 1) for side in size)
    response = packed.forward(np.roll(laid, before, (0, 1)))
    return Blur(frozen(response), frozen(packed.power(response)))
