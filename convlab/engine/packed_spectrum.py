"""The spectra of real planes as OpenCV packs them: half of the waves, each as two numbers.

Row i, columns 2j - 1 and 2j hold the real and the imaginary part of the wave that fits j times
into the width. The first column, and the last of an even width, hold waves that run straight down,
packed likewise along the rows.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.cv import cv2
from convlab.engine.shapes import Pair

FLAT = 1e-60
"""Squared frequency of the flat picture: as good as none."""


def forward(plane: AnyArray, out: FloatArray | None = None) -> FloatArray:
    """Return the packed spectrum of a plane ``(H, W)``."""
    return np.asarray(cv2.dft(plane, out), np.float32)


def backward(spectrum: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """Return the plane of a packed spectrum."""
    return np.asarray(cv2.dft(spectrum, out, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE), np.float32)


def times(
    left: FloatArray, right: FloatArray, out: FloatArray | None = None, *, conjugate: bool = False
) -> FloatArray:
    """Return the product of two packed spectra, wave by wave.

    Args:
        left: The one.
        right: The other.
        out: Where the product goes; it may be one of both.
        conjugate: Take the other's complex conjugate: correlation instead of convolution.
    """
    return np.asarray(cv2.mulSpectrums(left, right, 0, out, conjugate), np.float32)


def power(spectrum: FloatArray) -> FloatArray:
    """Return the squared magnitude of each wave, at both of its numbers."""
    squares = times(spectrum, spectrum, conjugate=True)
    width = squares.shape[1]
    end = width - 1 + width % 2
    squares[:, 2:end:2] = squares[:, 1 : end - 1 : 2]
    for column in {0, end if width % 2 == 0 else 0}:
        _spread_down(squares[:, column])
    return squares


def _spread_down(column: FloatArray) -> None:
    end = len(column) - 1 + len(column) % 2
    column[2:end:2] = column[1 : end - 1 : 2]


@lru_cache(maxsize=4)
def squared_frequency(shape: Pair) -> FloatArray:
    """Return the squared frequency of each wave, at both of its numbers [1 / px²]; read-only."""
    height, width = shape
    across = (np.arange(width) + 1) // 2 / width
    down = np.broadcast_to(np.fft.fftfreq(height)[:, np.newaxis], shape).copy()
    packed = (np.arange(height) + 1) // 2 / height
    down[:, 0] = packed
    if width % 2 == 0:
        down[:, -1] = packed
    return frozen((down**2 + across**2).astype(np.float32))


@lru_cache(maxsize=4)
def log_frequency(shape: Pair) -> FloatArray:
    """Return log f of each wave, of the flat picture a number far below; read-only."""
    squares = squared_frequency(shape).astype(np.float64)
    squares[0, 0] = FLAT
    return frozen((0.5 * np.log(squares)).astype(np.float32))


def autocorrelation(values: AnyArray) -> NDArray[np.float64]:
    """Return the plane whose packed spectrum is real, with these values at both numbers."""
    spectrum = np.array(values, np.float64)
    height, width = spectrum.shape
    spectrum[:, 2 : width - 1 + width % 2 : 2] = 0
    for column in {0, width - 1 if width % 2 == 0 else 0}:
        spectrum[2 : height - 1 + height % 2 : 2, column] = 0
    return np.asarray(cv2.dft(spectrum, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE))
