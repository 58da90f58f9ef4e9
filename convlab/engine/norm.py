"""Batch normalisation: each channel is moved to the mean 0 and scaled to the variance 1.

Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal
covariate shift", 2015.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine import buffers
from convlab.engine.arrays import (
    LONG_RUN,
    AnyArray,
    FloatArray,
    lies_pictures_last,
    read_rows_as_they_lie,
)
from convlab.engine.conv_arguments import (
    check_channels_first,
    check_rank,
    to_numbers,
    to_picture_as_it_lies,
)
from convlab.engine.numbers import not_negative

_BLOCK_FLOATS = 1 << 16  # what the passes leave for each other stays in the cache
_MOST_SPREAD = 1 << 17  # numbers of channels that are kept as often as they are used: a megabyte
_NEAR = 8.0  # deviations from 0 of a mean that costs three of a float's bits at most


class Statistics(NamedTuple):
    """The mean and the biased variance of each channel, ``(C,)`` float32 each."""

    mean: FloatArray
    variance: FloatArray


def batch_norm2d(
    x: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    eps: float = 1e-5,
) -> FloatArray:
    """Return (x - mean) / sqrt(variance + eps) * weight + bias, channel by channel.

    The form used once training is over; in training, mean and variance are those of the batch (see
    ``batch_statistics``).

    >>> batch_norm2d([[[3, 5]]], [3], [4], eps=0).tolist()
    [[[0.0, 1.0]]]

    Args:
        x: A picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided by 255 and uint16
            by 65535; other whole numbers, booleans and floats keep their values.
        mean: ``(C,)``.
        variance: ``(C,)``, none negative.
        weight: ``(C,)``, or None for 1.
        bias: ``(C,)``, or None for 0.
        eps: Added to the variance, so that a flat channel does not divide by 0.

    Returns:
        float32 of the shape of ``x``, lying in memory as it. Inputs are not changed.

    Raises:
        ValueError: If shapes do not fit, or variance + eps is negative.
    """
    pictures = to_pictures(x)
    channels = pictures.shape[-3]
    if getattr(mean, "shape", None) != (channels,):
        check_channels_first(pictures.shape, np.size(mean))
    given = (mean, "mean"), (variance, "variance"), (weight, "weight"), (bias, "bias")
    numbers = [
        None if values is None else per_channel(values, name, channels).tobytes()
        for values, name in given
    ]
    return _scaled(pictures, _steps(channels, not_negative("eps", eps), *numbers))


class _Steps:
    """What is done to each channel.

    Attributes:
        columns: What is subtracted, what is multiplied with it and, where that takes a step of its
            own, what is added, ``(C, 1)`` each.
    """

    def __init__(self, centre: FloatArray, scale: FloatArray, offsets: FloatArray | None) -> None:
        given = (centre, scale) if offsets is None else (centre, scale, offsets)
        self.columns = [each[:, np.newaxis] for each in given]
        self._spread: dict[int, list[FloatArray]] = {}

    def spread(self, length: int) -> list[FloatArray]:
        """Return the same for each of so many numbers of a channel, ``(C * length,)``."""
        found = self._spread.get(length)
        if found is None:
            found = [np.repeat(each, length) for each in self.columns]
            self._spread = {length: found}
        return found


@lru_cache(maxsize=128)  # of the layers of a network for every picture
def _steps(
    channels: int,
    eps: float,
    mean: bytes,
    variance: bytes,
    weight: bytes | None,
    bias: bytes | None,
) -> _Steps:
    """Return what is done to each channel.

    Nothing is added where it can be subtracted at first, and no digits are lost: that is a pass
    less over all pixels.
    """
    centre = np.frombuffer(mean, np.float32)
    scale = inverse_deviation(np.frombuffer(variance, np.float32), channels, eps)
    if weight is not None:
        scale = scale * np.frombuffer(weight, np.float32)
    if bias is None:
        return _Steps(centre, scale, None)
    offsets = np.frombuffer(bias, np.float32)
    with np.errstate(all="ignore"):
        moved = centre - offsets / scale.astype(np.float64)
        is_near = np.abs(centre * scale).max() <= _NEAR
    if is_near and np.isfinite(moved).all():
        return _Steps(moved.astype(np.float32), scale, None)
    return _Steps(centre, scale, offsets)


def _scaled(pictures: FloatArray, steps: _Steps) -> FloatArray:
    """Return (x - centre) * scale + offset of each channel.

    Subtracting first keeps the digits that x * scale - centre * scale loses where the centre is
    large.
    """
    is_ordered = pictures.flags.c_contiguous
    out = buffers.empty(pictures.shape) if is_ordered else np.empty_like(pictures)
    planes, results = by_channel(pictures), by_channel(out)
    runs, channels, length = planes.shape
    together = max(_BLOCK_FLOATS // length, 1)
    with np.errstate(all="ignore"):  # flat channels without eps: infinities by right
        if length < LONG_RUN and channels * length <= _MOST_SPREAD:
            columns, together = steps.spread(length), _BLOCK_FLOATS
            planes, results = planes.reshape(runs, -1), results.reshape(runs, -1)
        else:
            columns = steps.columns
            read_rows_as_they_lie(length)
        for run in range(runs):
            _move(planes[run], columns, results[run], together)
    return out


def _move(x: FloatArray, steps: list[FloatArray], out: FloatArray, together: int) -> None:
    """Fill ``out``, so many rows at a time that they stay in the cache."""
    centre, scale, *offsets = steps
    for first in range(0, len(x), together):
        some = slice(first, first + together)
        block = out[some]
        np.subtract(x[some], centre[some], out=block)
        np.multiply(block, scale[some], out=block)
        for added in offsets:
            np.add(block, added[some], out=block)


def to_pictures(x: ArrayLike) -> FloatArray:
    """Return pictures with channels as ``to_picture_as_it_lies`` does.

    Raises:
        ValueError: If they are neither ``(C, H, W)`` nor ``(N, C, H, W)``.
    """
    pictures = to_picture_as_it_lies(x)
    check_rank(pictures, (3, 4), "(C, H, W) or (N, C, H, W)")
    return pictures


def by_channel(pictures: AnyArray) -> AnyArray:
    """Return each run of numbers of one channel, ``(runs, C, numbers)``: a view.

    A run is a plane; all planes of the batch where it lies pictures last.

    Args:
        pictures: ``(C, H, W)`` or ``(N, C, H, W)``, contiguous or lying pictures last.
    """
    channels = pictures.shape[-3]
    if lies_pictures_last(pictures):
        return pictures.transpose(1, 2, 3, 0).reshape(1, channels, -1)
    return pictures.reshape(-1, channels, pictures.shape[-2] * pictures.shape[-1])


def batch_statistics(x: ArrayLike) -> Statistics:
    """Return mean and variance of each channel, over all pictures and pixels.

    The variance is the biased one (divided by the count), by which training normalises. PyTorch
    keeps the unbiased one for later, n / (n - 1) times as much.

    >>> batch_statistics([[[1, 3]]])
    Statistics(mean=array([2.], dtype=float32), variance=array([1.], dtype=float32))

    Args:
        x: As in ``batch_norm2d``.

    Raises:
        ValueError: If ``x`` has another rank.
    """
    pictures = to_pictures(x)
    channels = pictures.shape[-3]
    with np.errstate(all="ignore"):
        # In float64 throughout, which is faster than to convert in each of the sums.
        planes = by_channel(pictures).astype(np.float64)
        mean = planes.mean(axis=2).mean(axis=0)
        planes -= mean[:, None]
        variance = np.einsum("ncp,ncp->c", planes, planes) / (pictures.size // channels)
        return Statistics(mean.astype(np.float32), variance.astype(np.float32))


def inverse_deviation(variance: ArrayLike, channels: int, eps: float) -> FloatArray:
    """Return 1 / sqrt(variance + eps), ``(C,)`` float32.

    Raises:
        ValueError: If there is not one variance per channel, or if it and eps are negative.
    """
    added = not_negative("eps", eps)
    spread = per_channel(variance, "variance", channels)
    if spread.min() < 0:
        raise ValueError(f"variance {spread.min():g} is negative: give numbers of at least 0")
    with np.errstate(all="ignore"):
        return np.asarray(1 / np.sqrt(spread.astype(np.float64) + added), np.float32)


def per_channel(values: ArrayLike, name: str, channels: int) -> FloatArray:
    """Return one float32 number per channel, ``(C,)``.

    Raises:
        ValueError: If their count is another.
    """
    numbers = to_numbers(values, name)
    if numbers.shape != (channels,):
        raise ValueError(
            f"{name} of shape {numbers.shape} does not fit {channels} channels: "
            f"give {channels} numbers, one per channel"
        )
    return numbers
