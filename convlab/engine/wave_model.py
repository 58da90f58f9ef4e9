"""How strong the picture and the noise are in a blurred picture, estimated from its waves.

The power of a wave is expected to be a |K|² / f² + s: the picture's with its spectrum 1 / f², left
over by the kernel K, and the noise's. Whittle's likelihood of a sample of waves says a and s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.shapes import Pair

_WEAK = 0.01  # of |K|²: waves so weak show the noise alone
_ENOUGH = 30
_SAMPLES = 1500
_SCALES = np.exp(np.linspace(-18, 4, 45)).astype(np.float32)
_NOISES = np.exp(np.linspace(-28, 0, 57)).astype(np.float32)
SMALLEST = 1e-12
"""The power of what float32 rounds away."""


class Model(NamedTuple):
    """Strength a of the picture and power s of the noise, per pixel."""

    scale: float
    noise: float


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """A sample of the waves of a blurred picture; each attribute has one number a wave.

    Attributes:
        power: |Y|² / number of pixels.
        response: K, complex.
        strength: |K|², relative to the largest.
        slowness: 1 / f².
    """

    power: FloatArray
    response: NDArray[np.complex64]
    strength: FloatArray
    slowness: FloatArray

    @staticmethod
    def of(
        spectrum: FloatArray, response: FloatArray, strength: FloatArray, squares: FloatArray
    ) -> Waves:
        """Return a sample of packed spectra; the last has f² of each wave."""
        real = _places(spectrum.shape)
        imaginary = real + 1
        seen, laid = spectrum.ravel(), response.ravel()
        power = np.square(seen[real]) + np.square(seen[imaginary])
        return Waves(
            power / spectrum.size,
            laid[real] + 1j * laid[imaginary],
            strength.ravel()[real],
            np.reciprocal(squares.ravel()[real]),
        )

    def model(self, noise: float) -> Model:
        """Return what explains the waves best.

        Args:
            noise: Standard deviation; believed where no wave is weak enough to show the noise.
        """
        weak = self.strength < _WEAK * self.strength.max()
        if np.count_nonzero(weak) < _ENOUGH:
            power = max(noise**2, SMALLEST)
            return Model(self._scale(power), power if noise else 0.0)
        first = float(np.median(self.power[weak])) / math.log(2)
        scale = self._scale(max(first, SMALLEST))
        picture = scale * (self.strength * self.slowness)[weak]
        power = _likeliest(_NOISES, picture + _NOISES[:, np.newaxis], self.power[weak])
        return Model(self._scale(power), power)

    def _scale(self, noise: float) -> float:
        shape = self.strength * self.slowness
        expected = _SCALES[:, np.newaxis] * shape + np.float32(noise)
        return _likeliest(_SCALES, expected, self.power)

    def trust(self, model: Model, noise: float) -> float:
        """Return the share of a Wiener filter with the least error; the rest is what came in.

        Args:
            model: What picture and noise are.
            noise: The power that the filter believes in.
        """
        prior = model.scale * self.slowness
        gain = np.conj(self.response) * prior / (self.strength * prior + noise)
        change = gain - 1
        fault = self.response - 1
        wanted = (prior * fault * np.conj(change * self.response)).real + model.noise * change.real
        energy = np.square(np.abs(change)) * (prior * self.strength + model.noise)
        return float(np.clip(-wanted.sum() / max(energy.sum(), SMALLEST), 0, 1))


def _likeliest(values: FloatArray, expected: FloatArray, power: FloatArray) -> float:
    """Return the value under whose expected powers the seen ones are likeliest."""
    return float(values[np.argmin((np.log(expected) + power / expected).sum(axis=1))])


@lru_cache(maxsize=4)
def _places(shape: Pair) -> AnyArray:
    """Return where the real parts of a sample of waves lie, in the flat packed array."""
    height, width = shape
    pairs = (width - 1) // 2
    if pairs == 0:
        return np.zeros(1, np.intp)
    chosen = np.random.default_rng(0).choice(
        height * pairs, min(_SAMPLES, height * pairs), replace=False
    )
    rows, columns = np.divmod(np.sort(chosen), pairs)
    return np.asarray(rows * width + 1 + 2 * columns)
