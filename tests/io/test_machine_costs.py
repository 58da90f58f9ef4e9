from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from convlab.engine.planner import Costs
from convlab.io import machine_costs

MEASURED = replace(Costs(), filter_pixel=0.5)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path))
    return tmp_path


def test_costs_come_back_as_they_were() -> None:
    assert machine_costs.load() is None
    machine_costs.save(MEASURED)
    assert machine_costs.load() == MEASURED


def test_costs_of_another_machine_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    machine_costs.save(MEASURED)
    monkeypatch.setattr("platform.processor", lambda: "another")
    assert machine_costs.load() is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b'{"machine": 3, "costs": {}}',
        b'{"machine": "", "costs": {"call": 1.0}}',
        b"{" * 100_000,
    ],
)
def test_a_broken_file_is_no_file(content: bytes, home: Path) -> None:
    machine_costs.save(MEASURED)
    (home / "cache" / "costs.json").write_bytes(content)
    assert machine_costs.load() is None


@pytest.mark.parametrize("cost", ["-1.0", "0.0", "1e300"])
def test_costs_that_cannot_be_are_not_used(cost: str, home: Path) -> None:
    machine_costs.save(MEASURED)
    file = home / "cache" / "costs.json"
    file.write_text(file.read_text().replace("0.5", cost))
    assert machine_costs.load() is None
