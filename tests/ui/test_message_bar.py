"""The line of messages: each has an owner, and stays until its cause is gone."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from convlab.ui.widgets.message_bar import MessageAction, MessageBar


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    made = MessageBar("some_message")
    qtbot.addWidget(made)
    return made


def shown(bar: MessageBar) -> str:
    """What can be read in the line."""
    label = bar.findChild(QLabel, "some_message")
    assert isinstance(label, QLabel)
    return "" if bar.isHidden() else label.text()


def press(bar: MessageBar, name: str) -> None:
    button = bar.findChild(QWidget, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_message_is_shown_and_taken_back(bar: MessageBar) -> None:
    assert shown(bar) == ""
    bar.show_message("The file is empty: choose another one.")
    assert shown(bar) == bar.text == "The file is empty: choose another one."
    assert bar.accessibleDescription() == bar.text
    bar.clear()
    assert shown(bar) == bar.text == ""


def test_only_its_owner_takes_a_message_back(bar: MessageBar) -> None:
    bar.show_message("The folder is gone: choose another one.", "saving")
    bar.show_message("Camera 0 does not answer.", "source")
    assert shown(bar) == "Camera 0 does not answer."
    bar.clear()
    bar.clear("saving")
    assert shown(bar) == "Camera 0 does not answer."
    bar.clear("source")
    assert shown(bar) == ""


def test_an_older_message_comes_back_when_the_newer_goes(bar: MessageBar) -> None:
    bar.show_message("The folder is gone.", "saving")
    bar.show_message("Camera 0 does not answer.", "source")
    bar.show_message("Camera 1 does not answer.", "source")
    more = bar.findChild(QLabel, "some_message_more")
    assert isinstance(more, QLabel)
    assert (more.text(), more.isHidden()) == ("1 more", False)
    bar.clear("source")
    assert shown(bar) == "The folder is gone."
    assert more.isHidden()


def test_closing_hides_the_shown_message_only(bar: MessageBar) -> None:
    rejected: list[str] = []
    bar.show_message("The folder is gone.", "saving")
    bar.show_message("Camera 0?", "trust", on_close=lambda: rejected.append("camera"))
    press(bar, "some_message_close")
    assert shown(bar) == "The folder is gone."
    assert rejected == ["camera"]
    press(bar, "some_message_close")
    assert shown(bar) == ""


def test_what_fails_again_is_said_again_but_what_is_reported_is_said_once(bar: MessageBar) -> None:
    bar.show_message("The folder is gone.", "saving")
    press(bar, "some_message_close")
    bar.show_message("The folder is gone.", "saving")
    assert shown(bar) == "The folder is gone."
    bar.clear("saving")
    bar.report("the kernel does not fit.", "result")
    press(bar, "some_message_close")
    bar.report("the kernel does not fit.", "result")  # the next frame
    assert shown(bar) == ""
    bar.report("", "result")
    bar.report("the kernel does not fit.", "result")
    assert shown(bar) == "The kernel does not fit."


def test_a_report_does_not_cover_what_came_later(bar: MessageBar) -> None:
    bar.report("The kernel does not fit.", "result")
    bar.show_message("“x” is no number.")
    bar.report("The kernel does not fit.", "result")
    assert shown(bar) == "“x” is no number."


def test_an_offer_is_taken_by_mouse_and_keyboard(bar: MessageBar, qtbot: QtBot) -> None:
    taken: list[str] = []
    offers = [MessageAction(name, partial(taken.append, name)) for name in ("Save", "&Go")]
    bar.show_message("Kept from 14:03.", "kept", offers, on_close=lambda: taken.append("closed"))
    press(bar, "some_message_action_0")
    assert (taken, shown(bar)) == (["Save"], "")
    bar.show_message("Kept from 14:03.", "kept", offers)
    second = bar.findChild(QPushButton, "some_message_action_1")
    assert isinstance(second, QPushButton)
    assert second.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert second.accessibleName() == "&Go"
    QTest.keyClick(second, Qt.Key.Key_Space)
    assert (taken, shown(bar)) == (["Save", "&Go"], "")


def test_an_offer_may_show_the_next_message(bar: MessageBar) -> None:
    offer = MessageAction("Save", lambda: bar.show_message("The folder is gone.", "saving"))
    bar.show_message("Kept from 14:03.", "kept", [offer])
    press(bar, "some_message_action_0")
    assert shown(bar) == "The folder is gone."
    assert bar.findChild(QToolButton, "some_message_close") is not None


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("the kernel does not fit", "The kernel does not fit."),
        ("broken.convlab is no project", "broken.convlab is no project."),
        ("<h1>x</h1> cannot be read.", "<h1>x</h1> cannot be read."),
        ("use Camera 0?", "Use Camera 0?"),
    ],
)
def test_a_text_is_plain_and_begins_with_a_capital(bar: MessageBar, text: str, seen: str) -> None:
    bar.show_message(text)
    assert shown(bar) == seen
    label = bar.findChild(QLabel, "some_message")
    assert isinstance(label, QLabel)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_an_offer_is_not_painted_as_a_warning(bar: MessageBar) -> None:
    label = bar.findChild(QLabel, "some_message")
    assert isinstance(label, QLabel)
    bar.show_message("The folder is gone.", "saving")
    assert (bar.property("role"), label.property("role")) == ("warning", "warning")
    bar.show_message("Kept from 14:03.", "kept", is_warning=False)
    assert (bar.property("role"), label.property("role")) == ("offer", "offer")
    bar.clear("kept")
    assert (bar.property("role"), label.property("role")) == ("warning", "warning")


class CountingBar(MessageBar):
    """Counts the events that pass through it."""

    passed = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.passed += 1
        return super().eventFilter(watched, event)


def test_it_follows_what_it_lies_over_only_while_it_is_seen(qtbot: QtBot) -> None:
    """Each event of a host would pass through a hidden bar: a move of the mouse, a repaint."""
    within, bar = QWidget(), CountingBar("some_message")
    qtbot.addWidget(within)
    host = QWidget(within)
    host.setGeometry(0, 0, 200, 100)
    bar.lie_over(host, within)
    within.show()
    qtbot.waitExposed(within)
    host.resize(210, 110)
    assert not bar.passed
    bar.show_message("The file is empty: choose another one.")
    host.resize(220, 120)
    assert bar.passed
    assert bar.width() == 220
    bar.clear()
    before = bar.passed
    host.resize(240, 120)
    assert bar.passed == before
    bar.show_message("It is empty again.")
    assert bar.width() == 240
