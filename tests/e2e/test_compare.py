"""A beside B: held by one click, side by side, by a line, blinking, as a difference."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QSlider, QWidget

from convlab.document.comparison import CompareMode
from convlab.document.kernel.model import SOBEL_VERTICAL
from convlab.document.stack.job import StackCompared, StackShown
from convlab.paths import resource
from convlab.ui.compare.wipe_line import WipeLine
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.map_grid import MapGrid
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver

CONTROL = Qt.KeyboardModifier.ControlModifier


def compared(user: Driver) -> list[float]:
    """Return the first row of what stands in the output's place."""
    found = user.shown.compared
    assert found is not None
    row: list[float] = found.panel.planes[0, 0].tolist()
    return row


def painted(user: Driver) -> list[float]:
    """Return the first row of what is on the screen there."""
    taken = user.output.taken_at(QPoint(9, 9))
    assert taken is not None
    assert taken.values is not None
    row: list[float] = taken.values[0].tolist()
    return row


def stack_shown(user: Driver) -> StackShown:
    shown = user.window.pump.shown
    assert isinstance(shown, StackShown)
    return shown


def comparison(user: Driver) -> StackCompared:
    found = stack_shown(user).compared
    assert found is not None
    return found


def drag_line(user: Driver, columns: int) -> None:
    """Drag the line between A and B by so many pixels of the picture."""
    line = user.find(WipeLine, "kernel_wipe_line")
    moved = QPoint(round(columns * user.output.sight.zoom), 0)
    start = line.rect().center()
    QTest.mousePress(line, LEFT, NO_KEYS, start)
    end = line.mapToGlobal(start + moved)
    for short in (moved * (2 / 3), moved * (1 / 3), QPoint()):
        QTest.mouseMove(line, line.mapFromGlobal(end - short))
        QApplication.processEvents()
    QTest.mouseRelease(line, LEFT, NO_KEYS, line.mapFromGlobal(end))


