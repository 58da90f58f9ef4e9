"""Space, Enter and digits do the same wherever the keyboard's focus is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from convlab.document.document import Lab
from tests.e2e.driver import Driver
from tests.e2e.test_window import type_into_cell

pytestmark = pytest.mark.display

SPACE, LEFT = Qt.Key.Key_Space, Qt.MouseButton.LeftButton


def is_playing(user: Driver) -> bool:
    return user.window.session.viewing.playing


def lab(user: Driver) -> Lab:
    return user.window.session.viewing.lab


@pytest.mark.parametrize(
    "name",
    [
        "flip_switch",
        "preset_combo",
        "source_combo",
        "lab_tabs",
        "input_view",
        "kernel_grid",
        "stride_spin",
        "range_spin",
        "rotate_button",
    ],
)
def test_space_freezes_wherever_the_focus_is(live: Driver, name: str) -> None:
    before = live.document
    live.find(QWidget, name).setFocus()
    live.key(SPACE)
    assert not is_playing(live)
    assert QApplication.activePopupWidget() is None
    live.key(SPACE)
    assert is_playing(live)
    assert live.document == before


def test_space_freezes_after_a_preset_was_chosen(live: Driver) -> None:
    live.choose("preset_combo", "Box blur 5×5")
    live.key(SPACE)
    assert not is_playing(live)
    assert QApplication.activePopupWidget() is None


def test_space_is_typed_into_an_open_cell(live: Driver) -> None:
    editor = type_into_cell(live, 0, 0, "1")
    QTest.keyClick(editor, SPACE)
    assert editor.text() == "1 "
    assert is_playing(live)


def test_space_freezes_in_the_stack_lab_from_the_list(live: Driver) -> None:
    live.key(Qt.Key.Key_2)
    live.find(QWidget, "layer_list").setFocus()
    live.key(SPACE)
    assert not is_playing(live)


@pytest.mark.parametrize("name", ["scene_combo", "signal_step_button", "signal_view", "lab_tabs"])
def test_space_plays_the_scene_in_the_signal_lab(live: Driver, name: str) -> None:
    live.key(Qt.Key.Key_3)
    live.find(QWidget, name).setFocus()
    live.key(SPACE)
    assert live.window.session.viewing.signal.is_playing
    assert is_playing(live), "the hidden source goes on"
    live.key(SPACE)
    assert not live.window.session.viewing.signal.is_playing


def test_space_lets_the_kernel_learn_in_the_learning_lab(live: Driver) -> None:
    live.key(Qt.Key.Key_4)
    live.key(SPACE)
    assert live.window.session.viewing.learning.kernel.is_playing
    live.key(SPACE)
    assert not live.window.session.viewing.learning.kernel.is_playing


def test_enter_presses_the_button_with_the_focus(live: Driver) -> None:
    live.find(QWidget, "flip_switch").setFocus()
    live.key(Qt.Key.Key_Return)
    assert live.document.kernel.geometry.flip
    live.find(QWidget, "preset_combo").setFocus()
    live.key(Qt.Key.Key_Return)
    assert live.document.kernel.geometry.flip


def test_digits_choose_labs_from_the_start(live: Driver) -> None:
    assert live.window.focusWidget() is live.window.lab_tabs
    before = live.document
    for key, wanted in zip(
        (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_1),
        [*list(Lab)[1:], Lab.KERNEL],
        strict=True,
    ):
        live.key(key)
        assert lab(live) is wanted
    assert live.document == before


def test_digits_choose_labs_after_a_click_in_a_picture(live: Driver) -> None:
    live.click(live.input, 100, 100)
    live.key(Qt.Key.Key_2)
    assert lab(live) is Lab.STACK


def test_digits_choose_labs_when_tab_brought_the_focus_to_the_kernel(live: Driver) -> None:
    live.select_cell(0, 0)
    live.input.setFocus()
    live.grid.setFocus(Qt.FocusReason.TabFocusReason)
    live.key(Qt.Key.Key_2)
    assert lab(live) is Lab.STACK


@pytest.mark.parametrize("chooses", ["click", "arrow"])
def test_digits_are_typed_into_a_cell_that_was_chosen(live: Driver, chooses: str) -> None:
    live.grid.setFocus(Qt.FocusReason.TabFocusReason)
    if chooses == "click":
        QTest.mouseClick(live.grid, LEFT, pos=live.cell(1, 1) + QPoint(1, 1))
    else:
        live.key(Qt.Key.Key_Down)
    live.key(Qt.Key.Key_2)
    assert lab(live) is Lab.KERNEL
    assert live.find(QLineEdit, "kernel_cell_editor").text() == "2"


def test_keys_that_scale_are_not_typed_into_a_chosen_cell(live: Driver) -> None:
    """Ctrl and +, − or 0 scale at any time: they begin no number."""
    before = live.document
    QTest.mouseClick(live.grid, LEFT, pos=live.cell(1, 1))
    for key, wanted in (
        (Qt.Key.Key_Plus, 1.1),
        (Qt.Key.Key_Minus, 1.0),
        (Qt.Key.Key_Minus, 0.9),
        (Qt.Key.Key_0, 1.0),
    ):
        live.key(key, Qt.KeyboardModifier.ControlModifier)
        assert not live.find(QLineEdit, "kernel_cell_editor").isVisible()
        assert live.window.appearance.wanted_scale == wanted
    assert live.document == before
