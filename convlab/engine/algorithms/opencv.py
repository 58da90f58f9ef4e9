"""One ``cv2.filter2D`` per pair of input and output channel, summed.

The fastest way for small kernels on a few planes; larger kernels slide in pieces. Weights of zero
are skipped, so 0 * NaN would be 0 here.
"""

from __future__ import annotations

from itertools import product

from convlab.engine import buffers
from convlab.engine.algorithms.full_plane import slide, wanted, with_border, with_gaps
from convlab.engine.algorithms.problem import Problem
from convlab.engine.algorithms.tameness import need_tame
from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32; without padding it is a view of a larger array.

    Raises:
        UntamedError: See ``need_tame``.
    """
    sizes = problem.sizes
    planes, padding, border_type = with_border(problem, sizes.span)
    kernels = with_gaps(problem.weight, sizes.dilation)
    # filter2D gives a plane of the input's size; the anchor puts the wanted part at its start.
    place = padding.left, padding.top
    whole = buffers.empty((len(planes), len(kernels), *planes.shape[2:]))
    portion, depth, bias = sizes.outputs // sizes.groups, sizes.depth, problem.bias
    scratch = whole if depth == 1 else buffers.empty(planes.shape[2:])
    for picture, output in product(range(sizes.pictures), range(sizes.outputs)):
        seen, kernel, result = planes[picture], kernels[output], whole[picture, output]
        first, delta = output // portion * depth, 0.0 if bias is None else float(bias[output])
        slide(seen[first], kernel[0], result, place, delta, border_type)
        for channel in range(1, depth):
            slide(seen[first + channel], kernel[channel], scratch, place, 0.0, border_type)
            cv2.add(result, scratch, result)
    need_tame(problem, whole)
    return wanted(whole, problem)
