"""What surrounds one kernel, by mouse and keyboard: its divisor, its fields, what it costs."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLabel, QMenu, QToolButton

from convlab.document.kernel.scaling import Scaling
from convlab.engine import kernels
from convlab.engine.display import DisplayMode
from convlab.ui.kernel.sum_panel import SumPanel
from tests.e2e.driver import LEFT, NO_KEYS, Driver


def tick(driver: Driver, name: str) -> None:
    check = driver.find(QCheckBox, name)
    QTest.mouseClick(check, LEFT, NO_KEYS, QPoint(8, check.height() // 2))


def said(driver: Driver, name: str) -> str:
    return driver.find(QLabel, name).text()


def copied_as(driver: Driver, title: str) -> str:
    """Copy the kernel by the menu of its button."""
    menu = driver.find(QToolButton, "copy_kernel_button").menu()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == title).trigger()
    return QGuiApplication.clipboard().text()


def test_a_divisor_and_an_offset_are_in_every_number(step: Driver) -> None:
    for row, column in np.ndindex(3, 3):
        step.select_cell(row, column)
        step.key(Qt.Key.Key_1)
        step.key(Qt.Key.Key_Return)
    step.choose("padding_combo", "valid (none)")
    step.until_result([[90.0, 60.0, 30.0, 0.0]] * 4)
    before = step.document
    tick(step, "normalise_check")
    step.until(lambda: bool(np.allclose(step.result, [[10.0, 20 / 3, 10 / 3, 0.0]] * 4)))
    assert step.shown.output.mode is DisplayMode.CLIPPED
    assert said(step, "kernel_figures").startswith("sum 9 → 1")
    divisor = step.find(QDoubleSpinBox, "divisor_spin")
    assert (divisor.value(), divisor.isEnabled()) == (9.0, False)
    assert kernels.parse(copied_as(step, "NumPy")) == pytest.approx(1 / 9)
    step.set_spin_number("offset_spin", "0.5")
    step.click(step.output, 1, 1)
    step.until(lambda: bool(step.shown.sums) and step.shown.sums[0].bias == 0.5)
    panel = step.find(SumPanel, "sum_panel")
    step.until(lambda: "+ bias 0.5 = 7.16" in "".join(panel.lines))
    step.undo()
    step.undo()
    assert step.document.kernel == before.kernel

    step.choose("preset_combo", "Sobel vertical")
    tick(step, "normalise_check")
    step.until_result([[0.0, 40.0, 40.0, 0.0]] * 4)  # nothing is divided by a sum of 0
    assert "sum is 0" in said(step, "kernel_message")
    tick(step, "normalise_check")
    assert said(step, "kernel_message") == ""
    step.set_spin_number("divisor_spin", "0")
    assert "Nothing can be divided by 0" in said(step, "kernel_message")
    assert divisor.value() == 1.0
    step.set_spin_number("divisor_spin", "8")
    step.until_result([[0.0, 5.0, 5.0, 0.0]] * 4)
    assert said(step, "kernel_message") == ""
    assert step.document.kernel.scaling == Scaling(8.0)
