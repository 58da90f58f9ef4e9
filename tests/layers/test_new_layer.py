"""What a new layer with arithmetic of its own needs, tried on one that is not in the program."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from convlab.document.document import Document
from convlab.document.stack import detail as details
from convlab.document.stack.arithmetic import Step, Steps
from convlab.document.stack.detail import unit_detail
from convlab.document.stack.model import StackState, Unit
from convlab.document.stack.sums import multiply_add_sum, parameter_sum
from convlab.engine.arrays import FloatArray
from convlab.io.project import load_project, save_project
from convlab.layers import Layer, Stack
from convlab.layers.base import Shape
from convlab.layers.catalog import entries, make_layer
from convlab.layers.editing import with_parameter
from convlab.layers.graph import Node
from convlab.layers.parameters import decimal
from convlab.layers.registry import KINDS
from convlab.learn import backward as training
from convlab.learn import unit_gradient as units
from convlab.ui.numbers import show_number
from convlab.ui.widgets.param_form import ParamForm
from convlab.ui.widgets.unit_text import formula_text, subtitle
from tests.learn.chains import chain_gradient
from tests.slow import noise

ROOT = Path(__file__).parents[2]
# The tables that a new layer is entered into.
TABLES = {
    "layers/registry.py": KINDS,
    "learn/backward.py": training._WITHOUT_PARAMETERS,
    "learn/unit_gradient.py": units._ELEMENTWISE,
    "document/stack/detail.py": details._DETAILS,
}


@dataclass(frozen=True)
class Power(Layer):
    """Raises magnitudes to a power and keeps the sign."""

    kind: ClassVar[str] = "power"
    title: ClassVar[str] = "Power"
    short: ClassVar[str] = "Power"
    noun: ClassVar[str] = "power"
    summary: ClassVar[str] = "Raises magnitudes to a power and keeps the sign: a stand-in."

    exponent: float = field(
        default=2.0, metadata=decimal("Exponent", 1.0, 4.0, 0.5, "What magnitudes are raised to.")
    )

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def forward(self, x: FloatArray) -> FloatArray:
        return np.asarray(np.sign(x) * np.abs(x) ** np.float32(self.exponent), np.float32)

    def gradient(self, gradient: FloatArray, x: FloatArray) -> FloatArray:
        return np.asarray(gradient * self.exponent * np.abs(x) ** (self.exponent - 1), np.float32)


def steps(layer: Power, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Steps:
    result = float(y[place])
    line = Step("|x|ᵖ", "|{}|^{}", (float(x[place]), layer.exponent), result)
    return Steps("raises to a power", line, (line,), result)


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> Power:
    made: dict[str, Any] = {
        "learn/backward.py": lambda layer, step: layer.gradient(step.gradient, step.before),
        "learn/unit_gradient.py": lambda layer, gradient, before, after: layer.gradient(
            gradient, before
        ),
        "document/stack/detail.py": steps,
    }
    for name, function in made.items():
        monkeypatch.setitem(TABLES[name], Power, function)  # type: ignore[arg-type]
    monkeypatch.setitem(KINDS, "power", Power)
    return Power()


def test_a_new_layer_works_everywhere_once_it_is_in_the_tables(
    power: Power, qtbot: QtBot, tmp_path: Path
) -> None:
    assert make_layer("power", (3, 4, 4)) == power
    assert "Power" in [entry.title for entry in entries()]
    assert with_parameter(power, "exponent", 3).exponent == 3.0

    x = noise(2, 3, 3)
    (y,) = Stack([power]).forward(x)
    detail = unit_detail(power, [x], y, Unit(1, 1, 2, 0))
    assert isinstance(detail, Steps)
    assert detail.result == y[1, 2, 0]
    assert subtitle(detail) == "raises to a power"
    assert formula_text(detail) == f"|{show_number(x[1, 2, 0])}|^2 = {show_number(detail.result)}"
    assert parameter_sum(power) == "0, nothing to learn"
    assert multiply_add_sum(power, x.shape, y.shape) == "0"

    passed = training.forward(Stack([power]), x[None])
    found = training.backward(passed, np.ones_like(passed.output), needs_x=True)
    assert found.x is not None
    np.testing.assert_allclose(found.x[0], 2 * np.abs(x), rtol=1e-5)
    unit = chain_gradient([power], x, [y], (1, 2, 0)).full(x.shape)
    assert unit[1, 2, 0] == pytest.approx(2 * abs(x[1, 2, 0]), rel=1e-5)

    form = ParamForm()
    qtbot.addWidget(form)
    form.show_record(power)
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        form.field("exponent").control.stepUp()  # type: ignore[attr-defined]
    assert chosen.args == ["exponent", 2.5]

    file = tmp_path / "power.convlab"
    save_project(Document(stack=StackState((Node(1, Power(3.0)),), next_uid=2)), file)
    assert load_project(file).stack.slots[0].layer == Power(3.0)


def test_contributing_names_each_room_of_a_new_layer() -> None:
    rows = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    (row,) = (row for row in rows if row.startswith("| layer |"))
    for name in TABLES:
        assert f"`{name}`" in row, name
        assert (ROOT / "convlab" / name).is_file()
