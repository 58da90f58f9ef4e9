"""Networks in the overview: blocks folded and opened, by mouse and keys; layer to layer by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS
from tests.e2e.stack_driver import StackDriver


@pytest.fixture
def lab(open_window: OpenWindow) -> StackDriver:
    """The first stack: twice conv, ReLU, pool."""
    window = open_window("--lab", "stack", "--source", "pattern:zone-plate", "--size", "1440x900")
    return StackDriver(window)


def click_at(lab: StackDriver, point: QPointF) -> None:
    """Click a place in the scene of the maps."""
    QTest.mouseClick(lab.maps.viewport(), LEFT, NO_KEYS, lab.maps.mapFromScene(point))


def places(lab: StackDriver) -> list[int]:
    return [place.uid for place in lab.maps._layout.places]


def test_a_block_is_folded_and_opened_and_maps_follow(lab: StackDriver) -> None:
    lab.choose_layer(5)
    lab.press_key(Qt.Key.Key_Return)
    lab.until(lambda: places(lab) == [0, 1, 2, 3, 6])
    lab.until_shown(lambda shown: shown.folded.shown(5) == 6)
    lab.until(lambda: lab.maps.in_sight == {0, 1, 2, 3, 6})
    lab.settle()
    assert lab.maps._cards[6].title == "Block 2"
    assert "3 layers" in lab.maps._cards[6].notes[0]
    assert lab.maps._chosen == 6, "the block of the chosen layer is marked"
    hidden = {column.uid for column in lab.shown.columns if column.tiles is None}
    assert hidden == {4, 5}, "what is not seen is not painted"
    click_at(lab, lab.maps._columns[6].card.chip.center())
    lab.until(lambda: places(lab) == list(range(7)))
    lab.until(lambda: len(lab.maps._layout.bands) == 1)
    [band] = lab.maps._layout.bands
    assert band.title == "Block 2"
    cards = [lab.maps._columns[uid].place.card for uid in (4, 5, 6)]
    assert band.rect.left() == cards[0].left()
    assert band.rect.right() == pytest.approx(cards[2].right())
    assert band.rect.bottom() <= cards[0].top()
    click_at(lab, band.rect.center())
    lab.until(lambda: places(lab) == [0, 1, 2, 3, 6])
    assert not lab.window.session.undo_stack.canUndo(), "looking is not undone"


def test_arrows_lead_from_layer_to_layer(lab: StackDriver) -> None:
    lab.choose_layer(2)
    lab.press_key(Qt.Key.Key_Right)
    assert lab.viewing.chosen == 3
    lab.press_key(Qt.Key.Key_Left)
    lab.press_key(Qt.Key.Key_Left)
    assert lab.viewing.chosen == 1
    lab.press_key(Qt.Key.Key_Left)
    assert lab.viewing.chosen is None, "the picture"
    lab.press_key(Qt.Key.Key_Right)
    assert lab.viewing.chosen == 1
    lab.press_key(Qt.Key.Key_Down)
    assert lab.viewing.pinned, "down goes into the maps"
    assert lab.viewing.unit is not None
    before = lab.viewing.unit
    lab.press_key(Qt.Key.Key_Right)
    assert lab.viewing.unit is not None
    assert lab.viewing.unit.column == before.column + 1, "and there arrows move the unit"
    origin = QPoint(0, 0)
    assert lab.maps.mapToScene(origin).x() == 0
