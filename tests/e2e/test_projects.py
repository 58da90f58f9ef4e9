"""Projects hold what they show: saved, moved, opened elsewhere, undone."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QMessageBox,
    QStyle,
    QStyleOptionSpinBox,
)

from convlab.document.asset import Asset
from convlab.document.document import Document, Lab
from convlab.document.learning.model import LearningPage
from convlab.document.signal.model import SignalKind
from convlab.document.signal.pair_neuron import Activation, NeuronLayer, PairNeuron
from convlab.document.source import SourceKind, SourceSpec
from convlab.io.project import save_project
from convlab.io.sounds import Sound, pack_sound
from convlab.ui.learning.learning_lab import LearningLab
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.e2e.signal_driver import SignalDriver

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
TONE = np.array([0.5, -0.25, 0.125, 0.0, 0.75], np.float32)
Save = Callable[[Driver], Path]


@pytest.fixture(autouse=True)
def discard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked about edits when a window closes."""
    answer = QMessageBox.StandardButton.Discard
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)


@pytest.fixture
def save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Save:
    """Return a function that saves the project, and moves it to a folder of its own."""
    file = tmp_path / "mine.convlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))

    def save_and_move(user: Driver) -> Path:
        user.key(Qt.Key.Key_S, CONTROL)
        user.until(lambda: user.window.windowTitle().startswith("mine.convlab"))
        moved = tmp_path / "elsewhere" / "moved.convlab"
        moved.parent.mkdir(exist_ok=True)
        file.rename(moved)
        return moved

    return save_and_move


def paste(user: Driver, width: int, height: int, red: int = 255) -> None:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(red, 0, 0))
    QGuiApplication.clipboard().setImage(image)
    user.key(Qt.Key.Key_V, CONTROL | SHIFT)


def test_a_picture_travels_and_opens_where_its_file_is_not(
    open_window: OpenWindow, photo: Path, save: Save
) -> None:
    user = open_window("--source", "pattern:step")
    user.drop_file(photo)
    user.until(lambda: user.shape == (40, 60, 3))
    project = save(user)
    photo.unlink()

    other = open_window(str(project))
    other.until(lambda: other.shape == (40, 60, 3))
    assert other.shown.job.frame.pixels[0, 59].tolist() == [255, 0, 0]
    assert other.find(QComboBox, "source_combo").currentText().strip() == photo.name
    assert other.message == ""
    assert other.window.windowTitle() == "moved.convlab[*] – ConvLab"
    assert not other.window.isWindowModified()
    stack = other.window.session.undo_stack
    assert stack.count() == 1, "its source came with it"

    other.undo()
    other.until(lambda: str(other.document.source).startswith("pattern:"))
    other.until(lambda: other.shape != (40, 60, 3))
    stack.redo()
    other.until(lambda: other.shape == (40, 60, 3))
    assert not other.window.isWindowModified()


def test_the_source_of_a_project_can_be_chosen_again(
    open_window: OpenWindow, photo: Path, save: Save
) -> None:
    user = open_window("--source", str(photo))
    user.until(lambda: user.document.source.asset is not None)
    assert not user.window.session.undo_stack.canUndo(), "it was asked for at the start"
    project = save(user)
    photo.unlink()
    other = open_window(str(project))
    other.until(lambda: other.shape == (40, 60, 3))
    other.choose("source_combo", photo.name)
    other.choose("source_combo", "Checker, 6×6")
    other.until(lambda: other.shape == (6, 6))
    assert other.message == ""
    other.undo()
    other.until(lambda: other.shape == (40, 60, 3))


@pytest.mark.display
def test_a_pasted_picture_travels(open_window: OpenWindow, save: Save) -> None:
    user = open_window("--source", "pattern:step")
    paste(user, 30, 20)
    user.until(lambda: user.shape == (20, 30, 3))
    user.until(lambda: user.document.source.kind is SourceKind.CLIPBOARD)
    other = open_window(str(save(user)))
    other.until(lambda: other.shape == (20, 30, 3))
    assert other.shown.job.frame.pixels[0, 0].tolist() == [255, 0, 0]


@pytest.mark.display
def test_pasted_pictures_are_given_back(step: Driver) -> None:
    """What no step of undo has any more is nowhere else either."""
    kept: list[weakref.ref[Asset]] = []
    for red in (10, 20, 30):
        before = step.document.source
        paste(step, 30, 20, red)
        step.until(lambda b=before: step.document.source != b)  # type: ignore[misc]
        asset = step.document.source.asset
        assert asset is not None
        kept.append(weakref.ref(asset))
        del asset
        if red < 30:
            step.undo()
            step.until(lambda: step.shape == (6, 6))
    del before
    gc.collect()
    assert [ref() is None for ref in kept] == [True, True, False]


def test_a_project_whose_picture_is_broken_opens_with_all_the_rest(
    step: Driver, tmp_path: Path
) -> None:
    file = tmp_path / "broken.convlab"
    broken = SourceSpec(SourceKind.PICTURE, "cat.png", Asset.of(b"no picture"))
    document = Document(source=broken)
    save_project(document, file)
    step.drop_file(file)
    step.until(lambda: "cat.png" in step.message)
    assert step.window.windowTitle().startswith("broken.convlab")
    assert step.document.kernel == document.kernel
    assert [slot.uid for slot in step.document.stack.slots] == [1, 2, 3, 4, 5, 6]
    assert step.shape == (6, 6), "what was shown stays"
    step.drag_cell(0, 0, 50)
    step.undo()
    step.undo()
    step.until(lambda: str(step.document.source) == "pattern:step")


