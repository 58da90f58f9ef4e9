from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSpinBox, QToolTip
from pytestqt.qtbot import QtBot

from convlab.engine.arrays import FloatArray
from convlab.engine.weight_matrix import Sharing
from convlab.ui.stack.weight_matrix_view import WeightMatrixView
from convlab.ui.theme import theme, value_color
from convlab.ui.widgets.staged_matrix import HINT

SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32)


@pytest.fixture
def view(qtbot: QtBot) -> WeightMatrixView:
    view = WeightMatrixView()
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.set_kernel(SOBEL, title="Sobel")
    view.show()
    qtbot.waitExposed(view)
    return view


def text(view: WeightMatrixView, name: str) -> str:
    label = view.findChild(QLabel, name)
    assert label is not None
    return label.text()


def choose(view: WeightMatrixView, sharing: Sharing) -> None:
    button = view.findChild(QPushButton, f"matrix_{sharing}_button")
    assert button is not None
    button.click()


def set_side(view: WeightMatrixView, side: int) -> None:
    spin = view.findChild(QSpinBox, "matrix_size_spin")
    assert spin is not None
    assert (spin.minimum(), spin.maximum()) == (3, 8)
    spin.setValue(side)


def click(view: WeightMatrixView, row: int, column: int) -> None:
    place = view.grid.cell_rect(row, column).center().toPoint()
    QTest.mouseClick(view.grid, Qt.MouseButton.LeftButton, pos=place)


def test_it_begins_with_the_convolution(view: WeightMatrixView) -> None:
    assert view.sharing is Sharing.TIED
    assert text(view, "matrix_title") == "Sobel"
    assert text(view, "matrix_caption") == (
        "16 × 36 = 576 connections: 432 zeros, 144 used, 9 different weights"
    )
    assert text(view, "matrix_selection") == HINT
    assert text(view, "matrix_stage_caption").startswith(
        "matrix × picture = convolution (largest difference "
    )


def test_the_stages_count_their_weights(view: WeightMatrixView) -> None:
    choose(view, Sharing.DENSE)
    assert text(view, "matrix_caption") == (
        "16 × 36 = 576 connections: all used, 576 different weights"
    )
    assert "convolution" not in text(view, "matrix_stage_caption")
    choose(view, Sharing.CUT)
    assert text(view, "matrix_caption") == (
        "16 × 36 = 576 connections: 432 zeros, 144 used, 144 different weights"
    )


def test_a_weight_lights_up_with_all_its_copies(view: WeightMatrixView) -> None:
    click(view, 0, 6)  # output (0, 0) sees input (1, 0) through w[1, 0]
    assert view.grid.selected == (0, 6)
    assert text(view, "matrix_selection") == (
        "w[1, 0] = 2 joins input (1, 0) to output (0, 0); it stands here 16 times."
    )
    corners = [divmod(output, 4) for output in range(16)]
    expected = [(output, (row + 1) * 6 + column) for output, (row, column) in enumerate(corners)]
    assert view.grid.copies == expected
    choose(view, Sharing.CUT)
    assert view.grid.copies == [(0, 6)]
    assert "and nothing else" in text(view, "matrix_selection")


def test_an_empty_cell_is_no_connection(view: WeightMatrixView) -> None:
    click(view, 0, 35)
    assert view.grid.copies == []
    assert text(view, "matrix_selection") == (
        "Output (0, 0) does not see input (5, 5): no connection."
    )
    choose(view, Sharing.DENSE)
    assert view.grid.copies == [(0, 35)]


def test_the_keys_move_the_selection_and_let_go(view: WeightMatrixView) -> None:
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(view.grid, key)
    assert view.grid.selected == (1, 2)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(view.grid, key)
    assert view.grid.selected == (0, 1)
    QTest.keyClick(view.grid, Qt.Key.Key_Escape)
    assert view.grid.selected is None
    assert text(view, "matrix_selection") == HINT


