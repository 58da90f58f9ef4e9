"""Kernels from a formula and a few dials.

Angles say where a line, a stripe or a movement runs: degrees counter-clockwise from the horizontal,
so 0 is horizontal and 90 is vertical. Rows of a kernel go down, as in a picture. All kernels are
written for correlation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convlab.engine.arrays import FloatArray
from convlab.engine.numbers import finite, positive
from convlab.engine.shapes import pair

LARGEST = 63
_FINE = 15  # points across a cell on the rim of a disk

_Grid = NDArray[np.float64]


def box(size: int | Sequence[int]) -> FloatArray:
    """Return the plain mean over ``size`` cells (or rows, columns); the sum is 1."""
    rows, columns = sides(size)
    return np.full((rows, columns), 1 / (rows * columns), np.float32)


def gaussian(size: int | Sequence[int], sigma: float) -> FloatArray:
    """Return the bell exp(-r² / 2σ²), sampled at the cells and scaled to sum 1.

    Args:
        size: Cells, one number or (rows, columns).
        sigma: Standard deviation [px].

    Raises:
        ValueError: If a size is not 1 to 63 or sigma is not positive.
    """
    bell = _bell(size, sigma)
    return clean(bell / bell.sum())


def disk(size: int | Sequence[int], radius: float | None = None) -> FloatArray:
    """Return the mean over a disk, as a lens out of focus makes it; the sum is 1.

    A cell on the rim counts by its share inside, measured at 15×15 points of it.

    Args:
        size: Cells, one number or (rows, columns).
        radius: Of the disk [px]; None is half the shorter side.
    """
    rows, columns = sides(size)
    reach = min(rows, columns) / 2 if radius is None else positive("radius", radius)
    inside = (np.arange(_FINE) + 0.5) / _FINE - 0.5
    x, y = _grid(size)
    x, y = x[:, :, None, None] + inside, y[:, :, None, None] + inside[:, None]
    share = (x * x + y * y <= reach**2).mean((2, 3))
    # A disk between the cells of an even kernel may touch none of those points.
    return clean(share / share.sum()) if share.any() else gaussian(size, 0.1)


def dog(size: int | Sequence[int], sigma: float, wide: float | None = None) -> FloatArray:
    """Return a difference of Gaussians: a narrow bell minus a wide one; the sum is 0.

    Args:
        size: Cells, one number or (rows, columns).
        sigma: Standard deviation of the narrow bell [px].
        wide: The same of the wide one; None is 1.6 times the narrow one, which is nearest to a
            Laplacian of Gaussian (Marr and Hildreth, "Theory of edge detection", 1980).
    """
    narrow = _bell(size, sigma)
    around = _bell(size, 1.6 * sigma if wide is None else wide)
    return clean(narrow / narrow.sum() - around / around.sum())


def derivative_of_gaussian(
    size: int | Sequence[int], sigma: float, degrees: float = 90.0, order: int = 1
) -> FloatArray:
    """Return the first or second derivative of a bell across a direction; the sum is 0.

    The first is positive on the left of an edge seen along its direction, and answers a ramp that
    gains 1 per pixel towards that side with 1. The second answers half a parabola, u² / 2, with 1,
    and is negative on a bright line (Canny, "A computational approach to edge detection", 1986).

    Args:
        size: Cells, one number or (rows, columns).
        sigma: Standard deviation of the bell [px].
        degrees: Where the edge or line runs, counter-clockwise from the horizontal.
        order: 1 or 2.

    Raises:
        ValueError: If a size is not 1 to 63, sigma is not positive or the order is another.
    """
    if order not in (1, 2):
        raise ValueError(f"order {order!r} cannot be used: give 1 or 2")
    bell = _bell(size, sigma)
    across, _ = _rotated(size, degrees)
    weights = across * bell if order == 1 else (across**2 - sigma**2) * bell
    weights -= bell * (weights.sum() / bell.sum())
    given = (weights * across**order).sum() / order
    is_flat = abs(given) < 1e-12 * np.abs(bell).max()
    return clean(np.zeros_like(bell) if is_flat else weights / given)


def laplacian_of_gaussian(size: int | Sequence[int], sigma: float) -> FloatArray:
    """Return the sum of second derivatives of a bell, negative in the middle; the sum is 0.

    (r² - 2σ²) / σ⁴ · exp(-r² / 2σ²) with the bell scaled to sum 1, minus its mean (Marr and
    Hildreth, "Theory of edge detection", 1980). Arguments are those of ``gaussian``.
    """
    x, y = _grid(size)
    bell = _bell(size, sigma)
    weights = (x * x + y * y - 2 * sigma**2) / sigma**4 * bell / bell.sum()
    return clean(weights - weights.mean())


def gabor(
    size: int | Sequence[int],
    wavelength: float,
    degrees: float,
    sigma: float,
    phase: float = 0.0,
    aspect: float = 1.0,
) -> FloatArray:
    """Return a wave under a bell, the model of a simple cell; the sum is 0.

    g · (cos(2πu / λ - φ) - m), g = exp(-(u² + γ²v²) / 2σ²), with v along the stripes, u across
    them and m such that a flat picture gives nothing; the positive part sums to 1 (Daugman,
    "Uncertainty relation for resolution in space, spatial frequency, and orientation", 1985).

    Args:
        size: Cells, one number or (rows, columns).
        wavelength: λ, distance from stripe to stripe [px].
        degrees: Where the stripes run, counter-clockwise from the horizontal.
        sigma: Standard deviation of the bell across the stripes [px].
        phase: φ in degrees: 0 is a bright line, 90 an edge, bright on its left seen upwards.
        aspect: γ: 1 is a round bell, smaller is longer along the stripes.

    Raises:
        ValueError: If a size is not 1 to 63, or a length or the aspect is not positive.
    """
    positive("wavelength", wavelength)
    positive("sigma", sigma)
    positive("aspect", aspect)
    across, along = _rotated(size, degrees)
    bell = np.exp(-(across**2 + (aspect * along) ** 2) / (2 * sigma**2))
    # Minus: the phase then moves the wave so that 90 degrees equals a bright left side.
    wave = np.cos(2 * math.pi * across / wavelength - math.radians(finite("phase", phase)))
    return _halves_of_one(bell * (wave - (bell * wave).sum() / bell.sum()))


def oriented_edge(size: int | Sequence[int], degrees: float) -> FloatArray:
    """Return an edge detector for one direction; the sum is 0, the positive half sums to 1.

    The slope of a bell with σ = size / 5, positive on the left of the edge seen along its
    direction: at 90 degrees bright left and dark right gives a positive sum, at 0 bright above.

    Args:
        size: Cells, one number or (rows, columns).
        degrees: Where the edge runs, counter-clockwise from the horizontal.
    """
    across, along = _rotated(size, degrees)
    sigma = max(sides(size)) / 5
    slope = across * np.exp(-(across**2 + along**2) / (2 * sigma**2))
    return _halves_of_one(slope)


def motion(
    size: int | Sequence[int], degrees: float = 0.0, length: float | None = None
) -> FloatArray:
    """Return the mean along a line through the middle, as a camera that moves; the sum is 1.

    Args:
        size: Cells, one number or (rows, columns).
        degrees: Where the movement goes, counter-clockwise from the horizontal.
        length: Of the line [px]; None is as long as the kernel.
    """
    across, along = _rotated(size, degrees)
    reach = max(sides(size)) / 2
    # The share of a line one pixel wide, so that slanted lines have no gaps.
    share = np.clip(1 - np.abs(across), 0, 1)
    if length is None:
        share *= np.abs(along) <= reach
    else:
        share *= np.clip((positive("length", length) + 1) / 2 - np.abs(along), 0, 1)
    # A short line between the cells of an even kernel reaches none of them.
    return clean(share / share.sum()) if share.any() else gaussian(size, 0.1)


motion_blur = motion
"""The name that ``motion`` had first."""


def _bell(size: int | Sequence[int], sigma: float) -> _Grid:
    positive("sigma", sigma)
    x, y = _grid(size)
    squares = x * x + y * y
    # Relative to the nearest cell: an even kernel has none in the middle to keep the sum above 0.
    bell: _Grid = np.exp(-(squares - squares.min()) / (2 * sigma**2))
    return bell


def _rotated(size: int | Sequence[int], degrees: float) -> tuple[_Grid, _Grid]:
    """Return each cell's distance to the left of a line through the middle, and along it [px]."""
    x, y = _grid(size)
    angle = math.radians(finite("degrees", degrees))
    return y * math.cos(angle) - x * math.sin(angle), x * math.cos(angle) + y * math.sin(angle)


