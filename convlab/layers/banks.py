"""Banks of kernels: weights ``(O, C / groups, kh, kw)`` for a convolution, one kernel per map.

Unless a bank says otherwise, each filter is one kernel laid into every channel that it reads and
divided by their number: it sees the mean of the channels, so a grey picture gives the same result
as three equal channels. All kernels are written for correlation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from convlab.engine import kernels
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.shapes import anchor
from convlab.layers.base import check_count
from convlab.layers.weights import he_normal

BankShape: TypeAlias = tuple[int, int, int, int]
"""Filters, channels that each reads, rows and columns."""

SURROUND = 1.6
"""How many times wider the surround is than the centre: nearest to the Laplacian of a Gaussian."""

_EDGE_PRESETS = ("Sobel vertical", "Sobel horizontal", "Sobel diagonal", "Laplacian 4")


@dataclass(frozen=True, slots=True)
class Bank:
    """A way to fill the weights of a convolution.

    Attributes:
        name: Name in a menu.
        description: What it does, in one line.
        make: Gives the weights of a shape, float32, read-only; raises ValueError if it cannot.
    """

    name: str
    description: str
    make: Callable[[BankShape], FloatArray]


def spread(planes: Sequence[FloatArray], shape: BankShape) -> FloatArray:
    """Return filters of one kernel each, the same in every channel, divided by their number.

    Args:
        planes: ``(kh, kw)`` each; the first again behind the last, until there are enough.
        shape: What is wanted.

    Raises:
        ValueError: If a kernel has another size, or the shape cannot be.
    """
    filters, channels, rows, columns = _checked(shape)
    for plane in planes:
        if plane.shape != (rows, columns):
            raise ValueError(
                f"a kernel of {_by(plane.shape)} does not fill {rows}×{columns} cells: "
                f"make the layer's kernels {_by(plane.shape)}"
            )
    chosen = np.stack([planes[number % len(planes)] for number in range(filters)])
    shared = chosen.astype(np.float64)[:, None] / channels
    return frozen(np.repeat(shared, channels, axis=1).astype(np.float32))


def preset_bank(names: Sequence[str], shape: BankShape) -> FloatArray:
    """Return presets, one per filter and over again, each around the anchor of a larger kernel.

    Args:
        names: As in ``kernels.names()``.
        shape: What is wanted.

    Raises:
        ValueError: If there is no such preset, none is named, or one is too large.
    """
    if not names:
        raise ValueError("no preset is named: name at least one of kernels.names()")
    _, _, rows, columns = _checked(shape)
    return spread([_placed(name, (rows, columns)) for name in names], shape)


def oriented_edges(shape: BankShape) -> FloatArray:
    """Return edge detectors for O directions, 360° / O apart, from 0° counter-clockwise.

    Each is ``kernels.oriented_edge``, the slope of a Gaussian (Canny, "A computational approach to
    edge detection", 1986). The second half is the first with its sign changed: dark to bright where
    that sees bright to dark.

    Raises:
        ValueError: If a kernel is smaller than 2×2: it has no direction.
    """
    filters, _, rows, columns = _checked(shape, least=2)
    angles = [360 * number / filters for number in range(filters)]
    return spread([kernels.oriented_edge((rows, columns), angle) for angle in angles], shape)


def gabor_bank(shape: BankShape) -> FloatArray:
    """Return Gabor functions for O orientations, 180° / O apart, from 0° counter-clockwise.

    Cosine (lines) and sine (edges) phases alternate, beginning with cosine. With k the shorter side
    the wavelength is k / 2 and σ is k / 5, so that about two stripes are seen: the bandwidth of
    simple cells, about 1.4 octaves (Daugman, 1985; De Valois, Albrecht and Thorell, "Spatial
    frequency selectivity of cells in macaque visual cortex", 1982).

    Raises:
        ValueError: If a kernel is smaller than 3×3: it has no room for a wave.
    """
    filters, _, rows, columns = _checked(shape, least=3)
    side = min(rows, columns)
    planes = [
        kernels.gabor(
            (rows, columns), side / 2, 180 * number / filters, side / 5, 90.0 * (number % 2)
        )
        for number in range(filters)
    ]
    return spread(planes, shape)


def gaussian_differences(shape: BankShape) -> FloatArray:
    """Return narrow bells minus wide ones, of sum 0, wider from filter to filter.

    G(σ) - G(1.6 σ), each bell of sum 1, scaled so that the positive weights sum to 1 (Marr and
    Hildreth, "Theory of edge detection", 1980). With k the shorter side, σ grows from k / 12 to
    k / 6 in equal ratios [px].

    Raises:
        ValueError: If a kernel is smaller than 3×3: it has no surround.
    """
    filters, _, rows, columns = _checked(shape, least=3)
    side = min(rows, columns)
    sigmas = np.geomspace(side / 12, side / 6, filters)
    planes = [difference_of_gaussians((rows, columns), float(sigma)) for sigma in sigmas]
    return spread(planes, shape)


def difference_of_gaussians(size: tuple[int, int], sigma: float) -> FloatArray:
    """Return one kernel of ``gaussian_differences``, ``(kh, kw)``.

    Args:
        size: Rows and columns.
        sigma: Standard deviation of the centre [px].
    """
    narrow, wide = (
        kernels.gaussian(size, width).astype(np.float64) for width in (sigma, SURROUND * sigma)
    )
    weights = narrow / narrow.sum() - wide / wide.sum()
    return np.asarray(weights / weights[weights > 0].sum(), np.float32)


def he(shape: BankShape, seed: int = 0) -> FloatArray:
    """Return weights drawn at random, each channel its own: see ``he_normal``."""
    return he_normal(_checked(shape), seed)


def constant(shape: BankShape, value: float = 0.0) -> FloatArray:
    """Return the same number in every cell of every channel, not divided.

    Raises:
        ValueError: If it is not a finite float32 number.
    """
    if not abs(value) <= float(np.finfo(np.float32).max):
        raise ValueError(f"value {value!r} cannot be used: give a finite number")
    return frozen(np.full(_checked(shape), value, np.float32))


def means(shape: BankShape) -> FloatArray:
    """Return the mean of all that a filter reads: 1 / (C / groups · kh · kw) in every cell."""
    return constant(shape, 1 / math.prod(_checked(shape)[1:]))


def _checked(shape: BankShape, least: int = 1) -> BankShape:
    """Return a shape.

    Raises:
        ValueError: If it is none, or a kernel has fewer cells to a side than that.
    """
    if len(shape) != 4:
        raise ValueError(f"shape {shape!r} cannot be used: give (O, C / groups, kh, kw)")
    for name, number in zip(("filters", "channels", "rows", "columns"), shape, strict=True):
        check_count(name, number)
    if min(shape[2:]) < least:
        raise ValueError(
            f"kernels of {_by(shape[2:])} are too small for this bank: "
            f"make them {least}×{least} or larger"
        )
    return shape


def _placed(name: str, size: tuple[int, int]) -> FloatArray:
    """Return a preset among zeros, its anchor on the anchor: "same" padding shifts nothing."""
    weights = kernels.preset(name)
    rows, columns = weights.shape
    (down, right), (above, before) = anchor(size), anchor((rows, columns))
    top, left = down - above, right - before
    if top < 0 or left < 0 or top + rows > size[0] or left + columns > size[1]:
        raise ValueError(
            f"{name} has {_by(weights.shape)} cells and does not go into {_by(size)}: "
            f"make the layer's kernels {_by(weights.shape)} or larger"
        )
    plane = np.zeros(size, np.float32)
    plane[top : top + rows, left : left + columns] = weights
    return plane


def _by(size: Sequence[int]) -> str:
    return "×".join(map(str, size))


BANKS: dict[str, Bank] = {
    bank.name: bank
    for bank in (
        Bank("Random (He)", "Drawn at random, as before learning: each filter another", he),
        Bank(
            "Oriented edges",
            "Edges of all directions, evenly over 360°, bright left of the direction",
            oriented_edges,
        ),
        Bank(
            "Gabor",
            "Lines and edges in turn, evenly over 180°, as simple cells of the cortex",
            gabor_bank,
        ),
        Bank(
            "Differences of Gaussians",
            "Bright blobs of growing size, as on-centre cells of the retina",
            gaussian_differences,
        ),
        Bank(
            "Sobel and Laplacian",
            "The classic edge kernels, each over again: vertical, horizontal, diagonal, all",
            partial(preset_bank, _EDGE_PRESETS),
        ),
        Bank(
            "Pass through",
            "The mean of the channels as it is: a filter to begin from",
            partial(preset_bank, ("Identity",)),
        ),
        Bank("Mean", "The mean of all that a filter reads: a box blur", means),
        Bank("Zeros", "Nothing: a filter to write by hand", constant),
    )
}
