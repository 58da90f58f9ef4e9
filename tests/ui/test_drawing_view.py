"""The canvas one paints on, by itself: what it reports and where it paints."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convlab.document.drawing import Brush, of_pixels
from convlab.ui.widgets.drawing_panel import DrawingPanel
from convlab.ui.widgets.drawing_view import DrawingView

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> DrawingView:
    """A canvas of 8 × 10 whose pixels are 20 wide on the screen."""
    view = DrawingView("test_drawing")
    qtbot.addWidget(view)
    view.resize(204, 164)
    view.show_drawing(of_pixels(np.linspace(0, 1, 80).reshape(8, 10)))
    view.show()
    return view


def painted(view: DrawingView) -> QImage:
    return view.grab().toImage()


def test_each_pixel_is_painted_in_its_grey(view: DrawingView) -> None:
    picture = painted(view)
    steps = view.drawing.steps()
    for row, column in np.ndindex(8, 10):
        seen = picture.pixelColor(view.place(row + 0.5, column + 0.5).toPoint())
        assert seen.red() == seen.green() == seen.blue() == steps[row, column]


def test_a_stroke_is_told_in_pixels_of_the_drawing(view: DrawingView, qtbot: QtBot) -> None:
    told: list[tuple[object, ...]] = []
    view.stroked.connect(lambda *line: told.append(line))
    with qtbot.waitSignal(view.pointed):
        QTest.mousePress(view, LEFT, pos=view.place(1.0, 1.0).toPoint())
        QTest.mouseMove(view, view.place(2.5, 3.0).toPoint())
    with qtbot.waitSignal(view.gesture_ended):
        QTest.mouseRelease(view, LEFT, pos=view.place(2.5, 3.0).toPoint())
    assert told == [(1.0, 1.0, 1.0, 1.0, False), (1.0, 1.0, 2.5, 3.0, False)]


def test_nothing_is_painted_without_a_button(view: DrawingView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.stroked):
        QTest.mouseMove(view, view.place(1.0, 1.0).toPoint())
        QTest.mousePress(view, Qt.MouseButton.MiddleButton, pos=view.place(1, 1).toPoint())


def test_it_leaves_the_drawing_to_others(view: DrawingView) -> None:
    before = view.drawing
    QTest.mouseClick(view, LEFT, pos=view.place(1.0, 1.0).toPoint())
    QTest.keyClick(view, Qt.Key.Key_P)
    assert view.drawing == before


def test_the_cursor_stays_on_the_canvas_and_is_said(view: DrawingView) -> None:
    for _ in range(9):
        QTest.keyClick(view, Qt.Key.Key_Down)
        QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.selected == (7, 9)
    assert view.accessibleDescription() == "Row 7, column 9: 1"
    view.show_drawing(of_pixels(np.zeros((3, 3))))
    assert view.selected == (2, 2)
    assert view.accessibleDescription() == "Row 2, column 2: 0"


def test_what_is_asked_for_is_framed(view: DrawingView) -> None:
    corner = view.place(1, 2).toPoint()
    before = painted(view).pixelColor(corner)
    view.set_frames([QRectF(2, 1, 2, 2)])
    assert painted(view).pixelColor(corner) != before


def test_large_pixels_show_their_value(view: DrawingView) -> None:
    view.show_drawing(of_pixels(np.full((3, 3), 0.5)))
    middle = QRectF(view.place(1, 1), view.place(2, 2)).adjusted(4, 4, -4, -4)
    assert middle.width() > 27
    part = view.grab(middle.toRect()).toImage()
    colors = {part.pixel(x, y) for x in range(part.width()) for y in range(part.height())}
    assert len(colors) > 1, "there is more than one grey: a number"


def test_the_panel_shows_without_telling(qtbot: QtBot) -> None:
    panel = DrawingPanel("test_drawing")
    qtbot.addWidget(panel)
    signals = [panel.size_chosen, panel.white_chosen, panel.brush_chosen]
    with qtbot.assertNotEmitted(signals[0]), qtbot.assertNotEmitted(signals[1]):
        panel.show_drawing(of_pixels(np.zeros((6, 9)), white=10.0))
    with qtbot.assertNotEmitted(signals[2]):
        panel.show_brush(Brush(4.0, erases=True))
    assert panel.view.drawing.rows == 6


def test_the_tools_stand_right_below_the_canvas(qtbot: QtBot) -> None:
    panel = DrawingPanel("test_drawing")
    qtbot.addWidget(panel)
    panel.resize(260, 900)
    panel.show()
    assert panel.view.height() <= panel.view.width()
    assert panel.view.place(32, 0).y() - panel.view.place(0, 0).y() > 220
    panel.show_drawing(of_pixels(np.zeros((10, 40))))
    QApplication.processEvents()
    assert panel.view.height() == panel.view.minimumHeight()
    assert panel.view.place(0, 0) != QPointF()
