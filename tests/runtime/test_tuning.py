from __future__ import annotations

from pathlib import Path

import pytest

from convlab.engine import calibration, planner
from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.costs import Costs
from convlab.engine.default_costs import DEFAULT_COSTS
from convlab.engine.planner import plan
from convlab.io import machine_costs
from convlab.runtime import tuning
from convlab.runtime.tuning import Tuner


def with_filter(factor: float) -> Costs:
    """Return the defaults, filter2D so many times as dear."""
    dear = DEFAULT_COSTS.scaled(factor).tables[Algorithm.OPENCV]
    return Costs({**DEFAULT_COSTS.tables, Algorithm.OPENCV: dear})


DEAR = with_filter(7.0)


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path))
    monkeypatch.setattr(planner, "_present", planner._Machine(DEFAULT_COSTS))
    monkeypatch.setattr(calibration, "calibrate", lambda wait: DEAR)


def test_what_is_known_is_used_at_once() -> None:
    machine_costs.save(DEAR)
    tuner = Tuner()
    tuner.start()
    tuner.stop()
    assert plan((720, 1280), (3, 3)).algorithm.value != "opencv"


def test_what_is_unknown_is_measured_used_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "PAUSES", (0.0,))
    tuner = Tuner()
    tuner.start()
    tuner._thread.join(10)
    tuner.stop()
    assert plan((720, 1280), (3, 3)).algorithm.value != "opencv"
    assert machine_costs.load() == DEAR


def test_a_program_that_ends_early_measures_nothing() -> None:
    tuner = Tuner()
    tuner.start()
    tuner.stop()
    assert machine_costs.load() is None


def test_a_cache_that_cannot_be_written_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setattr(tuning, "PAUSES", (0.0,))
    tuner = Tuner()
    tuner.start()
    tuner._thread.join(10)
    tuner.stop()
    assert "cannot be kept" in caplog.text
    assert plan((720, 1280), (3, 3)).algorithm.value != "opencv"


def test_a_busy_machine_is_measured_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [None, None, DEAR]
    monkeypatch.setattr(calibration, "calibrate", lambda wait: outcomes.pop(0))
    monkeypatch.setattr(tuning, "PAUSES", (0.0, 0.0, 0.0, 0.0))
    tuner = Tuner()
    tuner.start()
    tuner._thread.join(10)
    tuner.stop()
    assert outcomes == []
    assert machine_costs.load() == DEAR


def test_a_machine_that_stays_busy_is_planned_with_the_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calibration, "calibrate", lambda wait: None)
    monkeypatch.setattr(tuning, "PAUSES", (0.0, 0.0))
    tuner = Tuner()
    tuner.start()
    tuner._thread.join(10)
    tuner.stop()
    assert planner._present.costs == DEFAULT_COSTS
    assert machine_costs.load() is None


def test_implausible_costs_of_a_file_are_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    machine_costs.save(with_filter(25.0))  # as a busy machine once gave
    monkeypatch.setattr(tuning, "PAUSES", (0.0,))
    tuner = Tuner()
    tuner.start()
    tuner._thread.join(10)
    tuner.stop()
    assert machine_costs.load() == DEAR
