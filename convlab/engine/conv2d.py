"""Two-dimensional convolution: one entry, and the rule by which it picks an algorithm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine import reference
from convlab.engine.algorithms import gemm, opencv
from convlab.engine.algorithms.problem import Problem
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import build_problem
from convlab.engine.cv import cv2
from convlab.engine.shapes import PaddingSpec


class Algorithm(StrEnum):
    """A way to compute the same numbers; the value is the name used in the API."""

    AUTO = "auto"
    REFERENCE = "reference"
    GEMM = "gemm"
    OPENCV = "opencv"

    @classmethod
    def parse(cls, text: str) -> Algorithm:
        """Return the algorithm of that name.

        Raises:
            ValueError: If there is none; the message lists the names allowed.
        """
        try:
            return cls(text)
        except ValueError:
            allowed = ", ".join(cls)
            raise ValueError(f"algorithm {text!r} is unknown: choose one of {allowed}") from None


def conv2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | Sequence[int] = 1,
    padding: PaddingSpec = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    border: str = "zeros",
    value: float = 0.0,
    flip: bool = False,
    algorithm: str = "auto",
) -> FloatArray:
    """Slide kernels over a picture and sum the products.

    Names, order and meaning are PyTorch's. As there, it correlates unless ``flip`` is set: the
    kernel lies on the picture as it is written.

    >>> conv2d([[10, 10, 0, 0]] * 3, [[1, 0, -1]] * 3).tolist()
    [[30.0, 30.0]]

    Args:
        x: A plane ``(H, W)``, a picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided
            by 255 and uint16 by 65535; other whole numbers, booleans and floats keep their values.
            NaN and infinities go through.
        weight: ``(kh, kw)`` for a plane, else ``(O, C / groups, kh, kw)``; values as they are.
        bias: One number per output channel, added to the sums; a plain number for a plane.
        stride: Step between positions, one number or (rows, columns) [px].
        padding: Cells added around the picture [px]: one number, (rows, columns),
            (top, bottom, left, right), "valid", "same" or "full". "same" puts the odd cell of an
            even kernel behind.
        dilation: Distance between neighbouring cells of the kernel, as ``stride`` [px].
        groups: Split the channels into groups that do not see each other; C of them is depthwise.
        border: What the added cells hold: "zeros", "constant", "replicate", "reflect" (the edge is
            not repeated) or "circular".
        value: What they hold under "constant".
        flip: Turn the kernel by 180 degrees first: true convolution.
        algorithm: "auto" (see ``choose``), "reference", "gemm" or "opencv".

    Returns:
        float32 of the same rank as ``x``: ``(H', W')``, ``(O, H', W')`` or ``(N, O, H', W')``.
        It may be a view of a larger array. Inputs are not changed.

    Raises:
        ValueError: If shapes, sizes or names do not fit; the message has the numbers and a remedy.
    """
    way = algorithm if isinstance(algorithm, Algorithm) else Algorithm.parse(algorithm)
    problem, rank = build_problem(
        x, weight, bias, stride, padding, dilation, groups, border, value, flip
    )
    out = run(problem, way)
    return out.reshape(out.shape[4 - rank :])  # only axes of length 1 go


def run(problem: Problem, algorithm: Algorithm) -> FloatArray:
    """Return ``(N, O, H', W')`` float32 by the given algorithm."""
    if algorithm is Algorithm.AUTO:
        algorithm = choose(problem)
    match algorithm:
        case Algorithm.OPENCV:
            return opencv.run(problem)
        case Algorithm.GEMM:
            return gemm.run(problem)
        case _:
            return _reference(problem)


def choose(problem: Problem) -> Algorithm:
    """Return the algorithm that "auto" stands for: the cheaper of two by estimate.

    Few planes go to OpenCV, many channels to the matrix product, and so do long strides and widely
    dilated kernels, where OpenCV computes what nobody wants. A large kernel on pictures with a NaN
    or an infinity goes to the matrix product as well, which keeps them where they are.
    """
    if _gemm_time(problem) < _opencv_time(problem) or not _stays_local(problem):
        return Algorithm.GEMM
    return Algorithm.OPENCV


def _opencv_time(problem: Problem) -> float:
    """Estimate the time of ``opencv.run`` [ns], from measurements on two cores."""
    pictures, _, height, width = problem.x.shape
    outputs, depth, rows, columns = problem.weight.shape
    per_pixel = 10.0 if opencv.uses_fourier(problem.span) else 0.1 + 0.035 * rows * columns
    summing = 0.15 if depth > 1 else 0.0
    return float(pictures * outputs * depth * height * width * (per_pixel + summing))


def _gemm_time(problem: Problem) -> float:
    """Estimate the time of ``gemm.run`` [ns]: copying the patches, then multiplying them."""
    pictures, channels, _, _ = problem.x.shape
    outputs, _, rows, columns = problem.weight.shape
    copied = pictures * channels * rows * columns * math.prod(problem.out_size)
    return float(copied * (0.25 + 0.012 * outputs / problem.groups))


def _stays_local(problem: Problem) -> bool:
    """Tell whether OpenCV would keep a NaN or an infinity within reach of the kernel."""
    if not opencv.uses_fourier(problem.span):
        return True
    # Sums of float32 cannot overflow in float64: a finite sum means finite values.
    total = cv2.sumElems(problem.x.reshape(-1, problem.x.shape[-1]))[0]
    return math.isfinite(total) and bool(np.isfinite(problem.weight).all())


def _reference(problem: Problem) -> FloatArray:
    return reference.conv2d_reference(
        problem.x,
        problem.weight,
        problem.bias,
        problem.stride,
        problem.padding,
        problem.dilation,
        problem.groups,
        problem.border,
        problem.value,
        flip=False,  # a Problem's kernels are turned already
    )
