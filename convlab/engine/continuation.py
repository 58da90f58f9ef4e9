"""Continue a blurred picture beyond its borders, so that it can be laid side by side with itself.

What lies around a picture is unknown. A blurred picture y is expected to have the power
|K|² a / f² + s at each wave; of all planes that agree with it inside, the likeliest is the one with
the least Σ |Y|² / power (what geostatistics calls kriging). That is one linear system for the
lines that are added. Along them it is a convolution, so their transform takes it apart: a small
Toeplitz matrix for each wave, whose inverse is kept while kernel, size and noise stay the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convlab.engine import packed_spectrum as packed
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.blur import Blur
from convlab.engine.cv import cv2
from convlab.engine.shapes import Pair
from convlab.engine.wave_model import SMALLEST, USUAL_STEEPNESS, Law, law_of

_MOST_NUMBERS = 1 << 22  # of the matrices: where they would need more, lines are mirrored
_SPARE = 8  # lines beyond those that the kernel reaches over, or half as many as it has
_CAUTIOUS = (1000.0, 10.0)  # times the noise, where columns and rows are guessed in turn
_NOISE_STEPS = 2  # per factor e: so coarse is the noise for which a matrix is kept
_STEEP_STEPS = 2  # and so the steepness
_LEAST_STEEP = 1.0
_STEEPEST = 4.0, 3.0  # of which lines follow, and where columns and rows are guessed in turn
_FILLED = 1e-3  # how wrong added lines may be, of the picture's range
_MIRRORED = 0.12  # and mirrored ones at first, of its standard deviation
_PASSES = 6  # in which they come to agree with the rest
_DISTRUST = 256  # how much of what did not agree counts as noise: it all lies in few waves
_JOINED = 4, 8  # how much smaller or larger a step over the border may be, squared


@dataclass(frozen=True, slots=True, eq=False)
class _Filling:
    """What finds the likeliest lines.

    Attributes:
        precision: 1 / power of each wave, packed.
        columns: ``(waves, lines, lines)``, of the lines that are added at the right; or None.
        rows: The same of those at the bottom.
    """

    precision: FloatArray
    columns: NDArray[np.complex64] | None
    rows: NDArray[np.complex64] | None


def joined_shape(plane: FloatArray, size: Pair, circular: bool | None) -> Pair:
    """Return how large a plane has to become so that its borders join.

    What lies across the kernel's direction, and borders that join already, stay as they are.

    Args:
        plane: ``(H, W)``.
        size: The kernel's rows and columns.
        circular: Whether its borders join; None looks.
    """
    height, width = (
        side
        if cells == 1 or (_joins(plane, axis, cells) if circular is None else circular)
        else cv2.getOptimalDFTSize(side + cells - 1 + max(_SPARE, cells // 2))
        for axis, (side, cells) in enumerate(zip(plane.shape, size, strict=True))
    )
    return height, width


def continued(plane: FloatArray, blur: Blur, noise: float) -> tuple[FloatArray, float]:
    """Return a plane with lines added below and at the right, as the kernel would have left them.

    Args:
        plane: ``(H, W)``.
        blur: What was done to it, for planes of the larger shape.
        noise: Power of the noise in it, as it is said to be.

    Returns:
        The larger plane, and the power by which it may be wrong.
    """
    added = blur.shape[0] - plane.shape[0], blur.shape[1] - plane.shape[1]
    if max(added) ** 2 * max(blur.shape) > 2 * _MOST_NUMBERS:
        return _settled(_mirrored(plane, blur.shape), plane, blur)
    doubt = (_FILLED * float(np.ptp(plane))) ** 2
    law = _windowed(plane, blur, max(noise, doubt))
    most = _STEEPEST[1] if min(added) else _STEEPEST[0]
    steps = round(_STEEP_STEPS * min(max(law.steepness, _LEAST_STEEP), most))
    ratio = law.relative_noise(steps / _STEEP_STEPS, doubt)
    whole = np.zeros(blur.shape, np.float32)
    whole[: plane.shape[0], : plane.shape[1]] = plane
    if min(added):  # where neither is known, one has to begin
        whole = _mirrored(plane, blur.shape)
    for caution in _CAUTIOUS if min(added) else (1.0,):
        step = round(_NOISE_STEPS * math.log(caution * ratio))
        _fill(whole, plane.shape, _filling(blur, added, step, steps))
    return whole, doubt


def _settled(whole: FloatArray, plane: FloatArray, blur: Blur) -> tuple[FloatArray, float]:
    """Let mirrored lines come to agree with the plane by blurring again what is undone of them."""
    least, doubt = (_FILLED * float(np.ptp(plane))) ** 2, (_MIRRORED * float(plane.std())) ** 2
    fall = np.exp(np.float32(USUAL_STEEPNESS) * packed.log_frequency(blur.shape))
    for _ in range(_PASSES):
        spectrum = packed.forward(whole)
        law = law_of(spectrum, blur, whole.size, doubt)
        ratio = np.float32(law.relative_noise(USUAL_STEEPNESS, doubt))
        spectrum *= blur.strength / np.maximum(blur.strength + ratio * fall, np.float32(SMALLEST))
        again = packed.backward(spectrum, spectrum)
        again[: plane.shape[0], : plane.shape[1]] = plane
        wrong = _DISTRUST * float(np.square(again - whole).mean())
        whole, doubt = again, max(min(doubt, wrong), least)
    return whole, doubt


def _joins(plane: FloatArray, axis: int, cells: int) -> bool:
    """Tell whether the step over the border is like those beside it, and less than from afar."""
    lines = np.moveaxis(plane, axis, 0)
    afar, near = min(2 * cells, len(lines) // 2), max(cells // 2, 1) + 1
    over = np.square(lines[0] - lines[-1]).mean()
    apart = np.square(lines[afar - 1] - lines[-afar]).mean()
    beside = np.square(np.diff(np.stack([lines[:near], lines[-near:]]), axis=1)).mean()
    return bool(over <= apart / _JOINED[0] and over <= beside * _JOINED[1])


def _mirrored(plane: FloatArray, shape: Pair) -> FloatArray:
    """Mirror both ends outwards, each fading into the other."""
    for axis, (side, whole) in enumerate(zip(plane.shape, shape, strict=True)):
        more = whole - side
        if more:
            lines = np.moveaxis(plane, axis, 0)
            behind = np.pad(lines, ((0, more), (0, 0)), "symmetric")[side:]
            before = np.pad(lines, ((more, 0), (0, 0)), "symmetric")[:more]
            fade = 0.5 - 0.5 * np.cos(np.pi * (np.arange(more, dtype=np.float32) + 0.5) / more)
            between = behind + (before - behind) * fade[:, np.newaxis]
            plane = np.moveaxis(np.concatenate([lines, between]), 0, axis)
    return np.ascontiguousarray(plane)


def _windowed(plane: FloatArray, blur: Blur, noise: float) -> Law:
    """Return what explains the waves of a plane that fades out to its borders."""
    window, energy = _window(plane.shape)
    whole = np.zeros(blur.shape, np.float32)
    inside = whole[: plane.shape[0], : plane.shape[1]]
    np.subtract(plane, plane.mean(), out=inside)
    inside *= window
    return law_of(packed.forward(whole, whole), blur, energy, noise)


@lru_cache(maxsize=4)
def _window(shape: Pair) -> tuple[FloatArray, float]:
    down, across = (np.sin(np.pi * (np.arange(side) + 0.5) / side) ** 2 for side in shape)
    window = np.outer(down, across).astype(np.float32)
    return frozen(window), float(np.square(window).sum())


def _fill(whole: FloatArray, shape: Pair, filling: _Filling) -> None:
    """Put the likeliest lines at the right, then below."""
    for lines, inverse in (
        (whole[:, shape[1] :].T, filling.columns),
        (whole[shape[0] :], filling.rows),
    ):
        if inverse is None:
            continue
        lines[...] = 0
        wrong = packed.forward(whole)
        wrong *= filling.precision
        packed.backward(wrong, wrong)
        there = wrong[:, shape[1] :].T if inverse is filling.columns else wrong[shape[0] :]
        waves = np.fft.rfft(there, axis=1).T[..., np.newaxis]
        lines[...] = -np.fft.irfft((inverse @ waves)[..., 0].T, there.shape[1], axis=1)


@lru_cache(maxsize=2)
def _filling(blur: Blur, added: Pair, noise: int, steepness: int) -> _Filling:
    """Return what fills planes of a shape.

    Args:
        blur: What was done to them.
        added: How many rows and columns are unknown.
        noise: Log of its power relative to the picture's strength, in steps.
        steepness: How fast the picture's spectrum falls, in steps.
    """
    power = steepness / _STEEP_STEPS
    fall = np.exp(power * packed.log_frequency(blur.shape).astype(np.float64))
    precision = fall / np.maximum(
        blur.strength + math.exp(noise / _NOISE_STEPS) * fall, packed.FLAT
    )
    plane = packed.autocorrelation(precision)
    rows, columns = _inverse(plane, added[0]), _inverse(plane.T, added[1])
    return _Filling(frozen(precision.astype(np.float32)), columns, rows)


def _inverse(plane: NDArray[np.float64], count: int) -> NDArray[np.complex64] | None:
    """Return the inverse for rows that lie side by side, for each wave along them."""
    if not count:
        return None
    waves = np.fft.rfft(plane[np.arange(1 - count, count)], axis=1)
    distance = np.subtract.outer(np.arange(count), np.arange(count))
    inverse = np.linalg.inv(np.moveaxis(waves[distance + count - 1], 2, 0))
    return np.ascontiguousarray(inverse.astype(np.complex64))
