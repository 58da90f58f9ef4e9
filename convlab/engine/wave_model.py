"""How strong the picture and the noise are in a blurred picture, estimated from its waves.

The power of a wave is expected to be a |K|² / f^p + s: the picture's, whose spectrum falls with the
frequency, left over by the kernel K, and the noise's. Whittle's likelihood of a sample of waves
says a, p and s. Photos have p near 2 (Field, "Relations between the statistics of natural images
and the response properties of cortical cells", 1987), out of focus more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlab.engine import packed_spectrum as packed
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.shapes import Pair

SMALLEST = 1e-12
"""The power of what float32 rounds away."""
USUAL_STEEPNESS = 2.0

_WEAK = 0.01  # of |K|²: waves so weak show the noise alone
_ENOUGH = 30
_SAMPLES = 1500
_STEPS = 15
_SURE = 6.0  # by how much likelier (log) another noise must be before what was said is not believed
_RATHER_SMOOTH = 1.25  # of the noise: too little of it harms more than too much
_Numbers = NDArray[np.float64]


class Model(NamedTuple):
    """Strength a and steepness p of the picture, and power s of the noise, per pixel."""

    scale: float
    steepness: float
    noise: float


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """A sample of the waves of a blurred picture; each attribute has one number a wave.

    Attributes:
        power: |Y|² / number of pixels.
        strength: |K|².
        quickness: log f.
    """

    power: _Numbers
    strength: _Numbers
    quickness: _Numbers

    @staticmethod
    def of(spectrum: FloatArray, strength: FloatArray, count: float) -> Waves:
        """Return a sample of packed spectra; the count is that of the pixels, or their weights."""
        real = _places(spectrum.shape)
        seen = spectrum.ravel()
        power = np.square(seen[real]) + np.square(seen[real + 1])
        return Waves(
            power.astype(np.float64) / count,
            strength.ravel()[real].astype(np.float64),
            packed.log_frequency(spectrum.shape).ravel()[real].astype(np.float64),
        )

    def model(self, noise: float, steepness: float | None = None) -> Model:
        """Return what explains the waves best.

        Args:
            noise: Power of the noise; believed unless the waves contradict it.
            steepness: p where that is known.
        """
        said = math.log(max(noise, SMALLEST))
        weak = self.power[self.strength < _WEAK * self.strength.max()]
        shows = len(weak) >= _ENOUGH
        first = np.median(weak) / math.log(2) if shows else np.median(self.power) / 100
        free = (0, 2) if steepness else (0, 1, 2)
        start = self._start(steepness or USUAL_STEEPNESS, math.log(max(first, SMALLEST)))
        found, likelihood = self._likeliest(start, free)
        believed, of_said = self._likeliest(np.array([*found[:2], said]), free[:-1])
        if likelihood - of_said <= _SURE:
            return Model(math.exp(believed[0]), float(believed[1]), math.exp(said))
        return Model(math.exp(found[0]), float(found[1]), _RATHER_SMOOTH * math.exp(found[2]))

    def _start(self, steepness: float, noise: float) -> _Numbers:
        shape = np.log(np.maximum(self.strength, SMALLEST)) - steepness * self.quickness
        strong = shape > np.median(shape)
        above = np.log(np.maximum(self.power, SMALLEST))[strong] - shape[strong]
        scale = float(np.median(above)) if strong.any() else 0.0
        return np.array([scale, steepness, noise])

    def _likeliest(self, start: _Numbers, free: tuple[int, ...]) -> tuple[_Numbers, float]:
        """Return log a, p and log s, and the likelihood, by Fisher's scoring with damping."""
        at, caution, chosen = start, 1e-3, list(free)
        parts, likelihood = self._parts(at)
        for _ in range(_STEPS):
            expected = parts[0] + parts[1]
            share = parts[0] / expected
            slopes = np.stack([share, -share * self.quickness, parts[1] / expected])[chosen]
            pull = slopes @ (self.power / expected - 1)
            bend = slopes @ slopes.T
            bend.flat[:: len(bend) + 1] = np.diagonal(bend) * (1 + caution) + 1e-6
            tried = at.copy()
            tried[chosen] += np.clip(np.linalg.solve(bend, pull), -3, 3)
            tried[1:] = np.clip(tried[1:], (0.0, math.log(SMALLEST)), (6.0, 5.0))
            new_parts, new = self._parts(tried)
            if new > likelihood:
                is_near = new - likelihood < 0.05
                at, parts, likelihood, caution = tried, new_parts, new, caution / 10
                if is_near:
                    break
            else:
                caution = max(10 * caution, 0.01)
        return at, likelihood

    def _parts(self, at: _Numbers) -> tuple[tuple[_Numbers, float], float]:
        """Return what is expected of the picture and of the noise, and Whittle's likelihood."""
        picture = self.strength * np.exp(at[0] - at[1] * self.quickness)
        expected = picture + math.exp(at[2])
        return (picture, math.exp(at[2])), -float((np.log(expected) + self.power / expected).sum())


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