def test_two_kernels_are_compared_on_the_same_frame(step: Driver) -> None:
    """Sobel is held as A, Scharr is B: 40 and 160 at the edge."""
    user, bar = step, step.find(QWidget, "kernel_compare_bar")
    assert bar.isHidden()
    user.press("kernel_compare_button")
    assert bar.isVisible()
    user.choose("preset_combo", "Scharr vertical")
    assert user.document.kernel.held is not None
    assert user.document.kernel.held.weights == SOBEL_VERTICAL
    user.until(lambda: user.shown.compared is not None and user.result.max() == 160)
    a, b = user.find(ImageView, "output_view"), user.find(ImageView, "output_view_1")
    assert a.isVisible()
    assert b.isVisible()
    assert user.find(QLabel, "kernel_compare_held").text().startswith("A: Sobel vertical 3 × 3")
    numbers = user.find(QLabel, "kernel_compare_numbers")
    user.until(lambda: "120.000" in numbers.text())
    assert "mean −40.000" in numbers.text()
    assert "RMS 69.282" in numbers.text()  # the root of 14,400 / 3

    user.choose("kernel_compare_mode_combo", "wipe")
    user.until(lambda: compared(user) == [0, 0, 40, 160, 0, 0])
    drag_line(user, 2)
    user.until(lambda: compared(user) == [0, 0, 40, 40, 0, 0])
    assert abs(user.document.kernel.comparison.wipe - 5 / 6) < 0.02
    user.undo()
    user.until(lambda: compared(user) == [0, 0, 40, 160, 0, 0])
    line = user.find(WipeLine, "kernel_wipe_line")
    line.setFocus()
    for _ in range(20):
        QTest.keyClick(line, Qt.Key.Key_Left)
    user.until(lambda: compared(user) == [0, 0, 160, 160, 0, 0])

    same_range = user.find(QCheckBox, "kernel_compare_same_range_check")
    assert same_range.isEnabled()
    assert same_range.isChecked()
    user.choose("kernel_compare_mode_combo", "difference")
    user.until(lambda: compared(user) == [0, 0, -120, -120, 0, 0])
    assert line.isHidden()
    assert not same_range.isEnabled()  # that of the difference is its own
    assert not same_range.isChecked()
    assert user.document.kernel.comparison.same_range

    user.choose("kernel_compare_mode_combo", "blink")
    comparing = user.window.labs.of(KernelLab).comparing
    user.until(lambda: comparing.shows_held)
    assert painted(user) == [0, 0, 40, 40, 0, 0]
    user.until(lambda: not comparing.shows_held)
    assert painted(user) == [0, 0, 160, 160, 0, 0]
    assert same_range.isEnabled()
    assert same_range.isChecked()

    user.press("kernel_swap_button")
    user.until(lambda: user.result.max() == 40)
    user.press("kernel_compare_close")
    assert bar.isHidden()
    user.until(lambda: user.shown.compared is None)
    assert not comparing.shows_held
    user.undo()
    user.until(lambda: user.shown.compared is not None)
    assert user.document.kernel.comparison.mode is CompareMode.BLINK
    user.key(Qt.Key.Key_B, CONTROL)
    assert user.document.kernel.held is not None
    assert user.document.kernel.held.weights == SOBEL_VERTICAL
    same_range.setFocus()
    user.key(Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert user.find(QPushButton, "kernel_compare_button").hasFocus()


def test_what_cannot_be_compared_is_said_and_goes(step: Driver) -> None:
    user = step
    user.press("kernel_compare_button")
    user.set_spin("stride_spin", 2)
    message = user.find(QLabel, "output_message")
    user.until(lambda: message.isVisible() and "same stride" in message.text())
    assert user.find(QLabel, "kernel_compare_numbers").text() == ""
    user.set_spin("stride_spin", 1)
    user.until(lambda: not message.isVisible())
    user.choose("preset_combo", "Box blur 3×3")  # a picture, beside signed values
    user.until(lambda: not user.find(QCheckBox, "kernel_compare_same_range_check").isEnabled())


def test_two_stacks_are_compared_map_by_map(open_window: OpenWindow) -> None:
    user = open_window("--source", str(resource("pictures", "coffee.jpg")), "--lab", "stack")
    bar, grid = user.find(QWidget, "stack_compare_bar"), user.find(MapGrid, "map_grid")
    user.until(lambda: stack_shown(user).compared is None)
    whole = grid.height()
    user.key(Qt.Key.Key_B, CONTROL)
    assert bar.isVisible()
    first = user.document.stack.slots[0].uid
    user.press(f"layer_{first}_switch")  # B is without its first layer
    user.until(lambda: len(comparison(user).held.columns) > len(stack_shown(user).columns))
    held = user.find(MapGrid, "held_map_grid")
    user.until(lambda: held.isVisible() and held.height() < 0.6 * whole)
    user.undo()
    user.until(lambda: len(stack_shown(user).columns) == len(comparison(user).held.columns))
    numbers = user.find(QLabel, "stack_compare_numbers")
    user.until(lambda: "mean 0.000  max 0.000  RMS 0.000" in numbers.text())

    user.choose("stack_combo", "Blur pyramid")
    user.until(lambda: "A has no" in numbers.text() or "RMS" in numbers.text())
    assert user.document.stack.held is not None
    assert user.document.stack.held.title == "First steps"
    user.choose("stack_compare_mode_combo", "wipe")
    slider = user.find(QSlider, "stack_wipe_slider")
    user.until(lambda: slider.isVisible() and comparison(user).mode is CompareMode.WIPE)
    assert not held.isVisible()
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    user.until(lambda: user.document.stack.comparison.wipe == 1.0)
    user.press("stack_swap_button")
    user.until(lambda: stack_shown(user).job.state.title == "First steps")
    user.choose("stack_compare_mode_combo", "difference")
    same_range = user.find(QCheckBox, "stack_compare_same_range_check")
    user.until(lambda: not same_range.isEnabled() and not same_range.isChecked())
    user.find(QWidget, "stack_compare_mode_combo").setFocus()
    user.key(Qt.Key.Key_Escape)
    assert bar.isHidden()
    user.until(lambda: stack_shown(user).compared is None)
