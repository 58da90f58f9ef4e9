"""The stack lab's arrangement by mouse and keyboard: rail, form, gap, filmstrip, empty stack."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QPushButton,
    QTabWidget,
    QToolButton,
    QWidget,
)

from convlab.document.stack.edits import add_layer
from convlab.document.stack.model import StackState, Unit
from convlab.layers.graph import INPUT
from convlab.ui.stack.layer_list import CARD
from convlab.ui.stack.stack_lab import StackLab
from convlab.ui.widgets import map_board
from convlab.ui.widgets.map_node import CardStyle
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS
from tests.e2e.stack_driver import StackDriver

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def lab(open_window: OpenWindow) -> StackDriver:
    """The first stack on a still picture: conv, ReLU, pool, conv, ReLU, pool."""
    window = open_window("--lab", "stack", "--source", "pattern:zone-plate", "--size", "1440x900")
    return StackDriver(window)


def shows(lab: StackDriver, name: str) -> bool:
    return lab.person.find(QWidget, name).isVisible()


def test_the_button_that_adds_a_layer_stands_under_the_last_one(lab: StackDriver) -> None:
    button = lab.person.find(QToolButton, "add_layer_button")
    for uid in (6, 5, 4, 3, 2, 1):
        count = len(lab.state.slots)
        assert 0 < button.y() - lab.list.y() - count * CARD <= 16
        lab.list.layer_removed.emit(uid)
        lab.settle()
    assert not lab.state.slots
    lab.until(lambda: button.y() - lab.list.y() <= 16)


def test_a_lecture_may_begin_when_the_detail_is_closed_again(lab: StackDriver) -> None:
    lab.click(Unit(4, 2, 50, 100))
    lab.person.key(Qt.Key.Key_Escape)
    lab.settle()
    lab.choose_layer(1)
    for _ in range(2):
        lab.person.key(Qt.Key.Key_F11)
        lab.settle()
        lab.choose_layer(4)
        lab.choose_layer(1)
    assert not lab.window.message.text


def test_the_tabs_of_the_card_stay_where_they_are_clicked(lab: StackDriver) -> None:
    lab.window.resize(1024, 700)
    lab.click(Unit(4, 2, 50, 100))
    tabs = lab.person.find(QTabWidget, "detail_tabs")
    tabs.setCurrentIndex(1)
    lab.settle()
    top = tabs.mapTo(lab.window, QPoint(0, 0))
    for page in (2, 0, 3, 0):
        tabs.setCurrentIndex(page)
        lab.settle()
        assert tabs.mapTo(lab.window, QPoint(0, 0)) == top
    high = tabs.height()
    lab.maps.setFocus()
    lab.person.key(Qt.Key.Key_Escape)
    lab.settle()
    lab.click(Unit(4, 2, 50, 100))
    lab.until(lambda: tabs.isVisible() and tabs.height() < high)


# ---- the rail and the form beside the chosen card ----


def test_a_card_opens_its_form_and_closes_it_and_no_map_moves(lab: StackDriver) -> None:
    before = lab.maps.unit_center(Unit(6, 0, 5, 5))
    assert not shows(lab, "layer_form")
    lab.choose_layer(4)
    assert shows(lab, "layer_form")
    assert lab.person.find(QLabel, "layer_title").text() == "4 Convolution"
    assert lab.person.find(QLabel, "layer_shape").text() == "8 × 120 × 160"
    assert lab.maps.unit_center(Unit(6, 0, 5, 5)) == before
    lab.choose_layer(1)
    assert lab.person.find(QLabel, "layer_title").text() == "1 Convolution", "it stays open"
    lab.choose_layer(1)
    assert not shows(lab, "layer_form")


@pytest.mark.display
def test_the_form_is_opened_and_closed_by_keys(lab: StackDriver) -> None:
    lab.choose_layer(2)
    lab.choose_layer(2)
    lab.list_key(Qt.Key.Key_Down)
    lab.list_key(Qt.Key.Key_Right)
    assert shows(lab, "layer_form")
    form = lab.person.find(QWidget, "layer_form")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert form.isAncestorOf(focus)
    lab.person.key(Qt.Key.Key_Escape)
    assert not shows(lab, "layer_form")
    assert lab.list.hasFocus()
    assert lab.viewing.chosen == 3


def test_the_form_moves_switches_and_removes_its_layer(lab: StackDriver) -> None:
    lab.choose_layer(2)
    lab.person.press("layer_later_button")
    assert [slot.uid for slot in lab.state.slots] == [1, 3, 2, 4, 5, 6]
    lab.person.press("layer_earlier_button")
    assert [slot.uid for slot in lab.state.slots] == [1, 2, 3, 4, 5, 6]
    lab.person.find(QCheckBox, "layer_on_check").click()
    assert not lab.state.slots[1].is_on
    lab.person.press("remove_layer_button")
    assert [slot.uid for slot in lab.state.slots] == [1, 3, 4, 5, 6]
    for _ in range(4):
        lab.person.undo()
    assert [slot.uid for slot in lab.state.slots] == [1, 2, 3, 4, 5, 6]


def test_what_does_not_fit_is_said_beside_its_card(lab: StackDriver) -> None:
    lab.choose_layer(1)
    lab.person.set_spin("param_out_channels_spin", 6)
    lab.until_shown(lambda shown: shown.error is not None)
    error = lab.person.find(QWidget, "layer_error")
    lab.until(error.isVisible)
    top = error.mapTo(lab.window, QPoint(0, 0)).y()
    card = lab.list.mapTo(lab.window, QPoint(0, 3 * CARD)).y()
    assert abs(top - card) <= 16
    QTest.mouseClick(lab.person.find(QPushButton, "remedy_0_button"), LEFT)
    lab.until_shown(lambda shown: shown.error is None)
    assert not error.isVisible()


# ---- the gap ----


def test_the_detail_opens_between_what_feeds_a_map_and_the_rest(lab: StackDriver) -> None:
    detail = lab.person.find(QWidget, "stack_detail")
    assert not detail.isVisible()
    lab.click(Unit(4, 3, 30, 40))
    lab.until(detail.isVisible)
    grid = lab.maps.viewport()
    left = detail.mapTo(lab.window, QPoint(0, 0)).x() - grid.mapTo(lab.window, QPoint(0, 0)).x()
    columns = lab.maps._columns
    assert columns[3].place.card.right() <= left
    assert columns[4].place.card.left() >= left + detail.width() - 1
    assert detail.height() == grid.height()
    assert detail.width() > lab.window.width() / 2
    lab.click(Unit(4, 3, 5, 5))
    lab.until(lambda: not detail.isVisible())
    assert lab.maps.gap is None


@pytest.mark.display
def test_keys_step_through_maps_and_escape_closes_the_gap(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    lab.press_key(Qt.Key.Key_PageDown)
    assert lab.look.unit.channel == 4
    assert lab.maps.gap is not None
    lab.person.key(Qt.Key.Key_Escape)
    lab.until(lambda: lab.maps.gap is None)
    assert len(lab.maps.in_sight) == 7


def test_layers_slide_apart_in_a_moment(lab: StackDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_board, "LONGEST_MOTION", 60)
    steps: list[float] = []
    lab.maps._motion.valueChanged.connect(steps.append)
    lab.click(Unit(4, 3, 30, 40))
    lab.until(lambda: shows(lab, "stack_detail"))
    assert steps[-1] == 1.0
    assert lab.maps._motion.duration() <= 150
    assert lab.maps._columns[4].place in lab.maps._layout.places


# ---- links, filmstrip, empty ----


def test_links_are_always_there_and_a_check_hides_them(lab: StackDriver) -> None:
    bundles = lab.maps._links._bundles
    assert len(bundles) == 6
    wide = lab.maps._columns[1].place.cells[0].width()
    lab.person.find(QCheckBox, "links_check").click()
    assert not lab.maps._links._bundles
    assert lab.maps._columns[1].place.cells[0].width() >= wide


def test_of_many_layers_the_chosen_and_its_neighbours_are_large(lab: StackDriver) -> None:
    def grow(state: StackState) -> StackState:
        for _ in range(18):
            state = add_layer(state, "relu", (8, 60, 80))
        return state

    stack = lab.window.labs.of(StackLab)
    stack.edits.change("stack", grow, "add layers")
    lab.until_shown(lambda shown: len(shown.columns) == 25)
    lab.choose_layer(12)
    lab.settle()

    def large() -> list[int]:
        columns = lab.maps._columns.items()
        return [uid for uid, each in columns if each.place.style is not CardStyle.TURNED]

    assert large() == [11, 12, 13]
    lab.list_key(Qt.Key.Key_Down)
    lab.until(lambda: large() == [12, 13, 14])
    room = lab.maps.viewport().rect()
    assert room.contains(lab.maps.card_center(13))


def test_an_empty_stack_says_what_to_do(lab: StackDriver) -> None:
    lab.person.press("new_stack_button")
    lab.until(lambda: not lab.state.slots)
    lab.until(lambda: shows(lab, "empty_stack"))
    lab.settle()
    assert [column.uid for column in lab.shown.columns] == [INPUT]
    words = lab.person.find(QWidget, "empty_stack")
    picture = lab.maps._columns[INPUT].place.rect
    origin = lab.maps.viewport().mapTo(lab.window, QPoint(0, 0))
    assert words.mapTo(lab.window, QPoint(0, 0)).x() >= origin.x() + picture.right()
    button = lab.person.find(QToolButton, "add_layer_button")
    opened: list[bool] = []
    button.clicked.connect(lambda: opened.append(True))
    QTest.mouseClick(lab.person.find(QPushButton, "empty_add_button"), LEFT, NO_KEYS)
    assert opened
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    lab.add("Convolution")
    lab.until_shown(lambda shown: len(shown.columns) == 2)
    assert not shows(lab, "empty_stack")
    assert shows(lab, "layer_form"), "ready to be changed"
    lab.person.undo()
    lab.person.undo()
    lab.until_shown(lambda shown: len(shown.columns) == 7)


def test_another_stack_is_shown_whole_and_panning_ends_where_it_ends(lab: StackDriver) -> None:
    for _ in range(6):
        lab.press_key(Qt.Key.Key_Plus)
    for _ in range(30):
        lab.drag_maps(QPoint(300, 300), QPoint(250, 250))
    seen = lab.maps.visible_rect
    assert lab.maps.sceneRect().adjusted(-1, -1, 1, 1).contains(seen)
    lab.person.choose("stack_combo", "Gabor bank")
    lab.until(lambda: lab.state.title == "Gabor bank")
    lab.until_shown(lambda shown: len(shown.columns) == 1 + len(lab.state.active))
    assert lab.maps.zoom == 1.0


@pytest.mark.parametrize("size", [(800, 600), (1024, 700), (1440, 900)])
def test_the_lab_fits_its_window(lab: StackDriver, size: tuple[int, int]) -> None:
    lab.window.resize(*size)
    QApplication.processEvents()
    stack = lab.window.labs.of(StackLab)
    assert stack.minimumSizeHint().width() <= 760
    lab.settle()
    assert len(lab.maps.in_sight) == 7
    for column in lab.maps._columns.values():
        assert lab.maps.viewport().rect().contains(column.place.rect.toAlignedRect())
