"""What ``cv2.filter2D`` does not do: padding, strides, gaps between the kernel's cells."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product

import numpy as np

from convlab.engine import buffers
from convlab.engine.algorithms.problem import Problem, Sizes
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
NO_PADDING = Padding(0, 0, 0, 0)
# Beyond, filter2D goes through a Fourier transform: all pixels then feel each other.
_CPU_SSE3 = 4
_MOST_CELLS = 129 if cv2.checkHardwareSupport(_CPU_SSE3) else 49


def slides_at_once(span: Pair) -> bool:
    """Tell whether filter2D slides a kernel that spans so many cells, without a transform."""
    return span[0] * span[1] <= _MOST_CELLS


def count_pieces(span: Pair) -> int:
    """Return of how many pieces ``slide`` makes a kernel."""
    rows, columns = _piece(span)
    return math.ceil(span[0] / rows) * math.ceil(span[1] / columns)


def _piece(span: Pair) -> Pair:
    columns = min(span[1], _MOST_CELLS)
    return min(span[0], _MOST_CELLS // columns), columns


def slide(
    plane: FloatArray,
    kernel: FloatArray,
    out: FloatArray,
    place: Pair,
    delta: float = 0.0,
    border_type: int = cv2.BORDER_CONSTANT,
) -> None:
    """Fill ``out`` with a kernel's sums of products, as ``filter2D`` but never by a transform.

    Args:
        plane: ``(H, W)``.
        kernel: ``(kh, kw)``; one that does not slide at once needs a plane with its padding.
        out: ``(H, W)``; what juts out of a plane with its padding is of no use.
        place: Padding that is left to do at the left and the top: where the kernel's anchor is.
        delta: Is added.
        border_type: Of the padding that is left to do.
    """
    if kernel.size <= _MOST_CELLS:
        cv2.filter2D(plane, -1, kernel, out, place, delta, border_type)
        return
    height, width = plane.shape
    rows, columns = _piece((kernel.shape[0], kernel.shape[1]))
    scratch = buffers.empty(plane.shape)
    for top, left in product(range(0, kernel.shape[0], rows), range(0, kernel.shape[1], columns)):
        piece = np.ascontiguousarray(kernel[top : top + rows, left : left + columns])
        seen = plane[top:, left:]
        if (top, left) == (0, 0):
            cv2.filter2D(seen, -1, piece, out, (0, 0), delta, cv2.BORDER_CONSTANT)
            continue
        part, sums = scratch[: height - top, : width - left], out[: height - top, : width - left]
        cv2.filter2D(seen, -1, piece, part, (0, 0), 0.0, cv2.BORDER_CONSTANT)
        cv2.add(sums, part, sums)


def with_border(problem: Problem, *spans: Pair) -> tuple[FloatArray, Padding, int]:
    """Return the planes, the padding that is left for ``slide`` to do, and its kind of border.

    Args:
        problem: The planes and their padding.
        spans: Of the kernels that will slide, where they are others than the problem's.
    """
    sizes = problem.sizes
    if sizes.padding == NO_PADDING:
        return problem.x, NO_PADDING, cv2.BORDER_CONSTANT
    border_type = _own_border(sizes, problem.value == 0.0, spans)
    if border_type is not None:
        return problem.x, sizes.padding, border_type
    padded = pad(problem.x, sizes.padding, sizes.border, problem.value)
    return padded, NO_PADDING, cv2.BORDER_CONSTANT


@lru_cache(maxsize=512)
def _own_border(sizes: Sizes, is_zero: bool, spans: tuple[Pair, ...]) -> int | None:
    """Return the kind of border by which filter2D pads; None if it cannot."""
    border = Border.ZEROS if sizes.border is Border.CONSTANT and is_zero else sizes.border
    top, bottom, left, right = sizes.padding
    rows, columns = sizes.span
    # One result per input pixel: filter2D cannot make the picture larger.
    fits = top + bottom < rows and left + right < columns
    fits &= all(map(slides_at_once, spans or (sizes.span,)))
    return FILTER_BORDERS.get(border) if fits else None


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
    if rows == columns == 1:
        is_whole = whole.shape[2:] == problem.sizes.result
        return whole if is_whole else whole[:, :, :height, :width]
    # Copied: a view would keep all the pixels in memory and be slow to read.
    return whole[:, :, : height * rows : rows, : width * columns : columns].copy()
