"""How strong the picture and the noise are in a blurred picture, estimated from its waves.

The power of a wave is expected to be |K|² S + s + e: the picture's, left over by the kernel K, the
noise's, and what a border that was continued adds. Photos have S near a / f² (Field, "Relations
between the statistics of natural images and the response properties of cortical cells", 1987). But
few follow such a law wherever one looks: smooth ones, ones out of focus, shaken ones and bricks are
far from it in some directions. So each band, an octave by an octave, has a strength of its own,
which the law a / f^p only fills in where the kernel leaves nothing of the picture.

The likeliest strengths (Whittle's likelihood) are those of a nonnegative factorisation with
Itakura and Saito's divergence (Févotte, Bertin and Durrieu, Neural Computation 21, 2009): each is
multiplied by the root of what it lacks, again and again. What is known before counts as a few more
waves that were seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlab.engine import packed_spectrum as packed
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.blur import Blur
from convlab.engine.cv import cv2
from convlab.engine.shapes import Pair

SMALLEST = 1e-12
"""The power of what float32 rounds away."""
USUAL_STEEPNESS = 2.0

_OCTAVES = 8  # of the frequency down and across; the last holds all that is slower
_BANDS = _OCTAVES * _OCTAVES
_LEVELS = 12  # of |K|², each a quarter of the one before
_MOST = 32  # waves looked at of each band and level
_WEAK = 0.3  # of |K|²: only so weak waves tell what the borders add from the picture
_SPREAD = 1.0  # of the steepness from photo to photo
_STEEPEST = 6.0
_SCORINGS, _NEAR = 8, 0.5
_STEPS, _ROUNDS = 10, 3
_SHOWN = 4  # waves that show as much of a band as they leave open
_SURE = 6.0  # by how much likelier (log) another noise must be before what was said is not believed
_OF_LAW, _OF_BORDER = 1.0, 0.1  # so many waves count what was known of each
_NONE = 1e-30
_Numbers = NDArray[np.float64]
_NODES: _Numbers = np.power(0.5, np.arange(1, _OCTAVES + 1))  # [1 / px]


class Law(NamedTuple):
    """A picture whose spectrum falls as a / f^p everywhere, and the noise beside it.

    Attributes:
        scale: a.
        steepness: p.
        noise: Power of the noise, per pixel.
        is_as_said: Whether that is what was said.
        pivot: Log of the frequency at which the law is known best.
    """

    scale: float
    steepness: float
    noise: float
    is_as_said: bool
    pivot: float

    def relative_noise(self, steepness: float, least: float) -> float:
        """Return s / a for another steepness, and so much noise or more."""
        turned = (steepness - self.steepness) * self.pivot
        return max(self.noise, least) / (self.scale * math.exp(turned))


class Model(NamedTuple):
    """What picture and noise are expected to be.

    Attributes:
        ratio: Log of the noise's power, borders counted, relative to the picture's at the
            frequencies 1/2, 1/4, ... down and across, ``(8, 8)``.
        noise: Power of the noise, per pixel.
        scale: a of the law that fills in for bands of which nothing is left.
        steepness: Its p.
    """

    ratio: _Numbers
    noise: float
    scale: float
    steepness: float


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Some waves of planes of a shape, in classes of one band and one level of |K|².

    Attributes:
        real: Where their real parts lie in the flat packed array.
        imaginary: Where their imaginary parts lie.
        response: The real part of K.
        members: The class of each wave.
        weights: How many waves each stands for.
        counts: How many waves a class has here.
        strength: The mean |K|² of a class.
        quickness: Its mean log f.
        rows: The octave down of a class.
        columns: The octave across.
    """

    real: AnyArray
    imaginary: AnyArray
    response: _Numbers
    members: AnyArray
    weights: _Numbers
    counts: _Numbers
    strength: _Numbers
    quickness: _Numbers
    rows: AnyArray
    columns: AnyArray

    def power(self, spectrum: FloatArray) -> _Numbers:
        """Return |Y|² of its waves."""
        seen = spectrum.ravel()
        power = np.square(seen[self.real]) + np.square(seen[self.imaginary])
        return power.astype(np.float64)

    def means(self, spectrum: FloatArray, count: float) -> _Numbers:
        """Return the mean |Y|² of each class, per pixel."""
        sums = np.bincount(self.members, self.power(spectrum))
        return np.maximum(sums / (self.counts * count), SMALLEST)


