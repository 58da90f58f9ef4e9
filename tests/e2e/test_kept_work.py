"""Closing never asks and never loses: what is not saved comes back."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QToolButton

from convlab.app import keep_unsaved_work
from convlab.document.document import Document, Lab
from convlab.document.source import SourceKind
from convlab.io import kept_work
from convlab.io.kept_work import kept_folder
from convlab.io.project import load_project, save_project
from convlab.runtime import pipeline
from convlab.sources.devices import CameraDevice
from convlab.ui.kept_work import UnsavedWork
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, Driver

CONTROL = Qt.KeyboardModifier.ControlModifier
Start = Callable[..., Driver]


@pytest.fixture
def start(open_window: OpenWindow) -> Start:
    """Return a function that starts the program as the command does: work is kept."""

    def start_with(*arguments: str) -> Driver:
        person = open_window(*arguments)
        keep_unsaved_work(person.window, bring_back=not arguments)
        return person

    return start_with


def edit(person: Driver, wheel: int = 3) -> Document:
    """Change the kernel with the mouse, and return what became of it."""
    before = person.document
    person.turn_wheel(0, 0, wheel)
    assert person.document != before
    return person.document


def offers(person: Driver) -> dict[str, QPushButton]:
    """What the line of messages offers, by its words."""
    return {b.text(): b for b in person.window.message.findChildren(QPushButton) if b.isVisible()}


def press(person: Driver, text: str) -> None:
    QTest.mouseClick(offers(person)[text], LEFT)


def until_line(person: Driver, text: str) -> None:
    person.until(lambda: person.window.message.text.startswith(text))


def kept_files() -> list[Path]:
    return sorted(kept_folder().rglob("*.convlab"))


def test_unsaved_work_comes_back_in_the_lab_where_it_was_left(start: Start) -> None:
    person = start()
    person.window.go_to(Lab.KERNEL)
    mine = edit(person)
    person.window.go_to(Lab.STACK)
    person.close()
    person = start()
    until_line(person, "Kept from ")
    assert list(offers(person)) == ["Save", "Discard"]
    assert person.document.kernel == mine.kernel
    assert person.window.session.viewing.lab is Lab.STACK
    person.close()
    person = start()
    until_line(person, "Kept from ")
    assert person.document.kernel == mine.kernel, "a closed window keeps it again"
    assert len(kept_files()) == 1


def test_discarded_work_is_gone_but_for_undo(start: Start) -> None:
    person = start()
    first = person.document
    mine = edit(person)
    person.close()
    person = start()
    until_line(person, "Kept from ")
    press(person, "Discard")
    assert person.document == first
    assert person.window.message.text == ""
    person.until(lambda: kept_files() == [])
    person.undo()
    assert person.document.kernel == mine.kernel
    person.redo()
    person.close()
    person = start()
    person.until(lambda: person.window.pump.is_up_to_date)
    assert person.document == first
    assert kept_files() == []


def test_work_on_a_project_is_saved_into_its_file(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.convlab"
    save_project(Document(), file)
    person = start(str(file))
    person.until(lambda: person.window.projects.path == file)
    mine = edit(person)
    person.close()
    assert load_project(file).kernel == Document().kernel, "a file changes only when it is saved"
    person = start()
    until_line(person, "Kept from ")
    assert "mine.convlab" in person.window.message.text
    assert person.window.windowTitle().startswith("mine.convlab")
    assert person.window.isWindowModified()
    press(person, "Save")
    person.until(lambda: person.window.message.text == "")
    assert load_project(file).kernel == mine.kernel
    person.until(lambda: kept_files() == [])
    person.close()
    assert kept_files() == []


def test_a_file_that_was_changed_since_is_not_overwritten(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = tmp_path / "mine.convlab", tmp_path / "other.convlab"
    save_project(Document(), file)
    person = start(str(file))
    person.until(lambda: person.window.projects.path == file)
    mine = edit(person)
    person.close()
    os.utime(file, ns=(1, 1))
    person = start()
    until_line(person, "Kept from ")
    answers = ["", str(other)]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (answers.pop(0), ""))
    press(person, "Save")
    assert list(offers(person)) == ["Save", "Discard"], "the offer stays while nothing is saved"
    press(person, "Save")
    person.until(other.exists)
    assert load_project(other).kernel == mine.kernel
    assert load_project(file).kernel == Document().kernel


def test_who_asks_for_something_is_offered_what_was_kept(start: Start) -> None:
    person = start()
    mine = edit(person)
    person.close()
    person = start("--source", "pattern:step")
    until_line(person, "Kept from ")
    assert person.document.kernel == Document().kernel
    assert list(offers(person)) == ["Open", "Discard"]
    close_line = person.find(QToolButton, "source_message_close")
    QTest.mouseClick(close_line, LEFT)
    person.close()
    assert len(kept_files()) == 1, "a closed line is no answer"
    person = start("--source", "pattern:step")
    until_line(person, "Kept from ")
    other = edit(person, wheel=5)
    press(person, "Open")
    person.until(lambda: person.document.kernel == mine.kernel)
    person.until(lambda: len(kept_files()) == 2)  # what was on the screen is kept, too
    press(person, "Discard")
    until_line(person, "Kept from ")
    press(person, "Open")
    person.until(lambda: "Save" in offers(person))
    assert person.document.kernel == other.kernel
    press(person, "Discard")
    person.until(lambda: kept_files() == [])


def test_who_edits_nothing_is_asked_nothing(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "list_cameras", lambda: [CameraDevice(99, "No camera", 0)])
    person = start()
    person.until(lambda: person.document.source.kind is SourceKind.CAMERA)
    person.close()
    assert kept_files() == []
    person = start()
    mine = edit(person)
    person.undo()
    person.close()
    assert kept_files() == []
    assert mine != person.document


@pytest.mark.display
def test_windows_open_at_once_keep_their_work_apart(start: Start) -> None:
    one, two = start(), start()
    first, second = edit(one), edit(two, wheel=5)
    one.close()
    two.close()
    assert len(kept_files()) == 2
    person = start()
    until_line(person, "Kept from ")
    assert "(1 more)" in person.window.message.text
    other = start()
    until_line(other, "Kept from ")
    kernels = {person.document.kernel, other.document.kernel}
    assert kernels == {first.kernel, second.kernel}
    press(person, "Discard")
    assert person.window.message.text == "", "the other piece is in use"


def test_damaged_work_is_set_aside_and_told_once(start: Start) -> None:
    person = start()
    edit(person)
    person.close()
    (file,) = kept_files()
    file.write_bytes(b"PK not really")
    person = start()
    until_line(person, "The work kept from ")
    assert person.document.kernel == Document().kernel
    (aside,) = (kept_folder().parent / kept_work.SET_ASIDE).rglob("*.convlab")
    assert str(aside) in person.window.message.text
    assert aside.read_bytes() == b"PK not really"
    person.close()
    person = start()
    person.until(lambda: person.window.pump.is_up_to_date)
    assert person.window.message.text == ""


def test_work_that_ended_the_program_is_only_offered(start: Start) -> None:
    person = start()
    mine = edit(person)
    person.close()
    (file,) = kept_files()
    (file.parent / kept_work.MARK).touch()  # as a process leaves it that dies while it opens this
    person = start()
    until_line(person, "Kept from ")
    assert list(offers(person)) == ["Open", "Discard"]
    assert person.document.kernel == Document().kernel
    press(person, "Open")
    person.until(lambda: person.document.kernel == mine.kernel)
    person.until(lambda: not (file.parent / kept_work.MARK).exists())


@pytest.mark.display
def test_where_nothing_can_be_kept_closing_says_so_once(start: Start, tmp_path: Path) -> None:
    folder = kept_folder()
    person = start()
    edit(person)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(b"a file where the folder should be")
    assert not person.window.close()
    assert person.window.isVisible()
    assert "cannot be kept" in person.window.message.text
    assert person.window.close()


def test_what_is_being_saved_is_not_kept(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.convlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    person = start()
    mine = edit(person)
    person.key(Qt.Key.Key_S, CONTROL)
    person.close()
    assert load_project(file).kernel == mine.kernel
    assert kept_files() == []


def test_a_project_that_is_opened_does_not_push_work_out(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.convlab"
    save_project(Document(), file)
    person = start()
    mine = edit(person)
    person.drop_file(file)
    person.until(lambda: person.window.projects.path == file)
    person.close()
    person = start()
    until_line(person, "Kept from ")
    assert person.document.kernel == mine.kernel


def test_work_is_kept_now_and_then_and_when_the_session_ends(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convlab.ui.kept_work.KEEP_AFTER", 10)
    person = start()
    mine = edit(person)
    person.until(lambda: len(kept_files()) == 1)
    assert load_project(kept_files()[0]).kernel == mine.kernel
    unsaved = person.window.findChild(UnsavedWork)
    assert unsaved is not None
    later = edit(person)
    unsaved.on_session_end()
    assert load_project(kept_files()[0]).kernel == later.kernel
    assert person.window.isVisible(), "others may still call it off"
    person.undo()
    person.undo()
    person.close()
    assert kept_files() == []
