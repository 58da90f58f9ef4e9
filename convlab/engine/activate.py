"""Activations: a function of each value by itself, and softmax, which weighs values together.

All take an array of at least one axis and return float32 of the same shape. uint8 is divided by
255 and uint16 by 65535; other whole numbers, booleans and floats keep their values. NaN stays NaN.
Inputs are not changed. ``ValueError`` says if the array holds no real numbers, or nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine import buffers
from convlab.engine.arrays import (
    AnyArray,
    FloatArray,
    lies_pictures_last,
    pictures_first,
    pictures_last,
)
from convlab.engine.by_blocks import by_blocks, exp
from convlab.engine.conv_arguments import to_picture
from convlab.engine.cv import cv2
from convlab.engine.naming import also_called, parse_name
from convlab.engine.numbers import finite
from convlab.engine.parallel import share


class Approximation(StrEnum):
    """How GELU is computed; the value is the name used in files and in the API."""

    NONE = "none"
    TANH = "tanh"


_ZERO, _ONE, _SIX = np.float32(0), np.float32(1), np.float32(6)
_PIECE = 1 << 19  # floats: two megabytes


def step(x: ArrayLike) -> FloatArray:
    """Return 1 where x is above zero, else 0: a neuron that fires or is silent.

    >>> step([-2.0, 0.0, 3.0]).tolist()
    [0.0, 0.0, 1.0]

    After McCulloch and Pitts, A logical calculus of the ideas immanent in nervous activity (1943).
    """
    values = _to_values(x)
    out = np.greater(values, 0).astype(np.float32)
    np.copyto(out, values, where=np.isnan(values))
    return out


def relu(x: ArrayLike) -> FloatArray:
    """Return max(x, 0).

    >>> relu([-2.0, 3.0]).tolist()
    [0.0, 3.0]
    """
    if isinstance(x, np.ndarray) and lies_pictures_last(x):
        return pictures_first(relu(pictures_last(x)))
    return _clipped(x, _ZERO, np.float32(np.inf))


def _clipped(x: ArrayLike, least: np.float32, most: np.float32) -> FloatArray:
    """Return values held between two numbers; NaN stays NaN."""
    values = x if _is_float(x) else _to_values(x)
    out = buffers.empty(values.shape)

    def clip(starts: Iterator[int]) -> None:
        before, after = values.reshape(-1), out.reshape(-1)
        for start in starts:
            some = slice(start, start + _PIECE)
            np.clip(before[some], least, most, out=after[some])

    if values.size <= _PIECE or not values.flags.c_contiguous:
        np.clip(values, least, most, out=out)
    else:
        share(clip, range(0, values.size, _PIECE))
    return out


def _is_float(x: ArrayLike) -> TypeGuard[FloatArray]:
    """Tell whether values are read as they lie, as in a part of a larger picture."""
    # A masked array has cells that are none.
    return type(x) is np.ndarray and x.dtype == np.float32 and x.ndim > 0 and x.size > 0


def leaky_relu(x: ArrayLike, negative_slope: float = 0.01) -> FloatArray:
    """Return x where it is positive, and ``negative_slope`` times x elsewhere.

    >>> leaky_relu([-2.0, 3.0], 0.5).tolist()
    [-1.0, 3.0]

    Raises:
        ValueError: If the slope is not a finite number.
    """
    slope = np.float32(finite("negative_slope", negative_slope))
    values = _to_values(x)
    with np.errstate(all="ignore"):  # 0 times an infinity is NaN by right
        out = values * slope
    if 0 < slope <= 1:
        np.maximum(values, out, out=out)
    else:
        np.copyto(out, values, where=values > 0)
    return out


def sigmoid(x: ArrayLike) -> FloatArray:
    """Return 1 / (1 + exp(-x)).

    >>> sigmoid([0.0, -1000.0]).tolist()
    [0.5, 0.0]
    """

    def work(values: FloatArray, out: FloatArray) -> None:
        _one_and_exp(values, out)
        np.divide(_ONE, out, out=out)

    return by_blocks(_to_values(x), work, block=_LARGE_BLOCK)


def tanh(x: ArrayLike) -> FloatArray:
    """Return the hyperbolic tangent.

    >>> tanh([0.0, 1000.0]).tolist()
    [0.0, 1.0]
    """
    return np.tanh(_to_values(x))


def relu6(x: ArrayLike) -> FloatArray:
    """Return min(max(x, 0), 6): what is large stops mattering.

    >>> relu6([-2.0, 3.0, 9.0]).tolist()
    [0.0, 3.0, 6.0]

    After Krizhevsky, Convolutional deep belief networks on CIFAR-10 (2010).
    """
    return _clipped(x, _ZERO, _SIX)


def hard_sigmoid(x: ArrayLike) -> FloatArray:
    """Return x / 6 + 1/2, held between 0 and 1: a sigmoid of straight lines.

    >>> hard_sigmoid([-4.0, 0.0, 3.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    out = _to_values(x) + np.float32(3)  # exact near -3, where little is left
    np.clip(out, np.float32(0), np.float32(6), out=out)
    out /= np.float32(6)
    return out


def hard_swish(x: ArrayLike) -> FloatArray:
    """Return x times its hard sigmoid.

    >>> hard_swish([-4.0, 1.5, 3.0]).tolist()
    [0.0, 1.125, 3.0]

    After Howard and others, Searching for MobileNetV3 (2019).
    """
    values = _to_values(x)
    with np.errstate(all="ignore"):  # an infinity times 0 is NaN by right
        return values * hard_sigmoid(values)


def silu(x: ArrayLike) -> FloatArray:
    """Return x times its sigmoid, also called swish.

    >>> silu([0.0, 1000.0]).tolist()
    [0.0, 1000.0]

    After Elfwing, Uchibe and Doya, Sigmoid-weighted linear units (2017).
    """

    def work(values: FloatArray, out: FloatArray) -> None:
        _one_and_exp(values, out)
        np.divide(values, out, out=out)

    return by_blocks(_to_values(x), work, block=_LARGE_BLOCK)


def _one_and_exp(values: FloatArray, out: FloatArray) -> None:
    """Fill ``out`` with 1 + exp(-x); it may grow beyond float32: 1 / infinity is the 0 wanted."""
    np.negative(values, out=out)
    exp(out, out)
    np.add(out, _ONE, out=out)


def gelu(x: ArrayLike, approximate: str = "none") -> FloatArray:
    """Return x times the share of a normal distribution that is below it.

    >>> gelu([0.0, 1000.0]).tolist()
    [0.0, 1000.0]

    After Hendrycks and Gimpel, Gaussian error linear units (2016).

    Args:
        x: An array of at least one axis.
        approximate: "none", or "tanh" for the curve that older networks were trained with.

    Raises:
        ValueError: If the approximation has another name.
    """
    kind = parse_name(Approximation, approximate, "approximate")
    values = _to_values(x)
    if kind is Approximation.TANH:
        return by_blocks(values, _gelu_by_tanh)
    far = np.empty(values.shape, np.bool_)
    out = by_blocks(values, _gelu, far, block=_BLOCK, scratch=4)
    places = np.flatnonzero(far)
    if places.size:
        some = values.reshape(-1)[places]
        with np.errstate(all="ignore"):
            out.reshape(-1)[places] = some * normal_below(some)
    return out


def _gelu_by_tanh(values: FloatArray, out: FloatArray) -> None:
    """Fill ``out`` with x / (1 + exp(-2 b)): (1 + tanh(b)) / 2 is a sigmoid of twice as much."""
    twice = -2 * math.sqrt(2 / math.pi)
    np.multiply(values, values, out=out)
    np.multiply(out, np.float32(0.044715 * twice), out=out)
    np.add(out, np.float32(twice), out=out)
    np.multiply(out, values, out=out)
    exp(out, out)
    np.add(out, _ONE, out=out)
    np.divide(values, out, out=out)


# The share of a normal distribution below x is 1 / (1 + exp(x p(x^2))): p, the lowest power first,
# is such that it is off by 3e-7 of itself at most where x^2 < 9 (a linear program found it).
_LOG_ODDS = (
    *(-1.595771611, -0.07266093228, 6.088179928e-05),
    *(1.119810464e-04, -8.108925035e-06, 2.726062271e-07, -3.509734993e-09),
)
_FAR = np.float32(9)
_BLOCK = 1 << 15  # floats, that a dozen steps leave in the cache
_LARGE_BLOCK = 1 << 17  # floats: a few steps


def _gelu(
    values: FloatArray,
    out: FloatArray,
    far: NDArray[np.bool_],
    square: FloatArray,
    fourth: FloatArray,
    sixth: FloatArray,
    high: FloatArray,
) -> None:
    """Fill ``out``, and tell where it is not exact because x is far from 0."""
    c = _LOG_ODDS
    np.multiply(values, values, out=square)
    np.greater(square, _FAR, out=far)
    np.multiply(square, square, out=fourth)
    np.multiply(square, fourth, out=sixth)
    cv2.addWeighted(square, c[4], fourth, c[5], c[3], high)
    cv2.scaleAdd(sixth, c[6], high, high)
    np.multiply(high, sixth, out=high)
    cv2.addWeighted(square, c[1], fourth, c[2], c[0], out)
    np.add(out, high, out=out)
    np.multiply(out, values, out=out)
    exp(out, out)
    np.add(out, _ONE, out=out)
    np.divide(values, out, out=out)


def normal_below(x: FloatArray, approximate: str = "none") -> FloatArray:
    """Return the share of a normal distribution below each value, or what GELU takes for it.

    Raises:
        ValueError: If the approximation has another name.
    """
    kind = parse_name(Approximation, approximate, "approximate")
    with np.errstate(all="ignore"):
        if kind is Approximation.TANH:
            bent = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
            return np.asarray((1 + np.tanh(bent)) / 2, np.float32)
        return np.asarray(_complement(x.astype(np.float64) * -math.sqrt(0.5)) / 2, np.float32)


# Of the complementary error function, within 1.2e-7 of itself everywhere: Press and others,
# Numerical Recipes, 2nd edition, section 6.2, the highest power first.
_ERFC = (
    *(0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807),
    *(-0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223),
)


def _complement(x: AnyArray) -> AnyArray:
    """Return the complementary error function."""
    z = np.abs(x)
    t = 1 / (1 + z / 2)
    found = t * np.exp(np.polyval(_ERFC, t) - z * z)
    return np.asarray(np.where(x >= 0, found, 2 - found))


def absolute(x: ArrayLike) -> FloatArray:
    """Return the magnitude: a kernel that answers to edges of both signs.

    >>> absolute([-2.0, 3.0]).tolist()
    [2.0, 3.0]
    """
    return np.abs(_to_values(x))


FUNCTIONS: Mapping[str, Callable[[AnyArray], AnyArray]] = MappingProxyType(
    {"identity": np.array, "step": step, "relu": relu, "sigmoid": sigmoid, "tanh": tanh}
)
"""What a single neuron can make of its sum, by the names that are used in files."""


@also_called(dim="axis")
def softmax(x: ArrayLike, axis: int | None = None) -> FloatArray:
    """Return exp(x) divided by its sum along an axis: probabilities, positive, of sum 1.

    The largest value is subtracted first, so large values do not overflow.

    >>> softmax([1000.0, 1000.0]).tolist()
    [0.5, 0.5]

    Args:
        x: An array of at least one axis.
        axis: Along which they sum to 1. If None, over the channels of ``(C, H, W)`` and
            ``(N, C, H, W)``, and over the last axis of ``(I,)`` and ``(N, I)``.

    Raises:
        ValueError: If ``x`` has no such axis.
    """
    values = _to_values(x)
    along = softmax_axis(values.ndim, axis)
    with np.errstate(all="ignore"):  # only infinities: NaN by right
        out: FloatArray = values - values.max(axis=along, keepdims=True)
        np.exp(out, out=out)
        out /= out.sum(axis=along, keepdims=True)
    return out


def softmax_axis(rank: int, axis: int | None) -> int:
    """Return the axis that softmax takes for an array of that rank.

    Raises:
        ValueError: If there is no such axis.
    """
    if axis is None:
        axis = -3 if rank in (3, 4) else -1
    whole = isinstance(axis, (int, np.integer)) and not isinstance(axis, bool)
    if not whole or not -rank <= axis < rank:
        raise ValueError(
            f"axis {axis!r} does not exist in an array of {rank} axes: "
            f"give a whole number from {-rank} to {rank - 1}"
        )
    return int(axis)


def _to_values(x: ArrayLike) -> FloatArray:
    values = to_picture(x)
    if values.ndim == 0:
        raise ValueError(f"x is the single number {values.item():g}: give an array")
    return values
