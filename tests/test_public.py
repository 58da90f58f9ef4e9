from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

import convlab
from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.costs import Costs
from convlab.engine.default_costs import DEFAULT_COSTS
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
    dear = DEFAULT_COSTS.scaled(7.0).tables[Algorithm.OPENCV]
    machine_costs.save(Costs({**DEFAULT_COSTS.tables, Algorithm.OPENCV: dear}))
    code = "import convlab; print(convlab.plan((720, 1280), (3, 3)).algorithm)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() != "opencv"


def test_the_names_are_listed_before_they_are_used() -> None:
    code = "import convlab, sys; print(*dir(convlab)); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    listed, has_numpy = done.stdout.splitlines()
    assert set(listed.split()) == {*convlab.__all__, "__version__"}
    assert has_numpy == "False"
    assert set(convlab._MODULES) == set(convlab.__all__)


def test_types_are_shipped_and_the_version_is_named() -> None:
    assert Path(convlab.__file__).with_name("py.typed").is_file()
    assert convlab.__version__.count(".") == 2


def test_a_stack_is_saved_and_read_again(tmp_path: Path) -> None:
    stack = convlab.Stack([convlab.layers.Conv2d(3, 4, 3, padding=1), convlab.layers.ReLU()])
    convlab.save_stack(stack, tmp_path / "edges.convlab")
    again = convlab.load_stack(tmp_path / "edges.convlab")
    assert repr(again) == repr(stack)
    np.testing.assert_array_equal(again[0].weight, stack[0].weight)  # type: ignore[attr-defined]
    convlab.save_stack(stack, tmp_path / "edges.safetensors")
    found = load_file(tmp_path / "edges.safetensors")
    assert found.keys() == {"0.weight", "0.bias"}
    np.testing.assert_array_equal(found["0.weight"], stack[0].weight)  # type: ignore[attr-defined]
    norms = convlab.Stack([convlab.layers.PReLU(4), convlab.layers.GroupNorm(2, 4)])
    convlab.save_stack(norms, tmp_path / "norms.safetensors")
    assert load_file(tmp_path / "norms.safetensors").keys() == {"0.weight", "1.weight", "1.bias"}
    with pytest.raises(ValueError, match=r"edges\.h5 cannot be written as a stack"):
        convlab.save_stack(stack, tmp_path / "edges.h5")
    with pytest.raises(ValueError, match="choose another place"):
        convlab.save_stack(stack, tmp_path / "nowhere" / "edges.convlab")


def test_pad_fills_by_the_rule_of_every_border() -> None:
    row = [[1, 2, 3]]
    assert convlab.pad(row, (0, 1)).tolist() == [[0, 1, 2, 3, 0]]
    assert convlab.pad(row, (0, 0, 2, 0), border="reflect").tolist() == [[3, 2, 1, 2, 3]]
    assert convlab.pad(row, (0, 1), border="circular").tolist() == [[3, 1, 2, 3, 1]]
    assert convlab.pad(row, (0, 1), border="constant", value=9).tolist() == [[9, 1, 2, 3, 9]]
    with pytest.raises(ValueError, match="depends on a kernel"):
        convlab.pad(row, "same")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="reflect needs padding smaller"):
        convlab.pad(row, (0, 3), border="reflect")
