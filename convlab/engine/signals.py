"""Signals from a formula and a few dials.

All are float64 ``(count,)``, sampled at the times t = n · step, n = 0 … count − 1. Positions and
widths are times, in the unit of ``step``. What does not fit between the first and the last sample
is cut off. Each maker raises ``ValueError`` if there is no sample, or a step or width is not a
positive number.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from convlab.engine.conv1d import Signal

TRACK_NOISE = 0.05  # standard deviation, in parts of the way driven
_ROUNDING = 1e-9  # of a step: what counts as the same time


def times(count: int, step: float = 1.0) -> Signal:
    """Return the times of the samples, n · step."""
    _check(count, step, 1.0)
    return step * np.arange(count, dtype=np.float64)


def box(count: int, step: float, position: float, width: float, height: float = 1.0) -> Signal:
    """Return height where |t − position| < width / 2, else 0.

    A sample right on an edge gets half the height: so the area is exact (trapezoidal rule).

    >>> box(6, 1.0, 2.0, 2.0).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.0]
    """
    _check(count, step, width)
    inside = width / 2 - np.abs(times(count, step) - position)
    near = _ROUNDING * step
    return height * np.select([inside > near, inside >= -near], [1.0, 0.5])


def triangle(count: int, step: float, position: float, width: float, height: float = 1.0) -> Signal:
    """Return height · max(1 − |t − position| / (width / 2), 0).

    >>> triangle(5, 1.0, 2.0, 4.0).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """
    _check(count, step, width)
    distance = np.abs(times(count, step) - position)
    return height * np.maximum(1 - distance / (width / 2), 0)


def gaussian(count: int, step: float, position: float, width: float, height: float = 1.0) -> Signal:
    """Return height · exp(−(t − position)² / 2σ²), with σ = width.

    The area is height · σ · √(2π) (Gauss, "Theoria motus", 1809).
    """
    _check(count, step, width)
    return height * np.exp(-(((times(count, step) - position) / width) ** 2) / 2)


def decay(
    count: int, step: float, position: float, half_life: float, height: float = 1.0
) -> Signal:
    """Return height · 2^(−(t − position) / half_life) from the position on, 0 before.

    What is left of a dose when in equal times equal parts of it go (Rutherford, "A radio-active
    substance emitted from thorium compounds", 1900).

    >>> decay(5, 1.0, 1.0, 1.0).tolist()
    [0.0, 1.0, 0.5, 0.25, 0.125]
    """
    _check(count, step, half_life)
    since = _since(count, step, position)
    return np.where(since >= 0, height * np.exp2(-np.maximum(since, 0) / half_life), 0.0)


def spikes(count: int, step: float, position: float, gap: float, height: float = 1.0) -> Signal:
    """Return height on the samples nearest to position + k · gap, k = 0, 1, …; else 0.

    >>> spikes(6, 1.0, 1.0, 2.0).tolist()
    [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    """
    _check(count, step, gap)
    if gap <= step:  # one on every sample
        return np.where(np.arange(count) >= _nearest(position, step), float(height), 0.0)
    first = max(math.ceil((-step / 2 - position) / gap), 0)
    last = math.floor(((count - 0.5) * step - position) / gap)
    signal = np.zeros(count)
    signal[_inside(position + gap * np.arange(first, last + 1.0), step, count)] = height
    return signal


def sawtooth(count: int, step: float, position: float, width: float, height: float = 1.0) -> Signal:
    """Return height · frac((t − position) / width) from the position on, 0 before.

    Each tooth rises from 0 and falls back at once when it would reach its height.

    >>> sawtooth(6, 1.0, 1.0, 4.0).tolist()
    [0.0, 0.0, 0.25, 0.5, 0.75, 0.0]
    """
    _check(count, step, width)
    teeth = _since(count, step, position) / width
    fraction = teeth - np.floor(teeth + _ROUNDING * step / width)
    return np.where(teeth >= 0, height * np.maximum(fraction, 0), 0.0)


def dice(count: int, faces: int = 6) -> Signal:
    """Return the probabilities of what a fair die shows: 1 / faces at n = 1 … faces.

    >>> dice(5, faces=2).tolist()
    [0.0, 0.5, 0.5, 0.0, 0.0]
    """
    _check(count, 1.0, faces)
    signal = np.zeros(count)
    signal[1 : faces + 1] = 1 / faces
    return signal


def track(
    count: int,
    step: float,
    position: float,
    width: float,
    height: float = 1.0,
    seed: int = 0,
    noise: float = TRACK_NOISE,
) -> Signal:
    """Return the measured place of a car that drives once, from 0 to ``height``.

    From ``position`` on it speeds up for a third of ``width``, keeps its speed for a third and
    brakes for a third: with u = (t − position) / width its place is height times 9/4 u² up to
    u = 1/3, then 1/4 + 3/2 (u − 1/3), and from u = 2/3 on 1 − 9/4 (1 − u)².

    Args:
        count: Samples.
        step: Time between two.
        position: When it starts.
        width: How long it drives.
        height: How far.
        seed: The same gives the same noise.
        noise: Standard deviation of the measurement's error, in parts of ``height``.
    """
    _check(count, step, width)
    u = np.clip((times(count, step) - position) / width, 0, 1)
    pieces = [2.25 * u**2, 0.25 + 1.5 * (u - 1 / 3)]
    place = np.select([u < 1 / 3, u < 2 / 3], pieces, 1 - 2.25 * (1 - u) ** 2)
    errors = np.random.default_rng(seed).standard_normal(count)
    return height * (place + noise * errors)


def edge(count: int, step: float, position: float, height: float = 1.0) -> Signal:
    """Return +height on the sample nearest to the position and −height on the next.

    Convolving with it takes differences of neighbours.

    >>> edge(4, 1.0, 1.0).tolist()
    [0.0, 1.0, -1.0, 0.0]
    """
    _check(count, step, 1.0)
    return height * (_spike(count, step, position) - _spike(count, step, position + step))


def echo(count: int, step: float, position: float, delay: float, gain: float = 0.5) -> Signal:
    """Return 1 on the sample nearest to the position, and ``gain`` the delay after.

    Convolving with it gives the sound and its copy, delayed and scaled.

    >>> echo(5, 1.0, 0.0, 3.0, 0.5).tolist()
    [1.0, 0.0, 0.0, 0.5, 0.0]
    """
    _check(count, step, delay)
    return _spike(count, step, position) + gain * _spike(count, step, position + delay)


def low_pass(count: int, step: float, position: float, width: float) -> Signal:
    """Return a Hann window that starts at the position and is ``width`` long; its sum is 1.

    Of its M samples the k-th is sin²(π (k + ½) / M), scaled: convolving with it lets slow changes
    through and takes fast ones away (Blackman and Tukey, "The measurement of power spectra", 1958).

    >>> low_pass(4, 1.0, 0.0, 3.0).round(3).tolist()
    [0.167, 0.667, 0.167, 0.0]
    """
    _check(count, step, width)
    length = max(_nearest(width, step), 1)
    k = np.arange(count) - _nearest(position, step)
    weights = np.where((k >= 0) & (k < length), np.sin(np.pi * (k + 0.5) / length) ** 2, 0.0)
    return weights / (weights.sum() or 1.0)


def step_up(count: int, step: float, position: float, height: float = 1.0) -> Signal:
    """Return height from the position on, 0 before (Heaviside's step).

    >>> step_up(4, 1.0, 2.0).tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    _check(count, step, 1.0)
    return np.where(_since(count, step, position) >= 0, float(height), 0.0)


def sine(count: int, step: float, position: float, period: float, height: float = 1.0) -> Signal:
    """Return height · sin(2π (t − position) / period).

    >>> sine(5, 1.0, 0.0, 4.0).round(9).tolist()
    [0.0, 1.0, 0.0, -1.0, -0.0]
    """
    _check(count, step, period)
    return height * np.sin(2 * np.pi * _since(count, step, position) / period)


CHIRP_GAIN = 8.0  # times as high at the end as at first


def chirp(count: int, step: float, position: float, period: float, height: float = 1.0) -> Signal:
    """Return a tone that rises evenly from the position on, to 8 times its start at the end.

    Its frequency is 1 / period at the position and 8 / period at the end, so its phase is
    2π (u + 7 u² / 2U) / period with u = t − position, U the time to the end; 0 before it starts.
    """
    _check(count, step, period)
    since = _since(count, step, position)
    whole = max(float(since[-1]), step)
    turns = (since + (CHIRP_GAIN - 1) * since**2 / (2 * whole)) / period
    return np.where(since >= 0, height * np.sin(2 * np.pi * turns), 0.0)


def sinc(count: int, step: float, position: float, width: float, height: float = 1.0) -> Signal:
    """Return height · sin(πu) / πu with u = (t − position) / width: 0 at every whole u but 0.

    It is what an ideal low-pass of the frequency 1 / (2 width) makes of a spike (Shannon,
    "Communication in the presence of noise", 1949).

    >>> sinc(4, 1.0, 1.0, 1.0).round(9).tolist()
    [0.0, 1.0, 0.0, -0.0]
    """
    _check(count, step, width)
    return height * np.sinc(_since(count, step, position) / width)


def noise(count: int, step: float, height: float = 1.0, seed: int = 0) -> Signal:
    """Return Gaussian noise with the standard deviation ``height``; the same for the same seed."""
    _check(count, step, 1.0)
    return height * np.random.default_rng(seed).standard_normal(count)


def reverb(
    count: int, step: float, position: float, half_life: float, gain: float = 0.5, seed: int = 0
) -> Signal:
    """Return 1 at the position and after it noise that halves in each half-life.

    A model of what a room answers: very many echoes from all sides (Moorer, "About this
    reverberation business", 1979).
    """
    _check(count, step, half_life)
    since = _since(count, step, position)
    echoes = np.random.default_rng(seed).standard_normal(count) * np.exp2(
        -np.maximum(since, 0) / half_life
    )
    tail = np.where(since > 0, gain * echoes * math.sqrt(step / half_life), 0.0)
    return _spike(count, step, position) + tail


def _since(count: int, step: float, position: float) -> Signal:
    """Return the times since the position; 0 and not a rounding error on it."""
    since = times(count, step) - position
    since[np.abs(since) <= _ROUNDING * step] = 0
    return since


def _spike(count: int, step: float, position: float) -> Signal:
    signal = np.zeros(count)
    signal[_inside(np.array([position]), step, count)] = 1
    return signal


def _inside(moments: Signal, step: float, count: int) -> NDArray[np.intp]:
    """Return the samples nearest to these times, without those beyond either end."""
    places = np.floor(moments / step + 0.5)
    return places[(places >= 0) & (places < count)].astype(np.intp)


def _nearest(moment: float, step: float) -> int:
    return math.floor(moment / step + 0.5)


def _check(count: int, step: float, width: float) -> None:
    if count < 1:
        raise ValueError(f"a signal of {count} samples cannot be made: give at least 1")
    for name, value in (("step", step), ("width", width)):
        if not 0 < value < math.inf:
            raise ValueError(f"{name} {value:g} cannot be used: give a number above 0")
