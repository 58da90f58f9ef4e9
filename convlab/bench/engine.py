"""The engine beside raw OpenCV and other libraries; memory and growth."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial

import numpy as np

import convlab.bench.rivals as rivals
from convlab.bench.planner import OWN_WAYS
from convlab.bench.table import Row, Task, at_least, at_most, in_blocks, medians, times_of
from convlab.engine.arrays import FloatArray
from convlab.engine.conv2d import conv2d, run
from convlab.engine.conv_arguments import build_problem
from convlab.engine.cv import cv2
from convlab.engine.planner import plan, plan_problem

SIZES = (3, 5, 7, 11, 15, 31, 63)
LAYERS = ((1, 8, 3, 480, 640), (3, 8, 3, 480, 640), (3, 16, 5, 240, 320), (16, 32, 3, 120, 160))
DEEPEST = (64, 64, 3, 224, 224)
MEGAPIXELS = (0.1, 0.4, 1.6, 6.4, 16.0)
_NOISE = np.random.default_rng(0)


def measure(rounds: int = 15) -> list[Row]:
    """Return all figures of the engine."""
    return [
        *_one_kernel(rounds),
        *_layers(rounds),
        *_memory(),
        *_growth(rounds),
        *_pytorch(rounds),
    ]


def _noise(*shape: int) -> FloatArray:
    return _NOISE.standard_normal(shape, dtype=np.float32)


# One kernel over 720p.


def _one_kernel(rounds: int) -> list[Row]:
    picture = _noise(720, 1280)
    rows, ratios = [], []
    for size in SIZES:
        for rank_one in (False, True):
            tall, wide = _noise(size, 1), _noise(1, size)
            kernel = tall * wide if rank_one else _noise(size, size)
            times = _beside_opencv(picture, kernel, (tall, wide) if rank_one else None, rounds)
            name = f"{size}x{size} {'rank one' if rank_one else 'full rank'}"
            rows += [Row(f"{name}, {who}", time, "ms") for who, time in times.items()]
            raw = min(times["filter2D"], times.get("sepFilter2D", np.inf))
            ratios.append((times["convlab"] / raw, name))
    worst, name = max(ratios)
    rows.append(at_most(f"one kernel against the best of OpenCV, worst ({name})", worst, "x", 1.25))
    return rows + _beside_others(picture, max(rounds // 3, 2))


def _beside_opencv(
    picture: FloatArray,
    kernel: FloatArray,
    factors: tuple[FloatArray, FloatArray] | None,
    rounds: int,
) -> dict[str, float]:
    """Return the median times [ms] of ConvLab and of what raw OpenCV has for the kernel."""
    border = cv2.BORDER_CONSTANT
    tasks: dict[str, Task | None] = {
        "convlab": lambda: conv2d(picture, kernel, padding="same"),
        "filter2D": lambda: cv2.filter2D(picture, -1, kernel, borderType=border),
    }
    if factors is not None:
        tall, wide = factors
        tasks["sepFilter2D"] = lambda: cv2.sepFilter2D(picture, -1, wide, tall, borderType=border)
    return times_of(tasks, rounds, 10)


def _beside_others(picture: FloatArray, rounds: int) -> list[Row]:
    """The same sizes by libraries that are not OpenCV; they take a rank for what it is not."""
    rows, full, one = [], [], []
    for size in SIZES:
        kernel, separable = _noise(size, size), _noise(size, 1) * _noise(1, size)
        times = in_blocks(
            {
                "full": partial(conv2d, picture, kernel, padding="same"),
                "one": partial(conv2d, picture, separable, padding="same"),
                "SciPy FFT": rivals.scipy_fft(picture, kernel),
                "ONNX Runtime": rivals.onnx_runtime(picture[None], kernel[None, None]),
            },
            rounds,
        )
        ours, ours_of_rank_one = times.pop("full"), times.pop("one")
        rows += [Row(f"{size}x{size}, {who}", time, "ms") for who, time in times.items()]
        if "ONNX Runtime" in times:
            full.append((times["ONNX Runtime"] / ours, f"{size}x{size}"))
            one.append((times["ONNX Runtime"] / ours_of_rank_one, f"{size}x{size}"))
    for rank, ratios in (("full rank", full), ("rank one", one)):
        if ratios:
            worst, name = min(ratios)
            title = f"ONNX Runtime against one kernel, {rank}, worst ({name})"
            rows.append(at_least(title, worst, "x", 8.0))
    return rows


# Layers of a network.


def _layers(rounds: int) -> list[Row]:
    rows, own, any_way = [], [], []
    for shape in (*LAYERS, DEEPEST):
        inputs, outputs, size, height, width = shape
        x, weight = _noise(inputs, height, width), _noise(outputs, inputs, size, size)
        times = in_blocks(
            {
                "ONNX Runtime": rivals.onnx_runtime(x, weight),
                "convlab's own ways": partial(_own, x, weight),
                "convlab": partial(conv2d, x, weight, padding="same"),
            },
            rounds,
        )
        name = _layer_name(*shape)
        rows += [Row(f"{name}, {who}", time, "ms") for who, time in times.items()]
        if "ONNX Runtime" in times:
            own.append((times["convlab's own ways"] / times["ONNX Runtime"], name))
            any_way.append((times["convlab"] / times["ONNX Runtime"], name))
    if own:
        worst, name = max(any_way)
        rows.append(at_most(f"layer against ONNX Runtime, worst ({name})", worst, "x", 1.15))
        worst, name = max(own)
        rows.append(at_most(f"the same by its own ways, worst ({name})", worst, "x", 2.5))
    return rows


def _own(x: FloatArray, weight: FloatArray) -> FloatArray:
    """What "auto" does where ONNX Runtime is not installed, the planning included."""
    problem = build_problem(x, weight, None, 1, "same", 1, 1, "zeros", 0.0, False)[0]
    found = plan_problem(problem)
    return run(problem, next(name for name, _ in found.others if name in OWN_WAYS))


def _pytorch(rounds: int) -> list[Row]:
    """PyTorch and ConvLab in turns, where PyTorch is installed."""
    single = [(1, 1, size, 720, 1280) for size in SIZES if size <= 31]  # 63: six seconds a call
    rows = []
    for inputs, outputs, size, height, width in (*single, *LAYERS, DEEPEST):
        x, weight = _noise(inputs, height, width), _noise(outputs, inputs, size, size)
        ours = partial(_own, x, weight)
        times = in_blocks({"convlab": ours, "PyTorch": rivals.pytorch(x, weight)}, rounds)
        if "PyTorch" in times:
            name = f"{_layer_name(inputs, outputs, size, height, width)}, PyTorch"
            rows.append(Row(name, times["PyTorch"], "ms"))
            rows.append(Row(f"{name} against convlab", times["PyTorch"] / times["convlab"], "x"))
    return rows


def _layer_name(inputs: int, outputs: int, size: int, height: int, width: int) -> str:
    return f"{inputs} to {outputs} channels, {size}x{size}, {width}x{height}"


# Memory and growth.

MEMORY_CASES = (
    ((720, 1280), (3, 3)),
    ((720, 1280), (31, 31)),
    ((64, 224, 224), (64, 64, 3, 3)),
    ((3, 480, 640), (8, 3, 3, 3)),
    ((4000, 4000), (5, 5)),
)


def _memory() -> list[Row]:
    """Memory taken by a convolution besides its input, as a multiple of input and output."""
    if not sys.platform.startswith("linux"):
        return []
    ratios = []
    for case in MEMORY_CASES:
        code = f"from convlab.bench.engine import extra_memory; print(extra_memory(*{case!r}))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        ratios.append((json.loads(done.stdout), case))
    worst, (x, weight) = max(ratios)
    return [at_most(f"memory of one convolution, worst ({x} by {weight})", worst, "x", 3.0)]


def extra_memory(x_shape: tuple[int, ...], weight_shape: tuple[int, ...]) -> float:
    """Return the peak of memory in ``conv2d`` over input and output; for a fresh process."""
    x, weight = _noise(*x_shape), _noise(*weight_shape)
    small = (*x_shape[:-2], *weight_shape[-2:])
    way = plan(x_shape, weight_shape, padding="same").algorithm
    # Whatever is loaded once, such as ONNX Runtime.
    conv2d(x[..., : small[-2], : small[-1]], weight, padding="same", algorithm=way)
    before = _peak(reset=True)
    out = conv2d(x, weight, padding="same")
    return (_peak() - before) / (x.nbytes + out.nbytes)


def _peak(reset: bool = False) -> int:
    """Return the peak of resident memory since the last reset [bytes] (see proc(5))."""
    if reset:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def _growth(rounds: int) -> list[Row]:
    """How far the time is from a straight line over the pixels, 0.1 to 16 megapixels."""
    weight = _noise(5, 5)
    sides = [round((1e6 * size) ** 0.5) for size in MEGAPIXELS]
    tasks = [partial(conv2d, _noise(side, side), weight, padding="same") for side in sides]
    times = np.array(medians(tasks, rounds, 2))
    pixels = np.square(sides)
    # Every size counts alike: what is made smallest is the distance relative to the time.
    line = np.stack([1.0 / times, pixels / times], axis=1)
    fitted = line @ np.linalg.lstsq(line, np.ones(len(times)), rcond=None)[0]
    rows = [
        Row(f"5x5 at {size:g} megapixels", time, "ms")
        for size, time in zip(MEGAPIXELS, times.tolist(), strict=True)
    ]
    worst = float(np.abs(fitted - 1.0).max())
    return [*rows, at_most("largest distance from a line", 100 * worst, "%", 20.0)]
