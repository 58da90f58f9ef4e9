from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convlab.engine.arrays import FloatArray
from convlab.ui.stack.filter_panel import LEAST_THUMB, KernelStrip
from tests.ui.test_theme import colors

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def strip(qtbot: QtBot) -> KernelStrip:
    strip = KernelStrip()
    qtbot.addWidget(strip)
    strip.setFixedWidth(200)
    strip.show()
    return strip


def kernels(count: int) -> FloatArray:
    return np.random.default_rng(1).normal(size=(count, 3, 3)).astype(np.float32)


@pytest.mark.parametrize("selected", [0, 1, 31, 62, 63])
def test_of_many_kernels_those_around_the_chosen_one_are_shown(
    strip: KernelStrip, qtbot: QtBot, selected: int
) -> None:
    strip.show_kernels(kernels(64), selected)
    assert selected in strip.shown
    assert len(strip.shown) == 12
    for number in strip.shown:
        rect = strip.rect_of(number)
        assert rect.width() >= LEAST_THUMB
        assert strip.rect().contains(rect.toAlignedRect())
        with qtbot.waitSignal(strip.chosen) as told:
            QTest.mouseClick(strip, LEFT, pos=rect.center().toPoint())
        assert told.args == [number]


def test_marks_lead_to_the_kernels_on_either_side(strip: KernelStrip, qtbot: QtBot) -> None:
    strip.show_kernels(kernels(512), 300)
    shown = strip.shown
    for column, number in ((5, shown.start - 1), (strip.width() - 8, shown.stop)):
        with qtbot.waitSignal(strip.chosen) as told:
            QTest.mouseClick(strip, LEFT, pos=QPoint(column, 15))
        assert told.args == [number]
    image = strip.grab().toImage()
    side = strip.rect().adjusted(0, 0, -(strip.width() - 14), 0)
    assert len(colors(image, side)) > 1


def test_few_kernels_are_all_shown(strip: KernelStrip) -> None:
    strip.show_kernels(kernels(14), 13)
    assert strip.shown == range(14)
    assert strip.rect_of(0).left() == 1
    assert strip.rect_of(13).right() <= 200
