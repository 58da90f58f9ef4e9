"""What ``cv2.filter2D`` does not do: padding, strides, gaps between the kernel's cells."""

from __future__ import annotations

import math

import numpy as np

from convlab.engine.algorithms.problem import Problem
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border, pad
from convlab.engine.cv import cv2
from convlab.engine.shapes import Padding, Pair

# The borders that filter2D continues by itself, without a padded copy.
FILTER_BORDERS = {
    Border.ZEROS: cv2.BORDER_CONSTANT,
    Border.REPLICATE: cv2.BORDER_REPLICATE,
    Border.REFLECT: cv2.BORDER_REFLECT_101,
}
_NO_PADDING = Padding(0, 0, 0, 0)
_FOURIER_CELLS = 130
_LARGEST_SUM = 1e37  # a tenth of what float32 holds


def uses_fourier(span: Pair) -> bool:
    """Tell whether filter2D goes through a Fourier transform: all pixels then feel each other."""
    return span[0] * span[1] >= _FOURIER_CELLS


def stays_in_reach(problem: Problem) -> bool:
    """Tell whether a Fourier transform may be trusted with these numbers.

    It spreads a NaN or an infinity over the whole plane, and its sums over all pixels overflow
    where those of a kernel would not.
    """
    if not (is_finite(problem.x) and is_finite(problem.weight)):
        return False
    largest = float(cv2.norm(_flat(problem.x), cv2.NORM_INF))
    kernels = problem.weight.reshape(len(problem.weight), -1)
    strongest = float(np.abs(kernels).sum(axis=1, dtype=np.float64).max())
    return largest * max(strongest, 1.0) * math.prod(problem.sizes.padded) < _LARGEST_SUM


def is_finite(numbers: FloatArray) -> bool:
    """Tell whether there is neither a NaN nor an infinity, in one pass."""
    # Sums of float32 cannot overflow in float64: a finite sum means finite values.
    return math.isfinite(cv2.sumElems(_flat(numbers))[0])


def _flat(numbers: FloatArray) -> FloatArray:
    return numbers.reshape(-1, numbers.shape[-1])


REJECTION = (
    "a Fourier transform, which a kernel as large as this one goes through, would spread a NaN, an "
    "infinity or an overflow over the whole picture: choose gemm"
)


def with_border(problem: Problem) -> tuple[FloatArray, Padding, int]:
    """Return the planes, the padding that is left for filter2D to do, and its kind of border."""
    sizes = problem.sizes
    padding, border = sizes.padding, sizes.border
    if padding == _NO_PADDING:
        return problem.x, padding, cv2.BORDER_CONSTANT
    if border is Border.CONSTANT and problem.value == 0.0:
        border = Border.ZEROS
    rows, columns = sizes.span
    # One result per input pixel: filter2D cannot make the picture larger.
    fits = padding.top + padding.bottom < rows and padding.left + padding.right < columns
    if fits and border in FILTER_BORDERS:
        return problem.x, padding, FILTER_BORDERS[border]
    padded = pad(problem.x, padding, border, problem.value)
    return padded, _NO_PADDING, cv2.BORDER_CONSTANT


def with_gaps(kernels: FloatArray, dilation: Pair) -> FloatArray:
    """Return kernels ``(..., kh, kw)`` with zeros between their cells, as the dilation asks for."""
    if dilation == (1, 1):
        return kernels
    rows, columns = kernels.shape[-2:]
    span = dilation[0] * (rows - 1) + 1, dilation[1] * (columns - 1) + 1
    spread = np.zeros((*kernels.shape[:-2], *span), np.float32)
    spread[..., :: dilation[0], :: dilation[1]] = kernels
    return spread


def wanted(whole: FloatArray, problem: Problem) -> FloatArray:
    """Return the positions that the stride stops at, from results for every pixel."""
    height, width = problem.sizes.result
    rows, columns = problem.sizes.stride
    if (rows, columns) == (1, 1):
        return whole[:, :, :height, :width]
    # Copied: a view would keep all the pixels in memory and be slow to read.
    return whole[:, :, : height * rows : rows, : width * columns : columns].copy()