def model_of(
    spectrum: FloatArray,
    blur: Blur,
    count: float,
    noise: float,
    continued: tuple[bool, bool] = (False, False),
) -> Model:
    """Return what explains the waves best.

    Args:
        spectrum: The blurred picture's, packed.
        blur: What was done to it.
        count: Number of pixels, or the sum of the squares of their weights.
        noise: Power of the noise; believed where the waves do not say.
        continued: Whether lines were added below, and at the right.
    """
    sample = sample_of(blur)
    power = sample.means(spectrum, count)
    law = _Scoring(sample, power).law(max(noise, SMALLEST))
    return _Bands(sample, power, law, continued).fitted()


def law_of(spectrum: FloatArray, blur: Blur, count: float, noise: float) -> Law:
    """Return the one law that explains the waves best; arguments are those of ``model_of``."""
    sample = sample_of(blur)
    return _Scoring(sample, sample.means(spectrum, count)).law(max(noise, SMALLEST))


class _Scoring:
    """The law that explains the mean powers of the classes best."""

    def __init__(self, sample: Sample, power: _Numbers) -> None:
        self._power, self._counts = power, sample.counts
        self._strength, self._quickness = sample.strength, sample.quickness

    def law(self, said: float) -> Law:
        """Return the likeliest; the noise that is said is believed unless it is contradicted."""
        strong = self._strength > 0.1 * self._strength.max()
        heights = np.log(self._power / self._strength) + USUAL_STEEPNESS * self._quickness
        height = float(np.average(heights[strong], weights=self._counts[strong]))
        many = self._power[self._counts >= _MOST / 2]
        least = math.log(many.min() if many.size else self._power.min())
        start = np.array([height, USUAL_STEEPNESS, max(least, math.log(said))])
        found, likelihood = self._likeliest(start, 3)
        believed, of_said = self._likeliest(np.array([*found[:2], math.log(said)]), 2)
        is_as_said = likelihood - of_said <= _SURE
        at = believed if is_as_said else found
        weights = self._counts * self._at(at)[1] ** 2 + SMALLEST
        pivot = float(np.average(self._quickness, weights=weights))
        return Law(math.exp(at[0]), float(at[1]), math.exp(at[2]), is_as_said, pivot)

    def _likeliest(self, start: _Numbers, count: int) -> tuple[_Numbers, float]:
        """Return log a, p and log s, and the likelihood, by Fisher's scoring with damping.

        The first ``count`` of them are free.
        """
        at, caution = start, 1e-3
        expected, share, likelihood = self._at(at)
        for _ in range(_SCORINGS):
            slopes = np.empty((3, len(share)))
            slopes[0], slopes[1], slopes[2] = share, -share * self._quickness, 1 - share
            slopes = slopes[:count]
            weighed = slopes * self._counts
            pull = weighed @ (self._power / expected - 1)
            bend = weighed @ slopes.T
            pull[1] -= (at[1] - USUAL_STEEPNESS) / _SPREAD**2
            bend[1, 1] += _SPREAD**-2
            bend.flat[:: count + 1] = bend.diagonal() * (1 + caution) + 1e-6
            tried = at.copy()
            tried[:count] += np.minimum(np.maximum(np.linalg.solve(bend, pull), -3), 3)
            tried[1] = min(max(tried[1], 0.0), _STEEPEST)
            tried[2] = min(max(tried[2], math.log(SMALLEST)), 5.0)
            new = self._at(tried)
            if new[2] > likelihood:
                is_near = new[2] - likelihood < _NEAR
                at, caution = tried, caution / 10
                expected, share, likelihood = new
                if is_near:
                    break
            else:
                caution = max(10 * caution, 0.01)
        return at, likelihood

    def _at(self, at: _Numbers) -> tuple[_Numbers, _Numbers, float]:
        """Return what is expected there, the picture's share of it, and the likelihood."""
        picture = self._strength * np.exp(at[0] - at[1] * self._quickness)
        expected = picture + math.exp(at[2])
        departure = (at[1] - USUAL_STEEPNESS) / _SPREAD
        whittle = self._counts @ (np.log(expected) + self._power / expected)
        return expected, picture / expected, -float(whittle) - float(departure**2) / 2


