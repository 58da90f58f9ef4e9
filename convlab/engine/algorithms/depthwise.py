"""Channels that do not see each other, laid out last: the sums of all channels at once.

What a cell of the kernels meets is then one run of as many numbers as there are channels, however
small the planes are; so it is for many small ones. Every product is summed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from convlab.engine import buffers
from convlab.engine.algorithms.full_plane import NO_PADDING
from convlab.engine.algorithms.patches import patches
from convlab.engine.algorithms.problem import Problem, Sizes, UntamedError, is_finite
from convlab.engine.arrays import FloatArray
from convlab.engine.border import pad
from convlab.engine.cv import cv2
from convlab.engine.parallel import cores, share

# So many products are summed before another thread has woken up.
_ONE_THREAD = 4_000_000


def fits(sizes: Sizes) -> bool:
    """Tell whether every kernel sees one channel of several."""
    return sizes.depth == 1 and sizes.groups > 1


def rejection(problem: Problem) -> str | None:
    """Return why the problem cannot be run like this, or None if it can."""
    if fits(problem.sizes):
        return None
    return "it is for as many groups as channels, two or more: choose auto"


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32, contiguous.

    The problem must not be one that ``rejection`` rejects.

    Raises:
        UntamedError: If a sum may be infinite only because it overflowed on the way.
    """
    sizes = problem.sizes
    channels, several = sizes.channels, sizes.outputs // sizes.channels
    kernels = buffers.empty((several, *sizes.kernel, channels))
    cv2.transpose(problem.weight.reshape(channels, -1), kernels.reshape(-1, channels))
    bias = None if problem.bias is None else problem.bias.reshape(channels, several).T
    seen = patches(_channels_last(problem), sizes)
    out = buffers.empty(sizes.out_shape)
    results = out.reshape(sizes.pictures, channels, several, *sizes.result)
    length = math.ceil(sizes.result[0] / cores()) if is_shared(sizes) else sizes.result[0]

    def fill(starts: Iterator[int]) -> None:
        for start in starts:
            rows = slice(start, start + length)
            for picture, number in np.ndindex(sizes.pictures, several):
                sums = _sums(seen[picture, ..., rows, :], kernels[number])
                if bias is not None:
                    with np.errstate(all="ignore"):
                        sums += bias[number]
                _copy_planes(sums, results[picture, :, number, rows])

    starts = range(0, sizes.result[0], length)
    if len(starts) > 1:
        share(fill, starts)
    else:
        fill(iter(starts))
    if not (is_finite(out) or problem.is_tame):
        raise UntamedError
    return out


def is_shared(sizes: Sizes) -> bool:
    """Tell whether the products are worth several threads."""
    return math.prod(sizes.out_shape) * math.prod(sizes.kernel) > _ONE_THREAD


def _channels_last(problem: Problem) -> FloatArray:
    """Return the pictures with their padding ``(N, C, H, W)``, channels last in memory."""
    sizes, planes = problem.sizes, problem.x
    last = buffers.empty((sizes.pictures, *sizes.picture, sizes.channels))
    for picture, result in zip(planes, last, strict=True):
        cv2.transpose(picture.reshape(sizes.channels, -1), result.reshape(-1, sizes.channels))
    seen = last.transpose(0, 3, 1, 2)
    if sizes.padding == NO_PADDING:
        return seen
    room = buffers.empty((sizes.pictures, *sizes.padded, sizes.channels)).transpose(0, 3, 1, 2)
    return pad(seen, sizes.padding, sizes.border, problem.value, room)


def _sums(seen: FloatArray, kernels: FloatArray) -> FloatArray:
    """Return ``(H', W', C)`` of patches ``(C, kh, kw, H', W')`` and kernels ``(kh, kw, C)``."""
    patches_last = seen.transpose(3, 4, 1, 2, 0)
    sums = buffers.empty((*patches_last.shape[:2], patches_last.shape[-1]))
    with np.errstate(all="ignore"):
        np.einsum("hwyxc,yxc->hwc", patches_last, kernels, out=sums)
    return sums


def _copy_planes(sums: FloatArray, planes: FloatArray) -> None:
    """Write ``(H', W', C)`` as ``(C, H', W')``, whose rows follow each other."""
    flat = planes.reshape(len(planes), -1)
    assert np.may_share_memory(flat, planes)  # no copy: it is written into
    cv2.transpose(sums.reshape(-1, len(planes)), flat)
