"""The guide in the program, at the section of what has the focus."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from convlab.document.document import Lab
from convlab.paths import guide
from convlab.ui.guide_topics import TOPICS, topic_of
from convlab.ui.guide_window import GuideWindow
from tests.e2e.driver import Driver

pytestmark = pytest.mark.display

F1 = Qt.Key.Key_F1


def opened(user: Driver) -> GuideWindow:
    user.until(lambda: user.window.findChild(GuideWindow, "guide_window") is not None)
    window = user.find(GuideWindow, "guide_window")
    user.until(window.isVisible)
    return window


def test_every_topic_is_a_section_of_the_guide() -> None:
    headings = set(re.findall(r"^##+ (.+)$", guide().read_text(encoding="utf-8"), re.MULTILINE))
    assert set(TOPICS.values()) <= headings


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("padding_top_spin", "Padding, border, stride, dilation"),
        ("border_combo", "Padding, border, stride, dilation"),
        ("channel_chip_1", "Channels"),
        ("output_histogram", "Colours and range"),
        ("sum_panel", "Read the sum"),
        ("kernel_drawing_view", "Sources"),
        ("stack_drawing_view", "Draw a digit"),
        ("layer_list", "Build a stack"),
        ("filter_grid_2", "Change a filter"),
        ("unit_map_view", "Where does this number come from?"),
        ("matrix_grid", "Weights as a matrix"),
        ("scene_combo", "Scenes"),
        ("unheard_of", "Otherwise"),
    ],
)
def test_what_is_at_hand_has_its_topic(qtbot: QtBot, name: str, heading: str) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setObjectName(name)
    assert topic_of(widget, "Otherwise") == heading
    assert topic_of(QWidget(widget), "Otherwise") == heading, "what stands in it, too"


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("kernel_grid", "What a kernel does"),
        ("stride_spin", "Padding, border, stride, dilation"),
        ("lab_tabs", "The window"),
    ],
)
def test_f1_opens_the_guide_at_what_has_the_focus(step: Driver, name: str, section: str) -> None:
    step.find(QWidget, name).setFocus()
    step.key(F1)
    window = opened(step)
    assert window.section == section
    top = window.browser.cursorForPosition(window.browser.viewport().rect().topLeft())
    assert section in (top.block().text(), top.block().next().text())


def test_it_is_one_window_that_goes_to_another_section(step: Driver) -> None:
    step.grid.setFocus()
    step.key(F1)
    window = opened(step)
    step.window.go_to(Lab.SIGNAL)
    step.find(QWidget, "signal_view").setFocus()
    step.window.help.show_guide()
    assert len(step.window.findChildren(GuideWindow)) == 1
    assert window.section == "Signal lab"
    assert window.browser.pictures["pictures/sum.png"].width() > 100
    html = window.browser.toHtml()
    assert "font-weight:600" in html
    assert "font-weight:700" not in html, "the typeface has no such weight"
    step.find(QLineEdit, "guide_search").setFocus()
    QTest.keyClicks(step.find(QLineEdit, "guide_search"), "confusion matrix")
    assert window.browser.textCursor().selectedText() == "confusion matrix"
    QTest.keyClicks(step.find(QLineEdit, "guide_search"), "qqq")
    assert step.find(QLabel, "guide_found").text() == "Not in the guide."
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_about_names_versions_and_is_copied(step: Driver) -> None:
    step.window.actions_by_name["about"].trigger()
    step.until(lambda: step.window.findChild(QWidget, "about_window") is not None)
    text = step.find(QLabel, "about_text").text()
    for name in ("Python", "numpy", "opencv-python", "pyside6-essentials", "LGPL"):
        assert name in text
    step.press("about_copy_button")
    assert "numpy" in QGuiApplication.clipboard().text()
    step.press("about_close_button")
