"""What a machine takes for the steps that the planner counts: some passes of half a second each.

What another program takes of the processor meanwhile would be taken for the machine, and be planned
with for weeks. So each trial counts as fast as it was at its fastest in passes some time apart, a
pass on a busy machine counts for nothing, and costs that no machine has are not believed.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from statistics import median
from time import get_clock_info, perf_counter_ns, process_time_ns, thread_time_ns
from typing import NamedTuple, TypeAlias

import numpy as np

from convlab.engine.algorithms import onnxruntime
from convlab.engine.algorithms.problem import Algorithm, Problem
from convlab.engine.conv2d import run
from convlab.engine.conv_arguments import build_problem, fit_sizes
from convlab.engine.costs import Costs, Sample, fit
from convlab.engine.default_costs import DEFAULT_COSTS
from convlab.engine.parallel import cores, single_threaded_blas
from convlab.engine.steps import STEPS, Steps, runtime_steps, separable_steps

PASSES = 3
REST = 10.0  # between two passes [s]
LEAST_SHARE = 0.7  # of a run's time in which it must have had a core to be counted
MOST_LOAD = 1.5  # programs that want to run, for each core; this one counts as well
FURTHEST = 8.0  # how much longer than the other trials, against the defaults, one may take
TRUST = 0.05  # in the defaults, for each step, beside the trials
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
        all_cpu: What all threads of the process have had, for those who work in several [ns].
    """

    wall: Callable[[], int] = perf_counter_ns
    cpu: Callable[[], int] = thread_time_ns if _IS_FINE else perf_counter_ns
    load: Callable[[], float] = _load
    all_cpu: Callable[[], int] = process_time_ns if _IS_FINE else perf_counter_ns


class Trial(NamedTuple):
    """A convolution in which some steps of an algorithm prevail; our own run in one thread."""

    algorithm: Algorithm
    picture: tuple[int, int, int]
    weight: tuple[int, int, int, int]
    groups: int = 1
    stride: int = 1
    padding: str = "same"

    def steps(self) -> Steps:
        """Return what it does."""
        sizes = fit_sizes(
            self.picture, self.weight, self.stride, self.padding, 1, self.groups, "zeros"
        )
        if self.algorithm is Algorithm.SEPARABLE:
            return separable_steps(sizes, sizes.outputs * sizes.depth)
        return runtime_steps(sizes) if self.algorithm is _RUNTIME else STEPS[self.algorithm](sizes)

    def problem(self, rng: np.random.Generator) -> Problem:
        """Return it, filled with noise; all its kernels are of rank one."""
        x = rng.standard_normal(self.picture, dtype=np.float32)
        weight = rng.standard_normal((*self.weight[:3], 1), dtype=np.float32)
        weight = weight * rng.standard_normal((*self.weight[:2], 1, self.weight[3]), np.float32)
        options = self.stride, self.padding, 1, self.groups, "zeros", 0.0, False
        return build_problem(x, weight, None, *options)[0]


