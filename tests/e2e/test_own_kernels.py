"""A person's own kernels: saved, renamed, deleted, shared as a line and as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QToolButton

from convlab.document.document import Lab
from convlab.document.kernel.model import to_weights
from convlab.document.kernel.scaling import Scaling
from convlab.engine import kernels
from convlab.io.own_kernels import own_kernel, write_kernels
from convlab.io.share_line import LONGEST
from convlab.ui.choices.choice_box import ChoiceBox
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver

OWN = ((1.0, 2.0, 1.0), (2.0, -7.5, 2.0), (1.0, 2.0, 1.0))


def trigger(user: Driver, name: str) -> None:
    """Choose an entry of the menu of own kernels."""
    action = user.window.findChild(QAction, f"{name}_kernel_action")
    assert action is not None
    assert action.isEnabled()
    action.trigger()


def type_name(user: Driver, name: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    line = user.find(QLineEdit, "own_kernel_name")
    assert line.isVisible()
    line.selectAll()
    QTest.keyClicks(line, name)
    QTest.keyClick(line, key)
    assert not line.isVisible()


def paste(user: Driver, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    user.grid.setFocus()
    QTest.keyClick(user.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def said(user: Driver) -> str:
    label = user.find(QLabel, "kernel_message")
    return label.text() if label.isVisible() else ""


@pytest.mark.display
def test_a_kernel_is_saved_renamed_deleted_and_there_at_the_next_start(
    open_window: OpenWindow,
) -> None:
    user = open_window("--source", "pattern:step")
    box = user.find(ChoiceBox, "preset_combo")
    paste(user, "1 2 1\n2 -7.5 2\n1 2 1")
    user.set_spin_number("divisor_spin", "4")
    trigger(user, "save")
    type_name(user, "nobody", Qt.Key.Key_Escape)
    assert box.currentText() == "Own kernel"
    trigger(user, "save")
    type_name(user, "Sobel vertical")
    assert "ready kernel is called" in said(user)
    trigger(user, "save")
    type_name(user, "Mine")
    user.until(lambda: box.currentText() == "Mine")
    assert said(user) == ""

    user.choose("preset_combo", "Identity")
    user.set_spin_number("divisor_spin", "1")
    user.choose("preset_combo", "Mine")
    assert user.document.kernel.weights == OWN
    assert user.document.kernel.scaling == Scaling(4.0)
    user.undo()
    assert user.document.kernel.scaling == Scaling()
    user.redo()

    trigger(user, "rename")
    type_name(user, "Ours")
    user.until(lambda: box.currentText() == "Ours")
    user.close()

    again = open_window("--source", "pattern:step")
    box = again.find(ChoiceBox, "preset_combo")
    again.until(lambda: box.findText("Ours") > 0)
    again.choose("preset_combo", "Ours")
    assert again.document.kernel.weights == OWN
    trigger(again, "delete")
    again.until(lambda: box.findText("Ours") < 0)
    assert again.document.kernel.weights == OWN, "the present kernel stays"
    again.press("kernel_message_action_0")
    again.until(lambda: box.currentText() == "Ours")


@pytest.mark.display
def test_a_kernel_is_shared_as_a_line_and_as_a_file(
    step: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(step, "float k[3][3] = {{1.0f, 2, 1}, {2, -7.5f, 2}, {1, 2, 1}};  // spots")
    assert step.document.kernel.weights == OWN
    for style in ("C", "LaTeX", "OpenCV, C++", "PyTorch"):
        copy = step.find(QToolButton, "copy_kernel_button").menu().actions()
        next(action for action in copy if action.text() == style).trigger()
        written = QGuiApplication.clipboard().text()
        assert to_weights(kernels.parse(written)) == OWN
    trigger(step, "copy_line")
    line = QGuiApplication.clipboard().text()
    assert line.isascii()
    assert len(line.split()) == 1
    assert len(line) <= LONGEST
    step.choose("preset_combo", "Identity")
    paste(step, f"  {line[:40]}\n  {line[40:]}\n")  # as a mail wraps it
    assert step.document.kernel.weights == OWN

    before = step.document
    paste(step, line[:60] + line[61:])
    assert said(step) == "The line is damaged, letters are missing or wrong: copy it again."
    assert step.document is before
    step.choose("preset_combo", "Identity")
    assert said(step) == ""
    QGuiApplication.clipboard().setText(line)
    trigger(step, "paste")
    assert step.document.kernel.weights == OWN

    file = tmp_path / "mine.kernel"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    trigger(step, "write")
    step.until(file.exists)
    step.choose("preset_combo", "Identity")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    trigger(step, "read")
    step.until(lambda: step.document.kernel.weights == OWN)
    assert step.find(ChoiceBox, "preset_combo").currentText() == "mine"
    sent = file.read_bytes()
    file.write_bytes(sent[:-12])
    trigger(step, "read")
    step.until(lambda: "mine.kernel is damaged" in said(step))

    file.write_bytes(sent)
    step.press("open_button")  # with the dialog of the window
    step.until(lambda: said(step) == "")
    step.choose("preset_combo", "Identity")
    step.window.go_to(Lab.STACK)
    step.drop_file(file)
    step.until(lambda: step.document.kernel.weights == OWN)
    assert step.window.session.viewing.lab is Lab.KERNEL
    assert step.message == ""
    step.undo()
    assert step.document.kernel.weights != OWN


def test_a_file_of_kernels_is_named_on_the_command_line(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    file = tmp_path / "sent.KERNEL"
    write_kernels(file, (own_kernel("Sent", OWN),))
    user = open_window(str(file), "--source", "pattern:step", "--lab", "signal")
    user.until(lambda: user.document.kernel.weights == OWN)
    assert str(user.document.source) == "pattern:step"
    assert user.window.session.viewing.lab is Lab.KERNEL
    file.write_text("no kernel")
    user.drop_file(file)
    user.until(lambda: "sent.KERNEL" in user.message)
    assert user.document.kernel.weights == OWN
