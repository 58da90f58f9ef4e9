"""The engine beside raw OpenCV."""

from __future__ import annotations

import numpy as np

from convlab.bench.table import Row, at_most, medians
from convlab.engine.conv2d import conv2d
from convlab.engine.cv import cv2
from convlab.engine.kernels import preset

ROUNDS = 200


def measure() -> list[Row]:
    """Return ``conv2d`` of one 3x3 kernel at 720p as a ratio to ``cv2.filter2D``."""
    picture = np.random.default_rng(0).random((720, 1280), dtype=np.float32)
    kernel = preset("Sobel vertical")
    raw, ours = medians(
        [
            lambda: cv2.filter2D(picture, -1, kernel, borderType=cv2.BORDER_CONSTANT),
            lambda: conv2d(picture, kernel, padding="same"),
        ],
        ROUNDS,
    )
    return [
        Row("cv2.filter2D 3x3, 720p", raw, "ms"),
        Row("convlab.conv2d 3x3, 720p", ours, "ms"),
        at_most("conv2d against filter2D", ours / raw, "x", 1.25),
    ]
