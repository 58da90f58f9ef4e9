"""The window as a whole: keyboard, undo, colours, panels, zoom, what is remembered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from convlab.app import create_window
from convlab.document.source import SourceKind
from convlab.paths import sample_pictures
from convlab.ui import main_window
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.palettes import THEMES, ThemeName
from convlab.ui.widgets.image_view import ImageView
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.gestures import turn_wheel

pytestmark = pytest.mark.display

CONTROL = Qt.KeyboardModifier.ControlModifier


def type_into_cell(user: Driver, row: int, column: int, text: str) -> QLineEdit:
    user.select_cell(row, column)
    user.grid.setFocus()
    QTest.keyClicks(user.grid, text[0])
    editor = user.find(QLineEdit, "kernel_cell_editor")
    QTest.keyClicks(editor, text[1:])
    return editor


def test_enter_takes_the_number_and_leaves_the_grid_ready(step: Driver) -> None:
    before = step.document.kernel
    editor = type_into_cell(step, 0, 0, "7")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert not editor.isVisible()
    assert step.document.kernel.weights[0][0] == 7
    step.key(Qt.Key.Key_Z, CONTROL)
    assert step.document.kernel == before


def test_a_number_being_typed_is_taken_by_a_click_elsewhere(step: Driver) -> None:
    editor = type_into_cell(step, 0, 0, "7")
    step.select_cell(2, 2)
    assert not editor.isVisible()
    assert step.document.kernel.weights[0][0] == 7
    assert step.document.kernel.weights[2][2] == -1


def test_a_number_being_typed_is_taken_when_the_focus_goes(step: Driver) -> None:
    editor = type_into_cell(step, 1, 1, "3")
    step.find(QSpinBox, "stride_spin").setFocus()
    assert not editor.isVisible()
    assert step.document.kernel.weights[1][1] == 3


def test_another_kernel_closes_the_editor(step: Driver) -> None:
    editor = type_into_cell(step, 0, 0, "7")
    step.choose("preset_combo", "Box blur 5×5")
    assert not editor.isVisible()
    assert step.document.kernel.weights[0][0] == np.float32(1 / 25)


@pytest.mark.parametrize("name", ["stride_spin", "rows_spin"])
def test_undo_from_inside_a_spin_box(step: Driver, name: str) -> None:
    before = step.document
    step.set_spin(name, 5)
    assert step.document != before
    QTest.keyClick(step.find(QSpinBox, name), Qt.Key.Key_Z, CONTROL)
    assert step.document == before


def test_undo_from_inside_the_range(step: Driver) -> None:
    spin = step.find(QDoubleSpinBox, "range_spin")
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "50")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert step.document.kernel.display.limit == 50
    QTest.keyClick(spin, Qt.Key.Key_Z, CONTROL)
    assert step.document.kernel.display.limit is None


def test_the_steps_of_a_dial_are_one_step_of_undo(step: Driver) -> None:
    before = step.document
    spin = step.find(QSpinBox, "stride_spin")
    spin.setFocus()
    for _ in range(4):
        QTest.keyClick(spin, Qt.Key.Key_Up)
    assert step.document.kernel.geometry.stride == 5
    step.window.session.undo_stack.undo()
    assert step.document == before


def choose_colors(user: Driver, name: ThemeName) -> None:
    (action,) = [a for a in user.window.findChildren(QAction) if a.data() == name.value]
    action.trigger()


@pytest.mark.parametrize("name", [ThemeName.DARK, ThemeName.CONTRAST])
def test_all_of_the_window_takes_the_colours(step: Driver, name: ThemeName) -> None:
    try:
        choose_colors(step, name)
        palette = THEMES[name]
        corner = step.input.grab().toImage().pixelColor(2, 2)
        assert corner == QColor(palette.window)
        button = step.find(QToolButton, "rotate_button")
        picture = button.icon().pixmap(64, 64).toImage()
        drawn = [picture.pixelColor(x, 32) for x in range(64)]
        assert QColor(palette.text) in drawn
        assert step.window.settings.text("theme") == name.value
    finally:
        choose_colors(step, ThemeName.LIGHT)


def test_panels_are_closed_and_put_back(step: Driver) -> None:
    step.key(Qt.Key.Key_3)
    dock = step.find(QDockWidget, "signal_tabs_dock")
    dock.close()
    assert not dock.isVisible()
    step.window.actions_by_name["reset_layout"].trigger()
    assert dock.isVisible()


@pytest.mark.parametrize("role", ["input", "output"])
def test_with_one_picture_alone_it_still_moves(open_window: OpenWindow, role: str) -> None:
    user = open_window("--source", "pattern:torch")
    view = user.find(ImageView, f"{role}_view")
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton)
    assert user.window.session.viewing.kernel.filling == role
    before = user.shown.job.frame.index
    user.until(lambda: user.shown.job.frame.index > before + 3)


def test_the_size_of_the_window_is_remembered(open_window: OpenWindow) -> None:
    first = open_window("--source", "pattern:step").window
    first.resize(1100, 720)
    first.close()
    second = open_window("--source", "pattern:step").window
    assert second.height() == 720  # a width beyond the offscreen platform's 800 px is cut by Qt


@pytest.mark.parametrize("space", ["Grey", "RGB", "HSV", "Lab"])
def test_the_window_fits_a_small_screen(open_window: OpenWindow, space: str) -> None:
    coffee = next(path for path in sample_pictures() if path.stem == "coffee")
    user = open_window("--source", str(coffee), "--size", "1024x700")
    user.choose("color_space_combo", space)
    QApplication.processEvents()
    assert user.window.minimumSizeHint().width() <= 1024
    assert (user.window.width(), user.window.height()) == (1024, 700)


@pytest.mark.parametrize("notches", [5, -5])
def test_zoom_has_an_end(step: Driver, notches: int) -> None:
    for _ in range(200):
        turn_wheel(step.output.viewport(), notches)
    across = step.output.cell_center(0, 1).x() - step.output.cell_center(0, 0).x()
    assert step.output.width() / 10_000 < across <= step.output.width()


def test_another_picture_is_never_out_of_sight(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:step-1000")
    for _ in range(30):
        turn_wheel(user.input.viewport(), 2)
    user.choose("source_combo", "Step, 6×6")
    user.until(lambda: user.shown.job.frame.pixels.shape == (6, 6))
    corner = user.input.cell_center(0, 0)
    assert user.input.rect().contains(corner.toPoint())


def test_a_bad_file_is_said_even_while_a_camera_is_missing(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    user = open_window("--source", "camera:97")
    message = user.find(QLabel, "source_message")
    user.until(lambda: "amera 97" in message.text())
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    user.drop_file(bad)
    user.until(lambda: "bad.png" in message.text())
    shown = user.window.pump.frames_shown
    user.until(lambda: user.window.pump.frames_shown > shown + 30)
    assert "bad.png" in message.text()
    assert user.document.source.kind is SourceKind.CAMERA


def test_the_foot_of_the_window_says_why_an_algorithm_was_picked(step: Driver) -> None:
    timing = step.find(QLabel, "status_timing")
    step.until(lambda: timing.text().startswith("opencv"))
    assert "<b>Why opencv?</b> a small kernel of 3 × 3" in timing.toolTip()
    assert "gemm" in timing.toolTip()


def test_the_window_takes_all_its_objects_along(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left to the garbage collector ends in any thread, perhaps with its timers on."""
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path))
    window = create_window(["--source", "pattern:step"])
    owned = [
        window.session,
        window.pipeline,
        window.pump,
        window.projects,
        window.session.undo_stack,
    ]
    window.show()
    qtbot.waitUntil(lambda: window.pump.frames_shown > 0)
    window.close()
    window.deleteLater()
    qtbot.waitUntil(lambda: not any(shiboken6.isValid(each) for each in (window, *owned)))


