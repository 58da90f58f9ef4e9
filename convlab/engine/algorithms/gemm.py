"""Patches laid out as columns (im2col) and one matrix product per strip of positions.

The fastest way of these for many channels. The unrolling is that of Chellapilla, Puri and Simard,
"High performance convolutional neural networks for document processing", 2006. Here all rows of all
pictures stand one after the other, so that a kernel's cell meets one unbroken run of pixels and
laying out its column is one plain copy. Where a run goes on from one row into the next it passes
over the edge: those few positions are computed and never shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from convlab.engine.algorithms.problem import Problem
from convlab.engine.arrays import FloatArray
from convlab.engine.border import pad
from convlab.engine.shapes import Pair

# Shorter strips leave the matrix product waiting for its own start-up, longer ones for the memory.
_LONGEST_STRIP = 8192
_SHORTEST_STRIP = 1024


@dataclass(frozen=True, slots=True)
class _Runs:
    """All pixels as unbroken runs, ``(C, sh, sw, N * rows * columns)``.

    A stride of s sees the picture as s x s interleaved ones, each of which it walks without gaps.
    """

    pixels: FloatArray
    rows: int
    columns: int
    offsets: list[tuple[int, int, int]]  # of each cell of the kernel: which of s x s, and where
    positions: int  # the last cell has no pixels to meet beyond these


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32; it is a view of a larger array."""
    runs = _lay_out(problem)
    sizes = problem.sizes
    count, outputs, height, width = sizes.out_shape
    out = np.empty((outputs, count * runs.rows * runs.columns), np.float32)
    share = outputs // sizes.groups
    # The sum of an infinity and its opposite is NaN by right, and no reason for a warning.
    with np.errstate(all="ignore"):
        for group in range(sizes.groups):
            mine = slice(group * share, (group + 1) * share)
            bias = None if problem.bias is None else problem.bias[mine, np.newaxis]
            kernels = problem.weight[mine].reshape(share, -1)
            pixels = runs.pixels[group * sizes.depth : (group + 1) * sizes.depth]
            _correlate(pixels, kernels, bias, out[mine], runs)
    whole = out.reshape(outputs, count, runs.rows, runs.columns)
    return whole[:, :, :height, :width].swapaxes(0, 1)


def _lay_out(problem: Problem) -> _Runs:
    sizes, planes = problem.sizes, problem.x
    if any(sizes.padding):
        planes = pad(planes, sizes.padding, sizes.border, problem.value)
    (down, across), (gap, side_gap) = sizes.stride, sizes.dilation
    rows, columns = -(-sizes.padded[0] // down), -(-sizes.padded[1] // across)
    if sizes.stride == (1, 1):
        pixels = planes.swapaxes(0, 1).reshape(sizes.channels, 1, 1, -1)
    else:
        pixels = _interleaved(planes, sizes.stride, rows, columns)
    offsets = [
        (
            y * gap % down,
            z * side_gap % across,
            y * gap // down * columns + z * side_gap // across,
        )
        for y, z in product(*map(range, sizes.kernel))
    ]
    return _Runs(pixels, rows, columns, offsets, pixels.shape[3] - offsets[-1][2])


def _interleaved(planes: FloatArray, stride: Pair, rows: int, columns: int) -> FloatArray:
    """Take the picture apart into the s x s pictures that a stride sees."""
    count, channels = planes.shape[:2]
    pixels = np.zeros((channels, *stride, count, rows, columns), np.float32)
    for y, z in product(*map(range, stride)):
        part = planes[:, :, y :: stride[0], z :: stride[1]].swapaxes(0, 1)
        pixels[:, y, z, :, : part.shape[2], : part.shape[3]] = part
    return pixels.reshape(channels, *stride, -1)


def _correlate(
    pixels: FloatArray,
    kernels: FloatArray,
    bias: FloatArray | None,
    out: FloatArray,
    runs: _Runs,
) -> None:
    """Fill ``out`` ``(O, N * rows * columns)`` from the pixels of one group, strip by strip."""
    depth, cells = len(pixels), len(runs.offsets)
    length = min(_strip_length(depth * cells, pixels.size + out.size), runs.positions)
    scratch = np.empty(depth * cells * length, np.float32)
    for start in range(0, runs.positions, length):
        stop = min(start + length, runs.positions)
        columns = scratch[: depth * cells * (stop - start)].reshape(depth, cells, stop - start)
        for cell, (y, z, offset) in enumerate(runs.offsets):
            columns[:, cell] = pixels[:, y, z, start + offset : stop + offset]
        block = out[:, start:stop]
        np.matmul(kernels, columns.reshape(depth * cells, -1), out=block)
        if bias is not None:
            np.add(block, bias, out=block)


def _strip_length(rows: int, most: int) -> int:
    """Return how many positions to lay out at once, within ``most`` numbers of memory if we can."""
    return max(_SHORTEST_STRIP, min(_LONGEST_STRIP, math.ceil(most / rows)))
