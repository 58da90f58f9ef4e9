"""Zoom, arrow keys and fit over the maps of a stack."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from convlab.document.stack.model import Unit
from tests.e2e.conftest import OpenWindow
from tests.e2e.stack_driver import StackDriver
from tests.gestures import turn_wheel


@pytest.fixture
def lab(open_window: OpenWindow) -> StackDriver:
    return StackDriver(open_window("--lab", "stack", "--source", "pattern:zone-plate"))


def turn(lab: StackDriver, place: QPoint, notches: int) -> None:
    for _ in range(abs(notches)):
        turn_wheel(lab.maps.viewport(), 1 if notches > 0 else -1, place)


@pytest.mark.display
@pytest.mark.parametrize("uid", [1, 6])
def test_the_wheel_zooms_about_the_pointer(lab: StackDriver, uid: int) -> None:
    unit = Unit(uid, 0, 10, 10)
    lab.point(unit)
    before = lab.maps.unit_center(unit)
    turn(lab, before, 3)
    assert abs(lab.maps.unit_center(unit).x() - before.x()) <= 4
    turn(lab, before, -1)
    assert abs(lab.maps.unit_center(unit).x() - before.x()) <= 6


@pytest.mark.display
def test_no_arrow_is_lost_in_a_burst(lab: StackDriver) -> None:
    lab.click(Unit(1, 0, 10, 10))
    start = lab.look.unit
    lab.maps.setFocus()
    for key in [Qt.Key.Key_Right] * 5 + [Qt.Key.Key_Down] * 3 + [Qt.Key.Key_PageDown] * 2:
        QTest.keyClick(lab.maps, key)
    wanted = Unit(1, 2, start.row + 3, start.column + 5)
    assert lab.viewing.unit == wanted
    lab.settle()
    assert lab.look.unit == wanted


def test_another_stack_is_fitted(lab: StackDriver) -> None:
    turn(lab, lab.maps.viewport().rect().center(), 4)
    lab.person.choose("stack_combo", "Gabor bank")
    lab.until_shown(lambda shown: len(shown.columns) == 1 + len(lab.state.active))
    seen = lab.maps.mapToScene(lab.maps.viewport().rect()).boundingRect()
    assert seen.adjusted(-2, -2, 2, 2).contains(lab.maps.sceneRect())
