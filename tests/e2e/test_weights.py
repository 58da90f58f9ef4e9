"""Weights from a file in the stack lab: which array, for which layers, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QTreeWidget,
)

from convlab.document.stack.model import StackInput, StackState
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.io.tensors import pack_tensors
from convlab.layers import Conv2d, ReLU
from convlab.ui.stack.stack_lab import StackLab
from convlab.ui.stack.weights_dialog import WeightsDialog
from convlab.ui.stack.weights_plan_dialog import WeightsPlanDialog
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT
from tests.e2e.stack_driver import StackDriver

NUMBERS = (2, 5, 10)


def save(path: Path, arrays: dict[str, AnyArray]) -> None:
    np.savez(path, **arrays)  # type: ignore[arg-type]


def state_dict() -> dict[str, FloatArray]:
    rng = np.random.default_rng(1)
    arrays = {"features.0.weight": rng.standard_normal((4, 3, 3, 3), np.float32)}
    for number in NUMBERS:
        arrays[f"features.{number}.weight"] = rng.standard_normal((4, 4, 3, 3), np.float32)
        arrays[f"features.{number}.bias"] = rng.standard_normal(4, np.float32)
    return arrays


class Desk:
    """A person at a stack of four convolutions, three of one shape, with a file of weights."""

    def __init__(self, lab: StackDriver, path: Path) -> None:
        self.lab = lab
        self.arrays = state_dict()
        path.write_bytes(pack_tensors(self.arrays))
        layers = (Conv2d(3, 4, 3), ReLU(), Conv2d(4, 4, 3), Conv2d(4, 4, 3), Conv2d(4, 4, 3))
        session = lab.window.session
        state = StackState.of(layers, "four", StackInput())
        session.edit(replace(session.document, stack=state), "build")
        lab.settle()
        self.before = lab.state
        self.steps = session.undo_stack.index()

    @property
    def message(self) -> str:
        """What was taken; it stands in the window's bar, where there is room for it."""
        return self.lab.window.message.text

    @property
    def dialog(self) -> WeightsDialog:
        self.lab.until(lambda: self.lab.window.findChild(WeightsDialog) is not None)
        dialog = self.lab.person.find(WeightsDialog, "weights_dialog")
        self.lab.until(dialog.isVisible)
        return dialog

    @property
    def plan(self) -> WeightsPlanDialog:
        """What a file would do to all layers."""
        self.lab.until(lambda: self.lab.window.findChild(WeightsPlanDialog) is not None)
        dialog = self.lab.person.find(WeightsPlanDialog, "weights_plan_dialog")
        self.lab.until(dialog.isVisible)
        return dialog

    @property
    def plan_list(self) -> QTreeWidget:
        found = self.plan.findChild(QTreeWidget, "weights_plan_list")
        assert found is not None
        return found

    def listed(self) -> list[str]:
        """The headings in the list of what a file would do."""
        rows = self.plan_list
        return [rows.topLevelItem(at).text(0) for at in range(rows.topLevelItemCount())]  # type: ignore[union-attr]

    def section(self, title: str) -> int:
        """Number of a heading."""
        return next(at for at, text in enumerate(self.listed()) if text.startswith(title))

    def lines(self, section: int) -> list[tuple[str, str]]:
        """The layers and arrays below a heading that are in sight."""
        heading = self.plan_list.topLevelItem(section)
        assert heading is not None
        items = [heading.child(row) for row in range(heading.childCount())]
        return [(item.text(0), item.text(1)) for item in items if item and not item.isHidden()]

    def says(self, *words: str) -> bool:
        """Whether all of that is said now."""
        return all(word in self.message for word in words)

    def fill(self, uid: int) -> None:
        self.lab.click_card(uid)
        self.lab.person.choose("filter_fill_button", "From a file…")

    def undo(self) -> None:
        QTest.mouseClick(self.lab.person.find(QToolButton, "undo_button"), LEFT)

    def taken(self) -> list[int | None]:
        """Which of the file's arrays each convolution of 4 × 4 kernels has, weight and bias."""
        return [self._number(uid) for uid in (3, 4, 5)]

    def _number(self, uid: int) -> int | None:
        slot = self.lab.state.slot(uid)
        assert slot is not None
        assert isinstance(slot.layer, Conv2d)
        for number in NUMBERS:
            weight, bias = (self.arrays[f"features.{number}.{end}"] for end in ("weight", "bias"))
            if np.array_equal(slot.layer.weight, weight):
                assert np.array_equal(np.asarray(slot.layer.bias), bias)
                return number
        return None


