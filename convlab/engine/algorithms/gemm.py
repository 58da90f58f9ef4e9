"""Patches laid out as columns (im2col) and one matrix product per strip of rows.

Every product is summed, that of a weight of zero with a NaN too: it gives the right number to any
problem, in float64 where float32 overflowed on the way.

The fastest way of these for many channels. The unrolling is that of Chellapilla, Puri and Simard,
"High performance convolutional neural networks for document processing", 2006. A kernel of one cell
meets the pixels as they lie: there is nothing to lay out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from convlab.engine import buffers
from convlab.engine.algorithms.full_plane import NO_PADDING
from convlab.engine.algorithms.patches import patches
from convlab.engine.algorithms.problem import Problem, Sizes, is_finite
from convlab.engine.arrays import AnyArray, read_rows_as_they_lie
from convlab.engine.border import pad
from convlab.engine.parallel import cores, share, single_threaded_blas

# A strip's columns should stay in the cache of a core, and its product be worth a call.
_SCRATCH = 250_000  # numbers
_SHORTEST_STRIP = 256
# The BLAS itself starts threads for more products.
_BLAS_SHARES = 1 << 18
# So many products are summed before another thread has woken up.
_ONE_STRIP = 30_000_000


class _Piece(NamedTuple):
    """What is multiplied at once: some pictures, some rows of the result, some of its outputs."""

    pictures: slice
    rows: slice
    outputs: slice  # of each group


def run(problem: Problem) -> AnyArray:
    """Return ``(N, O, H', W')`` of the pictures' type, contiguous."""
    out = _run(problem)
    # What overflowed on the way to a sum stays infinite or NaN to its end, and is seen there.
    if problem.is_wide or is_finite(out) or problem.is_tame:
        return out
    with np.errstate(over="ignore"):  # what float32 does not hold becomes infinite
        return _run(_widened(problem)).astype(np.float32)


def _widened(problem: Problem) -> Problem:
    bias = None if problem.bias is None else problem.bias.astype(np.float64)
    x, weight = problem.x.astype(np.float64), problem.weight.astype(np.float64)
    return replace(problem, x=x, weight=weight, bias=bias)


def _run(problem: Problem) -> AnyArray:
    sizes, planes = problem.sizes, problem.x
    if sizes.padding != NO_PADDING:
        room = buffers.empty((*planes.shape[:2], *sizes.padded), planes.dtype)
        planes = pad(planes, sizes.padding, sizes.border, problem.value, room)
    if is_one_product(sizes):
        return _multiply_at_once(problem, planes)
    groups, portion = sizes.groups, sizes.outputs // sizes.groups
    kernels = problem.weight.reshape(groups, portion, -1)
    bias = None if problem.bias is None else problem.bias.reshape(groups, portion, 1)
    out = buffers.empty(sizes.out_shape, planes.dtype)
    results = out.reshape(sizes.pictures, groups, portion, *sizes.result)
    seen = planes if lies_ready(sizes) else patches(planes, sizes)

    def fill(pieces: Iterator[_Piece]) -> None:
        for pictures, rows, outputs in pieces:
            block = results[pictures, :, outputs, rows]
            columns = _lay_out(seen[pictures, ..., rows, :], groups)
            # The sum of an infinity and its opposite is NaN by right, and no reason for a warning.
            with np.errstate(all="ignore"):
                sums = _multiply(kernels[:, outputs], columns, block)
                if bias is not None:
                    read_rows_as_they_lie(sums.shape[2])
                    np.add(sums, bias[:, outputs], out=sums)
            if len(block) > 1:
                block[:] = sums.reshape(*block.shape[1:3], len(block), *block.shape[3:]).transpose(
                    2, 0, 1, 3, 4
                )

    pieces = _pieces(sizes)
    if is_shared(sizes):
        share(fill, pieces)
    else:
        with _own_thread(sizes):
            fill(iter(pieces))
    return out


def is_one_product(sizes: Sizes) -> bool:
    """Tell whether all is one product of what lies there, too small to be shared."""
    return lies_ready(sizes) and sizes.groups == 1 and sizes.channels > 1 and not is_shared(sizes)


def _multiply_at_once(problem: Problem, planes: AnyArray) -> AnyArray:
    """Return ``(1, O, H', W')``: layers of networks take as long to be cut into pieces."""
    sizes = problem.sizes
    out = buffers.empty(sizes.out_shape, planes.dtype)
    sums = out.reshape(sizes.outputs, -1)
    with _own_thread(sizes), np.errstate(all="ignore"):
        columns = planes.reshape(sizes.channels, -1)
        np.matmul(problem.weight.reshape(sizes.outputs, -1), columns, out=sums)
        if problem.bias is not None:
            read_rows_as_they_lie(sums.shape[1])
            np.add(sums, problem.bias[:, np.newaxis], out=sums)
    return out


