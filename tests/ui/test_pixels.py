from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication, QGraphicsScene, QStyleOptionGraphicsItem
from pytestqt.qtbot import QtBot

from convlab.document.sight import Fields
from convlab.engine.arrays import ByteArray
from convlab.ui.theme import value_color
from convlab.ui.widgets.map_links import LinkItems
from convlab.ui.widgets.map_routes import Links
from convlab.ui.widgets.map_selection import Frames
from convlab.ui.widgets.pixels import PixelOverlay, image_of, paint_fields, signed_pixels

BGRA = np.array([[[1, 2, 3, 255], [4, 5, 6, 0]]], np.uint8)


@pytest.mark.parametrize(
    ("pixels", "colors"),
    [
        (np.array([[7, 200]], np.uint8), [(7, 7, 7), (200, 200, 200)]),
        (np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8), [(1, 2, 3), (4, 5, 6)]),
        (BGRA, [(3, 2, 1), (6, 5, 4)]),
    ],
)
def test_an_array_is_a_picture(pixels: ByteArray, colors: list[tuple[int, int, int]]) -> None:
    image = image_of(pixels)
    assert (image.width(), image.height()) == (2, 1)
    assert [image.pixelColor(x, 0) for x in (0, 1)] == [QColor(*color) for color in colors]


def test_what_is_transparent_is_so_only_where_it_is_asked_for() -> None:
    assert image_of(BGRA).pixelColor(1, 0).alpha() == 255
    assert image_of(BGRA, has_alpha=True).pixelColor(1, 0).alpha() == 0


def test_values_have_the_colours_of_the_signed_map() -> None:
    values = np.array([[-2.0, 0.0, 1.0, np.nan]])
    image = image_of(signed_pixels(values))
    for column, value in enumerate((-2.0, 0.0, 1.0, 0.0)):
        wanted, found = value_color(value, 2.0), image.pixelColor(column, 0)
        assert abs(wanted.red() - found.red()) <= 2, value
        assert abs(wanted.blue() - found.blue()) <= 2, value
    wider = image_of(signed_pixels(values, 4.0)).pixelColor(0, 0)
    assert wider.lightness() > image.pixelColor(0, 0).lightness()
    assert signed_pixels(np.zeros((2, 2))).shape == (2, 2, 4), "nothing has no largest"


def across(paint: Callable[[QPainter], None], density: float) -> int:
    """Return how wide the first line is that is painted from left to right [device px]."""
    image = QImage(round(100 * density), round(100 * density), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(density)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    row = [image.pixelColor(x, image.height() // 2).value() < 255 for x in range(image.width())]
    first = row.index(True)
    return row.index(False, first) - first


@pytest.mark.parametrize("zoom", [0.5, 8.0])
def test_frames_over_a_picture_are_as_wide_on_a_dense_screen(qtbot: QtBot, zoom: float) -> None:
    overlay = PixelOverlay()
    overlay.frames = [QRectF(20 / zoom, 20 / zoom, 60 / zoom, 60 / zoom)]

    def paint(painter: QPainter) -> None:
        painter.scale(zoom, zoom)
        overlay.paint(painter, QStyleOptionGraphicsItem())

    assert across(paint, 1.0) == 4
    assert across(paint, 2.0) == 8


def test_frames_and_links_over_maps_are_as_wide_on_a_dense_screen(qtbot: QtBot) -> None:
    path = QPainterPath(QPointF(50, 0))
    path.lineTo(50, 100)
    scene = QGraphicsScene()
    scene.addItem(Frames(path, QColor("black"), 3.0))
    links = LinkItems(scene)

    def paint(painter: QPainter) -> None:
        scene.render(painter, QRectF(0, 0, 100, 100), QRectF(0, 0, 100, 100))

    assert [across(paint, density) for density in (1.0, 2.0)] == [3, 6]
    scene.clear()
    links.show([Links(1, 2, ((QPointF(50, 0), QPointF(90, 100)),))])
    narrow, wide = (across(paint, density) for density in (1.0, 2.0))
    assert wide > narrow


@pytest.mark.parametrize(
    ("fields", "zoom", "is_seen"),
    [
        (Fields((0, 0), (1, 1), (3, 3), (4, 4)), 20.0, True),
        (Fields((-1, -1), (1, 1), (3, 3), (6, 6)), 20.0, True),
        (Fields((0, 0), (1, 1), (3, 3), (4, 4)), 9.0, False),  # too near each other
        (Fields((0, 0), (1, 1), (3, 3), (98, 98)), 10.0, False),  # too many
    ],
)
def test_fields_are_outlined_where_they_can_be_told_apart(
    qapp: QApplication, fields: Fields, zoom: float, is_seen: bool
) -> None:
    side = fields.count[0] + 2
    picture = QImage(round(side * zoom), round(side * zoom), QImage.Format.Format_RGB32)
    picture.fill(0)
    painter = QPainter(picture)
    painter.scale(zoom, zoom)
    paint_fields(painter, fields, QRectF(0, 0, side, side))
    painter.end()
    blank = QImage(picture)
    blank.fill(0)
    assert (picture != blank) is is_seen
