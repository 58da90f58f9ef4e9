"""Convolution of two signals."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.conv_arguments import to_array
from convlab.engine.cv import cv2
from convlab.engine.errors import warn_of_overflow
from convlab.engine.naming import parse_name
from convlab.engine.parallel import share

Signal = NDArray[np.float64]


class Mode(StrEnum):
    """Which part of the convolution is wanted; the value is the name used in the API."""

    FULL = "full"
    SAME = "same"
    VALID = "valid"


class Way(StrEnum):
    """How signals are convolved; the value is the name shown."""

    DIRECT = "direct"
    FOURIER = "Fourier"


# From measurements: a product of the direct way, a point of a transform there and back, and what
# a tile costs besides its points [ns].
_DIRECT_COST = 0.12
_POINT_COST = 9.0
_TILE_COST = 10_000.0
_LEAST_TILE, _CACHED_TILE = 1 << 8, 1 << 18  # values; larger ones leave the cache
_BEYOND_CACHE = 1.4  # times as slow
_INVERSE = cv2.DFT_INVERSE | cv2.DFT_SCALE


def conv1d(f: ArrayLike, g: ArrayLike, mode: str = "full") -> FloatArray:
    """Convolve two signals: (f * g)[n] = sum over k of f[k] g[n - k].

    True convolution, as in ``numpy.convolve``: g is flipped.

    >>> conv1d([1, 2, 3], [0, 1, 0.5]).tolist()
    [0.0, 1.0, 2.5, 4.0, 1.5]

    Args:
        f: A signal ``(F,)``. Whole numbers of any kind keep their values: a signal is no picture.
        g: A signal ``(G,)``, likewise.
        mode: "full" gives all F + G - 1 values. "same" gives the F values in the middle of them,
            from index (G - 1) // 2 on, as in SciPy: always as long as f. "valid" gives the
            |F - G| + 1 values where the shorter signal lies wholly on the longer, whichever is
            longer.

    Returns:
        float32 ``(n,)``, summed in float64. Long signals go through a Fourier transform, unless
        they hold a NaN or an infinity; short ones of whole numbers stay exact. Inputs are not
        changed.

    Warns:
        OverflowWarning: If sums are too large for float32 and become infinite.

    Raises:
        ValueError: If a signal is empty, has more than one axis or holds no real numbers, or if the
            mode is unknown.
    """
    part = parse_name(Mode, mode, "mode")
    left, right = to_signal(f, "f"), to_signal(g, "g")
    whole = convolve_whole(left, right)[kept_part(part, len(left), len(right))]
    with np.errstate(over="ignore"):  # beyond float32 becomes infinite
        out = whole.astype(np.float32)
    warn_of_overflow(out, left, right)
    return out


def convolve_channels(x: ArrayLike, g: ArrayLike, mode: str = "full") -> FloatArray:
    """Convolve each channel of a sound with a response.

    Args:
        x: ``(C, N)``.
        g: ``(G,)``, the same for all channels, or ``(C, G)``, one for each.
        mode: As in ``conv1d``.

    Returns:
        float32 ``(C, n)``, summed in float64, each row what ``conv1d`` gives.

    Raises:
        ValueError: If the shapes do not go together or the mode is unknown.
    """
    part = parse_name(Mode, mode, "mode")
    channels, responses = to_array(x, "x"), to_array(g, "g")
    is_alone = responses.ndim == 1
    if channels.ndim != 2 or not (is_alone or responses.shape[:-1] == channels.shape[:1]):
        raise ValueError(
            f"x of shape {channels.shape} and g of shape {responses.shape} do not go together: "
            "give (C, N) with (G,) or (C, G)"
        )
    responses = responses.reshape(-1, responses.shape[-1])
    rows = np.broadcast_to(responses, (len(channels), responses.shape[1]))
    if not _is_fourier_faster(channels, responses):
        return np.stack([conv1d(*pair, part) for pair in zip(channels, rows, strict=True)])
    sizes = channels.shape[1], responses.shape[1]
    longs, shorts = (channels, responses) if sizes[0] >= sizes[1] else (rows, channels)
    whole = np.empty((len(channels), sum(sizes) - 1), np.float32)
    _overlap_save(longs, shorts, whole)
    return whole[:, kept_part(part, *sizes)]


def convolve_whole(f: Signal, g: Signal) -> Signal:
    """Return all F + G - 1 values of the convolution of ``(F,)`` and ``(G,)``, in float64."""
    if not _is_fourier_faster(f, g):
        return convolve_direct(f, g)
    whole = convolve_fourier(f, g)
    empty = _meeting_nothing(f != 0, g != 0)
    if empty is not None:
        whole[empty] = 0  # and not the rounding noise of what is elsewhere
    return whole


def _meeting_nothing(f: AnyArray, g: AnyArray) -> AnyArray | None:
    """Return which sums have no term, given which numbers are not 0; None if all have one."""
    if f.all():
        f, g = g, f
    if f.all():
        return None
    if not g.all():
        return np.asarray(np.rint(convolve_fourier(f.astype(float), g.astype(float))) == 0)
    count = np.concatenate(([0], np.cumsum(f)))
    last = np.arange(len(f) + len(g) - 1)
    met = count[np.minimum(last, len(f) - 1) + 1] - count[np.maximum(last - len(g) + 1, 0)]
    return np.asarray(met == 0)


def convolve_direct(f: Signal, g: Signal) -> Signal:
    """Return the same as sums of products."""
    with np.errstate(all="ignore"):  # an infinity and its opposite make NaN by right
        return np.convolve(f, g)


def convolve_fourier(f: Signal, g: Signal) -> Signal:
    """Return the same through products of spectra."""
    long, short = (f, g) if len(f) >= len(g) else (g, f)
    whole: Signal = np.empty(len(f) + len(g) - 1)
    _overlap_save(long[np.newaxis], short[np.newaxis], whole[np.newaxis])
    return whole


def to_signal(values: ArrayLike, name: str) -> Signal:
    """Return a signal as float64 ``(n,)``.

    Raises:
        ValueError: If it is empty, has more than one axis or holds no real numbers.
    """
    signal = to_array(values, name)
    if signal.ndim != 1:
        raise ValueError(f"{name} of shape {signal.shape} is no signal: give one axis of numbers")
    return signal.astype(np.float64)


def kept_part(mode: Mode, f: int, g: int) -> slice:
    """Return the part of the full convolution of signals of these lengths."""
    match mode:
        case Mode.SAME:
            return slice((g - 1) // 2, (g - 1) // 2 + f)
        case Mode.VALID:
            return slice(min(f, g) - 1, max(f, g))
        case _:
            return slice(0, f + g - 1)


def quicker_way(f: int, g: int) -> Way:
    """Return how ``conv1d`` convolves finite signals of these lengths."""
    length, overlap = f + g - 1, min(f, g) - 1
    effort = _effort(_tile_size(length, overlap), length, overlap)
    return Way.DIRECT if _DIRECT_COST * f * g < effort else Way.FOURIER


def _is_fourier_faster(f: AnyArray, g: AnyArray) -> bool:
    """Tell for signals along the last axis."""
    if quicker_way(f.shape[-1], g.shape[-1]) is Way.DIRECT:
        return False
    # One NaN would spread over the whole signal.
    return bool(np.isfinite(f).all() and np.isfinite(g).all())


def _overlap_save(longs: AnyArray, shorts: AnyArray, wholes: AnyArray) -> None:
    """Fill ``(C, L + S - 1)`` with the convolution of ``(C, L)`` and ``(C, S)`` or ``(1, S)``.

    The longer signals are cut into tiles that overlap by the shorter less one, and what wraps
    around inside a tile is thrown away (overlap-save; Stockham, "High-speed convolution and
    correlation", 1966). A tile that holds the whole result needs no overlap: nothing wraps around.
    All values of a tile feel each other: none may be NaN.
    """
    length, overlap = wholes.shape[1], shorts.shape[1] - 1
    size = _tile_size(length, overlap)
    spoilt = 0 if size >= length else overlap  # values at a tile's start that wrapped around
    responses = [cv2.dft(_place(short, 0, np.empty((1, size)))) for short in shorts]
    responses *= len(longs) // len(shorts)

    def convolve(places: Iterator[tuple[int, int]]) -> None:
        tile = np.empty((1, size))
        for row, start in places:
            cv2.dft(_place(longs[row], spoilt - start, tile), tile)
            cv2.mulSpectrums(tile, responses[row], 0, tile)
            cv2.dft(tile, tile, _INVERSE)
            part = wholes[row, start : start + size - spoilt]
            with np.errstate(over="ignore"):  # beyond float32 becomes infinite
                part[:] = tile[0, spoilt : spoilt + len(part)]

    share(convolve, product(range(len(longs)), range(0, length, size - spoilt)))


def _tile_size(length: int, overlap: int) -> int:
    """Return the power of two that wastes least on the overlap: others are slow to transform."""
    least = max(overlap.bit_length(), _LEAST_TILE.bit_length() - 1)
    most = max((length + overlap - 1).bit_length(), least)
    sizes = [1 << exponent for exponent in range(least, most + 1)]
    return min(sizes, key=lambda size: _effort(size, length, overlap))


def _effort(size: int, length: int, overlap: int) -> float:
    """Return what tiles of this size would take [ns]; the response is half a tile."""
    tiles = (1 if size >= length else -(-length // (size - overlap))) + 0.5
    slower = _BEYOND_CACHE if size > _CACHED_TILE else 1
    return tiles * (size * _POINT_COST * slower + _TILE_COST)


def _place(signal: AnyArray, offset: int, row: Signal) -> Signal:
    """Fill ``(1, size)`` with a signal whose first value stands at the offset, zeros around it."""
    size = row.shape[1]
    first, last = max(-offset, 0), max(min(size - offset, len(signal)), 0)
    row[0, : first + offset] = 0
    row[0, first + offset : last + offset] = signal[first:last]
    row[0, last + offset :] = 0
    return row
