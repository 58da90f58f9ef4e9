from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from weakref import ref

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from convlab.document.document import Document, Lab, Viewing
from convlab.document.kernel import edits
from convlab.document.kernel.model import KernelViewing
from convlab.runtime.session import Session


@pytest.fixture
def session(qapp: object) -> Iterator[Session]:
    made = Session(Document())
    yield made
    made.deleteLater()


def with_cell(document: Document, row: int, column: int, value: float) -> Document:
    return replace(document, kernel=edits.set_cell(document.kernel, row, column, value))


def set_cell(session: Session, value: float, merge_key: str | None = None) -> None:
    session.edit(with_cell(session.document, 0, 0, value), "set cell", merge_key)


def cell(session: Session) -> float:
    return session.document.kernel.weights[0][0]


def test_an_edit_replaces_the_document_and_tells(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.document_changed):
        set_cell(session, 5.0)
    assert cell(session) == 5.0


def test_undo_and_redo_go_back_and_forth_and_notify(session: Session, qtbot: QtBot) -> None:
    before = session.document
    set_cell(session, 5.0)
    after = session.document

    with qtbot.waitSignal(session.document_changed):
        session.undo_stack.undo()
    assert session.document == before

    with qtbot.waitSignal(session.document_changed):
        session.undo_stack.redo()
    assert session.document == after


def test_the_step_carries_its_text(session: Session) -> None:
    set_cell(session, 5.0)
    assert session.undo_stack.undoText() == "set cell"


def test_edits_without_a_key_are_separate_steps(session: Session) -> None:
    set_cell(session, 5.0)
    set_cell(session, 6.0)
    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    assert cell(session) == 5.0


def test_one_gesture_is_one_step(session: Session) -> None:
    start = session.document
    for value in (5.0, 6.0, 7.0):
        set_cell(session, value, "cell 0 0")
    assert cell(session) == 7.0
    assert session.undo_stack.count() == 1

    session.undo_stack.undo()
    assert session.document == start
    session.undo_stack.redo()
    assert cell(session) == 7.0


def test_two_gestures_are_two_steps(session: Session) -> None:
    set_cell(session, 5.0, "cell 0 0")
    session.end_gesture()
    set_cell(session, 6.0, "cell 0 0")
    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    assert cell(session) == 5.0


def test_different_keys_do_not_merge(session: Session) -> None:
    set_cell(session, 5.0, "cell 0 0")
    session.edit(with_cell(session.document, 1, 1, 3.0), "set cell", "cell 1 1")
    assert session.undo_stack.count() == 2


def test_an_edit_without_a_key_does_not_join_a_gesture(session: Session) -> None:
    set_cell(session, 5.0, "cell 0 0")
    set_cell(session, 6.0)
    set_cell(session, 7.0, "cell 0 0")
    assert session.undo_stack.count() == 3


def test_a_gesture_that_returns_to_its_start_leaves_no_step(session: Session) -> None:
    start = cell(session)
    set_cell(session, 5.0, "cell 0 0")
    set_cell(session, start, "cell 0 0")
    assert session.undo_stack.count() == 0
    assert cell(session) == start


def test_a_gesture_goes_on_after_it_passed_its_start(session: Session) -> None:
    start = cell(session)
    for value in (5.0, start, 6.0, 7.0):
        set_cell(session, value, "cell 0 0")
    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    assert cell(session) == start


