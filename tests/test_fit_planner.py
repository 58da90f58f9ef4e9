"""The tool that fits the planner's costs again."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlab.engine.default_costs import DEFAULT_COSTS
from tools import fit_planner


def test_it_measures_fits_and_writes_what_can_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "default_costs.py"
    file.write_text(fit_planner.FILE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(fit_planner, "FILE", file)
    monkeypatch.setattr(fit_planner, "TURNS", 1)
    monkeypatch.setattr(fit_planner, "LONGEST", 2e6)
    kept = tmp_path / "times.pickle"
    fit_planner.main(["--count", "6", "--keep", str(kept)])
    written: dict[str, object] = {}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), written)
    costs = written["DEFAULT_COSTS"]
    assert isinstance(costs, type(DEFAULT_COSTS))
    assert costs.tables.keys() == DEFAULT_COSTS.tables.keys()
    assert costs != DEFAULT_COSTS
    assert "lost: median" in capsys.readouterr().out
    fit_planner.main(["--keep", str(kept)])  # from the times that are kept
