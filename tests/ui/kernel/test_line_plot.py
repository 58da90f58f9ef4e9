from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convlab.ui.kernel.line_plot import LEAST_PIXELS, LinePlot

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
AT = np.arange(101)


@pytest.fixture
def plot(qtbot: QtBot) -> LinePlot:
    plot = LinePlot("profile", "Values along the line")
    qtbot.addWidget(plot)
    plot.resize(400, 120)
    plot.set_curves(AT, np.sin(AT)[np.newaxis], (0,), 30.0)
    plot.show()
    qtbot.waitExposed(plot)
    return plot


def place(plot: LinePlot, pixel: float) -> QPointF:
    return plot.frame.at(pixel, 0.0)


def turn_wheel(plot: LinePlot, pixel: float, notches: int) -> None:
    at = place(plot, pixel)
    event = QWheelEvent(
        at,
        plot.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        NO_KEYS,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot, event)


def test_the_wheel_zooms_about_the_mouse_and_new_frames_leave_it(plot: LinePlot) -> None:
    before = place(plot, 30).x()
    turn_wheel(plot, 30, 3)
    assert place(plot, 30).x() == pytest.approx(before)
    low, high = plot.frame.x.ends
    assert 0 < low < 30 < high < 100
    plot.set_curves(AT, np.cos(AT)[np.newaxis], (0,), 31.0)
    assert plot.frame.x.ends == (low, high)
    turn_wheel(plot, 30, 40)
    low, high = plot.frame.x.ends
    assert high - low == pytest.approx(LEAST_PIXELS)
    turn_wheel(plot, 30, -60)
    assert plot.frame.x.ends == (0, 100), "there is nothing beyond the line"


def test_a_drag_moves_along_the_line_and_a_double_click_fits(plot: LinePlot) -> None:
    turn_wheel(plot, 50, 5)
    low, high = plot.frame.x.ends
    start = place(plot, 50).toPoint()
    QTest.mousePress(plot, LEFT, NO_KEYS, start)
    QTest.mouseMove(plot, start - QPoint(60, 0))
    QTest.mouseRelease(plot, LEFT, NO_KEYS, start - QPoint(60, 0))
    moved = plot.frame.x.low - low
    assert moved == pytest.approx(60 / plot.frame.per_x)
    assert plot.frame.x.high - high == pytest.approx(moved)
    QTest.mouseDClick(plot, LEFT, NO_KEYS, start)
    assert plot.frame.x.ends == (0, 100)
    plot.set_curves(AT[:51], np.sin(AT[:51])[np.newaxis], (0,), 3.0)
    assert plot.frame.x.ends == (0, 50), "and follows the picture again"


def test_another_value_moves_no_range_while_it_serves(plot: LinePlot) -> None:
    before = plot.frame.y
    for height in (0.9, 0.7, 1.0):
        plot.set_curves(AT, height * np.sin(AT)[np.newaxis], (0,), 30.0)
        assert plot.frame.y == before