_OPENCV, _SEPARABLE, _FFT = Algorithm.OPENCV, Algorithm.SEPARABLE, Algorithm.FFT
_GEMM, _DEPTHWISE = Algorithm.GEMM, Algorithm.DEPTHWISE
_RUNTIME = Algorithm.ONNXRUNTIME
TRIALS = (
    Trial(_OPENCV, (1, 8, 8), (1, 1, 3, 3)),
    Trial(_OPENCV, (1, 480, 640), (1, 1, 3, 3)),
    Trial(_OPENCV, (1, 480, 640), (1, 1, 9, 9)),
    Trial(_OPENCV, (1, 120, 160), (1, 1, 21, 21)),
    Trial(_OPENCV, (64, 7, 7), (64, 1, 5, 5), groups=64),
    Trial(_OPENCV, (4, 120, 160), (4, 4, 5, 5), padding="valid"),
    Trial(_SEPARABLE, (1, 12, 12), (1, 1, 5, 5)),
    Trial(_SEPARABLE, (1, 480, 640), (1, 1, 7, 7)),
    Trial(_SEPARABLE, (4, 240, 320), (4, 1, 31, 31), groups=4),
    Trial(_FFT, (1, 48, 48), (1, 1, 17, 17)),
    Trial(_FFT, (1, 240, 320), (1, 1, 31, 31)),
    Trial(_FFT, (4, 90, 90), (4, 4, 21, 21)),
    Trial(_GEMM, (1, 8, 8), (1, 1, 3, 3)),
    Trial(_GEMM, (64, 14, 14), (64, 64, 1, 1)),
    Trial(_GEMM, (320, 7, 7), (640, 320, 1, 1)),
    Trial(_GEMM, (32, 28, 28), (64, 32, 3, 3)),
    Trial(_GEMM, (16, 56, 56), (8, 16, 5, 5), stride=2),
    Trial(_GEMM, (32, 28, 28), (32, 4, 3, 3), groups=8),
    Trial(_DEPTHWISE, (64, 14, 14), (64, 1, 3, 3), groups=64),
    Trial(_DEPTHWISE, (480, 14, 14), (480, 1, 5, 5), groups=480),
)
RUNTIME_TRIALS = (
    Trial(_RUNTIME, (1, 8, 8), (1, 1, 1, 1)),
    Trial(_RUNTIME, (1, 240, 240), (16, 1, 1, 1)),
    Trial(_RUNTIME, (32, 60, 60), (32, 32, 3, 3)),
    Trial(_RUNTIME, (1, 240, 240), (1, 1, 9, 9)),
    Trial(_RUNTIME, (64, 28, 28), (64, 1, 3, 3), groups=64),
    Trial(_RUNTIME, (320, 7, 7), (640, 320, 1, 1)),
)
Times: TypeAlias = dict[Trial, float]


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
    times = {trial: min(each[trial] for each in passes) for trial in passes[0]}
    return to_costs(times)


def measure(meters: Meters | None = None) -> Times | None:
    """Return the fastest of a few runs of each trial [ns]; None if the machine was busy."""
    meters = meters or Meters()
    if meters.load() > MOST_LOAD * cores():
        return None
    rng = np.random.default_rng(0)
    times = {}
    with single_threaded_blas():
        for trial in TRIALS + RUNTIME_TRIALS * onnxruntime.is_installed():
            cpu = meters.all_cpu if trial.algorithm is _RUNTIME else meters.cpu
            task = partial(run, trial.problem(rng), trial.algorithm)
            fastest = _fastest(task, meters.wall, cpu)
            if fastest is None:
                return None
            times[trial] = fastest
    return times


def to_costs(times: Times) -> Costs | None:
    """Return what the planner counts with; None if no machine can take such times.

    Machines are slower or faster as a whole; that one trial alone takes many times as long, beside
    the others, as with the defaults, was something else that ran meanwhile.
    """
    samples = [Sample(trial.algorithm, trial.steps(), time) for trial, time in times.items()]
    if not _are_alike([sample.time / _usual(sample.algorithm, sample.steps) for sample in samples]):
        return None
    # What is lost in the noise must not look free, and nothing many times as dear as it is.
    costs = fit(samples, DEFAULT_COSTS, TRUST, FURTHEST)
    return costs if is_plausible(costs) else None


def is_plausible(costs: Costs) -> bool:
    """Tell whether a machine can have such costs, by what the defaults say of the trials."""
    steps = [(trial.algorithm, trial.steps()) for trial in TRIALS + RUNTIME_TRIALS]
    is_positive = all(0.0 < cost < math.inf for cost in chain(*costs.tables.values()))
    return is_positive and _are_alike([costs.of(*each) / _usual(*each) for each in steps])


def _usual(algorithm: Algorithm, steps: Steps) -> float:
    return DEFAULT_COSTS.of(algorithm, steps)


def _are_alike(ratios: Sequence[float]) -> bool:
    typical = median(ratios)
    return all(typical / FURTHEST <= ratio <= typical * FURTHEST for ratio in ratios)


def _fastest(
    task: Callable[[], object], wall: Callable[[], int], cpu: Callable[[], int]
) -> float | None:
    """Return the shortest time of a task [ns]; None if others had the processor in every run."""
    task()
    counted = []
    for _ in range(_REPEATS):
        had, started = cpu(), wall()
        task()
        elapsed = wall() - started
        if cpu() - had >= LEAST_SHARE * elapsed:
            counted.append(elapsed)
    return float(min(counted)) if counted else None
