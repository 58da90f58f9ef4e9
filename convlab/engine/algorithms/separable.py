"""A kernel of rank 1 as a pass down the columns and a pass along the rows: k + k steps, not k * k.

A kernel that is the sum of a few such ones is run as their sum.
"""

from __future__ import annotations

from convlab.engine import buffers
from convlab.engine.algorithms.full_plane import (
    slide,
    slides_at_once,
    wanted,
    with_border,
    with_gaps,
)
from convlab.engine.algorithms.low_rank import MOST_TERMS, Term, factor
from convlab.engine.algorithms.problem import Problem
from convlab.engine.algorithms.tameness import need_tame
from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2
from convlab.engine.shapes import Padding

_BAND = 1 << 17  # pixels


def rejection(problem: Problem) -> str | None:
    """Return why the problem cannot be run like this, or None if it can."""
    for kernel in problem.weight.reshape(-1, *problem.sizes.kernel):
        if factor(kernel) is None:
            rows, columns = problem.sizes.kernel
            return (
                f"a kernel of {rows} × {columns} is not the sum of {MOST_TERMS} or fewer "
                "separable ones: choose auto"
            )
    return None


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32; without padding it is a view of a larger array.

    The problem must not be one that ``rejection`` rejects.

    Raises:
        UntamedError: See ``need_tame``.
    """
    sizes = problem.sizes
    rows, columns = sizes.span
    planes, padding, border_type = with_border(problem, (rows, 1), (1, columns))
    whole = buffers.empty((len(planes), sizes.outputs, *planes.shape[2:]))
    passes = _Passes(planes.shape[2:], padding, border_type)
    share = sizes.outputs // sizes.groups
    for output, kernels in enumerate(problem.weight):
        terms = [
            (channel, with_gaps(tall, sizes.dilation), with_gaps(wide, sizes.dilation))
            for channel, kernel in enumerate(kernels, start=output // share * sizes.depth)
            for tall, wide in factor(kernel) or ()
        ]
        bias = 0.0 if problem.bias is None else float(problem.bias[output])
        for picture, results in zip(planes, whole, strict=True):
            (channel, *first), *others = terms
            passes.run(picture[channel], (first[0], first[1]), bias, results[output])
            for channel, tall, wide in others:
                passes.add(picture[channel], (tall, wide), results[output])
    need_tame(problem, whole)
    return wanted(whole, problem)


class _Passes:
    """The two passes over a plane, a band of rows at a time: what is between stays in the cache."""

    def __init__(self, shape: tuple[int, ...], padding: Padding, border_type: int) -> None:
        self._shape = shape
        self._padding, self._border_type = padding, border_type

    def run(self, plane: FloatArray, term: Term, bias: float, out: FloatArray) -> None:
        """Fill ``out`` with a separable kernel's result."""
        tall, wide = term
        (height, width), (top, left) = self._shape, (self._padding.top, self._padding.left)
        is_short = slides_at_once((len(tall), 1))  # a long one needs all of the plane
        length = max(_BAND // width, 2 * len(tall)) if is_short else height
        between = buffers.empty((min(length + 2 * len(tall), height), width))
        # The last band reaches as far back as its border may look.
        for first in range(0, max(height - len(tall), 1), length):
            stop = first + length if first + length < height - len(tall) else height
            start = max(first - top, 0)
            seen = plane[start : stop - top + len(tall) - 1]
            sums = between[: len(seen)]
            slide(seen, tall, sums, (0, start - first + top), 0.0, self._border_type)
            sums, results = sums[: stop - first], out[first:stop]
            slide(sums, wide, results, (left, 0), bias, self._border_type)

    def add(self, plane: FloatArray, term: Term, out: FloatArray) -> None:
        """Add a separable kernel's result to ``out``."""
        more = buffers.empty(self._shape)
        self.run(plane, term, 0.0, more)
        cv2.add(out, more, out)