def _own_thread(sizes: Sizes) -> AbstractContextManager[None]:
    """Keep BLAS from starting threads, where it would."""
    return single_threaded_blas() if products(sizes) > _BLAS_SHARES else nullcontext()


def _lay_out(seen: AnyArray, groups: int) -> AnyArray:
    """Return the columns of each group, ``(groups, C / groups * kh * kw, N * rows * W')``.

    Args:
        seen: ``(N, C, kh, kw, rows, W')``, or ``(1, C, rows, W')`` where that is the same.
        groups: How many.
    """
    if seen.ndim == 4:
        ready: AnyArray = seen.reshape(groups, seen.shape[1] // groups, -1)
        return ready
    seen = seen.transpose(1, 2, 3, 0, 4, 5)
    columns = buffers.empty(seen.shape, seen.dtype)
    np.copyto(columns, seen)
    laid_out: AnyArray = columns.reshape(groups, math.prod(seen.shape[:3]) // groups, -1)
    return laid_out


def _multiply(kernels: AnyArray, columns: AnyArray, block: AnyArray) -> AnyArray:
    """Return the products of each group, ``(groups, O / groups, n)``; of one picture in ``block``.

    Args:
        kernels: ``(groups, O / groups, m)``.
        columns: ``(groups, m, n)``.
        block: ``(N, groups, O / groups, rows, W')``.
    """
    if len(block) > 1:
        return np.asarray(np.matmul(kernels, columns))
    sums: AnyArray = block[0].reshape(*kernels.shape[:2], columns.shape[2])
    assert np.may_share_memory(sums, block)  # no copy: rows follow each other
    if columns.shape[1] == 1:  # nothing to sum: matmul takes up to eight times as long for it
        np.multiply(kernels, columns, out=sums)
    elif len(kernels) == 1:  # two axes go to BLAS as they lie
        np.matmul(kernels[0], columns[0], out=sums[0])
    else:
        np.matmul(kernels, columns, out=sums)
    return sums


def lies_ready(sizes: Sizes) -> bool:
    """Tell whether the pixels are the columns, as they lie."""
    return sizes.kernel == sizes.stride == (1, 1) and sizes.pictures == 1


def products(sizes: Sizes) -> int:
    """Return how many products are summed."""
    return math.prod(sizes.out_shape) * sizes.depth * math.prod(sizes.kernel)


def is_shared(sizes: Sizes) -> bool:
    """Tell whether the products are worth several threads."""
    return products(sizes) > _ONE_STRIP


def strip_of(sizes: Sizes) -> tuple[int, int]:
    """Return how many pictures, and how many rows of each result, to lay out at once."""
    height, width = sizes.result
    if lies_ready(sizes):
        rows = height
    else:
        cells = sizes.channels * math.prod(sizes.kernel)
        rows = min(max(_SCRATCH // (cells * width), -(-_SHORTEST_STRIP // width)), height)
    if is_shared(sizes) and sizes.pictures == 1 and height * width >= cores() * _SHORTEST_STRIP:
        turns = math.ceil(height / (cores() * rows))  # every core gets equally many strips
        rows = math.ceil(height / (cores() * turns))
    pictures = _SHORTEST_STRIP // (height * width) if rows == height else 1
    return min(max(pictures, 1), sizes.pictures), rows


def count_strips(sizes: Sizes) -> int:
    """Return how often columns are laid out and multiplied."""
    pictures, rows = strip_of(sizes)
    return math.ceil(sizes.pictures / pictures) * math.ceil(sizes.result[0] / rows)


@lru_cache(maxsize=512)
def _pieces(sizes: Sizes) -> tuple[_Piece, ...]:
    pictures, rows = strip_of(sizes)
    portion = sizes.outputs // sizes.groups
    parts = 1
    if is_shared(sizes) and count_strips(sizes) < cores():
        parts = min(cores(), portion)  # of the same few columns
    cuts = (
        _cut(sizes.pictures, pictures),
        _cut(sizes.result[0], rows),
        _cut(portion, math.ceil(portion / parts)),
    )
    return tuple(_Piece(*cut) for cut in product(*cuts))


def _cut(size: int, length: int) -> list[slice]:
    return [slice(start, min(start + length, size)) for start in range(0, size, length)]