class _Bands:
    """The strengths of the bands at frequency 1, of the noise, and of what both borders add.

    A step over a border holds all frequencies across it alike, so what a continued border adds has
    a strength for each octave along it: first those of lines at the right, then of lines below.
    """

    def __init__(
        self, sample: Sample, power: _Numbers, law: Law, continued: tuple[bool, bool]
    ) -> None:
        self._sample, self._power = sample, power
        self._scale, self._steepness = law.scale, law.steepness
        self._band = sample.rows * _OCTAVES + sample.columns
        self._everywhere = np.arange(len(power))
        added = np.zeros((2, _OCTAVES, len(power)))
        added[0, sample.rows, self._everywhere] = continued[1]
        added[1, sample.columns, self._everywhere] = continued[0]
        weak = sample.strength < _WEAK * sample.strength.max()
        known, ones = np.zeros((_BANDS, len(power))), np.ones((1, len(power)))
        borders = added.reshape(-1, len(power))
        self._parts = np.concatenate([known, ones, borders])
        self._telling = np.concatenate([known, ones * (not law.is_as_said), borders * weak])
        self._levels = np.full(len(self._parts), law.scale)
        self._levels[_BANDS] = law.noise
        self._levels[_BANDS + 1 :] = 0.01 * law.noise * borders.any(1)
        self._said = np.zeros(len(self._parts))
        self._said[_BANDS] = law.noise
        self._trust = np.full(len(self._parts), _OF_BORDER)
        self._trust[: _BANDS + 1] = _OF_LAW
        waves = np.bincount(self._band, sample.counts, _BANDS)
        self._has_waves = waves > 0
        sums = np.bincount(self._band, sample.counts * sample.quickness, _BANDS)
        self._quickness = sums / np.maximum(waves, 1)

    def fitted(self) -> Model:
        """Fit the bands, and the law that fills in for them, in turns."""
        for _ in range(_ROUNDS):
            self._fit_levels()
            self._fit_law()
        right, below = self._levels[_BANDS + 1 :].reshape(2, _OCTAVES)
        noise = float(self._levels[_BANDS])
        ratio = noise + right[:, np.newaxis] + below
        ratio /= self._levels[:_BANDS].reshape(ratio.shape)
        slopes = self._steepness * np.log(np.hypot.outer(_NODES, _NODES))
        return Model(np.log(ratio) + slopes, noise, self._scale, self._steepness)

    def _fit_levels(self) -> None:
        counts, levels = self._sample.counts, self._levels
        base = self._sample.strength * np.exp(-self._steepness * self._sample.quickness)
        for parts in (self._parts, self._telling):
            parts[self._band, self._everywhere] = base
        self._said[:_BANDS] = self._scale
        seen, known = counts * self._power, self._trust * self._said
        for _ in range(_STEPS):
            expected = levels @ self._parts
            kept = np.maximum(levels, _NONE)
            wanted = self._telling @ (seen / expected**2) + known / kept**2
            given = self._telling @ (counts / expected) + self._trust / kept
            levels *= np.sqrt(wanted / given)

    def _fit_law(self) -> None:
        """Lay a / f^p through the bands that show the picture."""
        levels = self._levels[:_BANDS]
        base = self._parts[self._band, self._everywhere]
        share = base * levels[self._band] / (self._levels @ self._parts)
        shown = np.bincount(self._band, self._sample.counts * share**2, _BANDS)
        weight = shown / (shown + _SHOWN) * self._has_waves + SMALLEST
        heights = np.log(levels) - self._steepness * self._quickness
        pivot, height = np.average([self._quickness, heights], axis=1, weights=weight)
        apart = self._quickness - pivot
        fall = USUAL_STEEPNESS / _SPREAD**2 - float(weight @ (apart * heights))
        steepness = fall / (float(weight @ apart**2) + _SPREAD**-2)
        self._steepness = min(max(steepness, 0.0), _STEEPEST)
        self._scale = math.exp(height + self._steepness * pivot)
        changed = np.exp(heights + self._steepness * self._quickness)
        levels[...] = np.where(self._has_waves, changed, self._scale)


