"""What a machine takes, from clocks that the tests wind up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count

import numpy as np
import pytest

from convlab.engine import calibration
from convlab.engine.algorithms import depthwise, gemm, onnxruntime
from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.calibration import (
    RUNTIME_TRIALS,
    TRIALS,
    Meters,
    Times,
    Trial,
    calibrate,
    is_plausible,
    measure,
    to_costs,
)
from convlab.engine.conv2d import run
from convlab.engine.costs import Costs
from convlab.engine.default_costs import DEFAULT_COSTS

TABLES = DEFAULT_COSTS.tables


def ticking(step: int) -> Callable[[], int]:
    """Return a clock that goes on by so much at each look [ns]."""
    ticks = count(0, step)
    return lambda: next(ticks)


def times_of(costs: Costs, trials: Iterable[Trial] = TRIALS + RUNTIME_TRIALS) -> Times:
    """Return how long the trials take on a machine of such costs [ns]."""
    return {trial: costs.of(trial.algorithm, trial.steps()) for trial in trials}


def with_step(way: Algorithm, step: str, factor: float) -> Costs:
    """Return the defaults, but for one step of one algorithm."""
    steps = TABLES[way]
    return Costs({**TABLES, way: steps._replace(**{step: factor * getattr(steps, step)})})


def assert_alike(costs: Costs | None, expected: Costs) -> None:
    assert costs is not None
    for way, steps in costs.tables.items():
        assert list(steps) == pytest.approx(list(expected.tables[way]), rel=0.01), way


@pytest.mark.parametrize("factor", [0.1, 1.0, 30.0])
def test_a_machine_that_is_slower_as_a_whole_is_found(factor: float) -> None:
    costs = DEFAULT_COSTS.scaled(factor)
    assert_alike(to_costs(times_of(costs)), costs)
    assert is_plausible(costs)


def test_without_onnx_runtime_its_steps_are_as_dear_as_the_others() -> None:
    costs = DEFAULT_COSTS.scaled(20.0)
    assert_alike(to_costs(times_of(costs, TRIALS)), costs)


@pytest.mark.parametrize(
    ("way", "step"),
    [
        (Algorithm.OPENCV, "product"),
        (Algorithm.GEMM, "product"),
        (Algorithm.SEPARABLE, "pixel"),
        (Algorithm.FFT, "transformed"),
        (Algorithm.ONNXRUNTIME, "run"),
    ],
)
def test_a_step_that_is_dearer_than_usual_is_found(way: Algorithm, step: str) -> None:
    """What decides is what the algorithms take, whichever of their steps it is written to."""
    dear = with_step(way, step, 3.0)
    found = to_costs(times_of(dear))
    assert found is not None
    for trial, time in times_of(dear).items():
        assert found.of(trial.algorithm, trial.steps()) == pytest.approx(time, rel=0.25), trial


def test_what_is_lost_in_the_noise_does_not_look_free() -> None:
    found = to_costs(times_of(with_step(Algorithm.OPENCV, "call", 0.0)))
    assert found is not None
    assert all(cost > 0.0 for steps in found.tables.values() for cost in steps)


@pytest.mark.parametrize("trial", TRIALS)
def test_one_trial_that_takes_many_times_as_long_is_not_believed(trial: Trial) -> None:
    usual = times_of(DEFAULT_COSTS)
    assert to_costs(usual | {trial: 9.0 * usual[trial]}) is None
    assert to_costs(usual | {trial: usual[trial] / 9.0}) is None


@pytest.mark.parametrize("wrong", [25.0, float("nan"), float("inf"), -1.0, 0.0])
def test_costs_that_no_machine_has_are_not_believed(wrong: float) -> None:
    assert not is_plausible(with_step(Algorithm.OPENCV, "product", wrong))


# Passes.


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[Times | None]:
    """Return the times that the next passes find; None: the machine was busy."""
    found: list[Times | None] = []
    monkeypatch.setattr(calibration, "measure", lambda: found.pop(0))
    return found


def test_each_trial_counts_as_fast_as_in_its_fastest_pass(passes: list[Times | None]) -> None:
    slow = times_of(DEFAULT_COSTS.scaled(3.0))
    first, second, third = dict(slow), dict(slow), dict(slow)
    for number, (trial, fast) in enumerate(times_of(DEFAULT_COSTS).items()):
        (first, second, third)[number % 3][trial] = fast
    passes += [first, second, third]
    assert_alike(calibrate(), DEFAULT_COSTS)


def test_passes_lie_apart(passes: list[Times | None]) -> None:
    passes += [times_of(DEFAULT_COSTS)] * 3
    rests: list[float] = []

    def rest(seconds: float) -> bool:
        rests.append(seconds)
        return False

    calibrate(rest)
    assert rests == [calibration.REST] * 2


def test_told_to_stop_it_gives_up(passes: list[Times | None]) -> None:
    passes += [times_of(DEFAULT_COSTS)] * 3
    assert calibrate(lambda seconds: True) is None
    assert len(passes) == 2


def test_a_pass_on_a_busy_machine_spoils_all(passes: list[Times | None]) -> None:
    passes += [times_of(DEFAULT_COSTS), None]
    assert calibrate() is None


def test_implausible_times_are_none(passes: list[Times | None]) -> None:
    passes += [times_of(with_step(Algorithm.OPENCV, "product", 25.0))] * 3
    assert calibrate() is None


# One pass, every trial run once or twice.


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_REPEATS", 1)


@pytest.mark.usefixtures("quick")
def test_a_pass_has_every_trial() -> None:
    times = measure(Meters(ticking(100), ticking(10_000), lambda: 0.0))
    assert times is not None
    assert set(TRIALS) <= set(times)
    assert set(times.values()) == {100.0}


@pytest.mark.usefixtures("quick")
def test_a_pass_that_had_no_processor_for_long_is_none() -> None:
    assert measure(Meters(ticking(100), ticking(10), lambda: 0.0)) is None


def test_a_machine_with_much_to_do_is_not_measured() -> None:
    assert measure(Meters(load=lambda: 1e6)) is None


# One trial of each kind, which takes no time of the real clocks.


@pytest.fixture
def idle_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "run", lambda problem, algorithm: None)
    monkeypatch.setattr(calibration, "TRIALS", TRIALS[:1])
    monkeypatch.setattr(calibration, "RUNTIME_TRIALS", RUNTIME_TRIALS[:1])
    monkeypatch.setattr(onnxruntime, "is_installed", lambda: True)


def stepping(steps: Iterable[int]) -> Callable[[], int]:
    """Return a clock that goes on by these, each between two looks; nothing between the pairs."""
    times = [0]
    for step in steps:
        times += [times[-1] + step] * 2
    return iter(times).__next__


@pytest.mark.usefixtures("idle_trials")
def test_of_the_runs_that_had_a_core_the_fastest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_REPEATS", 3)
    wall = stepping([500, 400, 900] * 2)
    starved = stepping([100, 390, 890])  # the second run is the fastest that counts
    times = measure(Meters(wall, starved, lambda: 0.0, stepping([500, 10, 900])))
    assert times == {TRIALS[0]: 400.0, RUNTIME_TRIALS[0]: 500.0}


@pytest.mark.usefixtures("idle_trials", "quick")
def test_work_in_other_threads_of_this_process_is_no_other_program() -> None:
    busy_elsewhere = Meters(stepping([100, 100]), stepping([100]), lambda: 0.0, stepping([160]))
    assert measure(busy_elsewhere) == {TRIALS[0]: 100.0, RUNTIME_TRIALS[0]: 100.0}
    idle = Meters(stepping([100, 100]), stepping([100]), lambda: 0.0, stepping([60]))
    assert measure(idle) is None


@pytest.mark.parametrize("trial", TRIALS)
def test_our_own_trials_run_in_the_thread_whose_time_is_read(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    def share(work: object, pieces: object) -> None:
        raise AssertionError

    for module in (gemm, depthwise):
        monkeypatch.setattr(module, "share", share)
    run(trial.problem(np.random.default_rng(0)), trial.algorithm)