@pytest.fixture
def desk(open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    path = tmp_path / "vgg.safetensors"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    return Desk(StackDriver(open_window("--lab", "stack", "--source", "pattern:zone-plate")), path)


@pytest.mark.display
def test_where_three_fit_a_person_is_asked_and_the_likely_one_is_chosen(desk: Desk) -> None:
    desk.fill(4)
    dialog = desk.dialog
    question = dialog.findChild(QLabel, "weights_question")
    assert question is not None
    assert "3 arrays of vgg.safetensors fit layer 4 Convolution (4 × 4 × 3 × 3)" in question.text()
    rows = dialog.findChild(QTreeWidget, "weights_list")
    assert rows is not None
    assert [rows.topLevelItem(row).text(0) for row in range(3)] == [  # type: ignore[union-attr]
        f"features.{number}.weight" for number in NUMBERS
    ]
    assert rows.currentIndex().row() == 1
    QTest.keyClick(rows, Qt.Key.Key_Return)
    desk.lab.until(lambda: bool(desk.message))
    assert desk.taken() == [None, 5, None]
    assert desk.message == (
        "Took features.5.weight and .bias from vgg.safetensors, 2 of 3 that fit."
    )
    desk.undo()
    assert desk.lab.state is desk.before, "weight and bias are one step"
    assert not desk.message, "what was taken is gone, and so is what was said of it"


@pytest.mark.display
def test_another_one_is_chosen_by_key(desk: Desk) -> None:
    desk.fill(4)
    rows = desk.dialog.findChild(QTreeWidget, "weights_list")
    assert rows is not None
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    desk.lab.until(lambda: desk.taken() == [None, 10, None])


def test_all_layers_are_filled_in_one_step(desk: Desk) -> None:
    desk.fill(3)
    assert desk.dialog.isModal()
    QTest.mouseClick(desk.lab.person.find(QCheckBox, "weights_all_check"), LEFT)
    QTest.mouseClick(desk.lab.person.find(QPushButton, "weights_fill_button"), LEFT)
    assert desk.listed() == ["Taken (4)"]
    assert desk.lab.state is desk.before, "it is shown before anything changes"
    QTest.mouseClick(desk.lab.person.find(QPushButton, "weights_plan_fill"), LEFT)
    desk.lab.until(lambda: desk.taken() == list(NUMBERS))
    assert desk.message == "4 of 4 layers filled from vgg.safetensors; nothing is left over."
    assert desk.lab.window.message.property("role") == "offer", "all is well"
    assert desk.lab.window.session.undo_stack.index() == desk.steps + 1
    desk.undo()
    assert desk.lab.state is desk.before


@pytest.mark.display
def test_cancel_changes_nothing(desk: Desk) -> None:
    desk.fill(3)
    dialog = desk.dialog
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.lab.until(lambda: not desk.lab.window.findChildren(WeightsDialog))
    assert desk.lab.state is desk.before
    assert not desk.message


def test_where_one_fits_it_is_taken_and_the_others_are_offered(desk: Desk) -> None:
    desk.fill(1)
    desk.lab.until(lambda: bool(desk.message))
    assert desk.message == (
        "Took features.0.weight from vgg.safetensors, the only one that fits; the file has no bias "
        "for it: the layer's stays."
    )
    assert desk.taken() == [None, None, None]
    QTest.mouseClick(desk.lab.person.find(QPushButton, "source_message_action_0"), LEFT)
    assert desk.listed() == ["Taken (4)"]
    QTest.keyClick(desk.plan, Qt.Key.Key_Return)
    desk.lab.until(lambda: desk.taken() == list(NUMBERS))
    assert desk.message == "4 of 4 layers filled from vgg.safetensors; nothing is left over."


def test_a_file_that_does_not_fit_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "vgg.safetensors").write_bytes(
        pack_tensors({"a.weight": np.zeros((2, 2), np.float32)})
    )
    desk.fill(3)
    rejected = desk.lab.window.labs.of(StackLab).detail.message
    desk.lab.until(lambda: "none of its arrays has the shape (4, 4, 3, 3)" in rejected.text)
    assert desk.lab.state is desk.before