def test_an_edit_equal_to_the_present_does_nothing(session: Session, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(session.document_changed):
        set_cell(session, cell(session))
    assert session.undo_stack.count() == 0


def test_an_edit_after_an_undo_forgets_what_was_undone(session: Session) -> None:
    set_cell(session, 5.0)
    session.undo_stack.undo()
    set_cell(session, 6.0)
    assert not session.undo_stack.canRedo()
    assert session.undo_stack.count() == 1


def test_looking_elsewhere_tells_and_is_not_undone(session: Session, qtbot: QtBot) -> None:
    set_cell(session, 5.0)
    viewing = Viewing(kernel=KernelViewing(probe=(1, 2)), playing=False)

    with (
        qtbot.waitSignal(session.viewing_changed),
        qtbot.assertNotEmitted(session.document_changed),
    ):
        session.look(viewing)

    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    assert session.viewing == viewing


def test_looking_at_the_same_tells_nobody(session: Session, qtbot: QtBot) -> None:
    session.look(Viewing(kernel=KernelViewing(probe=(1, 2))))
    with qtbot.assertNotEmitted(session.viewing_changed):
        session.look(Viewing(kernel=KernelViewing(probe=(1, 2))))


class Watcher:
    """Counts how often it is told."""

    def __init__(self) -> None:
        self.told = 0

    def tell(self) -> None:
        self.told += 1


def test_a_part_is_told_of_only_when_it_is_another(session: Session) -> None:
    kernel, both = Watcher(), Watcher()
    session.watch("document.kernel", kernel.tell)
    session.watch("document.stack viewing.stack", both.tell)
    set_cell(session, 5.0)
    assert (kernel.told, both.told) == (1, 0)
    session.look(replace(session.viewing, stack=replace(session.viewing.stack, chosen=2)))
    assert (kernel.told, both.told) == (1, 1)
    session.undo_stack.undo()
    assert (kernel.told, both.told) == (2, 1)


def test_a_lab_that_nobody_sees_is_told_once_when_it_is_shown(session: Session) -> None:
    watcher = Watcher()
    session.watch("document.kernel", watcher.tell, Lab.STACK)
    set_cell(session, 5.0)
    set_cell(session, 6.0)
    assert watcher.told == 0
    session.look(replace(session.viewing, lab=Lab.STACK))
    assert watcher.told == 1
    session.look(replace(session.viewing, lab=Lab.KERNEL))
    session.look(replace(session.viewing, lab=Lab.STACK))
    assert watcher.told == 1, "nothing has changed since"


def test_who_watches_is_not_kept_alive(session: Session) -> None:
    watcher = Watcher()
    session.watch("document.kernel", watcher.tell)
    gone = ref(watcher)
    del watcher
    assert gone() is None
    set_cell(session, 5.0)


def test_who_is_told_may_edit(session: Session) -> None:
    class Editor(Watcher):
        def tell(self) -> None:
            super().tell()
            if self.told == 1:
                set_cell(session, 7.0)

    first, second = Editor(), Watcher()
    session.watch("document.kernel", first.tell)
    session.watch("document.kernel", second.tell)
    set_cell(session, 5.0)
    assert cell(session) == 7.0
    assert (first.told, second.told) == (2, 1)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("document.kernels", "Document has no part 'kernels': choose one of .*kernel, .*stack"),
        ("stack", "no part 'stack': choose one of .*document"),
    ],
)
def test_an_unknown_part_is_named_with_those_there_are(
    session: Session, part: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        session.watch(part, Watcher().tell)


def test_a_gesture_holds_until_it_ends(session: Session, qtbot: QtBot) -> None:
    set_cell(session, 5.0)
    assert not session.is_held, "what is no gesture holds nothing"
    set_cell(session, 6.0, "cell 0 0")
    assert session.is_held
    with qtbot.waitSignal(session.hold_changed):
        session.end_gesture()
    assert not session.is_held


@pytest.mark.parametrize("button", [Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton])
def test_a_gesture_whose_end_nobody_says_lets_go_after_a_pause_without_a_button_down(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, button: Qt.MouseButton
) -> None:
    asked: list[Qt.MouseButton] = []

    def buttons() -> Qt.MouseButton:
        asked.append(button)
        return button

    monkeypatch.setattr(QGuiApplication, "mouseButtons", buttons)
    set_cell(session, 6.0, "cell 0 0")
    assert session.is_held
    qtbot.waitUntil(lambda: bool(asked))
    assert session.is_held == (button is Qt.MouseButton.LeftButton)