def test_the_selection_stays_through_a_live_kernel_but_not_another_size(
    view: WeightMatrixView,
) -> None:
    view.grid.select((1, 1))
    view.set_kernel(2 * SOBEL)
    assert view.grid.selected == (1, 1)
    assert "w[0, 0] = 2 " in text(view, "matrix_selection")
    set_side(view, 5)
    assert view.grid.selected is None
    assert text(view, "matrix_caption").startswith("9 × 25 = 225 connections")


def test_stride_padding_and_dilation_count(view: WeightMatrixView) -> None:
    view.set_kernel(SOBEL, (2, 1), (0, 0, 1, 1), 1)
    assert text(view, "matrix_caption").startswith("12 × 36 = 432 connections")
    view.set_kernel(SOBEL, dilation=2)
    assert text(view, "matrix_caption").startswith("4 × 36 = 144 connections: 108 zeros")


def test_a_kernel_that_does_not_fit_is_said_in_a_message(view: WeightMatrixView) -> None:
    view.grid.select((0, 0))
    view.set_kernel(np.ones((7, 7), np.float32))
    assert text(view, "matrix_caption") == ""
    assert view.grid.selected is None
    QTest.keyClick(view.grid, Qt.Key.Key_Right)
    assert view.grid.selected is None
    view.grid.grab()  # painted without a matrix
    set_side(view, 8)
    assert text(view, "matrix_caption").startswith("4 × 64 = 256 connections")


def color_at(view: WeightMatrixView, row: int, column: int) -> QColor:
    place = view.grid.cell_rect(row, column).center().toPoint()
    image = view.grid.grab().toImage()
    return image.pixelColor(place * image.devicePixelRatio())


def distance(first: QColor, second: QColor) -> int:
    parts = ((first.red(), second.red()), (first.green(), second.green()))
    return sum(abs(a - b) for a, b in (*parts, (first.blue(), second.blue())))


def test_cells_have_the_colours_of_the_signed_map_and_zeros_stay_empty(
    view: WeightMatrixView,
) -> None:
    assert distance(color_at(view, 0, 0), value_color(1, 2)) < 6
    assert distance(color_at(view, 0, 8), value_color(-2, 2)) < 6
    assert distance(color_at(view, 0, 30), QColor(theme().window)) < 6
    choose(view, Sharing.DENSE)
    assert distance(color_at(view, 0, 30), value_color(view.grid.value((0, 30)), 2)) < 12


def test_what_is_no_copy_fades(view: WeightMatrixView) -> None:
    view.grid.select((0, 0))
    assert distance(color_at(view, 1, 1), value_color(1, 2)) < 6
    assert distance(color_at(view, 1, 9), value_color(-2, 2)) > 60


def test_the_tooltip_has_all_digits(view: WeightMatrixView, qtbot: QtBot) -> None:
    kernel: FloatArray = SOBEL / np.float32(3)
    view.set_kernel(kernel)
    assert view.grid.tip((0, 0)) == ("<b>w[0, 0] = 0.33333334</b><br>input (0, 0) → output (0, 0)")
    assert view.grid.tip((0, 35)) == "Output (0, 0) does not see input (5, 5): no connection."
    place = view.grid.cell_rect(0, 8).center().toPoint()
    QApplication.sendEvent(
        view.grid, QHelpEvent(QHelpEvent.Type.ToolTip, place, view.grid.mapToGlobal(QPoint(0, 0)))
    )
    assert "w[1, 2] = −0.6666667" in QToolTip.text()
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_large_cells_have_numbers_and_small_ones_are_painted_too(
    view: WeightMatrixView, qtbot: QtBot
) -> None:
    set_side(view, 3)
    view.resize(1100, 260)
    plain = view.grid.grab().toImage()
    view.set_kernel(SOBEL * np.float32(1.5))  # the same colours, other numbers
    assert view.grid.grab().toImage() != plain
    set_side(view, 8)
    view.set_kernel(SOBEL, padding="same")
    view.resize(400, 160)
    view.grid.select((9, 9))
    assert len(view.grid.copies) == 64
    view.grid.grab()
