"""Convolution of two signals."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_array
from convlab.engine.naming import parse_name

Signal = NDArray[np.float64]


class Mode(StrEnum):
    """Which part of the convolution is wanted; the value is the name used in the API."""

    FULL = "full"
    SAME = "same"
    VALID = "valid"


# From measurements: a product of the direct way, and a point of the three transforms [ns].
_DIRECT_COST = 0.12
_FOURIER_COST = 40.0


def conv1d(f: ArrayLike, g: ArrayLike, mode: str = "full") -> FloatArray:
    """Convolve two signals: (f * g)[n] = sum over k of f[k] g[n - k].

    True convolution, as in ``numpy.convolve``: g is turned round.

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

    Raises:
        ValueError: If a signal is empty, has more than one axis or holds no real numbers, or if the
            mode is unknown.
    """
    part = parse_name(Mode, mode, "mode")
    long, short = _to_signal(f, "f"), _to_signal(g, "g")
    wanted = _wanted(part, len(long), len(short))
    if len(long) < len(short):
        long, short = short, long
    whole = _fourier(long, short) if _is_fourier_faster(long, short) else _direct(long, short)
    with np.errstate(over="ignore"):  # beyond float32 becomes infinite
        return whole[wanted].astype(np.float32)


def _to_signal(values: ArrayLike, name: str) -> Signal:
    signal = to_array(values, name)
    if signal.ndim != 1:
        raise ValueError(f"{name} of shape {signal.shape} is no signal: give one axis of numbers")
    return signal.astype(np.float64)


def _wanted(mode: Mode, f: int, g: int) -> slice:
    """Return the part of the full convolution of signals of these lengths."""
    match mode:
        case Mode.SAME:
            return slice((g - 1) // 2, (g - 1) // 2 + f)
        case Mode.VALID:
            return slice(min(f, g) - 1, max(f, g))
        case _:
            return slice(None)


def _is_fourier_faster(long: Signal, short: Signal) -> bool:
    direct = _DIRECT_COST * len(long) * len(short)
    if direct < _FOURIER_COST * (len(long) + len(short)):
        return False
    # One NaN would spread over the whole signal.
    return bool(np.isfinite(long).all() and np.isfinite(short).all())


def _direct(long: Signal, short: Signal) -> Signal:
    with np.errstate(all="ignore"):  # an infinity and its opposite make NaN by right
        return np.convolve(long, short)


def _fourier(long: Signal, short: Signal) -> Signal:
    """Convolve by the convolution theorem."""
    length = len(long) + len(short) - 1
    size = fast_size(length)
    spectrum = np.fft.rfft(long, size) * np.fft.rfft(short, size)
    return np.fft.irfft(spectrum, size)[:length]


def fast_size(least: int) -> int:
    """Return the smallest 2^a 3^b 5^c that is not below ``least``: quick to transform."""
    best = 1 << max(least - 1, 0).bit_length()
    fives = 1
    while fives < best:
        threes = fives
        while threes < best:
            needed = -(-least // threes)
            best = min(best, threes << max(needed - 1, 0).bit_length())
            threes *= 3
        fives *= 5
    return best
