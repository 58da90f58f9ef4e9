"""What a machine takes, from clocks that the tests wind up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from convlab.engine import calibration
from convlab.engine.calibration import Meters, calibrate, is_plausible, measure, to_costs
from convlab.engine.planner import Costs, plan

Times = dict[str, float]


def ticking(step: int) -> Callable[[], int]:
    """Return a clock that goes on by so much at each look [ns]."""
    ticks = count(0, step)
    return lambda: next(ticks)


def times_of(costs: Costs) -> Times:
    """Return how long the steps take on a machine of such costs [ns]."""
    pixels = 480 * 640

    def filtered(size: int) -> float:
        return costs.call + pixels * (costs.filter_pixel + size * size * costs.filter_cell)

    def layer(inputs: int, outputs: int, size: int, side: int) -> float:
        cells = inputs * size * size
        each = outputs * (costs.runtime_fill + cells * costs.runtime)
        laid_out = cells * costs.runtime_copy if size > 1 else 0.0
        return costs.runtime_call + side * side * (each + laid_out)

    return {
        "call": costs.call,
        **{f"filter {size}": filtered(size) for size in (3, 9)},
        "add": pixels * costs.add,
        "transform": 384 * 480 * costs.transform,
        "multiply": 384 * 480 * costs.multiply,
        "fill": pixels * costs.fill,
        "copy": 9 * 8192 * costs.copy,
        "product": 32 * 144 * 8192 * costs.product,
        "runtime call": costs.runtime_call,
        "runtime wide": layer(1, 16, 1, 240),
        "runtime deep": layer(32, 32, 3, 60),
        "runtime plain": layer(1, 1, 9, 240),
    }


def scaled(costs: Costs, factor: float) -> Costs:
    return Costs(*(factor * getattr(costs, name) for name in Costs.__slots__))


def assert_alike(costs: Costs, expected: Costs) -> None:
    for name in Costs.__slots__:
        assert getattr(costs, name) == pytest.approx(getattr(expected, name), rel=0.01), name


@pytest.mark.parametrize("factor", [0.1, 1.0, 30.0])
def test_costs_are_read_off_the_times(factor: float) -> None:
    costs = scaled(Costs(), factor)
    assert_alike(to_costs(times_of(costs)), costs)
    assert is_plausible(to_costs(times_of(costs)))


def test_without_onnx_runtime_its_steps_are_as_dear_as_the_others() -> None:
    costs = scaled(Costs(), 20.0)
    times = {step: t for step, t in times_of(costs).items() if not step.startswith("runtime")}
    assert_alike(to_costs(times), costs)
    assert is_plausible(to_costs(times))


def test_what_is_lost_in_the_noise_does_not_look_free() -> None:
    times = times_of(Costs()) | {"filter 9": 0.0}
    assert to_costs(times).filter_cell == pytest.approx(Costs().filter_cell / 8)
    assert is_plausible(to_costs(times))


@pytest.mark.parametrize("name", Costs.__slots__)
def test_one_step_that_is_many_times_as_dear_is_not_believed(name: str) -> None:
    default = getattr(Costs(), name)
    assert is_plausible(replace(Costs(), **{name: 7 * default}))
    assert not is_plausible(replace(Costs(), **{name: 9 * default}))
    assert not is_plausible(replace(Costs(), **{name: default / 9}))
    assert not is_plausible(replace(Costs(), **{name: float("nan")}))


# Passes.


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[Times | None]:
    """Return the times that the next passes find; None: the machine was busy."""
    found: list[Times | None] = []
    monkeypatch.setattr(calibration, "measure", lambda: found.pop(0))
    return found


def test_each_step_counts_as_fast_as_in_its_fastest_pass(passes: list[Times | None]) -> None:
    slow = times_of(scaled(Costs(), 3.0))
    first, second, third = dict(slow), dict(slow), dict(slow)
    for number, (step, fast) in enumerate(times_of(Costs()).items()):
        (first, second, third)[number % 3][step] = fast
    passes += [first, second, third]
    found = calibrate()
    assert found is not None
    assert_alike(found, Costs())


def test_passes_lie_apart(passes: list[Times | None]) -> None:
    passes += [times_of(Costs())] * 3
    rests: list[float] = []

    def rest(seconds: float) -> bool:
        rests.append(seconds)
        return False

    calibrate(rest)
    assert rests == [calibration.REST] * 2


def test_told_to_stop_it_gives_up(passes: list[Times | None]) -> None:
    passes += [times_of(Costs())] * 3
    assert calibrate(lambda seconds: True) is None
    assert len(passes) == 2


def test_a_pass_on_a_busy_machine_spoils_all(passes: list[Times | None]) -> None:
    passes += [times_of(Costs()), None]
    assert calibrate() is None


def test_implausible_costs_are_none(passes: list[Times | None]) -> None:
    passes += [times_of(replace(Costs(), filter_cell=0.7))] * 3
    assert calibrate() is None


# One pass, every step run once or twice.


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_REPEATS", 1)


@pytest.mark.usefixtures("quick")
def test_a_pass_has_every_step() -> None:
    times = measure(Meters(ticking(100), ticking(10_000), lambda: 0.0))
    assert times is not None
    assert {step for step in times_of(Costs()) if not step.startswith("runtime")} <= set(times)
    assert set(times.values()) == {100.0}
    assert plan((720, 1280), (63, 63), costs=to_costs(times)).cost > 0


@pytest.mark.usefixtures("quick")
def test_a_pass_that_had_no_processor_for_long_is_none() -> None:
    assert measure(Meters(ticking(100), ticking(10), lambda: 0.0)) is None


def test_a_machine_with_much_to_do_is_not_measured() -> None:
    assert measure(Meters(load=lambda: 1e6)) is None
