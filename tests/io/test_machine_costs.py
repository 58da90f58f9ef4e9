from __future__ import annotations

from pathlib import Path

import pytest

from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.costs import Costs
from convlab.engine.default_costs import DEFAULT_COSTS
from convlab.io import machine_costs

TABLES = DEFAULT_COSTS.tables
PRODUCT = 1.25 * TABLES[Algorithm.OPENCV].product
MEASURED = Costs({**TABLES, Algorithm.OPENCV: TABLES[Algorithm.OPENCV]._replace(product=PRODUCT)})


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path))
    return tmp_path


def test_costs_come_back_as_they_were() -> None:
    assert machine_costs.load() is None
    machine_costs.save(MEASURED)
    assert machine_costs.load() == MEASURED


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("_processor", lambda: "another"),
        ("version", lambda library: "99" if library == "numpy" else "1.0"),
        ("version", lambda library: "99" if library == "convlab-studio" else "1.0"),
        ("DEFAULT_COSTS", DEFAULT_COSTS.scaled(1.1)),  # an algorithm changed, and was fitted again
    ],
)
def test_costs_of_another_machine_or_version_are_not_used(
    what: str, other: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_costs, "version", lambda library: "1.0")
    machine_costs.save(MEASURED)
    assert machine_costs.load() == MEASURED
    monkeypatch.setattr(machine_costs, what, other)
    assert machine_costs.load() is None


@pytest.mark.parametrize(("days", "is_used"), [(0, True), (29, True), (31, False), (-1, False)])
def test_costs_are_believed_for_a_month(days: float, is_used: bool) -> None:
    machine_costs.save(MEASURED, lambda: 1e9)
    assert (machine_costs.load(lambda: 1e9 + days * 86_400) is not None) is is_used


def test_the_processor_has_a_name() -> None:
    assert machine_costs._processor()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b'{"machine": 3, "costs": {}}',
        b'{"machine": "", "costs": {"call": 1.0}}',
        b'{"machine": "", "costs": {"gemm": {"run": 1.0}}, "measured": 0}',
        b"{" * 100_000,
    ],
)
def test_a_broken_file_is_no_file(content: bytes, home: Path) -> None:
    machine_costs.save(MEASURED)
    (home / "cache" / "costs.json").write_bytes(content)
    assert machine_costs.load() is None


@pytest.mark.parametrize("cost", ["-1.0", "0.0", "1e300", "1.3"])
def test_costs_that_cannot_be_are_not_used(cost: str, home: Path) -> None:
    machine_costs.save(MEASURED)
    file = home / "cache" / "costs.json"
    assert str(PRODUCT) in file.read_text()
    file.write_text(file.read_text().replace(str(PRODUCT), cost))
    assert machine_costs.load() is None


@pytest.mark.parametrize("name", ["gemm", "product"])
def test_costs_that_lack_a_step_or_have_another_are_not_used(name: str, home: Path) -> None:
    machine_costs.save(MEASURED)
    file = home / "cache" / "costs.json"
    file.write_text(file.read_text().replace(f'"{name}"', '"other"', 1))
    assert machine_costs.load() is None