def _grid(size: int | Sequence[int]) -> tuple[_Grid, _Grid]:
    """Return x to the right and y upwards from the middle of the kernel, for each cell [px]."""
    rows, columns = sides(size)
    x = np.arange(columns) - (columns - 1) / 2
    y = (rows - 1) / 2 - np.arange(rows)
    across, up = np.meshgrid(x, y)
    return across, up


def sides(size: int | Sequence[int]) -> tuple[int, int]:
    """Return (rows, columns) of a kernel.

    Raises:
        ValueError: If a side is no whole number from 1 to 63.
    """
    rows, columns = pair(size, "kernel size")
    if max(rows, columns) > LARGEST:
        raise ValueError(f"kernel size {size!r} cannot be used: {LARGEST} cells are the most")
    return rows, columns


def _halves_of_one(weights: _Grid) -> FloatArray:
    """Scale weights of sum 0 so that the positive ones sum to 1: pictures in 0..1 give -1..1."""
    half = weights[weights > 0].sum()
    return clean(weights / half if half > 0 else weights)


def clean(weights: _Grid) -> FloatArray:
    """Return float32 without the noise of rounding: cos 90° is 0, not 6e-17."""
    is_noise = np.abs(weights) < 1e-12 * np.abs(weights).max()
    return np.where(is_noise, 0.0, weights).astype(np.float32)
