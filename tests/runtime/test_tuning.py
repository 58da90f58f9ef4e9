from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from convlab.engine import calibration, planner
from convlab.engine.planner import Costs, plan
from convlab.io import machine_costs
from convlab.runtime import tuning
from convlab.runtime.tuning import Tuner

DEAR = replace(Costs(), filter_pixel=1e6)


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path))
    monkeypatch.setattr(planner._present, "costs", Costs())
    monkeypatch.setattr(calibration, "measure", lambda: DEAR)
    yield
    assert "convlab-tuning" not in [thread.name for thread in threading.enumerate()]


def test_what_is_known_is_used_at_once() -> None:
    machine_costs.save(DEAR)
    tuner = Tuner()
    tuner.start()
    tuner.stop()
    assert plan((720, 1280), (3, 3)).algorithm.value != "opencv"


def test_what_is_unknown_is_measured_used_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "SETTLED", 0.0)
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
    monkeypatch.setattr(tuning, "SETTLED", 0.0)
    tuner = Tuner()
    tuner.start()
    tuner._thread.join(10)
    tuner.stop()
    assert "cannot be kept" in caplog.text
    assert plan((720, 1280), (3, 3)).algorithm.value != "opencv"
