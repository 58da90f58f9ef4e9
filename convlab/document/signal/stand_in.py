"""The makers of signals and the choice of algorithm, until the engine has them.

To be deleted: ``convlab.engine.signals`` has the same makers with the same arguments.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from convlab.engine.conv1d import Signal


class Algorithm(StrEnum):
    """Two ways to convolve; the value is the name shown."""

    DIRECT = "direct"
    FOURIER = "Fourier"


def algorithm(f: int, g: int) -> Algorithm:
    """Return the way ``conv1d`` takes for finite signals of these lengths."""
    is_faster = 0.12 * f * g >= 40.0 * (f + g)
    return Algorithm.FOURIER if is_faster else Algorithm.DIRECT


def _times(count: int, step: float) -> Signal:
    return np.arange(count, dtype=np.float64) * float(step)


def box(count: int, step: float, position: float, width: float, height: float) -> Signal:
    """Return a box, with half its height exactly on its edges."""
    inside: Signal = width / 2 - np.abs(_times(count, step) - position)
    near = 1e-9 * step
    return height * np.select([inside > near, inside >= -near], [1.0, 0.5])


def triangle(count: int, step: float, position: float, width: float, height: float) -> Signal:
    """Return a triangle as wide as ``width`` at its foot."""
    distance = np.abs(_times(count, step) - position)
    return height * np.maximum(1.0 - 2.0 * distance / width, 0.0)


def gaussian(count: int, step: float, position: float, width: float, height: float) -> Signal:
    """Return a Gaussian with this standard deviation."""
    return height * np.exp(-0.5 * ((_times(count, step) - position) / width) ** 2)


def decay(count: int, step: float, position: float, half_life: float, height: float) -> Signal:
    """Return 0 before the position, and from there on what halves every half-life."""
    age = _times(count, step) - position
    return np.where(age > -1e-9 * step, height * 0.5 ** (np.maximum(age, 0.0) / half_life), 0.0)


def spikes(count: int, step: float, position: float, gap: float, height: float) -> Signal:
    """Return a spike at the position and one after each gap."""
    signal = np.zeros(count)
    at = np.arange(position, count * step, max(gap, step))
    places = np.rint(at / step).astype(int)
    signal[places[(places >= 0) & (places < count)]] = height
    return signal


def sawtooth(count: int, step: float, position: float, width: float, height: float) -> Signal:
    """Return teeth that rise from 0 within their width, from the position on."""
    age = _times(count, step) - position
    return np.where(age >= 0.0, height * (age % width) / width, 0.0)


def dice(count: int, faces: int = 6) -> Signal:
    """Return the chances of the faces of a die."""
    n = np.arange(count)
    return np.where((n >= 1) & (n <= faces), 1.0 / faces, 0.0)


def track(
    count: int, step: float, position: float, width: float, height: float, seed: int
) -> Signal:
    """Return the place of a car that drives once, up to the height, with normal noise."""
    u = np.clip((_times(count, step) - position) / width, 0.0, 1.0)
    place = np.select(
        [u < 1 / 3, u < 2 / 3], [2.25 * u**2, 1.5 * u - 0.25], 1 - 2.25 * (1 - u) ** 2
    )
    return np.asarray(height * (place + 0.05 * np.random.default_rng(seed).standard_normal(count)))


def _spike(count: int, step: float, position: float) -> Signal:
    signal = np.zeros(count)
    if 0 <= round(position / step) < count:
        signal[round(position / step)] = 1.0
    return signal


def edge(count: int, step: float, position: float, height: float) -> Signal:
    """Return the height at the position, and its opposite right after."""
    return height * (_spike(count, step, position) - _spike(count, step, position + step))


def echo(count: int, step: float, position: float, delay: float, gain: float) -> Signal:
    """Return 1 at the position and the gain after the delay."""
    return _spike(count, step, position) + gain * _spike(count, step, position + delay)


def low_pass(count: int, step: float, position: float, width: float) -> Signal:
    """Return a Hann window from the position on, with a sum of 1."""
    first, length = round(position / step), max(round(width / step), 1)
    signal: Signal = np.zeros(first + length + count)
    signal[first : first + length] = np.sin(np.pi * (np.arange(length) + 0.5) / length) ** 2
    signal = signal[:count]
    return signal / max(float(signal.sum()), 1e-300)
