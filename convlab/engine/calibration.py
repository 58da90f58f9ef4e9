"""What a machine takes for the steps that the planner counts: half a second of measuring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter_ns

import numpy as np

from convlab.engine.algorithms import onnxruntime
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import build_problem
from convlab.engine.cv import cv2
from convlab.engine.parallel import single_threaded_blas
from convlab.engine.planner import Costs

_SHAPE = (480, 640)
_TILE = (384, 480)
_REPEATS = 9


def measure() -> Costs:
    """Return the costs of this machine, each a median of a few runs of that step alone."""
    rng = np.random.default_rng(0)
    plane = rng.standard_normal(_SHAPE, dtype=np.float32)
    call = _time(_filter(plane[:8, :8], 3))
    per_pixel = {size: (_time(_filter(plane, size)) - call) / plane.size for size in (3, 9, 15)}
    filter_cell = (per_pixel[9] - per_pixel[3]) / (9 * 9 - 3 * 3)
    tile = rng.standard_normal(_TILE, dtype=np.float32)
    scratch, kept = np.empty_like(plane), np.empty_like(tile)
    measured = Costs(
        call=call,
        filter_pixel=per_pixel[3] - 9 * filter_cell,
        filter_cell=filter_cell,
        filter_fourier=per_pixel[15],
        add=_time(lambda: cv2.add(plane, plane, scratch)) / plane.size,
        transform=_time(lambda: cv2.dft(tile, kept)) / tile.size,
        multiply=_time(lambda: cv2.mulSpectrums(tile, tile, 0, kept)) / tile.size,
        fill=_time(lambda: plane * np.float32(2)) / plane.size,
        copy=_copy(plane),
        product=_product(rng),
    )
    if onnxruntime.is_installed():
        measured = _with_runtime(measured, rng)
    # What is lost in the noise of a busy machine must not look free.
    tenth = {name: value / 10 for name, value in _named(Costs()).items()}
    return replace(
        measured, **{name: max(value, tenth[name]) for name, value in _named(measured).items()}
    )


def _named(costs: Costs) -> dict[str, float]:
    return {name: float(getattr(costs, name)) for name in costs.__slots__}


def _time(task: Callable[[], object]) -> float:
    """Return the median time of a task [ns]."""
    task()
    times = []
    for _ in range(_REPEATS):
        started = perf_counter_ns()
        task()
        times.append(perf_counter_ns() - started)
    return float(median(times))


def _filter(plane: FloatArray, size: int) -> Callable[[], object]:
    kernel, out = np.full((size, size), 0.1, np.float32), np.empty_like(plane)
    plane = np.ascontiguousarray(plane)
    return lambda: cv2.filter2D(plane, -1, kernel, out)


def _copy(plane: FloatArray) -> float:
    """Time of laying out one number of a patch, as the matrix product does it [ns]."""
    columns = np.empty((9, 8192), np.float32)
    pixels = plane.reshape(-1)

    def lay_out() -> None:
        for cell in range(9):
            columns[cell] = pixels[cell : cell + 8192]

    return _time(lay_out) / columns.size


def _product(rng: np.random.Generator) -> float:
    """Time of one product and its addition in a matrix product [ns]."""
    kernels = rng.standard_normal((32, 144), dtype=np.float32)
    columns = rng.standard_normal((144, 8192), dtype=np.float32)
    out = np.empty((32, 8192), np.float32)
    with single_threaded_blas():
        return _time(lambda: np.matmul(kernels, columns, out=out)) / (32 * 144 * 8192)


def _with_runtime(costs: Costs, rng: np.random.Generator) -> Costs:
    """Add what ONNX Runtime takes, from layers in which one of its steps prevails."""

    def layer(inputs: int, outputs: int, size: int, side: int) -> float:
        x = rng.standard_normal((inputs, side, side), dtype=np.float32)
        weight = rng.standard_normal((outputs, inputs, size, size), dtype=np.float32)
        problem, _ = build_problem(x, weight, None, 1, 0, 1, 1, "zeros", 0.0, False)
        return _time(lambda: onnxruntime.run(problem))

    call = layer(1, 1, 1, 8)
    wide, deep, plain = layer(1, 16, 1, 240), layer(32, 32, 3, 62), layer(1, 1, 9, 248)
    fill = (wide - call) / (16 * 240 * 240)
    # Each number that is laid out serves 32 products in the deep layer, one in the plain one.
    often = ((deep - call) / (60 * 60) - 32 * fill) / (32 * 9)
    once = ((plain - call) / (240 * 240) - fill) / 81
    product = (often - once) / 31
    laid_out = once - product
    return replace(
        costs, runtime_call=call, runtime_fill=fill, runtime=product, runtime_copy=laid_out
    )