def test_the_other_labs_are_made_behind_the_first_picture(step: Driver) -> None:
    step.until(lambda: step.window.findChild(QWidget, "layer_list") is not None)
    step.until(lambda: step.window.findChild(QWidget, "learning_tabs") is not None)
    assert step.window.labs.current is step.window.labs.of(KernelLab)


def test_a_closed_window_is_kept_until_qt_deletes_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever drops it leaves it to the garbage collector, perhaps in another window's worker."""
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path))
    window = create_window(["--source", "pattern:step"])
    number = id(window)
    window.show()
    assert number not in main_window._closed
    window.close()
    assert main_window._closed[number] is window
    window.deleteLater()
    qtbot.waitUntil(lambda: number not in main_window._closed)


def test_where_nothing_can_be_written_the_program_works_and_says_so_once(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    (tmp_path / "home").touch()  # where its folders would be made
    user = open_window("--source", "pattern:step")
    message = user.find(QLabel, "source_message")
    user.until(lambda: message.isVisible())
    assert message.text().startswith("Settings and recent files, unsaved work and the log, ")
    assert message.text().endswith("set CONVLAB_HOME to a folder that can be written.")
    user.press("source_message_close")
    assert not message.isVisible()
    user.press("flip_switch")
    assert user.document.kernel.geometry.flip
