"""One ``cv2.filter2D`` per pair of input and output channel, summed.

The fastest way for small kernels on a few planes; larger kernels slide in pieces. Weights of zero
are skipped, so 0 * NaN would be 0 here.
"""

from __future__ import annotations

import numpy as np

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
    planes, padding, border_type = with_border(problem, problem.sizes.span)
    kernels = with_gaps(problem.weight, problem.sizes.dilation)
    # filter2D gives a plane of the input's size; the anchor puts the wanted part at its start.
    place = padding.left, padding.top
    whole = np.empty((len(planes), len(kernels), *planes.shape[2:]), np.float32)
    scratch = np.empty(planes.shape[2:] if kernels.shape[1] > 1 else 0, np.float32)
    outputs_per_group = len(kernels) // problem.sizes.groups
    for picture, results in zip(planes, whole, strict=True):
        for output, result in enumerate(results):
            first = output // outputs_per_group * kernels.shape[1]
            delta = 0.0 if problem.bias is None else float(problem.bias[output])
            slide(picture[first], kernels[output, 0], result, place, delta, border_type)
            for channel in range(1, kernels.shape[1]):
                plane, kernel = picture[first + channel], kernels[output, channel]
                slide(plane, kernel, scratch, place, 0.0, border_type)
                cv2.add(result, scratch, result)
    need_tame(problem, whole)
    return wanted(whole, problem)
