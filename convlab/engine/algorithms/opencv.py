"""One ``cv2.filter2D`` per pair of input and output channel, summed.

The fastest way for small kernels on a few planes; larger kernels slide in pieces. Weights of zero
are skipped, so 0 * NaN would be 0 here.
"""

from __future__ import annotations

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
    planes, padding, border_type = with_border(problem)
    kernels = with_gaps(problem.weight, sizes.dilation)
    # filter2D gives a plane of the input's size; the anchor puts the wanted part at its start.
    place = padding.left, padding.top
    whole = buffers.empty((len(planes), len(kernels), *planes.shape[2:]))
    portion, depth = sizes.outputs // sizes.groups, kernels.shape[1]
    biases = [0.0] * len(kernels) if problem.bias is None else problem.bias.tolist()
    if len(planes) == len(kernels) == depth == 1:  # there may be less to compute than to ask for
        slide(planes[0, 0], kernels[0, 0], whole[0, 0], place, biases[0], border_type)
        need_tame(problem, whole)
        return wanted(whole, problem)
    scratch = whole if depth == 1 else buffers.empty(planes.shape[2:])
    for seen, results in zip(planes, whole, strict=True):
        for output, kernel in enumerate(kernels):
            result, first = results[output], output // portion * depth
            slide(seen[first], kernel[0], result, place, biases[output], border_type)
            for channel in range(1, depth):
                slide(seen[first + channel], kernel[channel], scratch, place, 0.0, border_type)
                cv2.add(result, scratch, result)
    need_tame(problem, whole)
    return wanted(whole, problem)