def test_sounds_and_tables_travel(
    open_window: OpenWindow, save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, table = tmp_path / "tone.wav", tmp_path / "level.csv"
    sound.write_bytes(pack_sound(Sound(TONE[None], 8000)))
    table.write_text("1\n2.5\n-3\n")
    lab = SignalDriver(open_window("--lab", "signal", "--source", "pattern:step"))
    for which, file in (("f", sound), ("g", table)):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, file=file: (str(file), ""))
        lab.open_file(which)
    shown = lab.shown
    project = save(lab.person)
    sound.unlink()
    table.unlink()

    person = open_window(str(project))
    person.until(lambda: person.window.session.viewing.lab is Lab.SIGNAL)
    other = SignalDriver(person)
    assert other.state.f.kind is SignalKind.SOUND
    np.testing.assert_array_equal(other.shown.f, shown.f)
    np.testing.assert_array_equal(other.shown.g, shown.g)
    assert shown.f.any()
    assert not other.window.isWindowModified()


def test_a_file_that_did_not_come_along_is_said_and_locks_nothing(
    open_window: OpenWindow,
) -> None:
    old = Path(__file__).parents[1] / "fixtures" / "projects" / "v1" / "signal-drawn-sound.convlab"
    lab = SignalDriver(open_window(str(old), "--lab", "signal"))
    lab.until(lambda: "wants the sound or table" in lab.window.message.text)
    lab.person.press("source_message_action_0")
    lab.until(lambda: "Klang.wav cannot be read" in lab.message)
    assert lab.state.g.path.endswith("Klang.wav")
    lab.settle()
    assert lab.text("signal_file_note").startswith("Klang.wav (g) is not inside this project")
    assert not lab.shown.g.any()
    lab.choose("g_kind_combo", "Box")
    assert lab.shown.result.any()
    assert not lab.lab.file_note.isVisible()


@pytest.mark.parametrize("lab", [Lab.STACK, Lab.LEARNING])
def test_a_project_opens_in_the_lab_it_was_saved_in(
    open_window: OpenWindow, save: Save, lab: Lab
) -> None:
    user = open_window("--source", "pattern:step")
    user.window.go_to(lab)
    project = save(user)
    user.window.go_to(Lab.KERNEL)
    user.drop_file(project)
    user.until(lambda: user.window.windowTitle().startswith("moved.convlab"))
    assert user.window.session.viewing.lab is lab
    assert user.window.lab_tabs.currentIndex() == list(Lab).index(lab)
    assert not user.window.isWindowModified()


def test_the_lab_of_the_command_line_wins(open_window: OpenWindow, save: Save) -> None:
    user = open_window("--source", "pattern:step")
    user.window.labs.of(LearningLab).tabs.setCurrentIndex(2)
    page = user.window.session.viewing.learning.page
    assert page is not LearningPage.KERNEL
    user.window.go_to(Lab.LEARNING)
    project = save(user)
    other = open_window(str(project), "--lab", "kernel")
    other.until(lambda: other.window.windowTitle().startswith("moved.convlab"))
    assert other.window.session.viewing.lab is Lab.KERNEL
    assert other.window.session.viewing.learning.page is page


def click_up(box: QDoubleSpinBox, times: int) -> None:
    """Press the upper arrow of a box with the mouse."""
    option = QStyleOptionSpinBox()
    box.initStyleOption(option)
    up = QStyle.SubControl.SC_SpinBoxUp
    arrow = box.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, up, box)
    for _ in range(times):
        QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=arrow.center())


def test_the_neuron_of_the_signal_lab_is_undone_and_saved(
    open_window: OpenWindow, save: Save
) -> None:
    lab = SignalDriver(open_window("--lab", "signal", "--source", "pattern:step"))
    lab.choose_scene("Edge")
    lab.show_tab("Neuron")
    user, stack = lab.person, lab.window.session.undo_stack
    box = user.find(QDoubleSpinBox, "neuron_weight_0_spin")
    before = stack.index()
    click_up(box, 3)
    lab.settle()
    assert box.value() == pytest.approx(1.3)
    assert (stack.index(), stack.undoText()) == (before + 1, "set weight w0"), "one step"
    assert lab.state.scene == "Edge", "the neuron is no part of a scene"
    lab.choose("neuron_activation_combo", "relu")
    user.undo()
    user.undo()
    lab.settle()
    assert box.value() == 1.0
    assert isinstance(lab.shown.tab_data, NeuronLayer)
    assert lab.shown.tab_data.neuron == PairNeuron()
    stack.redo()
    stack.redo()
    project = save(user)

    other = SignalDriver(open_window(str(project)))
    assert other.state.neuron == PairNeuron(first=1.3, activation=Activation.RELU)
    shown = other.person.find(QDoubleSpinBox, "neuron_weight_0_spin")
    assert shown.value() == pytest.approx(1.3)
    other.choose_scene("Two dice")
    assert other.state.neuron.first == 1.3, "another scene leaves it alone"
