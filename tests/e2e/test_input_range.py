"""The range of a picture deeper than 8 bits, by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFrame, QLabel, QToolButton

from convlab.document.input_range import InputRange, RangeMode
from tests.e2e.driver import Driver

NUMBERS = np.array([[0, 500, 1000], [1500, 2000, 2500], [3000, 3500, 4000]], np.uint16)


def shade(user: Driver, row: int, column: int) -> int:
    """How light a pixel of the input is painted, 0 to 255."""
    panel = user.shown.input
    return int(panel.bgra[row - panel.origin[0], column - panel.origin[1], 0])


@pytest.mark.display
def test_a_picture_of_twelve_bits_is_seen_and_its_range_chosen(
    step: Driver, tmp_path: Path
) -> None:
    button = step.find(QToolButton, "input_range_button")
    assert not button.isVisible()
    step.window.resize(1200, 800)
    path = tmp_path / "cells.tif"
    tifffile.imwrite(path, NUMBERS)
    step.drop_file(path)
    step.until(button.isVisible)
    step.until(lambda: step.shape == (3, 3))

    # auto: from black to white, and its own numbers are said
    np.testing.assert_allclose(step.shown.job.frame.pixels, NUMBERS / np.float32(4000), rtol=1e-6)
    assert (shade(step, 0, 0), shade(step, 2, 2)) == (0, 255)
    assert button.text() == "0 … 4000"
    step.point(step.input, 1, 1)
    value = step.find(QLabel, "status_value")
    step.until(lambda: "input (1, 1) = 0.5 (2000 in the picture)" in value.text())

    # by hand: the end that is typed, and the other as it was found
    popup = step.find(QFrame, "input_range_popup")
    step.press("input_range_button")
    step.until(popup.isVisible)
    assert "1 is 4000" in step.find(QLabel, "input_range_words").text()
    step.set_spin_number("input_range_high_spin", "2000")
    step.until(lambda: step.document.input_range == InputRange(RangeMode.HAND, 0, 2000))
    step.until(lambda: step.shown.job.frame.pixels[1, 1] == 1.0)
    assert step.shown.job.frame.pixels[2, 2] == 2.0, "nothing is cut off"
    assert shade(step, 2, 2) == 255
    assert button.text() == "0 … 2000"

    # full: the sixteen bits that there are
    QTest.keyClick(step.find(QComboBox, "input_range_mode_combo"), Qt.Key.Key_Up)
    step.until(lambda: button.text() == "0 … 65535")
    step.until(lambda: step.shown.job.frame.pixels.dtype == np.uint16)
    assert step.find(QDoubleSpinBox, "input_range_high_spin").value() == 65535
    QTest.keyClick(popup, Qt.Key.Key_Escape)

    # undo for all
    step.undo()
    step.until(lambda: button.text() == "0 … 2000")
    step.undo()
    step.until(lambda: button.text() == "0 … 4000")
    step.redo()
    step.until(lambda: button.text() == "0 … 2000")
    # closed again where there is nothing to choose
    step.choose("source_combo", "Checker, 6×6")
    step.until(lambda: not button.isVisible())
