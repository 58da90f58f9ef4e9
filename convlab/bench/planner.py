"""The planner: what "auto" takes beside the best of our own ways, and how long planning takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import perf_counter, process_time, thread_time

import numpy as np

from convlab.bench.table import Row, at_most
from convlab.bench.wide_cases import Case, usual_cases, wide_cases
from convlab.engine.algorithms.problem import Algorithm, Problem
from convlab.engine.conv2d import run
from convlab.engine.parallel import cores
from convlab.engine.planner import plan, plan_problem

_NOT_OWN = (Algorithm.AUTO, Algorithm.REFERENCE, Algorithm.ONNXRUNTIME)
OWN_WAYS = tuple(way for way in Algorithm if way not in _NOT_OWN)
USUAL, WIDE = 40, 200
SEED = 7  # of what is judged; the costs are fitted to others
TURNS = 9
LONG = 5e6  # a run is measured so precisely that a third of the turns does [ns]
HOPELESS = 4.0  # times the best so far: such a way is not run again
UNLIKELY = 10.0  # times the best expected: such a way is not tried at all


def measure() -> list[Row]:
    """Return all figures of the planner."""
    return [
        *_regret("usual", usual_cases(USUAL, SEED), 1.15, 1.2),
        *_regret("wide", wide_cases(WIDE, SEED), 1.15, 1.5),
        _planning(),
    ]


def _regret(kind: str, cases: Iterable[Case], most: float, worst_most: float) -> list[Row]:
    """Return by how much "auto" is slower than the fastest of our own ways, each at its best."""
    rng = np.random.default_rng(SEED)
    ratios = [_ratio(case, case.build(rng)) for case in cases]
    values, (worst, title) = [ratio for ratio, _ in ratios], max(ratios)
    name = f"auto against the best of its own, {len(ratios)} {kind} cases"
    return [
        at_most(f"{name}, median", float(np.median(values)), "x", 1.005),
        at_most(f"{name}, 95th percentile", float(np.percentile(values, 95)), "x", most),
        at_most(f"{name}, worst ({title})", worst, "x", worst_most),
    ]


def _ratio(case: Case, problem: Problem) -> tuple[float, str]:
    own = [(way, cost) for way, cost in plan_problem(problem).others if way in OWN_WAYS]
    likely = [way for way, cost in own if cost < UNLIKELY * own[0][1]]
    times = best_times(problem, likely)
    best = min(times, key=lambda way: times[way])
    return times[likely[0]] / times[best], f"{case.title}: {likely[0]}, best {best}"


def best_times(
    problem: Problem, ways: Sequence[Algorithm], turns: int = TURNS
) -> dict[Algorithm, float]:
    """Return each way's shortest time in so many turns [ns]; of one run if it is hopeless."""
    times = {way: time_alone(problem, way) for way in ways}
    for turn in range(turns):
        best = min(times.values())
        for way, so_far in times.items():
            is_known = so_far > LONG and turn > TURNS // 3
            if not is_known and so_far < HOPELESS * best:
                times[way] = min(so_far, time_alone(problem, way))
    return times


def time_alone(problem: Problem, way: Algorithm) -> float:
    """Return how long a run takes, or would have taken if no other program had run [ns].

    The processor's time tells: that of the present thread, and what others did for it, shared among
    the cores. ONNX Runtime's threads work beside this one, ours while it waits.
    """
    wall, every, this = perf_counter(), process_time(), thread_time()
    run(problem, way)
    this, every, wall = thread_time() - this, process_time() - every, perf_counter() - wall
    is_beside = way is Algorithm.ONNXRUNTIME
    alone = max(this, every / cores()) if is_beside else this + (every - this) / cores()
    return 1e9 * min(wall, alone)


def _planning() -> Row:
    weight = np.random.default_rng(0).standard_normal((15, 15), dtype=np.float32)
    started = process_time()
    for _ in range(1000):
        plan((720, 1280), (15, 15), padding="same", weight=weight)
    return at_most("planning", (process_time() - started) * 1000, "us", 50.0)
