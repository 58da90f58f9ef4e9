"""Patches laid out as columns (im2col) and one matrix product per strip of positions.

Every product is summed, that of a weight of zero with a NaN too: it gives the right number to any
problem, in float64 where float32 might overflow on the way.

The fastest way of these for many channels. The unrolling is that of Chellapilla, Puri and Simard,
"High performance convolutional neural networks for document processing", 2006. Here all rows of all
pictures stand one after the other, so that a kernel's cell meets one unbroken run of pixels and
laying out its column is one plain copy. Where a run goes on from one row into the next it passes
over the edge: those few positions are computed and never shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convlab.engine.algorithms.problem import Problem
from convlab.engine.arrays import AnyArray
from convlab.engine.border import pad
from convlab.engine.parallel import cores, share
from convlab.engine.shapes import Pair

# A strip's columns should stay in the cache of a core, and its product be worth a call.
_SCRATCH = 600_000  # numbers
_SHORTEST_STRIP, _LONGEST_STRIP = 512, 16_384
# So many products are summed before another thread has woken up.
_ONE_STRIP = 30_000_000


@dataclass(frozen=True, slots=True)
class _Runs:
    """All pixels as unbroken runs, ``(C, sh, sw, N * rows * columns)``.

    A stride of s sees the picture as s x s interleaved ones, each of which it reads without gaps.
    """

    pixels: AnyArray
    rows: int
    columns: int
    kernel: Pair
    dilation: Pair

    @property
    def positions(self) -> int:
        """How many positions the kernel takes: beyond, its last cell meets no pixels."""
        down, across = self.pixels.shape[1:3]
        rows, columns = (
            (size - 1) * gap for size, gap in zip(self.kernel, self.dilation, strict=True)
        )
        last = rows // down * self.columns + columns // across
        return int(self.pixels.shape[3] - last)

    def lay_out(self, channels: slice, start: int, columns: AnyArray) -> None:
        """Fill ``(C, kh, kw, n)`` with what the cells meet at n positions from ``start`` on.

        Cells that meet the same one of the s x s pictures are evenly spaced in it: they see one
        view of it, overlapping itself, which is copied at once.
        """
        pixels = self.pixels[channels]
        channel, *_, pixel = pixels.strides
        (down, gap), (across, side_gap) = zip(pixels.shape[1:3], self.dilation, strict=True)
        every, side_every = down // math.gcd(down, gap), across // math.gcd(across, side_gap)
        row_step = pixel * self.columns * (every * gap // down)
        column_step = pixel * (side_every * side_gap // across)
        for row, column in product(range(every), range(side_every)):
            cells = columns[:, row::every, column::side_every]
            offset = row * gap // down * self.columns + column * side_gap // across
            met = pixels[:, row * gap % down, column * side_gap % across, start + offset :]
            steps = channel, row_step, column_step, pixel
            cells[:] = as_strided(met, cells.shape, steps, writeable=False)


def run(problem: Problem) -> AnyArray:
    """Return ``(N, O, H', W')`` of the pictures' type; it is a view of a larger array."""
    if problem.is_wide or problem.is_tame:
        return _run(problem)
    with np.errstate(over="ignore"):  # what float32 does not hold becomes infinite
        return _run(_widened(problem)).astype(np.float32)


def _widened(problem: Problem) -> Problem:
    bias = None if problem.bias is None else problem.bias.astype(np.float64)
    x, weight = problem.x.astype(np.float64), problem.weight.astype(np.float64)
    return replace(problem, x=x, weight=weight, bias=bias)


def _run(problem: Problem) -> AnyArray:
    runs = _lay_out(problem)
    sizes = problem.sizes
    count, outputs, height, width = sizes.out_shape
    out = np.empty((outputs, count * runs.rows * runs.columns), problem.x.dtype)
    portion = outputs // sizes.groups
    for group in range(sizes.groups):
        mine = slice(group * portion, (group + 1) * portion)
        bias = None if problem.bias is None else problem.bias[mine, np.newaxis]
        channels = slice(group * sizes.depth, (group + 1) * sizes.depth)
        _correlate(runs, channels, problem.weight[mine], bias, out[mine])
    whole = out.reshape(outputs, count, runs.rows, runs.columns)
    return whole[:, :, :height, :width].swapaxes(0, 1)


def _lay_out(problem: Problem) -> _Runs:
    sizes, planes = problem.sizes, problem.x
    if any(sizes.padding):
        planes = pad(planes, sizes.padding, sizes.border, problem.value)
    rows, columns = (
        math.ceil(size / step) for size, step in zip(sizes.padded, sizes.stride, strict=True)
    )
    if sizes.stride == (1, 1):
        pixels = planes.swapaxes(0, 1).reshape(sizes.channels, 1, 1, -1)
    else:
        pixels = _interleaved(planes, sizes.stride, rows, columns)
    return _Runs(pixels, rows, columns, sizes.kernel, sizes.dilation)


def _interleaved(planes: AnyArray, stride: Pair, rows: int, columns: int) -> AnyArray:
    """Take the picture apart into the s x s pictures that a stride sees."""
    count, channels = planes.shape[:2]
    pixels = np.zeros((channels, *stride, count, rows, columns), planes.dtype)
    for y, z in product(*map(range, stride)):
        part = planes[:, :, y :: stride[0], z :: stride[1]].swapaxes(0, 1)
        pixels[:, y, z, :, : part.shape[2], : part.shape[3]] = part
    return pixels.reshape(channels, *stride, -1)


def _correlate(
    runs: _Runs, channels: slice, weight: AnyArray, bias: AnyArray | None, out: AnyArray
) -> None:
    """Fill ``out`` ``(O, N * rows * columns)`` of one group, strip by strip."""
    cells, positions = weight.shape[1:], runs.positions
    kernels = weight.reshape(len(weight), -1)
    rows = kernels.shape[1]
    length = strip_length(rows, len(kernels), positions)

    def fill(starts: Iterator[int]) -> None:
        scratch = np.empty(rows * length, out.dtype)
        for start in starts:
            stop = min(start + length, positions)
            columns = scratch[: rows * (stop - start)].reshape(*cells, stop - start)
            runs.lay_out(channels, start, columns)
            block = out[:, start:stop]
            # The sum of an infinity and its opposite is NaN by right, and no reason for a warning.
            with np.errstate(all="ignore"):
                np.matmul(kernels, columns.reshape(rows, -1), out=block)
                if bias is not None:
                    np.add(block, bias, out=block)

    share(fill, range(0, positions, length))


def is_shared(rows: int, outputs: int, positions: int) -> bool:
    """Tell whether a product of (outputs, rows) by (rows, positions) is worth several threads."""
    return rows * outputs * positions > _ONE_STRIP


def strip_length(rows: int, outputs: int, positions: int) -> int:
    """Return how many positions to lay out at once, ``rows`` numbers for each."""
    if not is_shared(rows, outputs, positions):
        return positions
    longest = min(max(_SCRATCH // rows, _SHORTEST_STRIP), _LONGEST_STRIP)
    turns = math.ceil(positions / (cores() * longest))
    return math.ceil(positions / (cores() * turns))  # every core gets equally many strips