def relative_noise(model: Model, shape: Pair, factor: float = 1.0) -> FloatArray:
    """Return the ratio of noise and picture at each wave, packed; of the flat picture 0.

    Args:
        model: What is expected.
        shape: Rows and columns of the planes.
        factor: How many times as strong the noise shall be.
    """
    down, straight, across = _interpolation(shape)
    nodes = (model.ratio + math.log(factor)).astype(np.float32)
    ratio = np.asarray((down @ nodes) @ across.T, np.float32)
    for column in _ends(shape[1]):
        ratio[:, column] = straight @ (nodes @ across[column])
    cv2.exp(ratio, ratio)
    ratio[0, 0] = 0
    return ratio


@lru_cache(maxsize=4)
def _interpolation(shape: Pair) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the shares of the octaves in each row, in packed ones, and in each packed column."""
    waves = [np.fft.fftfreq(shape[0]), *((np.arange(side) + 1) // 2 / side for side in shape)]
    down, straight, across = (
        np.maximum(1 - np.abs(np.subtract.outer(_octave(each), np.arange(_OCTAVES))), 0)
        for each in waves
    )
    return (
        frozen(down.astype(np.float32)),
        frozen(straight.astype(np.float32)),
        frozen(across.astype(np.float32)),
    )


def _ends(width: int) -> set[int]:
    """Return the columns that hold waves straight down."""
    return {0, width - 1} if width % 2 == 0 else {0}


def _octave(frequency: AnyArray) -> _Numbers:
    """Return how many octaves below 1/2 a frequency is."""
    slow = np.maximum(np.abs(frequency), _NODES[-1])
    return np.asarray(np.clip(-np.log2(2 * slow), 0, _OCTAVES - 1))


@lru_cache(maxsize=4)
def sample_of(blur: Blur) -> Sample:
    """Return the same waves for each picture of a kernel and a size."""
    real, imaginary, down, across = _waves(blur.shape)
    strength = np.maximum(blur.strength.ravel()[real].astype(np.float64), SMALLEST)
    rows, columns = (np.rint(_octave(each)).astype(int) for each in (down, across))
    level = np.minimum(np.log(strength.max() / strength) // math.log(4), _LEVELS - 1).astype(int)
    kind = (rows * _OCTAVES + columns) * _LEVELS + level
    mixed = np.random.default_rng(0).permutation(len(kind))
    order = mixed[np.argsort(kind[mixed], kind="stable")]
    sorted_kind = kind[order]
    place = np.arange(len(order)) - np.searchsorted(sorted_kind, sorted_kind)
    chosen = np.sort(order[place < _MOST])
    kinds, first, members = np.unique(kind[chosen], return_index=True, return_inverse=True)
    counts = np.bincount(members).astype(np.float64)
    all_of_it = np.bincount(kind, minlength=kinds.max() + 1)[kinds]
    quickness = np.log(np.maximum(np.hypot(down, across), packed.FLAT))[chosen]
    return Sample(
        real[chosen],
        imaginary[chosen],
        blur.response.ravel()[real[chosen]].astype(np.float64),
        members,
        (all_of_it / counts)[members],
        counts,
        np.bincount(members, strength[chosen]) / counts,
        np.bincount(members, quickness) / counts,
        rows[chosen][first],
        columns[chosen][first],
    )


def _waves(shape: Pair) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    """Return where real and imaginary parts of waves lie, and their frequencies [1 / px]."""
    height, width = shape
    rows, columns = (each.ravel() for each in np.indices((height, (width - 1) // 2)))
    straight = np.arange(1, (height - 1) // 2 + 1)
    real = np.concatenate([rows * width + 1 + 2 * columns, (2 * straight - 1) * width])
    if not real.size:  # too small a plane for a wave of two numbers
        nothing = np.zeros(1, int)
        return nothing, nothing, np.full(1, 0.5), np.full(1, 0.5)
    imaginary = np.concatenate([rows * width + 2 + 2 * columns, 2 * straight * width])
    down = np.concatenate([np.fft.fftfreq(height)[rows], straight / height])
    across = np.concatenate([(columns + 1) / width, np.zeros(len(straight))])
    return real, imaginary, down, across
