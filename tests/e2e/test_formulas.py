"""Formulas: read, selected, copied as LaTeX and as Python that gives the number on the screen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QTabWidget

from convlab.document.stack.model import Unit
from convlab.ui.formula_bar import FormulaLine
from convlab.ui.stack.unit_panel import UnitPanel
from tests.document.stack.test_formulas import printed
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.e2e.stack_driver import StackDriver

CONTROL = Qt.KeyboardModifier.ControlModifier


def copied(user: Driver, button: str) -> str:
    QApplication.clipboard().setText("")
    user.press(button)
    return QApplication.clipboard().text()


@pytest.mark.display
def test_the_formula_of_a_pixel_is_read_selected_and_copied(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:impulse")
    user.choose("preset_combo", "1 to 9")
    user.choose("padding_combo", "full")
    user.press("flip_switch")
    user.click(user.output, 4, 4)
    user.until(lambda: user.shown.job.state.geometry.flip and bool(user.shown.sums))

    # The line under the sum, selected with the mouse.
    line = user.find(FormulaLine, "sum_formula")
    user.until(lambda: line.text().startswith("output (4, 4) = "))
    assert line.text().endswith(" = 5")
    middle = line.height() // 2
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(2, middle))
    QTest.mouseMove(line, QPoint(60, middle))
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(60, middle))
    assert line.selectedText()
    assert line.text().startswith(line.selectedText())
    assert printed(copied(user, "sum_copy_python_button")) == 5.0

    # The page: symbols and numbers; a term under the mouse shows its cell.
    user.find(QTabWidget, "pixel_tabs").setCurrentIndex(3)
    text = user.find(QPlainTextEdit, "formula_text")
    user.until(text.isVisible)
    user.until(lambda: text.toPlainText().startswith("S(4,4) = I(4,4)K(0,0) + I(4,3)K(0,1)"))
    assert text.toPlainText().split("\n")[-1] == "= 5"
    assert user.find(QLabel, "formula_general").text() == "S(i, j) = Σ I(i − m, j − n) K(m, n)"
    place = text.cursorRect().center() + QPoint(100, 0)
    QTest.mouseMove(text.viewport(), place + QPoint(1, 0))
    QTest.mouseMove(text.viewport(), place)
    user.until(lambda: len(user.input.frames) == 2)
    assert user.grid._partner == (0, 0)
    text.setFocus()
    user.key(Qt.Key.Key_A, CONTROL)
    user.key(Qt.Key.Key_C, CONTROL)
    assert QApplication.clipboard().text() == text.toPlainText()
    assert "I(4, 4) K(0, 0) + I(4, 3) K(0, 1)" in copied(user, "formula_copy_latex_button")
    assert printed(copied(user, "formula_copy_python_button")) == 5.0

    # What is selected stays, whatever comes.
    before = text.toPlainText()
    user.click(user.output, 0, 0)
    user.until(lambda: user.shown.job.viewing.probe == (0, 0))
    assert text.toPlainText() == before
    cursor = text.textCursor()
    cursor.clearSelection()
    text.setTextCursor(cursor)
    user.click(user.output, 0, 1)
    user.until(lambda: text.toPlainText().startswith("S(0,1) = I(0,1)K(0,0) + I(0,0)K(0,1)"))
    assert "I(0,−1)K(0,2)" in text.toPlainText()  # a negative index: padding


def test_the_formula_of_every_layer_of_a_stack(open_window: OpenWindow) -> None:
    lab = StackDriver(open_window("--lab", "stack", "--source", "pattern:zone-plate"))
    line = lab.person.find(FormulaLine, "unit_formula")
    panel = lab.person.find(UnitPanel, "unit_panel")
    for slot in lab.state.slots:
        lab.click(Unit(slot.uid, 2, 20, 30))
        lab.until(lambda: panel.detail is lab.look.detail and panel.isVisible())
        detail = panel.detail
        assert detail is not None
        assert line.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard
        value = printed(copied(lab.person, "unit_copy_python_button"))
        assert value == pytest.approx(detail.result, abs=1e-5 * max(1.0, abs(detail.result)))
        assert copied(lab.person, "unit_copy_latex_button").isascii()
    assert np.isfinite(value)
