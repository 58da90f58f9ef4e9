"""What is said stays until its cause is gone, whatever else happens meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.widgets.message_bar import MessageAction
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver

CONTROL = Qt.KeyboardModifier.ControlModifier
PASTE = CONTROL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.convlab"
    path.write_bytes(b"PK not really")
    return path


def said(user: Driver) -> str:
    return user.window.message.text


def let_frames_pass(user: Driver) -> None:
    shown = user.window.pump.frames_shown
    user.until(lambda: user.window.pump.frames_shown > shown + 3)


def save_as(user: Driver, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    user.key(Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)


def test_a_broken_project_of_the_command_line_stays_said(
    open_window: OpenWindow, broken: Path
) -> None:
    user = open_window(str(broken))
    user.until(lambda: "broken.convlab" in said(user))
    let_frames_pass(user)
    assert "broken.convlab" in said(user)


def test_a_failed_save_stays_said_until_one_succeeds(
    live: Driver, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_as(live, tmp_path / "gone" / "mine.convlab", monkeypatch)
    live.until(lambda: said(live) != "")
    failure = said(live)
    live.drop_file(photo)
    live.until(lambda: live.shown.job.frame.pixels.shape == (40, 60, 3))
    assert said(live) == failure
    live.undo()
    let_frames_pass(live)
    assert said(live) == failure
    save_as(live, tmp_path / "mine.convlab", monkeypatch)
    live.until(lambda: said(live) == "")


def test_what_was_said_of_a_file_goes_when_the_next_opens(
    live: Driver, broken: Path, photo: Path, tmp_path: Path
) -> None:
    live.drop_file(broken)
    live.until(lambda: "broken.convlab" in said(live))
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    live.drop_file(bad)
    live.until(lambda: "bad.png" in said(live))
    live.drop_file(photo)
    live.until(lambda: said(live) == "")


def test_opening_what_is_shown_already_takes_the_message_back(
    open_window: OpenWindow, photo: Path, tmp_path: Path
) -> None:
    user = open_window(str(photo))
    user.drop_file(tmp_path / "missing.png")
    user.until(lambda: "missing.png" in said(user))
    user.drop_file(photo)
    user.until(lambda: said(user) == "")


def test_a_lost_camera_is_said_again_when_the_bad_file_was_closed(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    user = open_window("--source", "camera:97")
    user.until(lambda: "amera 97" in said(user))
    user.drop_file(tmp_path / "missing.png")
    user.until(lambda: "missing.png" in said(user))
    QTest.mouseClick(user.find(QWidget, "source_message_close"), Qt.MouseButton.LeftButton)
    assert "amera 97" in said(user)


@pytest.mark.display
def test_an_empty_clipboard_stays_said_until_something_is_opened(live: Driver, photo: Path) -> None:
    QGuiApplication.clipboard().setText("no picture")
    live.key(Qt.Key.Key_V, PASTE)
    assert "clipboard" in said(live)
    let_frames_pass(live)
    assert "clipboard" in said(live)
    live.drop_file(photo)
    live.until(lambda: said(live) == "")


def test_what_an_edit_was_rejected_stays_said_while_frames_pass(live: Driver) -> None:
    edits = live.window.labs.of(KernelLab)._edits
    message = live.find(QLabel, "output_message")
    edits.set_parameter("stride", 0)
    assert "tride" in message.text()
    let_frames_pass(live)
    assert "tride" in message.text()
    edits.set_parameter("stride", 2)
    assert message.text() == ""


@pytest.mark.display
def test_a_message_moves_nothing(live: Driver) -> None:
    window = live.window
    still = (window.labs, live.grid, live.output, window.status)
    before = [(each.geometry(), each.mapTo(window, each.rect().topLeft())) for each in still]
    long = "The folder is gone: choose another place. " * 12
    for bar in (
        window.message,
        window.labs.of(KernelLab).message,
        window.labs.of(KernelLab).kernel.message,
    ):
        bar.show_message(long)
        let_frames_pass(live)
        assert bar.isVisible()
        bottom = bar.mapTo(window, bar.rect().bottomLeft())
        assert window.rect().contains(bottom)
    after = [(each.geometry(), each.mapTo(window, each.rect().topLeft())) for each in still]
    assert after == before


@pytest.mark.display
def test_a_line_with_offers_covers_the_status_bar_alone(live: Driver) -> None:
    bar, status = live.window.message, live.window.status
    bar.show_message("Kept from 14:03.", "kept", [MessageAction("Save", lambda: None)])
    assert bar.geometry() == status.geometry()


def test_what_an_edit_rejected_is_taken_back_by_the_next_one(
    open_window: OpenWindow, photo: Path
) -> None:
    user = open_window("--source", str(photo))
    user.choose("color_space_combo", "RGB")
    for chip in range(3):
        user.press(f"channel_chip_{chip}")
    bar = user.find(QLabel, "output_message")
    assert bar.text() == "One channel must stay: unmute another one first."
    user.drag_cell(0, 0, 20)
    assert bar.text() == ""


def test_a_number_out_of_range_is_said_and_taken_back(step: Driver) -> None:
    step.set_spin("stride_spin", 999)
    bar = step.find(QLabel, "kernel_message")
    assert bar.text() == "Stride takes 1 to 64, not 999."
    step.set_spin("stride_spin", 2)
    assert bar.text() == ""
