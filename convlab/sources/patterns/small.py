"""Pictures small enough to check by hand, and an edge that only one channel sees."""

from __future__ import annotations

import numpy as np

from convlab.document.source import PatternOptions
from convlab.engine.arrays import ByteArray, FloatArray

BRIGHT = 10.0
"""The bright value of the hand-checked pictures: products with small kernels stay readable."""


def _step(size: int) -> FloatArray:
    picture = np.zeros((size, size), np.float32)
    picture[:, : size // 2] = BRIGHT
    return picture


def step(_t: float, _options: PatternOptions) -> FloatArray:
    """Draw 6x6: the left half 10, the right half 0. Each row is 10 10 10 0 0 0."""
    return _step(6)


def step_1000(_t: float, _options: PatternOptions) -> FloatArray:
    """Draw the step at 1000x1000: the edge is as thin as before, only the flat parts grew."""
    return _step(1000)


def reversed_step(_t: float, _options: PatternOptions) -> FloatArray:
    """Draw 6x6: the left half 0, the right half 10. Each row is 0 0 0 10 10 10."""
    return np.ascontiguousarray(_step(6)[:, ::-1])


def checker(_t: float, _options: PatternOptions) -> FloatArray:
    """Draw 6x6: 10 in the top left and bottom right 3x3 blocks, 0 elsewhere."""
    blocks = np.array([[BRIGHT, 0.0], [0.0, BRIGHT]], np.float32)
    return np.kron(blocks, np.ones((3, 3), np.float32))


def impulse(_t: float, _options: PatternOptions) -> FloatArray:
    """Draw 7x7: a single 1 in the centre, so that a convolution returns its kernel."""
    picture = np.zeros((7, 7), np.float32)
    picture[3, 3] = 1.0
    return picture


def red_edge(_t: float, _options: PatternOptions) -> ByteArray:
    """Draw 240x320 RGB: red falls from 220 to 60 in the middle; green and blue stay at 120."""
    picture = np.full((240, 320, 3), 120, np.uint8)
    picture[:, :160, 0] = 220
    picture[:, 160:, 0] = 60
    return picture
