from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import convlab
from convlab.engine.planner import Costs
from convlab.io import machine_costs


@pytest.mark.parametrize("name", convlab.__all__)
def test_each_public_name_is_there(name: str) -> None:
    thing = getattr(convlab, name)
    assert thing.__doc__
    assert thing.__name__.endswith(name)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="'convlab' has no attribute 'conv3d'"):
        _ = convlab.conv3d


def test_what_was_measured_on_the_machine_is_planned_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path))
    machine_costs.save(replace(Costs(), filter_pixel=0.9, filter_cell=0.19))  # seven times
    code = "import convlab; print(convlab.plan((720, 1280), (3, 3)).algorithm)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() != "opencv"
