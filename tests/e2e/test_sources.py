"""Sources by mouse and keyboard: the list, files, dropping, pasting, freezing, a lost camera."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFileDialog

from convlab.document.camera import CameraOptions
from convlab.document.source import SourceKind
from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.io.images import decode_image
from convlab.runtime import opening
from convlab.sources.camera import Camera
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, (64, 48))
    for number in range(20):
        writer.write(np.full((48, 64, 3), 10 * number, np.uint8))
    writer.release()
    return path


@pytest.mark.display
def test_the_first_start_shows_something_that_moves(open_window: OpenWindow) -> None:
    user = open_window()
    user.until(lambda: user.window.pump.frames_shown > 3)
    assert user.document.source.kind in (SourceKind.PATTERN, SourceKind.CAMERA)


def test_choosing_a_pattern_can_be_undone(step: Driver) -> None:
    step.choose("source_combo", "Checker, 6×6")
    step.until(lambda: str(step.document.source) == "pattern:checker")
    step.until(lambda: step.shown.job.frame.pixels[5, 5] == 10)
    step.undo()
    step.until(lambda: step.shown.job.frame.pixels[5, 5] == 0)
    assert step.find(QComboBox, "source_combo").currentText().strip() == "Step, 6×6"


@pytest.mark.display
def test_an_own_photo_is_opened_by_dialog_and_undone(
    step: Driver, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(photo), ""))
    step.key(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    step.until(lambda: step.shape == (40, 60, 3))
    assert step.window.settings.recent_files() == [str(photo)]
    assert step.find(QComboBox, "source_combo").findText(photo.name) >= 0
    step.undo()
    step.until(lambda: step.shape == (6, 6))


@pytest.mark.display
def test_a_photo_is_dropped_on_the_window(step: Driver, photo: Path) -> None:
    step.drop_file(photo)
    step.until(lambda: step.shape == (40, 60, 3))


@pytest.mark.display
def test_a_picture_is_pasted(step: Driver) -> None:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(255, 0, 0))
    QGuiApplication.clipboard().setImage(image.copy())
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    step.key(Qt.Key.Key_V, keys)
    step.until(lambda: step.shape == (20, 30, 3))
    assert step.shown.job.frame.pixels[0, 0].tolist() == [255, 0, 0]


@pytest.mark.display
def test_pasting_without_a_picture_is_said(step: Driver) -> None:
    QGuiApplication.clipboard().setText("no picture")
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    step.key(Qt.Key.Key_V, keys)
    assert "no picture in the clipboard" in step.message


@pytest.mark.parametrize("content", [b"", b"this is no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_bad_file_is_said_and_what_was_there_stays(
    step: Driver, tmp_path: Path, content: bytes
) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(content)
    before = step.document
    step.drop_file(bad)
    step.until(lambda: "bad.png" in step.message)
    assert step.document == before
    assert step.shape == (6, 6)
    assert not step.window.session.undo_stack.canUndo()
    step.drag_cell(0, 0, 50)
    step.until(lambda: step.result[3, 3] == pytest.approx(50.0))


@pytest.mark.display
def test_a_picture_that_opens_slowly_is_said_and_can_be_let_go(
    step: Driver, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()

    def decode_slowly(data: bytes, name: str) -> AnyArray:
        assert go_on.wait(60)
        return decode_image(data, name)

    monkeypatch.setattr(opening, "decode_image", decode_slowly)
    step.drop_file(photo)
    step.until(lambda: f"Opening {photo.name}" in step.message)
    step.drag_cell(0, 0, 20)  # nobody waits for the picture
    step.until(lambda: step.document.kernel.weights[0][0] != 1.0)
    assert f"Opening {photo.name}" in step.message
    step.press("source_message_action_0")
    step.until(lambda: "Opening" not in step.message)
    go_on.set()
    step.choose("source_combo", "Checker, 6×6")  # the next that is opened is not in its way
    step.until(lambda: step.shown.job.frame.pixels[5, 5] == 10)
    assert str(step.document.source) == "pattern:checker"
    assert step.window.settings.recent_files() == []


def test_a_missing_file_is_said(step: Driver, tmp_path: Path) -> None:
    step.drop_file(tmp_path / "gone.png")
    step.until(lambda: "gone.png" in step.message)


def test_a_video_plays_freezes_and_steps(open_window: OpenWindow, video: Path) -> None:
    user = open_window("--source", str(video))
    pump = user.window.pump
    user.until(lambda: pump.frames_shown > 5)
    user.key(Qt.Key.Key_Space)
    assert not user.window.session.viewing.playing
    frozen = user.shown.job.frame.index
    user.key(Qt.Key.Key_Period)
    user.until(lambda: user.shown.job.frame.index > frozen)
    user.press("freeze_button")
    before = pump.frames_shown
    user.until(lambda: pump.frames_shown > before + 3)


def test_a_file_plays_through_the_cameras_path(open_window: OpenWindow, video: Path) -> None:
    user = open_window("--source", f"camera:{video}")
    user.until(lambda: user.window.pump.frames_shown > 25)  # more than the file has: it loops
    assert user.shape == (48, 64, 3)
    pump = user.window.pump
    assert pump.frames_shown + pump.frames_dropped == user.shown.job.frame.index + 1


def test_a_missing_camera_is_said_and_a_pattern_shown(open_window: OpenWindow) -> None:
    user = open_window("--source", "camera:97")
    user.until(lambda: "amera 97" in user.message)
    user.until(lambda: user.window.pump.frames_shown > 3)
    assert str(user.document.source) == "camera:97"


def test_a_camera_that_hangs_is_said_and_comes_back(
    open_window: OpenWindow, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cameras: list[Camera] = []

    def remember(name: str, options: CameraOptions) -> Camera:
        cameras.append(Camera(name, options))
        return cameras[-1]

    monkeypatch.setattr("convlab.runtime.opening.Camera", remember)
    user = open_window("--source", f"camera:{video}")
    pid = cameras[-1]._process.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    user.until(lambda: user.message != "")
    assert user.shape != (0, 0)
    user.until(lambda: user.message == "" and user.shape == (48, 64, 3))
    assert len(cameras) > 1


def test_the_object_is_dragged_in_the_picture(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:object")
    before = user.shown.job.frame.pixels.copy()
    user.drag(user.input, (120, 160), (60, 80))
    user.until(lambda: not np.array_equal(user.shown.job.frame.pixels, before))
    row, column = user.document.pattern.position
    assert row == pytest.approx(60 / 240, abs=0.02)
    assert column == pytest.approx(80 / 320, abs=0.02)
    user.undo()
    user.until(lambda: np.array_equal(user.shown.job.frame.pixels, before))


def test_the_bar_turns_by_its_dial(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:bar")
    before = user.shown.job.frame.pixels.copy()
    dial = user.find(QDoubleSpinBox, "angle_spin")
    assert dial.isVisible()
    dial.setFocus()
    dial.selectAll()
    QTest.keyClicks(dial, "70")
    QTest.keyClick(dial, Qt.Key.Key_Return)
    assert user.document.pattern.angle == 70
    user.until(lambda: not np.array_equal(user.shown.job.frame.pixels, before))


@pytest.mark.display
def test_closing_the_window_with_the_camera_running_ends_everything(
    open_window: OpenWindow, video: Path
) -> None:
    user = open_window("--source", f"camera:{video}")
    user.window.close()  # the fixture asserts that no thread is left
    assert not user.window.isVisible()
