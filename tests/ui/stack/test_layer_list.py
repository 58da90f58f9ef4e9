from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from convlab.ui.palettes import ThemeName
from convlab.ui.stack.layer_list import LayerEntry, LayerList
from convlab.ui.theme import apply_theme, theme
from tests.gestures import drag_move_event
from tests.ui.test_theme import colors

ENTRIES = tuple(LayerEntry(uid, uid, f"{uid} Conv2d", "8 × 9 × 9") for uid in range(1, 21))
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def layers(qtbot: QtBot, qapp: QApplication) -> LayerList:
    apply_theme(qapp, ThemeName.LIGHT)
    layers = LayerList()
    qtbot.addWidget(layers)
    layers.resize(240, 200)
    layers.show()
    qtbot.waitExposed(layers)
    layers.show_layers(ENTRIES, 1)
    return layers


def drag_over(layers: LayerList, position: QPoint) -> None:
    mime = QMimeData()
    event = drag_move_event(position, Qt.DropAction.MoveAction, mime)
    event.source = lambda: layers  # type: ignore[method-assign]
    layers.dragMoveEvent(event)


def edge_of(layers: LayerList, row: int) -> int:
    """Upper edge of a line [px]."""
    return layers.visualItemRect(layers.item(row)).top()


def test_a_line_shows_where_a_dragged_layer_would_come(layers: LayerList) -> None:
    line, middle = layers.drop_line, layers.visualItemRect(layers.item(2)).center()
    assert not line.isVisible()
    for step, row in ((-4, 2), (4, 3)):
        drag_over(layers, middle + QPoint(0, step))
        assert line.isVisible()
        assert line.geometry().contains(QPoint(100, edge_of(layers, row)))
    shown = layers.viewport().grab().toImage()
    assert colors(shown, line.geometry()) == {QColor(theme().accent).name()}


def test_the_line_goes_with_the_mouse(layers: LayerList) -> None:
    drag_over(layers, QPoint(50, 30))
    layers.dragLeaveEvent(QDragLeaveEvent())
    assert not layers.drop_line.isVisible()
    drag_over(layers, QPoint(50, 30))
    layers.dropEvent(
        QDropEvent(QPoint(50, 30), Qt.DropAction.MoveAction, QMimeData(), LEFT, NO_KEYS)
    )
    assert not layers.drop_line.isVisible()


def test_behind_the_last_line_the_mark_stays_in_sight(layers: LayerList) -> None:
    layers.show_layers(ENTRIES[:2], 1)
    drag_over(layers, QPoint(50, 190))
    behind = layers.visualItemRect(layers.item(1)).bottom() + 1
    assert layers.drop_line.geometry().contains(QPoint(100, behind))


def test_a_dragged_layer_takes_its_title_along(layers: LayerList) -> None:
    image = layers.drag_image(2).toImage()
    inside = image.rect().adjusted(2, 2, -2, -2)
    assert len(colors(image, inside)) > 5
    assert image.width() > layers.fontMetrics().horizontalAdvance(ENTRIES[2].title)


def test_a_layer_that_fails_comes_into_sight_once(layers: LayerList) -> None:
    view = layers.viewport().rect()
    assert not view.intersects(layers.visualItemRect(layers.item(15)))
    failing = replace(ENTRIES[15], error="It does not fit.", remedies=("Remove it",))
    entries = (*ENTRIES[:15], failing, *ENTRIES[16:])
    layers.show_layers(entries, 1)
    assert view.contains(layers.visualItemRect(layers.item(15)))
    layers.scrollToTop()
    entries = (*ENTRIES[:15], replace(failing, error="It still does not."), *ENTRIES[16:])
    layers.show_layers(entries, 1)
    assert layers.verticalScrollBar().value() == 0, "a person may look elsewhere"


def test_cards_are_made_where_they_are_seen_and_follow_their_layers(layers: LayerList) -> None:
    many = tuple(LayerEntry(uid, uid, f"{uid} Conv2d", "8 × 9 × 9") for uid in range(1, 501))
    layers.show_layers(many, None)

    def made() -> list[int]:
        return [row for row in range(500) if layers.itemWidget(layers.item(row)) is not None]

    assert made()[0] == 0
    assert len(made()) < 30
    layers.scrollToItem(layers.item(300))
    assert 300 in made()
    assert len(made()) < 60
    layers.scrollToTop()
    cards = [layers.itemWidget(layers.item(row)) for row in (0, 1, 2)]
    off = tuple(replace(entry, is_on=entry.uid % 2 == 0) for entry in many)
    layers.show_layers(off, None)
    again = [layers.itemWidget(layers.item(row)) for row in (0, 1, 2)]
    assert again == cards, "they are written, and not made again"
    for row in (0, 1, 2):
        switch = layers.itemWidget(layers.item(row)).findChild(QCheckBox)
        assert isinstance(switch, QCheckBox)
        assert switch.isChecked() == (row % 2 == 1)
    said = layers.item(499).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("500 Conv2d"), "a screen reader has all of them"
