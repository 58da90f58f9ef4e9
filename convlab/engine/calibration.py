"""What a machine takes for the steps that the planner counts: some passes of half a second each.

What another program takes of the processor meanwhile would be taken for the machine, and be planned
with for weeks. So each step counts as fast as it was at its fastest in passes some time apart, a
pass on a busy machine counts for nothing, and costs that no machine has are not believed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import get_clock_info, perf_counter_ns, thread_time_ns

import numpy as np

from convlab.engine.algorithms import onnxruntime
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import build_problem
from convlab.engine.cv import cv2
from convlab.engine.parallel import cores, single_threaded_blas
from convlab.engine.planner import Costs

PASSES = 3
REST = 10.0  # between two passes [s]
LEAST_SHARE = 0.7  # of the time of a step's fastest run in which its thread must have had a core
MOST_LOAD = 1.5  # programs that want to run, for each core; this one counts as well
FURTHEST = 8.0  # how much dearer than the other steps, against the defaults, a step may be

_SHAPE = (480, 640)
_TILE = (384, 480)
_REPEATS = 9


def _load() -> float:
    """Return how many threads wanted to run in the last minute; 0 where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


# On Windows it goes on in steps as long as many runs: the thread is taken to have had all there is.
_IS_FINE = get_clock_info("thread_time").resolution < 1e-6


@dataclass(frozen=True, slots=True)
class Meters:
    """What the time, the processor and the load are read from.

    Attributes:
        wall: The time [ns].
        cpu: What the present thread has had of the processor [ns].
        load: How many threads want to run on this machine.
    """

    wall: Callable[[], int] = perf_counter_ns
    cpu: Callable[[], int] = thread_time_ns if _IS_FINE else perf_counter_ns
    load: Callable[[], float] = _load


def calibrate(wait: Callable[[float], bool] = lambda seconds: False) -> Costs | None:
    """Return the costs of this machine; None if it was busy or nothing can be made of them.

    Args:
        wait: Rests between passes for a time [s]; True: give up.
    """
    passes = []
    for number in range(PASSES):
        if number and wait(REST):
            return None
        times = measure()
        if times is None:
            return None
        passes.append(times)
    costs = to_costs({step: min(times[step] for times in passes) for step in passes[0]})
    return costs if is_plausible(costs) else None


def measure(meters: Meters | None = None) -> dict[str, float] | None:
    """Return the fastest of a few runs of each step [ns]; None if the machine was busy."""
    meters = meters or Meters()
    if meters.load() > MOST_LOAD * cores():
        return None
    rng = np.random.default_rng(0)
    tasks = _tasks(rng) | (_runtime_tasks(rng) if onnxruntime.is_installed() else {})
    times = {}
    with single_threaded_blas():
        for step, task in tasks.items():
            fastest = _fastest(task, meters)
            if fastest is None:
                return None
            times[step] = fastest
    return times


def to_costs(times: dict[str, float]) -> Costs:
    """Return what the planner counts with, from the times of whole steps."""
    pixels, tile = _SHAPE[0] * _SHAPE[1], _TILE[0] * _TILE[1]
    per_pixel = {size: (times[f"filter {size}"] - times["call"]) / pixels for size in (3, 9)}
    filter_cell = (per_pixel[9] - per_pixel[3]) / (9 * 9 - 3 * 3)
    measured = {
        "call": times["call"],
        "filter_pixel": per_pixel[3] - 9 * filter_cell,
        "filter_cell": filter_cell,
        "add": times["add"] / pixels,
        "transform": times["transform"] / tile,
        "multiply": times["multiply"] / tile,
        "fill": times["fill"] / pixels,
        "copy": times["copy"] / (9 * 8192),
        "product": times["product"] / (32 * 144 * 8192),
    }
    if "runtime call" in times:
        measured |= _runtime_costs(times)
    ratios = {name: value / getattr(Costs(), name) for name, value in measured.items()}
    typical = median(ratios.values())  # what was not measured is as dear as the rest
    # What is lost in the noise must not look free.
    return Costs(
        **{
            name: max(ratios.get(name, typical), typical / FURTHEST) * getattr(Costs(), name)
            for name in Costs.__slots__
        }
    )


