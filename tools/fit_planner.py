"""Fit the planner's costs again after an algorithm changed: ``python tools/fit_planner.py``.

Measures every way for some hundred convolutions (twenty minutes; ``--count`` for fewer), writes
``convlab/engine/default_costs.py``, and prints how far the estimates are off and what "auto" loses
by them. ``--keep FILE`` stores the times, or takes them from there.

Run it on a quiet machine; on a shared one the processor's time is counted, which is nearly as good.
"""

from __future__ import annotations

import argparse
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from convlab.bench.planner import OWN_WAYS, SEED, TURNS, UNLIKELY, best_times  # noqa: E402
from convlab.bench.wide_cases import Case, usual_cases, wide_cases  # noqa: E402
from convlab.engine.algorithms import onnxruntime, separable  # noqa: E402
from convlab.engine.algorithms.low_rank import factor  # noqa: E402
from convlab.engine.algorithms.problem import Algorithm, Problem, Sizes  # noqa: E402
from convlab.engine.costs import Costs, Sample, fit  # noqa: E402
from convlab.engine.default_costs import DEFAULT_COSTS  # noqa: E402
from convlab.engine.steps import STEPS, Steps, runtime_steps, separable_steps, ways_for  # noqa: E402
from convlab.runtime.memory import keep_large_blocks  # noqa: E402

FILE = ROOT / "convlab" / "engine" / "default_costs.py"
COUNT = 500
TRUST = 5.0  # in the costs before: what the times do not tell stays as it is
REACH = 20.0
CLOSE = 1.5  # times the best: what decides counts most
FAR = 4.0  # what is slower anyway counts little
SHORT, LONGEST = 5e5, 4e7  # run more often, as little time is much noise; left out [ns]
MINE = SEED + 1000  # not what the bench judges by


class Measured(NamedTuple):
    """A convolution and the shortest time of each way [ns]."""

    case: Case
    sizes: Sizes
    terms: int | None
    times: dict[Algorithm, float]


def main(arguments: Sequence[str]) -> None:
    """Measure, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="how many convolutions")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="where the times are, or go to")
    options = parser.parse_args(arguments)
    if options.keep and options.keep.exists():
        measured: list[Measured] = pickle.loads(options.keep.read_bytes())
    else:
        measured = []
        for one in measure(options.count):
            measured.append(one)
            if options.keep:
                options.keep.write_bytes(pickle.dumps(measured))
    costs = fit([s for one in measured for s in samples_of(one)], DEFAULT_COSTS, TRUST, REACH)
    for name, each in (("before", DEFAULT_COSTS), ("now", costs)):
        print(name)
        report(measured, each)
    FILE.write_text(source(costs), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(FILE)], check=True)


def measure(count: int) -> Iterator[Measured]:
    """Run all ways in turns, for each of so many convolutions."""
    keep_large_blocks()  # as the program does
    rng = np.random.default_rng(MINE)
    cases = chain(usual_cases(count // 3, MINE), wide_cases(count - count // 3, MINE))
    for number, case in enumerate(cases):
        problem = case.build(rng)
        terms = count_terms(problem) if separable.rejection(problem) is None else None
        one = Measured(case, problem.sizes, terms, {})
        expected = {way: DEFAULT_COSTS.of(way, steps_of(way, one)) for way in ways_of(one)}
        best = min(cost for way, cost in expected.items() if way in OWN_WAYS)
        if best < LONGEST:
            likely = [way for way, cost in expected.items() if cost < UNLIKELY * best]
            turns = 3 * TURNS if best < SHORT else TURNS
            yield one._replace(times=best_times(problem, likely, turns))
        print(f"\r{number + 1} of {count}", end="", file=sys.stderr, flush=True)


def ways_of(one: Measured) -> list[Algorithm]:
    """Return what can run it."""
    own = [*ways_for(one.sizes), *[Algorithm.SEPARABLE] * (one.terms is not None)]
    return [*own, *[Algorithm.ONNXRUNTIME] * onnxruntime.is_installed()]


def count_terms(problem: Problem) -> int:
    """Return of how many separable kernels all are made."""
    kernels = problem.weight.reshape(-1, *problem.sizes.kernel)
    return sum(len(factor(kernel) or ()) for kernel in kernels)


def steps_of(way: Algorithm, one: Measured) -> Steps:
    """Return what a way does."""
    if way is Algorithm.SEPARABLE:
        assert one.terms is not None
        return separable_steps(one.sizes, one.terms)
    return runtime_steps(one.sizes) if way is Algorithm.ONNXRUNTIME else STEPS[way](one.sizes)


def samples_of(one: Measured) -> Iterator[Sample]:
    """Return the times of one convolution, with what they count."""
    best = min(one.times.values())
    for way, time in one.times.items():
        weight = 3.0 if time < CLOSE * best else 1.0 if time < FAR * best else 0.2
        yield Sample(way, steps_of(way, one), time, weight)


def report(measured: Sequence[Measured], costs: Costs) -> None:
    """Print how far estimates are off, and what is lost by them among our own ways."""
    for way in (*STEPS, Algorithm.SEPARABLE, Algorithm.ONNXRUNTIME):
        off = [
            costs.of(way, steps_of(way, one)) / one.times[way]
            for one in measured
            if way in one.times
        ]
        if off:
            low, middle, high = np.percentile(off, [5, 50, 95])
            print(f"  {way}: estimate by time {low:.2f} {middle:.2f} {high:.2f} (5, 50, 95 %)")
    lost = sorted(loss(one, costs) for one in measured)
    values = [value for value, _ in lost]
    print(f"  lost: median {np.median(values):.3f}, p95 {np.percentile(values, 95):.3f}")
    for value, title in lost[:-9:-1]:
        print(f"    {value:.2f} {title}")


def loss(one: Measured, costs: Costs) -> tuple[float, str]:
    """Return how many times as long as the best of our own ways the planned one takes."""
    own = {way: time for way, time in one.times.items() if way in OWN_WAYS}
    planned = min(own, key=lambda way: costs.of(way, steps_of(way, one)))
    best = min(own, key=lambda way: own[way])
    return own[planned] / own[best], f"{one.case.title}: {planned}, best {best}"


def source(costs: Costs) -> str:
    """Return the module that holds the costs."""
    head = FILE.read_text(encoding="utf-8").partition("DEFAULT_COSTS")[0]
    lines = [
        f"Algorithm.{way.name}: {type(steps).__name__}("
        + ", ".join(f"{name}={cost:.3g}" for name, cost in steps._asdict().items())
        + "),"
        for way, steps in costs.tables.items()
    ]
    return head + "DEFAULT_COSTS = Costs({" + "\n".join(lines) + "})\n"


if __name__ == "__main__":
    main(sys.argv[1:])