@pytest.mark.display
def test_a_dropped_file_is_listed_asked_about_searched_taken_and_undone(
    desk: Desk, tmp_path: Path
) -> None:
    """Two convolutions are told by number, three by nothing: a person chooses, then takes all."""
    person = desk.lab.person
    rng = np.random.default_rng(2)
    names = ("body", "stem", "tail", "top")
    weights = {name: rng.standard_normal((4, 4, 3, 3), np.float32) for name in names}
    arrays = {f"{name}.weight": weight for name, weight in weights.items()}
    arrays |= {
        "first.weight": desk.arrays["features.0.weight"],
        "odd.weight": np.ones((2, 9), "f4"),
    }
    path = tmp_path / "own.safetensors"
    path.write_bytes(pack_tensors(arrays))
    person.drop_file(path)
    assert desk.listed() == ["To be chosen (3)", "Taken (1)", "Left over in the file (5)"]
    assert desk.lines(1) == [("1 Conv", "first.weight")]
    summary = desk.plan.findChild(QLabel, "weights_plan_summary")
    assert summary is not None
    assert "1 of 4 layers with weights take theirs from own.safetensors" in summary.text()
    search = person.find(QLineEdit, "weights_plan_search")
    QTest.keyClicks(search, "ODD")
    assert desk.lines(2) == [("–", "odd.weight")]
    assert desk.lines(0) == []
    search.clear()

    rows = desk.plan_list
    first = rows.topLevelItem(0)
    assert first is not None
    child = first.child(0)
    assert child is not None
    QTest.mouseClick(rows.viewport(), LEFT, pos=rows.visualItemRect(child).center())
    combo = person.find(QComboBox, "weights_plan_choice")
    assert [combo.itemText(at) for at in range(combo.count())] == [
        *(f"{name}.weight" for name in names), "nothing: it stays as it is",
    ]  # fmt: skip
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    QTest.keyClick(combo, Qt.Key.Key_Down)
    desk.lab.until(lambda: ("3 Conv", "stem.weight") in desk.lines(desk.section("Taken")))
    QTest.mouseClick(person.find(QPushButton, "weights_plan_fill"), LEFT)
    desk.lab.until(lambda: "layers filled from own.safetensors" in desk.message)
    slot = desk.lab.state.slot(3)
    assert slot is not None
    assert isinstance(slot.layer, Conv2d)
    np.testing.assert_array_equal(slot.layer.weight, weights["stem"])
    assert desk.lab.window.session.undo_stack.index() == desk.steps + 1
    desk.undo()
    assert desk.lab.state is desk.before
    assert not desk.message


@pytest.mark.display
def test_a_file_that_fits_nothing_becomes_a_stack_of_its_own_or_says_what_is_missing(
    desk: Desk, tmp_path: Path
) -> None:
    person = desk.lab.person
    path = tmp_path / "other.npz"
    save(path, {"0.weight": np.ones((6, 3, 5, 5)), "3.weight": np.ones((2, 6))})
    person.drop_file(path)
    desk.lab.until(lambda: desk.lab.state.title == "other")
    kinds = [slot.layer.kind for slot in desk.lab.state.slots]
    assert kinds == ["conv2d", "relu", "global_avg_pool2d", "flatten", "linear"]
    assert "Assumed: stride 1" in desk.message
    assert "torch.onnx.export" in desk.message
    desk.lab.settle()
    desk.undo()
    assert desk.lab.state is desk.before
    assert not desk.message

    save(path, {"a.b.0.weight": np.ones((6, 3, 5, 5)), "c.weight": np.ones(3)})
    person.drop_file(path)
    desk.lab.until(lambda: "has 4 × 3 × 3 × 3 where a.b.0.weight has 6 × 3 × 5 × 5" in desk.message)
    for kind, recipe in ((".pt", "save_file"), (".tflite", "tf2onnx"), (".yaml", "torch.onnx")):
        bad = tmp_path / f"net{kind}"
        bad.write_bytes(b"")
        person.drop_file(bad)
        desk.lab.until(partial(desk.says, f"{kind} file", recipe))
    assert desk.lab.state is desk.before
