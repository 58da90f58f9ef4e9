"""Undo a convolution: what a blur has weakened is amplified, as far as the noise allows.

A blurred picture is y = k * x + n. Wave by wave that is Y = K X + N, and where K is zero nothing of
X is left: no method brings it back.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine import packed_spectrum as packed
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.cv import cv2
from convlab.engine.naming import parse_name
from convlab.engine.numbers import not_negative
from convlab.engine.shapes import Pair
from convlab.engine.wave_model import Waves

SMALLEST_NOISE = 1e-6  # the rounding of float32 [of the picture's range]
LOST = 1e-3
"""Waves of which a kernel leaves less than this share of its gain count as lost."""
ITERATIONS = 50
"""Richardson-Lucy ends here at the latest."""

_PASSES = 3  # in which what lies around a picture comes to agree with it
_DISTRUST = 64  # how much of what did not agree counts as noise: it all lies in few waves
_COARSE = 1e-3  # noise of a picture whose surroundings are guessed, of its range


class Method(StrEnum):
    """How to undo a convolution."""

    INVERSE = "inverse"
    WIENER = "wiener"
    RICHARDSON_LUCY = "richardson-lucy"


def deconvolve(
    picture: ArrayLike,
    kernel: ArrayLike,
    noise: float,
    method: str = "wiener",
    *,
    circular: bool | None = None,
) -> FloatArray:
    """Return what a picture was before a kernel was laid over it.

    Args:
        picture: The output of the correlation, as large as its input: ``(H, W)``, or planes
            ``(C, H, W)``. uint8 is divided by 255 and uint16 by 65535.
        kernel: ``(kh, kw)``, no larger than the picture.
        noise: Standard deviation of the noise in it, in units of the picture.
        method: "inverse" divides by the kernel's spectrum wherever that is not zero, and amplifies
            noise without bounds. "wiener" weighs each wave by what is left of it beside the noise;
            pictures are expected to have the spectrum 1 / f² (Field, "Relations between the
            statistics of natural images and the response properties of cortical cells", 1987),
            how strong is estimated from the picture (Whittle's likelihood). "richardson-lucy"
            multiplies again and again by what is missing, never below zero, until only the noise
            is left; for kernels without negative weights (Richardson, 1972; Lucy, 1974).
        circular: Whether the kernel saw the other side beyond the border. If not, the picture is
            continued beyond its borders, which fade into each other, in agreement with what was
            undone. None looks whether they join.

    Returns:
        float32, as large as the picture.

    Raises:
        ValueError: If shapes do not fit, a value is not finite, the kernel is zero everywhere, the
            noise is negative, the method unknown, or a weight negative under "richardson-lucy".
    """
    way = parse_name(Method, method, "method")
    planes, weights = _planes(picture), _weights(kernel)
    sigma = not_negative("noise", noise)
    if weights.shape[0] > planes.shape[-2] or weights.shape[1] > planes.shape[-1]:
        raise ValueError(
            f"a picture of {planes.shape[-2]}x{planes.shape[-1]} is smaller than the kernel of "
            f"{weights.shape[0]}x{weights.shape[1]}: choose a smaller kernel"
        )
    if way is Method.RICHARDSON_LUCY and weights.min() < 0:
        raise ValueError("richardson-lucy needs weights of at least 0: use wiener for this kernel")
    undo = _METHODS[way]
    stacked = planes.reshape(-1, *planes.shape[-2:])
    return np.stack([_undone(undo, plane, weights, sigma, circular) for plane in stacked]).reshape(
        planes.shape
    )


def lost_share(response: AnyArray) -> float:
    """Return which share of all waves a kernel with this ``spectrum`` leaves nothing of."""
    strength = np.abs(response)
    return float((strength < LOST * strength.max()).mean())


def _planes(picture: ArrayLike) -> FloatArray:
    given = np.asarray(picture)
    if given.ndim not in (2, 3) or given.size == 0:
        raise ValueError(f"a picture of shape {given.shape} does not fit: give (H, W) or (C, H, W)")
    whole = given.dtype in (np.uint8, np.uint16)
    planes = given.astype(np.float32)
    if not np.isfinite(planes).all():
        raise ValueError("the picture has NaN or infinite values: give finite numbers")
    return planes / np.float32(np.iinfo(given.dtype).max) if whole else planes


def _weights(kernel: ArrayLike) -> FloatArray:
    weights = np.asarray(kernel)
    if weights.ndim != 2 or weights.size == 0 or not np.isfinite(weights).all():
        raise ValueError(
            f"a kernel of shape {weights.shape} cannot be undone: "
            "give two dimensions of finite numbers"
        )
    if not weights.any():
        raise ValueError("a kernel of zeros leaves nothing of a picture: give one with weights")
    return weights.astype(np.float32)


def _undone(
    undo: _Undo, plane: FloatArray, weights: FloatArray, noise: float, circular: bool | None
) -> FloatArray:
    """Run a method on one plane whose borders are made to join."""
    joined, top, left = joined_borders(plane, weights.shape, circular)
    laid = np.zeros_like(joined)
    laid[: weights.shape[0], : weights.shape[1]] = weights[::-1, ::-1]
    # A convolution by the flipped kernel is the correlation; cell (k - 1) // 2 lies on the pixel.
    before = tuple((side - 1) // 2 - (side - 1) for side in weights.shape)
    response = packed.forward(np.roll(laid, before, (0, 1)))
    inside = slice(top, top + plane.shape[0]), slice(left, left + plane.shape[1])
    return undo(joined, inside, response, noise)[inside]


def joined_borders(
    plane: FloatArray, size: tuple[int, ...], circular: bool | None
) -> tuple[FloatArray, int, int]:
    """Return a plane that can be laid side by side with itself, and where the plane begins in it.

    What lies across the kernel's direction, and borders that join already, stay as they are.
    """
    start = [0, 0]
    for axis in (0, 1):
        joins = _joins(plane, axis, size[axis]) if circular is None else circular
        if size[axis] > 1 and not joins:
            plane, start[axis] = _continued(plane, axis, 2 * size[axis])
    return np.ascontiguousarray(plane), start[0], start[1]


def _joins(plane: FloatArray, axis: int, reach: int) -> bool:
    """Tell whether the step over the border is smaller than between pixels that far apart."""
    lines = np.moveaxis(plane, axis, 0)
    reach = min(reach, len(lines) // 2)
    over = np.square(lines[0] - lines[-1]).mean()
    apart = np.square(lines[reach - 1] - lines[-reach]).mean()
    return bool(over <= apart / 4)


def _continued(plane: FloatArray, axis: int, least: int) -> tuple[FloatArray, int]:
    """Mirror both ends outwards, each fading into the other."""
    lines = np.moveaxis(plane, axis, 0)
    count = len(lines)
    more = cv2.getOptimalDFTSize(count + least) - count
    behind = np.pad(lines, ((0, more), (0, 0)), "symmetric")[count:]
    before = np.pad(lines, ((more, 0), (0, 0)), "symmetric")[:more]
    fade = (0.5 - 0.5 * np.cos(np.pi * (np.arange(more) + 0.5) / more)).astype(np.float32)
    between = behind + (before - behind) * fade[:, np.newaxis]
    whole = np.concatenate([between[more - more // 2 :], lines, between[: more - more // 2]])
    return np.moveaxis(whole, 0, axis), more // 2


def _inverse(plane: FloatArray, inside: _Inside, response: FloatArray, noise: float) -> FloatArray:
    del inside, noise
    strength = packed.power(response)
    least = LOST**2 * strength.max()
    undone = packed.times(packed.forward(plane), response, conjugate=True)
    undone *= (strength > least) / np.maximum(strength, least)
    return packed.backward(undone)


def _wiener(plane: FloatArray, inside: _Inside, response: FloatArray, noise: float) -> FloatArray:
    strength, squares = packed.power(response), _squares(plane.shape)
    given, passes, fault = plane[inside], 1, 0.0
    if given.size < plane.size:  # nobody knows what lies around: that is noise at first
        passes, fault = 1 + _PASSES, (0.12 * float(given.std())) ** 2
    for step in reversed(range(passes)):
        spectrum = packed.forward(plane)
        waves = Waves.of(spectrum, response, strength, squares)
        model = waves.model(noise)
        least = max(model.noise, _power(noise), fault)
        undone = packed.times(spectrum, response, conjugate=True)
        undone /= strength + squares * (least / model.scale)
        if step:
            again = packed.backward(packed.times(undone, response))
            again[inside] = given
            wrong = _DISTRUST * float(np.square(again - plane).mean())
            plane, fault = again, max(min(fault, wrong), (_COARSE * float(np.ptp(given))) ** 2)
    # Where the dial does not fit the picture, what came in is the better answer.
    share = waves.trust(model, least)
    restored = packed.backward(undone)
    restored[inside] = given + share * (restored[inside] - given)
    return restored


def _richardson_lucy(
    plane: FloatArray, inside: _Inside, response: FloatArray, noise: float
) -> FloatArray:
    del inside
    spectrum, strength = packed.forward(plane), packed.power(response)
    waves = Waves.of(spectrum, response, strength, _squares(plane.shape))
    least = plane.size * max(waves.model(noise).noise, _power(noise))
    gain = math.sqrt(strength[0, 0])  # the sum of the weights
    seen = np.maximum(plane, np.float32(0))
    guess: AnyArray = seen / gain
    for _ in range(ITERATIONS):
        blurred = packed.backward(packed.times(packed.forward(guess), response))
        np.maximum(blurred, np.float32(SMALLEST_NOISE), out=blurred)
        if float(np.square(seen - blurred).sum()) <= least:
            break
        missing = packed.forward(seen / blurred)
        guess *= packed.backward(packed.times(missing, response, conjugate=True)) / gain
        np.maximum(guess, np.float32(0), out=guess)
    return np.asarray(guess, np.float32)


def _power(noise: float) -> float:
    return max(noise, SMALLEST_NOISE) ** 2


@lru_cache(maxsize=4)
def _squares(shape: Pair) -> FloatArray:
    """Return f² of each wave; the flat picture is as strong as a wave twice as long."""
    squares = packed.squared_frequency(shape).copy()
    squares[0, 0] = min(1 / side for side in shape) ** 2 / 4
    return frozen(squares)


_Inside = tuple[slice, slice]  # where the picture lies in what is continued around it
_Undo = Callable[[FloatArray, _Inside, FloatArray, float], FloatArray]
_METHODS: dict[Method, _Undo] = {
    Method.INVERSE: _inverse,
    Method.WIENER: _wiener,
    Method.RICHARDSON_LUCY: _richardson_lucy,
}
