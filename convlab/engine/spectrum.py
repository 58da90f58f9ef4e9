"""What a kernel does to waves, and the kernel that does nearly what was painted.

A spectrum is shown and painted with the slowest wave in the middle: cell (H // 2, W // 2) is the
flat picture, one cell to the right is a wave that fits once into the width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.shapes import Pair, pair

ComplexArray = NDArray[np.complex128]


@dataclass(frozen=True, slots=True, eq=False)
class SpectrumDesign:
    """A kernel made from a painted spectrum, and what became of the paint.

    Attributes:
        kernel: ``(kh, kw)`` float32, for correlation.
        wanted: The mask as a real kernel can have it, ``(H, W)``: its two halves are alike.
        response: Magnitude of the kernel's spectrum, ``(H, W)`` float32.
        impulse: The kernel of unlimited size, the anchor in the middle, ``(H, W)`` float32.
        lost: Share of its energy that lies outside of the kernel's cells and was cut away.
        overshoot: By how much the response goes beyond the range of the mask, as a share of that
            range: the ripples that cutting brings.
    """

    kernel: FloatArray
    wanted: FloatArray
    response: FloatArray
    impulse: FloatArray
    lost: float
    overshoot: float


def spectrum(kernel: ArrayLike, shape: Sequence[int]) -> ComplexArray:
    """Return by what a kernel multiplies each wave of a circular picture.

    >>> spectrum([[0.5, 0.5]], (1, 4)).real.tolist()
    [[0.0, 0.5, 1.0, 0.5]]

    Args:
        kernel: ``(kh, kw)``, laid with cell (k - 1) // 2 on the pixel, as correlation.
        shape: Rows and columns of the picture, at least as large as the kernel.

    Returns:
        ``(H, W)`` complex, the flat picture in the middle.

    Raises:
        ValueError: If the kernel is no finite 2-D array, or larger than the picture.
    """
    return np.fft.fftshift(transfer(kernel, shape))


def transfer(kernel: ArrayLike, shape: Sequence[int]) -> ComplexArray:
    """Return the same in the order of ``numpy.fft.fft2``: the flat picture comes first."""
    weights = _checked("kernel", kernel, np.float64)
    height, width = pair(shape, "shape")
    if weights.shape[0] > height or weights.shape[1] > width:
        raise ValueError(
            f"a kernel of {_size(weights)} is larger than the picture of {height}x{width}: "
            "choose a larger shape"
        )
    # Few cells: two products are less than a transform of zeros.
    down, across = (
        np.exp(2j * math.pi / side * np.outer(np.arange(side), np.arange(cells) - (cells - 1) // 2))
        for side, cells in zip((height, width), weights.shape, strict=True)
    )
    return np.asarray(down @ weights @ across.T, np.complex128)


def from_spectrum(
    mask: ArrayLike, size: int | Sequence[int], *, window: str = "none"
) -> FloatArray:
    """Return the kernel whose spectrum comes nearest to a mask.

    Args:
        mask: ``(H, W)``, by what each wave is to be multiplied, the flat picture in the middle;
            real, or complex as from ``spectrum``. What is not alike on both sides of the middle is
            averaged: no real kernel can tell a wave from its opposite.
        size: Cells of the kernel, one number or (rows, columns), no more than the mask's.
        window: "none" cuts the endless kernel off, which is nearest in the least squares; "hann"
            lets it fade out, which ripples less and is less steep.

    Returns:
        ``(kh, kw)`` float32, for correlation.

    Raises:
        ValueError: If the mask is no finite 2-D array, zero everywhere or smaller than the kernel,
            or the window has another name.
    """
    return design(mask, size, window=window).kernel


def design(mask: ArrayLike, size: int | Sequence[int], *, window: str = "none") -> SpectrumDesign:
    """Return ``from_spectrum`` with all that is lost on the way; see there."""
    painted = _checked("mask", mask, np.complex128)
    if not painted.any():
        raise ValueError("the mask is zero everywhere, so nothing passes: paint some of it")
    rows, columns = pair(size, "kernel size")
    if rows > painted.shape[0] or columns > painted.shape[1]:
        raise ValueError(
            f"a mask of {_size(painted)} is smaller than the kernel of {rows}x{columns}: "
            "choose a smaller kernel or a larger mask"
        )
    # The spectrum of a correlation turns the other way than a transform does.
    endless = np.fft.fftshift(np.fft.fft2(np.fft.ifftshift(painted))).real / painted.size
    cells = tuple(
        slice(side // 2 - (count - 1) // 2, side // 2 - (count - 1) // 2 + count)
        for side, count in zip(painted.shape, (rows, columns), strict=True)
    )
    kernel = endless[cells] * _taper(window, (rows, columns))
    energy = np.square(endless).sum()
    wanted = np.abs(np.fft.fftshift(np.fft.fft2(endless)))
    response = np.abs(spectrum(kernel, painted.shape))
    reach = wanted.max() - wanted.min() or wanted.max()
    beyond = max(response.max() - wanted.max(), wanted.min() - response.min(), 0.0)
    return SpectrumDesign(
        kernel.astype(np.float32),
        wanted.astype(np.float32),
        response.astype(np.float32),
        endless.astype(np.float32),
        float(1 - np.square(endless[cells]).sum() / energy),
        float(beyond / reach),
    )


def _taper(window: str, size: Pair) -> AnyArray | float:
    if window == "none":
        return 1.0
    if window != "hann":
        raise ValueError(f"window {window!r} is unknown: choose one of none, hann")
    down, across = (
        np.cos(math.pi * (np.arange(count) - (count - 1) // 2) / (count + 1)) ** 2 for count in size
    )
    return np.outer(down, across)


def _checked(name: str, array: ArrayLike, kind: type) -> AnyArray:
    given = np.asarray(array)
    if given.ndim != 2 or given.size == 0 or not np.isfinite(given).all():
        raise ValueError(
            f"a {name} of shape {given.shape} cannot be used: give two dimensions of finite numbers"
        )
    return given.astype(kind)


def _size(array: AnyArray) -> str:
    return "x".join(str(side) for side in array.shape)
