"""Weights from a file in the stack lab: which array, for which layers, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QPushButton, QToolButton, QTreeWidget

from convlab.document.stack.model import StackInput, StackState
from convlab.engine.arrays import FloatArray
from convlab.io.tensors import pack_tensors
from convlab.layers import Conv2d, ReLU
from convlab.ui.stack.stack_lab import StackLab
from convlab.ui.stack.weights_dialog import WeightsDialog
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT
from tests.e2e.stack_driver import StackDriver

NUMBERS = (2, 5, 10)


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
    desk.lab.until(lambda: desk.taken() == list(NUMBERS))
    assert desk.message == "4 of 4 layers filled from vgg.safetensors; nothing is left over."
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
