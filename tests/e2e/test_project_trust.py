"""A project that names a camera or a file opens neither before that was allowed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from convlab.app import main
from convlab.document.document import Document
from convlab.document.learning.network import NetworkTask, set_own_data
from convlab.document.parts import with_part
from convlab.document.signal import edits as signal_edits
from convlab.document.source import SourceSpec
from convlab.io.project import Project, save_project, write_project
from convlab.paths import sample_pictures
from convlab.runtime import log_file
from convlab.runtime.opening import Opener
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All sources that were tried, by their names."""
    names: list[str] = []
    open_source = Opener.__call__

    def note(self: Opener, spec: SourceSpec, *rest: object) -> object:
        names.append(str(spec))
        return open_source(self, spec, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Opener, "__call__", note)
    return names


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that makes a stranger's project with a source."""

    def make(source: str) -> Path:
        path = tmp_path / "theirs.convlab"
        write_project(Project(Document(source=SourceSpec.parse(source))), path)
        return path

    return make


def offer(user: Driver) -> str:
    return user.window.message.text if "wants" in user.window.message.text else ""


def is_open(user: Driver) -> bool:
    return "theirs.convlab" in user.window.windowTitle()


def close_offer(user: Driver) -> None:
    QTest.mouseClick(user.find(QWidget, "source_message_close"), LEFT)


def use(user: Driver) -> None:
    QTest.mouseClick(user.find(QPushButton, "source_message_action_0"), LEFT)


def test_a_camera_stays_off_until_it_is_used(
    step: Driver, project: Callable[[str], Path], opened: list[str]
) -> None:
    before = step.document.source
    step.drop_file(project("camera:97"))
    step.until(lambda: is_open(step))
    assert offer(step) == "This project wants Camera 97."
    assert step.document.source == before
    assert not step.window.isWindowModified()
    use(step)
    step.until(lambda: "camera:97" in opened)
    assert offer(step) == ""


def test_a_picture_is_unread_until_it_is_used(
    step: Driver, project: Callable[[str], Path], photo: Path, opened: list[str]
) -> None:
    step.drop_file(project(str(photo)))
    step.until(lambda: is_open(step))
    assert str(photo) in offer(step)
    assert f"picture:{photo}" not in opened
    button = step.find(QPushButton, "source_message_action_0")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    step.until(lambda: step.shown.job.frame.pixels.shape == (40, 60, 3))
    step.until(lambda: not step.window.isWindowModified())


@pytest.mark.parametrize("is_used", [True, False])
def test_the_answer_is_kept(
    open_window: OpenWindow, project: Callable[[str], Path], photo: Path, is_used: bool
) -> None:
    path = project(str(photo))
    first = open_window("--source", "pattern:step")
    first.drop_file(path)
    first.until(lambda: offer(first) != "")
    use(first) if is_used else close_offer(first)
    first.window.close()
    second = open_window("--source", "pattern:step")
    second.drop_file(path)
    second.until(lambda: is_open(second))
    assert offer(second) == ""
    if is_used:
        second.until(lambda: second.document.source.name == str(photo))
    else:
        second.until(lambda: second.window.pump.is_up_to_date)
        assert str(second.document.source) == "pattern:step"


def test_what_was_saved_here_asks_nothing(
    step: Driver, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step.drop_file(photo)
    step.until(lambda: step.document.source.name == str(photo))
    mine = tmp_path / "mine.convlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(mine), ""))
    step.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    step.until(mine.exists)
    step.choose("source_combo", "Checker, 6×6")
    step.until(lambda: str(step.document.source) == "pattern:checker")
    step.drop_file(mine)
    step.until(lambda: step.document.source.name == photo.name)
    assert offer(step) == ""


@pytest.mark.parametrize("source", ["pattern:checker", str(sample_pictures()[0])])
def test_what_comes_with_the_program_needs_no_question(
    step: Driver, project: Callable[[str], Path], source: str
) -> None:
    step.drop_file(project(source))
    step.until(lambda: str(step.document.source) == str(SourceSpec.parse(source)))
    assert offer(step) == ""


def test_a_pipe_is_never_waited_for(
    step: Driver, project: Callable[[str], Path], tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    step.drop_file(project(str(pipe)))
    step.until(lambda: offer(step) != "")
    use(step)
    step.until(lambda: "pipe" in step.window.message.text and offer(step) == "")
    assert str(step.document.source) == "pattern:step"


def test_sounds_and_data_sets_are_unread_until_they_are_used(step: Driver, tmp_path: Path) -> None:
    document = with_part(
        Document(), "learning.network", set_own_data(NetworkTask(), "/gone/data.npz")
    )
    signal = signal_edits.set_file(document.signal, "f", "/gone/f.wav", None)
    path = tmp_path / "theirs.convlab"
    save_project(replace(document, signal=signal), path)
    step.drop_file(path)
    step.until(lambda: is_open(step))
    assert "/gone/f.wav" in offer(step)
    assert "/gone/data.npz" in offer(step)
    assert step.document.signal.f.path == step.document.learning.network.path == ""
    use(step)
    assert step.document.signal.f.path == "/gone/f.wav"
    assert step.document.learning.network.path == "/gone/data.npz"
    assert not step.window.isWindowModified()


def test_undoing_the_opening_takes_the_offer_back(
    step: Driver, project: Callable[[str], Path]
) -> None:
    path = project("camera:97")
    save_project(replace(Document(), source=SourceSpec.parse("camera:97")), path)
    step.select_cell(0, 0)
    step.drop_file(path)
    step.until(lambda: offer(step) != "")
    step.window.session.undo_stack.undo()
    assert offer(step) == ""


def test_a_named_source_wins(
    open_window: OpenWindow, project: Callable[[str], Path], opened: list[str]
) -> None:
    user = open_window("--source", "pattern:step", str(project("camera:97")))
    user.until(lambda: is_open(user))
    assert offer(user) == ""
    assert str(user.document.source) == "pattern:step"
    assert "camera:97" not in opened


def test_with_nobody_at_the_screen_it_is_left_off(
    project: Callable[[str], Path],
    opened: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(log_file, "start_logging", lambda: None)  # it is for the whole process
    picture = tmp_path / "shot.png"
    assert main([str(project("camera:97")), "--screenshot", str(picture)]) == 0
    assert picture.exists()
    assert "camera:97" not in opened
    assert "wants Camera 97: left off" in capsys.readouterr().err
