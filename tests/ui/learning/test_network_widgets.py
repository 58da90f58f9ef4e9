from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QToolTip
from pytestqt.qtbot import QtBot

from convlab.document.learning.network import NetworkTask
from convlab.document.learning.training import Stage
from convlab.ui.learning.confusion_view import ConfusionView
from convlab.ui.learning.network_form import Action, NetworkForm
from convlab.ui.learning.tile_strip import TileStrip
from convlab.ui.stack.unit_panel import HINT, UnitPanel
from tests.e2e.text_room import recording

LEFT = Qt.MouseButton.LeftButton
COUNTS = np.array([[5, 3, 0], [0, 8, 1], [0, 0, 0]])
NAMES = ("ant", "bee", "cat")


@pytest.fixture
def confusion(qtbot: QtBot) -> ConfusionView:
    view = ConfusionView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show_counts(COUNTS, NAMES, None)
    return view


def test_a_cell_says_what_was_taken_for_what(confusion: ConfusionView) -> None:
    assert confusion.caption((0, 1)) == "ant misclassified as bee: 3 times"
    assert confusion.caption((1, 2)) == "bee misclassified as cat: once"
    assert confusion.caption((1, 0)) == "bee misclassified as ant: never"
    assert confusion.caption((0, 0)) == "ant classified correctly: 5 times of 8"
    place = confusion.cell_rect((0, 1)).center().toPoint()
    event = QHelpEvent(QEvent.Type.ToolTip, place, confusion.mapToGlobal(place))
    QApplication.sendEvent(confusion, event)
    assert QToolTip.text() == "ant misclassified as bee: 3 times"
    QToolTip.hideText()


def test_cells_are_chosen_by_mouse_and_keys(confusion: ConfusionView, qtbot: QtBot) -> None:
    place = confusion.cell_rect((1, 2)).center().toPoint()
    with qtbot.waitSignal(confusion.cell_chosen) as chosen:
        QTest.mouseClick(confusion, LEFT, pos=place)
    assert chosen.args == [(1, 2)]
    confusion.show_counts(COUNTS, NAMES, (1, 2))
    for key, wanted in (
        (Qt.Key.Key_Up, (0, 2)),
        (Qt.Key.Key_Right, (1, 2)),
        (Qt.Key.Key_Left, (1, 1)),
        (Qt.Key.Key_Escape, None),
    ):
        with qtbot.waitSignal(confusion.cell_chosen) as chosen:
            QTest.keyClick(confusion, key)
        assert chosen.args == [wanted]
    with qtbot.waitSignal(confusion.cell_chosen) as chosen:
        QTest.mouseClick(confusion, LEFT, pos=place)
    assert chosen.args == [None]


def test_beside_the_cells_nothing_is_chosen(confusion: ConfusionView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(confusion.cell_chosen):
        QTest.mouseClick(confusion, LEFT, pos=QPoint(2, 2))


def test_tiles_are_as_large_as_there_is_room_and_none_overlap(qtbot: QtBot) -> None:
    strip = TileStrip("strip", "Strip", "Tip.", "None.")
    qtbot.addWidget(strip)
    strip.resize(300, 120)
    for count in (1, 7, 40):
        strip.show_tiles(np.zeros((count, 8, 8, 4), np.uint8), ["1→2"] * count, [], None)
        rects = [strip.tile_rect(index) for index in range(count)]
        assert all(strip.rect().toRectF().contains(rect) for rect in rects)
        assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[:i])
    few, many = strip.tile_rect(0), strip.tile_rect(0)
    strip.show_tiles(np.zeros((1, 8, 8, 4), np.uint8), [], [], None)
    few = strip.tile_rect(0)
    assert few.width() > many.width()


def test_only_a_strip_that_is_clickable_is_clicked(qtbot: QtBot) -> None:
    strip = TileStrip("strip", "Strip", "Tip.", "None.")
    qtbot.addWidget(strip)
    strip.resize(300, 120)
    strip.show_tiles(np.zeros((3, 8, 8, 4), np.uint8), [], [], 1)
    place = strip.tile_rect(2).center().toPoint()
    with qtbot.assertNotEmitted(strip.chosen):
        QTest.mouseClick(strip, LEFT, pos=place)
    strip.set_clickable()
    with qtbot.waitSignal(strip.chosen) as chosen:
        QTest.mouseClick(strip, LEFT, pos=place)
    assert chosen.args == [2]
    with qtbot.waitSignal(strip.chosen) as chosen:
        QTest.keyClick(strip, Qt.Key.Key_Left)
    assert chosen.args == [0]


def test_the_form_shows_a_task_without_telling(qtbot: QtBot) -> None:
    form = NetworkForm()
    qtbot.addWidget(form)
    told: list[object] = []
    form.data_chosen.connect(told.append)
    form.parameter_chosen.connect(lambda *chosen: told.append(chosen))
    form.show_task(NetworkTask(data="own", path="/a/mine.npz", epochs=3, rate=0.25, seed=4))
    rate = form.findChild(QDoubleSpinBox, "network_rate_spin")
    assert rate is not None
    assert rate.text() == "0.25"
    assert form._data.currentText() == "mine.npz"
    form.show_task(NetworkTask())
    assert form._data.findText("mine.npz") == -1
    assert told == []


def test_the_buttons_say_what_they_do(qtbot: QtBot) -> None:
    form = NetworkForm()
    qtbot.addWidget(form)
    for stage, text, action, can_cancel, can_step in (
        (None, "Train", "train", False, True),
        (Stage.READY, "Train", "train", False, True),
        (Stage.RUNNING, "Pause", "pause", True, False),
        (Stage.PAUSED, "Go on", "go_on", True, True),
        (Stage.DONE, "Train again", "train", False, True),
    ):
        form.show_stage(stage, 0.5, "")
        buttons = form._buttons
        assert buttons[Action.TRAIN].text() == text
        assert buttons[Action.CANCEL].isEnabled() is can_cancel
        with qtbot.waitSignal(form.action_wanted) as wanted:
            QTest.mouseClick(buttons[Action.TRAIN], LEFT)
        assert wanted.args == [action]
        assert buttons[Action.STEP].isEnabled() is can_step
        assert buttons[Action.OPEN].isEnabled() is (stage is not None)


def test_nothing_is_said_of_what_is_not_known_yet(qtbot: QtBot) -> None:
    strip, panel = TileStrip("strip", "Strip", "Tip.", "None."), UnitPanel()
    for widget in (strip, panel):
        qtbot.addWidget(widget)
        widget.resize(300, 200)
    with recording() as recorder:
        strip.grab()
        panel.grab()
        assert not recorder.painted
        strip.show_tiles(np.zeros((0, 1, 1, 4), np.uint8), (), (), None)
        panel.set_detail(None)
        strip.grab()
        panel.grab()
    assert [painted.text for painted in recorder.painted] == ["None.", HINT]
