"""Filter by example: the kernel that comes nearest to turning one picture into another.

Least squares by the normal equations. Their matrix holds, for each two cells of the kernel, the sum
of products of the picture under the one and under the other. What depends on the distance of the
cells alone comes from one product of spectra; the rows and columns by which the windows differ are
added and taken away.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.cv import cv2
from convlab.engine.parallel import single_threaded_blas
from convlab.engine.shapes import Pair, pair

LARGEST_FIT = 31
WEAK = 1000.0
"""Above this condition an error of a thousandth in the target may change the kernel wholly."""

_ROUNDING = 1e-13  # of the sums in float64, relative to the largest eigenvalue
_EXACTLY = 1e-8  # of the target's energy: what float32 leaves of an output
_FEW = 1 << 22  # numbers under all windows of a picture that is not worth a transform
_Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class KernelFit:
    """The kernel of least squares, and how well the pictures determine it.

    Attributes:
        kernel: ``(kh, kw)`` float32, for correlation. Of several that do equally well, the one with
            the smallest weights.
        residual: Root mean square of target less output where the window lies inside the picture,
            in units of the target.
        rank: How many independent patterns of ``kh x kw`` the picture holds above its rounding. If
            it is less than the number of cells, the picture does not determine the kernel.
        condition: Ratio of the strongest to the weakest of these patterns: how many times larger a
            relative error of the target may be in the kernel. Infinite without a weakest.
    """

    kernel: FloatArray
    residual: float
    rank: int
    condition: float

    @property
    def is_determined(self) -> bool:
        """Only this kernel does what was asked for."""
        return self.rank == self.kernel.size


def from_example(picture: ArrayLike, target: ArrayLike, size: int | Sequence[int]) -> KernelFit:
    """Return the kernel whose correlation with a picture comes nearest to a target.

    Args:
        picture: ``(H, W)`` or ``(C, H, W)``: of several planes, one kernel serves all. uint8 is
            divided by 255 and uint16 by 65535, as everywhere.
        target: What should come out: as large as the picture, where the rim that needs padding is
            not looked at (the window's anchor is cell (k - 1) // 2), or as large as the output
            without padding.
        size: Cells of the kernel, one number or (rows, columns).

    Raises:
        ValueError: If shapes do not fit, the picture is smaller than the kernel, a value is not
            finite, or the target is zero everywhere.
    """
    rows, columns = _kernel_size(size)
    seen, step = _planes("picture", picture)
    wanted = _wanted(seen, _planes("target", target)[0], (rows, columns))
    with single_threaded_blas():
        return _fitted(seen, wanted, _noise(seen, step), (rows, columns))


def _fitted(seen: _Sums, wanted: _Sums, noise: float, size: Pair) -> KernelFit:
    cells = math.prod(size)
    matrix, right = np.zeros((cells, cells)), np.zeros(cells)
    few = wanted[0].size * cells <= _FEW or min(seen.shape[1:]) < 2 * max(size)
    sums = _few_sums if few else _many_sums
    for plane, goal in zip(seen, wanted, strict=True):
        of_pairs, with_goal = sums(plane, goal, size)
        matrix += of_pairs
        right += with_goal
    energy = sum(cv2.norm(goal, cv2.NORM_L2SQR) for goal in wanted)
    return _solved(matrix, right, energy, wanted.size, noise, size)


def _kernel_size(size: int | Sequence[int]) -> Pair:
    rows, columns = pair(size, "kernel size")
    if max(rows, columns) > LARGEST_FIT:
        raise ValueError(f"kernel size {size!r} cannot be fitted: {LARGEST_FIT} cells are the most")
    return rows, columns


def _planes(name: str, array: ArrayLike) -> tuple[_Sums, float]:
    """Return planes ``(C, H, W)`` in float64, and the step from one value to the next.

    A picture of floats that are all multiples of 1/255 is one of 8 bits.
    """
    given = np.asarray(array)
    if given.ndim not in (2, 3) or given.size == 0:
        raise ValueError(
            f"a {name} of shape {given.shape} cannot be fitted: give (H, W) or (C, H, W)"
        )
    planes = given.astype(np.float64).reshape(-1, *given.shape[-2:])
    if given.dtype in (np.uint8, np.uint16):
        most = float(np.iinfo(given.dtype).max)
        return planes / most, 1 / most
    if not np.isfinite(planes).all():
        raise ValueError(f"the {name} has NaN or infinite values: give finite numbers")
    few = planes.ravel()[:: max(planes.size // 997, 1)]
    is_coarse = all(_are_bytes(part) for part in (few, planes))
    return planes, 1 / 255 if is_coarse else 0.0


def _are_bytes(values: _Sums) -> bool:
    scaled = values * 255
    return bool((np.abs(scaled - np.rint(scaled)) < 1e-3).all())


def _wanted(seen: _Sums, target: _Sums, size: Pair) -> _Sums:
    """Return the target under the windows that lie inside the picture."""
    height, width = seen.shape[1:]
    rows, columns = size
    if rows > height or columns > width:
        raise ValueError(
            f"a picture of {height}x{width} is smaller than the kernel of {rows}x{columns}: "
            "choose a smaller kernel"
        )
    inside = (len(seen), height - rows + 1, width - columns + 1)
    if target.shape == seen.shape:
        top, left = (rows - 1) // 2, (columns - 1) // 2
        target = target[:, top : top + inside[1], left : left + inside[2]]
    if target.shape != inside:
        raise ValueError(
            f"a target of shape {target.shape} does not fit: give {seen.shape}, as the picture, or "
            f"{inside}, as the output without padding"
        )
    if not target.any():
        raise ValueError("the target is zero everywhere: give it something that should light up")
    return target


def _noise(seen: _Sums, step: float) -> float:
    """Return the energy that rounding brings into each sum of squares: none in flat places."""
    if step == 0:
        return 0.0
    down = np.count_nonzero(seen[:, 1:] != seen[:, :-1])
    across = np.count_nonzero(seen[..., 1:] != seen[..., :-1])
    return (down + across) / 2 * step**2 / 12


def _few_sums(plane: _Sums, goal: _Sums, size: Pair) -> tuple[_Sums, _Sums]:
    windows = sliding_window_view(plane, size).reshape(goal.size, -1)
    return windows.T @ windows, windows.T @ goal.ravel()


def _many_sums(plane: _Sums, goal: _Sums, size: Pair) -> tuple[_Sums, _Sums]:
    """Return the same for a large picture: it must be twice as wide as the kernel."""
    rows, columns = size
    height, width = goal.shape
    reach = columns - 1
    inner = slice(reach, width)  # columns that stay inside however far the partner is
    shape = (cv2.getOptimalDFTSize(plane.shape[0]), cv2.getOptimalDFTSize(plane.shape[1]))
    spectrum = _spectrum(plane, shape, (0, 0))
    core = _spectrum(plane[:height, inner], shape, (0, reach))
    by_distance = _correlation(spectrum, core, range(rows), range(-reach, columns))
    with_goal = _correlation(spectrum, _spectrum(goal, shape, (0, 0)), range(rows), range(columns))
    first = _first_row(plane, by_distance, size, width)
    return _further_rows(plane, first, size, (height, width)), with_goal.ravel()


def _spectrum(part: _Sums, shape: Pair, place: Pair) -> AnyArray:
    """Return the packed spectrum of a part of a plane, with zeros around it."""
    whole = np.zeros(shape)
    whole[place[0] : place[0] + part.shape[0], place[1] : place[1] + part.shape[1]] = part
    return cv2.dft(whole, whole)


def _correlation(plane: AnyArray, part: AnyArray, down: range, across: range) -> _Sums:
    """Return the sums of part[u] * plane[u + d] at a few distances d; of packed spectra.

    Most of what a whole transform back would give is not looked at: two products are less.
    """
    product = cv2.mulSpectrums(plane, part, 0, part, conjB=True)
    height, width = product.shape
    pairs = (width - 1) // 2
    cosines, sines = np.split(_turns(height, range(height), down) @ product, 2)
    real, imaginary = slice(1, 1 + 2 * pairs, 2), slice(2, 2 + 2 * pairs, 2)
    even, odd = np.split(_turns(width, range(1, pairs + 1), across), 2)
    sums = (cosines[:, real] - sines[:, imaginary]) @ even.T
    sums -= (sines[:, real] + cosines[:, imaginary]) @ odd.T
    sums *= 2  # each wave stands for its opposite as well
    for column in {0, width - 1} if width % 2 == 0 else {0}:  # waves that run straight down
        straight = cv2.dft(product[:, column].copy(), flags=cv2.DFT_INVERSE).ravel()[down]
        sums += np.outer(straight, np.cos(math.pi * np.array(across)) if column else 1)
    return sums / product.size


@lru_cache(maxsize=8)
def _turns(side: int, waves: range, places: range) -> _Sums:
    """Return cosines of waves at places, ``(places, waves)``, and below them their sines."""
    turns = 2 * math.pi / side * np.outer(places, waves)
    return frozen(np.concatenate([np.cos(turns), np.sin(turns)]))


def _first_row(plane: _Sums, by_distance: _Sums, size: Pair, width: int) -> _Sums:
    """Return the sums for cells (0, j) with cells (i, k), as [j, i, k]."""
    rows, columns = size
    height = len(plane) - rows + 1
    reach = columns - 1
    # Of their own, they stay in the cache.
    first, last = plane[:, : 2 * reach].copy(), plane[:, width - reach :].copy()
    left, right = (
        np.stack([strip[:height, part].T @ strip[i : i + height] for i in range(rows)])
        for strip, part in ((first, slice(reach)), (last, slice(reach, None)))
    )
    sums = np.empty((columns, rows, columns))
    for j, k in np.ndindex(columns, columns):
        sums[j, :, k] = (
            by_distance[:, k - j + reach]
            + np.trace(left[:, j:, k:], axis1=1, axis2=2)
            + np.trace(right[:, :j, k - j + reach :], axis1=1, axis2=2)
        )
    return sums


def _further_rows(plane: _Sums, first: _Sums, size: Pair, inside: Pair) -> _Sums:
    """Return the whole matrix: one row down, a row leaves the window above, one enters below."""
    rows, columns = size
    height, width = inside
    leaving, entering = (
        sliding_window_view(part, width, axis=1).reshape(-1, width)
        for part in (plane[: rows - 1], plane[height:])
    )
    change = entering @ entering.T - leaving @ leaving.T
    change = change.reshape(rows - 1, columns, rows - 1, columns)
    sums = np.empty((rows, columns, rows, columns))
    sums[0] = first
    sums[:, :, 0] = first.transpose(1, 2, 0)
    for row in range(1, rows):
        sums[row, :, 1:] = sums[row - 1, :, :-1] + change[row - 1]
    return sums.reshape((rows * columns,) * 2)


def _solved(
    matrix: _Sums, right: _Sums, energy: float, count: int, noise: float, size: Pair
) -> KernelFit:
    """Return the shortest solution over the patterns that are stronger than rounding.

    Weaker ones count as well where the target needs them: where it comes out exactly by them.

    Args:
        matrix: Sums of products of each two cells.
        right: Sums of products of each cell with the target.
        energy: Sum of squares of the target.
        count: Positions of the window.
        noise: Energy of rounding in each pattern.
        size: Rows and columns of the kernel.
    """
    strength, patterns = np.linalg.eigh(matrix)
    exact = strength[-1] * _ROUNDING
    parts = patterns.T @ right / np.where(strength > exact, strength, np.inf)
    kept = strength > max(exact, 4 * noise)
    kernel = patterns @ parts
    if energy - right @ kernel > _EXACTLY * energy:
        kernel = patterns @ np.where(kept, parts, 0)
    rest = energy - float(right @ kernel)
    condition = math.sqrt(strength[-1] / strength[0]) if strength[0] > exact > 0 else math.inf
    return KernelFit(
        kernel.reshape(size).astype(np.float32),
        math.sqrt(max(rest, 0.0) / count),
        int(kept.sum()),
        condition,
    )
