from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QGraphicsScene, QGraphicsSimpleTextItem
from pytestqt.qtbot import QtBot

from convlab.document.stack.column import MapColumn
from convlab.engine.display import Scale
from convlab.ui.widgets.map_column import Card, ColumnItems
from convlab.ui.widgets.map_grid import MapGrid
from convlab.ui.widgets.map_layout import ColumnSpec, arrange

NAMES = ("0", "1", "2")
SHARES = np.array([0.04, 0.0, 0.96], np.float32).reshape(3, 1, 1)


def texts(scene: QGraphicsScene) -> list[QGraphicsSimpleTextItem]:
    """Return what is written, from above."""
    items = [
        item
        for item in scene.items()
        if isinstance(item, QGraphicsSimpleTextItem) and item.isVisible() and item.text()
    ]
    return sorted(items, key=lambda item: (item.y(), item.x()))


@pytest.fixture
def column(qtbot: QtBot) -> ColumnItems:
    scene = QGraphicsScene()
    items = ColumnItems(scene, arrange([ColumnSpec(1, 3, (1, 1))], 8)[0])
    shown = MapColumn(
        uid=1,
        shape=(3,),
        milliseconds=0.1,
        maps=SHARES,
        scales=(Scale(-1.0, 1.0),) * 3,
        tiles=np.zeros((3, 1, 1, 4), np.uint8),
        names=NAMES,
        is_probability=True,
    )
    items.show_card(Card(1, "7 Softmax", ("3", "", "")), False)
    items.show_maps(shown)
    return items


@pytest.mark.parametrize("zoom", [1.0, 0.6, 0.4, 0.3, 0.2, 0.1])
def test_at_no_zoom_do_texts_overlap(column: ColumnItems, zoom: float) -> None:
    column.adapt(zoom, 1.0)
    written = [item.sceneBoundingRect() for item in texts(column._scene)]
    for number, rect in enumerate(written):
        air = 0.2 * rect.height()  # over and under the letters
        inner = rect.adjusted(1, air, -1, -air)
        assert not any(inner.intersects(each) for each in written[:number])


def test_from_afar_a_class_has_its_name_and_all_values_go_at_once(column: ColumnItems) -> None:
    column.adapt(1.0, 1.0)
    assert {"0", "4 %", "1", "0 %", "2", "96 %"} <= {item.text() for item in texts(column._scene)}
    column.adapt(0.35, 1.0)
    found = {item.text() for item in texts(column._scene)}
    assert set(NAMES) <= found
    assert not any("%" in text for text in found)


def test_of_a_title_without_room_the_number_is_left(column: ColumnItems) -> None:
    column.adapt(1.0, 1.0)
    assert texts(column._scene)[0].text() == "7 Softmax"
    column.adapt(0.18, 1.0)
    assert texts(column._scene)[0].text() == "7"


def test_the_numbers_under_the_bars_are_in_sight(qtbot: QtBot) -> None:
    grid = MapGrid(14.0)
    qtbot.addWidget(grid)
    grid.resize(400, 120)
    grid.show()
    grid.set_layers([ColumnSpec(uid, 16, (8, 8)) for uid in range(9)], [])
    column = grid._columns[0]
    tiles = np.zeros((16, 8, 8, 4), np.uint8)
    maps = np.zeros((16, 8, 8), np.float32)
    column.show_maps(MapColumn(0, maps.shape, maps, tiles, (Scale(-1, 1),) * 16, 0.1))
    grid.fit()
    bottom = grid.mapToScene(grid.viewport().rect()).boundingRect().bottom()
    labels = [item for item in column._labels if item.isVisible()]
    assert all(item.sceneBoundingRect().bottom() <= bottom + 1 for item in labels)
    assert labels
