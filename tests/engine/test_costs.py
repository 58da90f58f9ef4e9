"""Costs fitted to times: the right ones come out, whatever a busy machine adds to a few."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.bench.wide_cases import wide_cases
from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.conv_arguments import fit_sizes
from convlab.engine.costs import Costs, Sample, fit
from convlab.engine.default_costs import DEFAULT_COSTS
from convlab.engine.steps import STEPS


def machine() -> Costs:
    """Return the costs of a machine that is three times as slow, but not in all alike."""
    rng = np.random.default_rng(5)
    return Costs(
        {
            way: type(steps)(*(3.0 * cost * rng.uniform(0.5, 2.0) for cost in steps))
            for way, steps in DEFAULT_COSTS.tables.items()
        }
    )


def samples_of(costs: Costs, count: int = 80) -> list[Sample]:
    samples = []
    for case in wide_cases(count, 11):
        weight = (case.outputs, case.channels // case.groups, *case.kernel)
        x = (case.pictures, case.channels, *case.picture)
        options = case.stride, case.padding, case.dilation, case.groups, "zeros"
        sizes = fit_sizes(x, weight, *options)
        for way, steps_of in STEPS.items():
            steps = steps_of(sizes)
            samples.append(Sample(way, steps, costs.of(way, steps)))
    return samples


@pytest.mark.parametrize("disturbed", [0, 20])
def test_times_are_explained_by_what_is_fitted_to_them(disturbed: int) -> None:
    costs = machine()
    samples = samples_of(costs)
    noisy = [s._replace(time=5.0 * s.time) for s in samples[:disturbed]] + samples[disturbed:]
    found = fit(noisy, DEFAULT_COSTS, 0.01, 30.0)
    errors = [found.of(s.algorithm, s.steps) / s.time for s in samples]
    assert np.percentile(errors, [2, 98]) == pytest.approx([1.0, 1.0], abs=0.1)


def test_costs_stay_within_reach_of_those_before() -> None:
    samples = [s._replace(time=1000.0 * s.time) for s in samples_of(DEFAULT_COSTS, 10)[:3]]
    found = fit(samples, DEFAULT_COSTS, 0.01, 4.0)
    typical = 1000.0
    for way, steps in found.tables.items():
        for cost, before in zip(steps, DEFAULT_COSTS.tables[way], strict=True):
            assert typical / 4.01 <= cost / before <= typical * 4.01


def test_algorithms_without_times_are_as_much_dearer_as_the_others() -> None:
    samples = [s for s in samples_of(DEFAULT_COSTS.scaled(7.0)) if s.algorithm is Algorithm.OPENCV]
    found = fit(samples, DEFAULT_COSTS, 1.0, 8.0)
    assert list(found.tables[Algorithm.FFT]) == pytest.approx(
        [7.0 * cost for cost in DEFAULT_COSTS.tables[Algorithm.FFT]]
    )