def is_plausible(costs: Costs) -> bool:
    """Tell whether a machine can have such costs.

    Machines are slower or faster as a whole; that one step alone is many times as dear, beside the
    others, as in the defaults, was something else that ran meanwhile.
    """
    ratios = [getattr(costs, name) / getattr(Costs(), name) for name in Costs.__slots__]
    typical = median(ratios)
    slack = FURTHEST * 1.01  # for rounding
    return all(typical / slack <= ratio <= typical * slack for ratio in ratios)


def _fastest(task: Callable[[], object], meters: Meters) -> float | None:
    """Return the shortest time of a task [ns]; None if others had the processor meanwhile."""
    task()
    runs = []
    for _ in range(_REPEATS):
        had, started = meters.cpu(), meters.wall()
        task()
        elapsed = meters.wall() - started
        runs.append((elapsed, meters.cpu() - had))
    elapsed, had = min(runs)
    return float(elapsed) if had >= LEAST_SHARE * elapsed else None


def _tasks(rng: np.random.Generator) -> dict[str, Callable[[], object]]:
    """Return the steps of our own algorithms."""
    plane = rng.standard_normal(_SHAPE, dtype=np.float32)
    tile = rng.standard_normal(_TILE, dtype=np.float32)
    scratch, kept = np.empty_like(plane), np.empty_like(tile)
    return {
        "call": _filter(plane[:8, :8], 3),
        **{f"filter {size}": _filter(plane, size) for size in (3, 9)},
        "add": lambda: cv2.add(plane, plane, scratch),
        "transform": lambda: cv2.dft(tile, kept),
        "multiply": lambda: cv2.mulSpectrums(tile, tile, 0, kept),
        "fill": lambda: plane * np.float32(2),
        "copy": _copy(plane),
        "product": _product(rng),
    }


def _filter(plane: FloatArray, size: int) -> Callable[[], object]:
    kernel, out = np.full((size, size), 0.1, np.float32), np.empty_like(plane)
    plane = np.ascontiguousarray(plane)
    return lambda: cv2.filter2D(plane, -1, kernel, out)


def _copy(plane: FloatArray) -> Callable[[], object]:
    """Lay out patches, as the matrix product does it."""
    columns = np.empty((9, 8192), np.float32)
    pixels = plane.reshape(-1)

    def lay_out() -> None:
        for cell in range(9):
            columns[cell] = pixels[cell : cell + 8192]

    return lay_out


def _product(rng: np.random.Generator) -> Callable[[], object]:
    """Multiply matrices as large as a strip of a layer."""
    kernels = rng.standard_normal((32, 144), dtype=np.float32)
    columns = rng.standard_normal((144, 8192), dtype=np.float32)
    out = np.empty((32, 8192), np.float32)
    return lambda: np.matmul(kernels, columns, out=out)


def _runtime_tasks(rng: np.random.Generator) -> dict[str, Callable[[], object]]:
    """Return layers in each of which one step of ONNX Runtime prevails."""

    def layer(inputs: int, outputs: int, size: int, side: int) -> Callable[[], object]:
        x = rng.standard_normal((inputs, side, side), dtype=np.float32)
        weight = rng.standard_normal((outputs, inputs, size, size), dtype=np.float32)
        problem, _ = build_problem(x, weight, None, 1, 0, 1, 1, "zeros", 0.0, False)
        return lambda: onnxruntime.run(problem)

    return {
        "runtime call": layer(1, 1, 1, 8),
        "runtime wide": layer(1, 16, 1, 240),
        "runtime deep": layer(32, 32, 3, 62),
        "runtime plain": layer(1, 1, 9, 248),
    }


def _runtime_costs(times: dict[str, float]) -> dict[str, float]:
    """Return the costs of ONNX Runtime."""
    call = times["runtime call"]
    wide, deep, plain = (times[f"runtime {name}"] - call for name in ("wide", "deep", "plain"))
    fill = wide / (16 * 240 * 240)
    # Each number that is laid out serves 32 products in the deep layer, one in the plain one.
    often = (deep / (60 * 60) - 32 * fill) / (32 * 9)
    once = (plain / (240 * 240) - fill) / 81
    product = (often - once) / 31
    return {
        "runtime_call": call,
        "runtime_fill": fill,
        "runtime": product,
        "runtime_copy": once - product,
    }
