"""A kernel of rank 1 as a pass down the columns and a pass along the rows: k + k steps, not k * k.

A kernel that is the sum of a few such ones is run as their sum.
"""

from __future__ import annotations

import numpy as np

from convlab.engine.algorithms.full_plane import slide, wanted, with_border, with_gaps
from convlab.engine.algorithms.low_rank import MOST_TERMS, Term, factor
from convlab.engine.algorithms.problem import Problem
from convlab.engine.algorithms.tameness import need_tame
from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2
from convlab.engine.shapes import Padding


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
    whole = np.empty((len(planes), sizes.outputs, *planes.shape[2:]), np.float32)
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
    """The two passes over a plane, and the memory between them."""

    def __init__(self, shape: tuple[int, ...], padding: Padding, border_type: int) -> None:
        self._between = np.empty(shape, np.float32)
        self._sum = np.empty(shape, np.float32)
        self._padding, self._border_type = padding, border_type

    def run(self, plane: FloatArray, term: Term, bias: float, out: FloatArray) -> None:
        """Fill ``out`` with a separable kernel's result."""
        tall, wide = term
        top, left = self._padding.top, self._padding.left
        slide(plane, tall, self._between, (0, top), 0.0, self._border_type)
        slide(self._between, wide, out, (left, 0), bias, self._border_type)

    def add(self, plane: FloatArray, term: Term, out: FloatArray) -> None:
        """Add a separable kernel's result to ``out``."""
        self.run(plane, term, 0.0, self._sum)
        cv2.add(out, self._sum, out)
