"""One ``cv2.filter2D`` per pair of input and output channel, summed.

The fastest way for a few planes. From 130 cells on, gaps of a dilated kernel included, filter2D
goes through a Fourier transform: a NaN or an infinity then spreads over the whole plane
(``uses_fourier`` tells). Below that it skips weights of zero, so 0 * NaN is 0 here.
"""

from __future__ import annotations

import numpy as np

from convlab.engine.algorithms.problem import Problem
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border, pad
from convlab.engine.cv import cv2
from convlab.engine.shapes import Padding, Pair

# The borders that filter2D continues by itself, without a padded copy.
_BORDER_TYPES = {
    Border.ZEROS: cv2.BORDER_CONSTANT,
    Border.REPLICATE: cv2.BORDER_REPLICATE,
    Border.REFLECT: cv2.BORDER_REFLECT_101,
}
_FOURIER_CELLS = 130
_NO_PADDING = Padding(0, 0, 0, 0)


def uses_fourier(span: Pair) -> bool:
    """Tell whether filter2D goes through a Fourier transform: all pixels then feel each other."""
    return span[0] * span[1] >= _FOURIER_CELLS


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32; without padding it is a view of a larger array."""
    planes, padding, border_type = _with_border(problem)
    kernels = _with_gaps(problem)
    # filter2D gives a plane of the input's size; the anchor puts the wanted part at its start.
    place = padding.left, padding.top
    whole = np.empty((len(planes), len(kernels), *planes.shape[2:]), np.float32)
    scratch = np.empty(planes.shape[2:], np.float32)
    outputs_per_group = len(kernels) // problem.groups
    for picture, results in zip(planes, whole, strict=True):
        for output, result in enumerate(results):
            first = output // outputs_per_group * kernels.shape[1]
            delta = 0.0 if problem.bias is None else float(problem.bias[output])
            cv2.filter2D(picture[first], -1, kernels[output, 0], result, place, delta, border_type)
            for channel in range(1, kernels.shape[1]):
                plane, kernel = picture[first + channel], kernels[output, channel]
                cv2.filter2D(plane, -1, kernel, scratch, place, 0.0, border_type)
                cv2.add(result, scratch, result)
    return _wanted(whole, problem)


def _with_border(problem: Problem) -> tuple[FloatArray, Padding, int]:
    """Return the planes, the padding that is left for filter2D to do, and its kind of border."""
    padding, border = problem.padding, problem.border
    if padding == _NO_PADDING:
        return problem.x, padding, cv2.BORDER_CONSTANT
    if border is Border.CONSTANT and problem.value == 0.0:
        border = Border.ZEROS
    rows, columns = problem.span
    # One result per input pixel: filter2D cannot make the picture larger.
    fits = padding.top + padding.bottom < rows and padding.left + padding.right < columns
    if fits and border in _BORDER_TYPES:
        return problem.x, padding, _BORDER_TYPES[border]
    padded = pad(problem.x, padding, border, problem.value)
    return padded, _NO_PADDING, cv2.BORDER_CONSTANT


def _with_gaps(problem: Problem) -> FloatArray:
    """Return the kernels with zeros between their cells, as the dilation asks for."""
    if problem.dilation == (1, 1):
        return problem.weight
    kernels = np.zeros((*problem.weight.shape[:2], *problem.span), np.float32)
    kernels[:, :, :: problem.dilation[0], :: problem.dilation[1]] = problem.weight
    return kernels


def _wanted(whole: FloatArray, problem: Problem) -> FloatArray:
    height, width = problem.out_size
    rows, columns = problem.stride
    if problem.stride == (1, 1):
        return whole[:, :, :height, :width]
    # Copied: a view would keep all the pixels in memory and be slow to read.
    return whole[:, :, : height * rows : rows, : width * columns : columns].copy()
