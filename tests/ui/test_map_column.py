"""What is written over, on and under the maps of a layer: nothing is cut, nothing overlaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsScene, QGraphicsSimpleTextItem, QGraphicsView
from pytestqt.qtbot import QtBot

from convlab.document.stack.activity import Activity
from convlab.document.stack.column import MapColumn
from convlab.document.stack.model import Cells, Unit
from convlab.engine.display import Scale, ScaleCurve
from convlab.ui.theme import theme
from convlab.ui.widgets.map_card import Card, MarkItem
from convlab.ui.widgets.map_column import ColumnItems
from convlab.ui.widgets.map_layout import lay_out
from convlab.ui.widgets.map_node import CardStyle, Node

NAMES = ("0", "1", "2")
SHARES = np.array([0.04, 0.0, 0.96], np.float32).reshape(3, 1, 1)
ROOT = Scale(-0.5, 0.5, ScaleCurve.ROOT)


def texts(scene: QGraphicsScene) -> list[QGraphicsSimpleTextItem]:
    """Return what is written, from above."""
    items = [
        item
        for item in scene.items()
        if isinstance(item, QGraphicsSimpleTextItem) and item.isVisible() and item.text()
    ]
    return sorted(items, key=lambda item: (item.y(), item.x()))


def words(scene: QGraphicsScene) -> list[str]:
    return [item.text() for item in texts(scene)]


def check(scene: QGraphicsScene) -> None:
    """No text lies over another."""
    written = [item.sceneBoundingRect() for item in texts(scene)]
    for number, rect in enumerate(written):
        inner = rect.adjusted(1, 1, -1, -3)  # there is air over and under the letters
        assert not any(inner.intersects(each) for each in written[:number]), words(scene)


def stack(count: int, room: QSizeF) -> tuple[QGraphicsScene, list[ColumnItems]]:
    """Return a scene with layers of eight maps and their cards."""
    cards = [
        Card(
            uid,
            f"{uid} Max pool 2×2",
            f"{uid} Max pool",
            "64 × 240 × 320",
            ("9,999 param.   99 ms",),
        )
        for uid in range(count)
    ]
    nodes = [
        Node(uid, 8, (240, 320), (uid - 1,), card=card.size()) for uid, card in enumerate(cards)
    ]
    scene = QGraphicsScene()
    columns = []
    for place, card in zip(lay_out(nodes, room, 2).places, cards, strict=True):
        items = ColumnItems(scene, place)
        items.card.show_card(card, place.uid == 2)
        maps = np.zeros((8, 240, 320), np.float32)
        tiles = np.zeros((8, 24, 32, 4), np.uint8)
        items.show_maps(MapColumn(place.uid, maps.shape, maps, tiles, (ROOT,) * 8, 0.1))
        columns.append(items)
    return scene, columns


@pytest.mark.parametrize("count", [1, 3, 7, 10, 14, 24])
@pytest.mark.parametrize("room", [QSizeF(738, 480), QSizeF(962, 574), QSizeF(1378, 774)])
def test_every_name_and_every_shape_is_whole_and_nothing_overlaps(
    qtbot: QtBot, count: int, room: QSizeF
) -> None:
    scene, columns = stack(count, room)
    check(scene)
    said = words(scene)
    for uid, column in enumerate(columns):
        is_full = column.place.style is CardStyle.FULL
        assert (f"{uid} Max pool 2×2" if is_full else f"{uid} Max pool") in said
    assert sum("240" in text and "320" in text for text in said) == count
    for column in columns:
        for item in column.card.items:
            if isinstance(item, QGraphicsSimpleTextItem) and item.text():
                rect = item.sceneBoundingRect()
                assert column.place.card.adjusted(-1, -1, 1, 3).contains(rect), item.text()


def test_the_bar_has_the_ticks_of_the_root_scale(qtbot: QtBot) -> None:
    scene, _ = stack(2, QSizeF(1378, 774))
    for text in ("−0.5", "−0.25", "0", "0.25", "0.5"):
        assert text in words(scene)
    scene, _ = stack(24, QSizeF(1378, 774))
    assert "±0.5" in words(scene), "under a narrow layer"


def test_dead_and_saturated_maps_are_marked_and_the_marks_go(qtbot: QtBot) -> None:
    scene, columns = stack(2, QSizeF(1378, 774))
    column = columns[1]
    assert column.shown is not None

    def show(activity: Activity) -> list[str]:
        assert column.shown is not None
        tiles = np.zeros((8, 24, 32, 4), np.uint8)
        column.show_maps(replace(column.shown, tiles=tiles, activity=activity))
        return [text for text in words(scene) if text in ("dead", "flat", "×")]

    assert show(Activity((0.0,) * 8)) == []
    assert sorted(show(Activity((1.0,) * 8, dead=(2, 7), saturated=(3,)))) == [
        "dead",
        "dead",
        "flat",
    ]
    assert set(column._marks) == {2, 3, 7}
    for number, mark in column._marks.items():
        assert column.place.cells[number].contains(mark.rect())
    check(scene)
    assert show(Activity((0.0,) * 8, dead=(7,))) == ["dead"]
    tips = [item.toolTip() for item in scene.items() if isinstance(item, MarkItem)]
    assert len(tips) == 1
    assert "Only the frame that is shown is judged" in tips[0]
    scene, columns = stack(24, QSizeF(738, 480))
    column = columns[3]
    assert show(Activity((1.0,) * 8, dead=(0,))) in (["dead"], ["×"])


def test_a_class_has_its_name_and_its_value(qtbot: QtBot) -> None:
    scene = QGraphicsScene()
    place = lay_out([Node(1, 3, (1, 1))], QSizeF(500, 300)).places[0]
    column = ColumnItems(scene, place)
    column.show_maps(
        MapColumn(
            uid=1,
            shape=(3,),
            milliseconds=0.1,
            maps=SHARES,
            scales=(Scale(-1.0, 1.0),) * 3,
            tiles=np.zeros((3, 1, 1, 4), np.uint8),
            names=NAMES,
            is_probability=True,
        )
    )
    assert {"0", "4 %", "1", "0 %", "2", "96 %"} <= set(words(scene))
    check(scene)


def test_the_frame_of_the_chosen_card_is_whole(qtbot: QtBot) -> None:
    scene, columns = stack(24, QSizeF(1378, 774))
    for column, card in ((columns[4], "4 ReLU"), (columns[5], "5 ReLU")):
        column.card.show_card(Card(column.place.uid, card, card, "8"), column is columns[4])
    frame = columns[4].card.items[0].sceneBoundingRect()
    view = QGraphicsView(scene)
    qtbot.addWidget(view)
    area = frame.toAlignedRect().adjusted(-2, 0, 2, 0)
    image = QImage(area.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    scene.render(painter, QRectF(image.rect()), QRectF(area))
    painter.end()
    accent, middle = QColor(theme().accent), image.height() // 2
    seen = [x for x in range(image.width()) if image.pixelColor(x, middle) == accent]
    assert seen[0] <= 4
    assert seen[-1] >= image.width() - 5


def test_of_hundreds_of_maps_those_in_sight_are_painted_and_the_others_scrolled_to(
    qtbot: QtBot,
) -> None:
    scene = QGraphicsScene()
    nodes = [Node(uid, 320, (7, 7), (uid - 1,)) for uid in range(1, 22)]
    place = lay_out(nodes, QSizeF(1378, 774), 4).places[9]
    column = ColumnItems(scene, place)
    seen = column.cells(2.0)
    assert seen is not None
    count = len(place.cells)
    assert seen == Cells(36, 0, count)
    assert count < 320
    maps = np.arange(320 * 49, dtype=np.float32).reshape(320, 7, 7)

    def show(first: int, activity: Activity | None = None) -> None:
        tiles = np.zeros((count, 7, 7, 4), np.uint8)
        scales = (ROOT,) * 320
        column.show_maps(
            MapColumn(10, maps.shape, maps, tiles, scales, 0.1, activity=activity, first=first)
        )

    show(0)
    column.scroll(1.0)
    moved = column.cells(1.0)
    assert moved is not None
    assert 0 < moved.first < count
    assert column.unit_at(place.cells[0].center()) == Unit(10, 0, 3, 3), "what is still painted"
    show(moved.first, Activity((0.0,) * 320, dead=(0, moved.first + 1)))
    assert column.unit_at(place.cells[0].center()) == Unit(10, moved.first, 3, 3)
    assert set(column._marks) == {moved.first + 1}
    assert column.tile_of(Unit(10, 0)) is None
    assert column.tile_of(Unit(10, moved.first + 2)) == place.cells[2]
    column.scroll(1000.0)
    end = column.cells(1.0)
    assert end is not None
    assert end.first == 320 - count
    column.reveal(Unit(10, 5))
    shown = column.cells(1.0)
    assert shown is not None
    assert shown.first == 0
    every = np.zeros((320, 7, 7, 4), np.uint8)
    column.show_maps(MapColumn(10, maps.shape, maps, every, (ROOT,) * 320, 0.1))
    assert column.shown is not None
    assert column.shown.seen == slice(0, count), "more than have room are cut"
