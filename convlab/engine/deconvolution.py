"""Undo a convolution: what a blur has weakened is amplified, as far as the noise allows.

A blurred picture is y = k * x + n. Wave by wave that is Y = K X + N, and where K is zero nothing of
X is left: no method brings it back.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine import packed_spectrum as packed
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.blur import Blur, blur_of
from convlab.engine.continuation import continued, joined_shape
from convlab.engine.cv import cv2
from convlab.engine.naming import parse_name
from convlab.engine.numbers import not_negative
from convlab.engine.parallel import single_threaded_blas
from convlab.engine.wave_model import SMALLEST, Model, model_of, relative_noise, sample_of

SMALLEST_NOISE = 1e-6  # the rounding of float32 [of the picture's range]
LOST = 1e-3
"""Waves of which a kernel leaves less than this share of its gain count as lost."""
ITERATIONS = 50
"""Richardson-Lucy ends here at the latest."""


class Method(StrEnum):
    """How to undo a convolution."""

    INVERSE = "inverse"
    WIENER = "wiener"
    RICHARDSON_LUCY = "richardson-lucy"


class _Known(NamedTuple):
    """What is known of a plane: the noise that is said, and what continuing it may have done."""

    noise: float
    doubt: float = SMALLEST
    continued: tuple[bool, bool] = (False, False)


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
        noise: Standard deviation of the noise in it, in units of the picture; more makes the answer
            smoother, less is believed unless the picture shows more.
        method: "inverse" divides by the kernel's spectrum wherever that is not zero, and amplifies
            noise without bounds. "wiener" weighs each wave by what is left of it beside the noise;
            how strong the picture is in each octave down and across, and how strong the noise is,
            is estimated from it (Whittle's likelihood). "richardson-lucy" multiplies again and
            again by what is missing, never below zero, until only the noise is left; for kernels
            without negative weights (Richardson, 1972; Lucy, 1974).
        circular: Whether the kernel saw the other side beyond the border. If not, the picture is
            continued beyond its borders in the likeliest way. None looks whether they join.

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
    with single_threaded_blas():
        undone = [_undone(undo, plane, weights, sigma, circular) for plane in stacked]
    return np.stack(undone).reshape(planes.shape)


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
    gain = float(weights.sum(dtype=np.float64))
    if abs(gain) > LOST * float(np.abs(weights).sum()):  # the blurred picture is as bright then
        plane, weights, noise = (
            plane / np.float32(gain),
            weights / np.float32(gain),
            noise / abs(gain),
        )
    height, width = plane.shape
    size = weights.shape[0], weights.shape[1]
    blur = blur_of(weights, joined_shape(plane, size, circular))
    power = max(noise, SMALLEST_NOISE) ** 2
    if blur.shape == plane.shape:
        return undo(plane, blur, _Known(power))
    whole, doubt = continued(plane, blur, power)
    known = _Known(power, doubt, (blur.shape[0] > height, blur.shape[1] > width))
    return undo(whole, blur, known)[:height, :width]


def _inverse(plane: FloatArray, blur: Blur, known: _Known) -> FloatArray:
    del known
    least = LOST**2 * blur.strength.max()
    undone = packed.times(packed.forward(plane), blur.response, conjugate=True)
    undone *= (blur.strength > least) / np.maximum(blur.strength, least)
    return packed.backward(undone, undone)


def _wiener(plane: FloatArray, blur: Blur, known: _Known) -> FloatArray:
    spectrum = packed.forward(plane)
    model = _model(spectrum, blur, known)
    smoother = max(known.noise / model.noise, 1.0)  # the dial may want it so
    ratio = relative_noise(model, blur.shape, smoother)
    share = _share(spectrum, blur, ratio, smoother) if smoother > 1 else 1.0
    undone = _filtered(spectrum, blur, ratio)
    if share < 1:
        cv2.addWeighted(undone, share, spectrum, 1 - share, 0, undone)
    return packed.backward(undone, undone)


def _model(spectrum: FloatArray, blur: Blur, known: _Known) -> Model:
    noise = max(known.noise, known.doubt)
    return model_of(spectrum, blur, spectrum.size, noise, known.continued)


def _filtered(spectrum: FloatArray, blur: Blur, ratio: FloatArray) -> FloatArray:
    """Return the likeliest spectrum of the picture; the ratio of noise and picture is lost."""
    matched = packed.times(spectrum, blur.response, conjugate=True)
    ratio += blur.strength
    np.maximum(ratio, np.float32(SMALLEST), out=ratio)
    return np.divide(matched, ratio, out=matched)


def _share(spectrum: FloatArray, blur: Blur, ratio: FloatArray, smoother: float) -> float:
    """Return how much of a smoother answer comes nearest to the best, the rest being what came in.

    So no setting of the dial makes a picture worse than it was, as far as the model of picture and
    noise is right. A sample of the waves tells.
    """
    sample = sample_of(blur)
    power = sample.power(spectrum) * sample.weights
    strength = blur.strength.ravel()[sample.real].astype(np.float64)
    there = ratio.ravel()[sample.real].astype(np.float64)
    smooth, best = (1 / (strength + each + SMALLEST) for each in (there, there / smoother))
    wanted = strength * smooth * best - (smooth + best) * sample.response + 1
    most = strength * smooth**2 - 2 * smooth * sample.response + 1
    return float(np.clip(power @ wanted / max(float(power @ most), SMALLEST), 0, 1))


def _nearest(given: FloatArray, undone: FloatArray, best: FloatArray) -> FloatArray:
    """Return what lies nearest to the best between what is undone and what came in; of spectra."""
    change = undone - given
    wanted, most = np.vdot(best - given, change), np.vdot(change, change)
    share = min(max(float(wanted) / max(float(most), SMALLEST), 0.0), 1.0)
    change *= np.float32(share)
    change += given
    return change


def _richardson_lucy(plane: FloatArray, blur: Blur, known: _Known) -> FloatArray:
    spectrum = packed.forward(plane)
    model = _model(spectrum, blur, known)
    least = plane.size * max(model.noise, known.noise)
    seen = np.maximum(plane, np.float32(0))
    guess, scratch = seen.copy(), np.empty_like(seen)
    for _ in range(ITERATIONS):
        blurred = packed.times(packed.forward(guess, scratch), blur.response, scratch)
        packed.backward(blurred, blurred)
        np.maximum(blurred, np.float32(SMALLEST_NOISE), out=blurred)
        if cv2.norm(seen, blurred, cv2.NORM_L2SQR) <= least:
            break
        missing = packed.forward(cv2.divide(seen, blurred, blurred), blurred)
        packed.backward(packed.times(missing, blur.response, missing, conjugate=True), missing)
        guess *= missing
        np.maximum(guess, np.float32(0), out=guess)
    best = _filtered(spectrum, blur, relative_noise(model, blur.shape))
    undone = _nearest(spectrum, packed.forward(guess, scratch), best)
    return packed.backward(undone, undone)


_Undo = Callable[[FloatArray, Blur, _Known], FloatArray]
_METHODS: dict[Method, _Undo] = {
    Method.INVERSE: _inverse,
    Method.WIENER: _wiener,
    Method.RICHARDSON_LUCY: _richardson_lucy,
}
