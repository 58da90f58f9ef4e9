"""What the engine once was many times slower at than others, each with its rival and its goal.

Processor time on one core, but for kernels of rank one: those run in a fresh process and a plain
script, as they do for somebody who calls ``conv2d`` in a notebook.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import partial

import numpy as np

from convlab.bench.contestants import ACTIVATIONS, by_own_layers, contestants
from convlab.bench.network_shapes import NetworkShape
from convlab.bench.table import Row, Task, against_best, at_most, best_on_a_core, one_core
from convlab.engine.conv2d import conv2d
from convlab.engine.cv import cv2

LIMIT = 1.5  # of the best rival
RANK_ONE_LIMIT = 1.1  # of sepFilter2D
RANK_ONE_SIZES = (5, 7, 11, 15)
CALL_LIMIT = 15.0  # [us]


def _spot(
    name: str,
    kind: str,
    shape: tuple[int, int, int],
    weight: tuple[int, ...] = (),
    **options: object,
) -> NetworkShape:
    return NetworkShape(name, kind, shape, weight, tuple(options.items()))


_MAPS = (64, 56, 56)
SPOTS = (
    _spot("depthwise 5x5", "conv2d", (1152, 7, 7), (1152, 1, 5, 5), padding=2, groups=1152),
    _spot("depthwise 5x5", "conv2d", (144, 56, 56), (144, 1, 5, 5), padding=2, groups=144),
    _spot("1x1", "conv2d", (320, 7, 7), (1280, 320, 1, 1)),
    _spot("grouped 3x3", "conv2d", (64, 28, 28), (64, 16, 3, 3), padding=1, groups=4),
    _spot("deep 3x3", "conv2d", (512, 7, 7), (512, 512, 3, 3), padding=1),
    _spot("5x5, dilation 3", "conv2d", (1, 240, 320), (1, 1, 5, 5), padding=6, dilation=3),
    _spot("11x11", "conv2d", (1, 720, 1280), (1, 1, 11, 11), padding=5),
    _spot("max pool 3", "max_pool2d", (64, 112, 112), kernel_size=3, stride=2, padding=1),
    _spot("average pool 3", "avg_pool2d", _MAPS, kernel_size=3, stride=2, padding=1),
    _spot("global average", "global_avg_pool2d", _MAPS),
    _spot("global average", "global_avg_pool2d", (1280, 7, 7)),
    _spot("upsampling, nearest", "upsample", _MAPS, scale=2),
    _spot("upsampling, bilinear", "upsample", _MAPS, scale=2, mode="bilinear"),
    _spot("batch norm", "batch_norm2d", _MAPS),
    _spot("batch norm", "batch_norm2d", (1152, 7, 7)),
    *(_spot(name, name, _MAPS) for name in ACTIVATIONS),
)
# Run in a fresh process, without what the program or the bench set up.
_RANK_ONE = """
import json, sys
from convlab.bench.blind_spots import rank_one_times
print(json.dumps(rank_one_times(*json.loads(sys.argv[1]))))
"""
PICTURE = (720, 1280)


def measure(
    spots: Sequence[NetworkShape] = SPOTS, sizes: Sequence[int] = RANK_ONE_SIZES
) -> list[Row]:
    """Return a row for each blind spot."""
    with one_core(), by_own_layers():
        return [*map(_row, spots), _tiny(), *(_rank_one(size) for size in sizes)]


def _row(spot: NetworkShape) -> Row:
    tasks = contestants(spot)
    if spot.input[0] == 1:
        tasks["filter2D"] = _filter2d(spot)
    times = best_on_a_core(tasks)
    ratio, rival = against_best(times)
    name = f"{spot.network}, {spot.size}"
    if not ratio:
        return Row(name, times["convlab"], "ms")
    return at_most(f"{name}, against {rival}", ratio, "x", LIMIT)


def _filter2d(spot: NetworkShape) -> Task:
    """Return what OpenCV has for a plane, the kernel spread where it is dilated."""
    rng = np.random.default_rng(0)
    plane = rng.standard_normal(spot.input[1:], dtype=np.float32)
    gap = int(dict(spot.options).get("dilation", 1))
    rows, columns = (gap * (cells - 1) + 1 for cells in spot.weight[2:])
    kernel = np.zeros((rows, columns), np.float32)
    kernel[::gap, ::gap] = rng.standard_normal(spot.weight[2:], dtype=np.float32)
    return partial(cv2.filter2D, plane, -1, kernel, borderType=cv2.BORDER_CONSTANT)


def _tiny() -> Row:
    """Return what a call costs where there is nearly nothing to compute."""
    plane, kernel = np.ones((8, 8), np.float32), np.ones((3, 3), np.float32)
    many = 100

    def call() -> None:
        for _ in range(many):
            conv2d(plane, kernel, padding="same")

    spent = best_on_a_core({"convlab": call})["convlab"]
    return at_most("a call on an 8x8 plane", 1000 * spent / many, "us", CALL_LIMIT)


def _rank_one(size: int) -> Row:
    command = [sys.executable, "-c", _RANK_ONE, json.dumps([size, list(PICTURE)])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    ratio, rival = against_best(json.loads(done.stdout))
    name = f"{size}x{size} of rank one, {PICTURE[1]}x{PICTURE[0]}, fresh process, against {rival}"
    return at_most(name, ratio, "x", RANK_ONE_LIMIT)


def rank_one_times(size: int, picture: tuple[int, int]) -> dict[str, float]:
    """Return the processor time of a rank-one kernel and of ``sepFilter2D`` [ms]."""
    rng = np.random.default_rng(0)
    plane = rng.standard_normal(picture, dtype=np.float32)
    tall, wide = (rng.standard_normal(shape, dtype=np.float32) for shape in ((size, 1), (1, size)))
    border = cv2.BORDER_CONSTANT
    return best_on_a_core(
        {
            "convlab": partial(conv2d, plane, tall * wide, padding="same"),
            "sepFilter2D": partial(cv2.sepFilter2D, plane, -1, wide, tall, borderType=border),
        }
    )
