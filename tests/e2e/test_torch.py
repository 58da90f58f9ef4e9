"""The input as a dark room, and the present picture as a canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QCheckBox

from convlab.document.source import SourceKind
from convlab.document.stack.model import Unit
from convlab.layers.graph import INPUT
from convlab.paths import resource
from convlab.ui.widgets.drawing_view import DrawingView
from convlab.ui.widgets.image_view import ImageView
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.e2e.stack_driver import StackDriver


def brightness(view: ImageView, row: int, column: int) -> int:
    """Return how bright a pixel of the picture is on the screen, near its upper left corner."""
    image: QImage = view.viewport().grab().toImage()
    middle, next_one = view.cell_center(row, column), view.cell_center(row + 1, column + 1)
    corner = middle - (next_one - middle) * 0.3
    ratio = image.devicePixelRatio()
    return image.pixelColor((corner * ratio).toPoint()).lightness()


def test_only_what_the_kernel_lies_on_is_lit(step: Driver) -> None:
    """The 6×6 step is bright on the left; the patch of (1, 1) reaches from (0, 0) to (2, 2)."""
    user = step
    assert brightness(user.input, 1, 1) > 200
    torch = user.find(QCheckBox, "torch_check")
    torch.click()
    user.until(lambda: brightness(user.input, 1, 1) < 60)  # nothing is pointed at: a dark room
    user.click(user.output, 1, 1)
    user.until(lambda: brightness(user.input, 1, 1) > 200)
    assert brightness(user.input, 4, 1) < 60
    torch.click()
    user.until(lambda: brightness(user.input, 4, 1) > 200)
    user.undo()
    user.until(lambda: brightness(user.input, 4, 1) < 60)


@pytest.mark.display
def test_of_the_stack_only_what_a_unit_sees_is_lit(open_window: OpenWindow) -> None:
    """Unit (40, 50) of the second convolution sees a few pixels around (80, 100)."""
    source = "--source", "pattern:red-edge"
    lab = StackDriver(open_window("--lab", "stack", *source, "--size", "1440x900"))
    user, maps = lab.person, lab.maps

    def light(row: int, column: int) -> int:
        """Return how bright the picture is there."""
        lab.settle()
        image = maps.viewport().grab().toImage()
        place = maps.unit_center(Unit(INPUT, 0, row, column)) * image.devicePixelRatio()
        return image.pixelColor(place).lightness()

    inside, outside = (80, 100), (200, 60)
    assert min(light(*inside), light(*outside)) > 60
    user.tick("map_torch_check")
    lab.until(lambda: lab.state.colors.torch)
    assert max(light(*inside), light(*outside)) < 40  # nothing is pointed at: a dark room
    lab.click(Unit(4, 2, 40, 50))
    assert light(*inside) > 60
    assert light(*outside) < 40
    lab.press_key(Qt.Key.Key_Down)
    assert lab.look.unit.row == 41
    lab.show_tab("Path")
    path = user.find(ImageView, "unit_input_view")
    user.until(lambda: brightness(path, *outside) < 40)
    user.undo()
    assert not lab.state.colors.torch
    assert light(*outside) > 60
    user.until(lambda: brightness(path, *outside) > 40)


def test_the_present_picture_is_drawn_on(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:step")
    user.window.actions_by_name["draw_over"].trigger()
    user.until(lambda: user.document.source.kind is SourceKind.DRAWING)
    assert user.document.drawing.array().tolist() == [[10, 10, 10, 0, 0, 0]] * 6
    assert user.document.drawing.white == 10
    view = user.find(DrawingView, "kernel_drawing_view")
    user.until(view.isVisible)
    user.until(lambda: user.shape == (6, 6))
    user.undo()
    user.until(lambda: user.document.source.kind is SourceKind.PATTERN)
    user.drop_file(resource("pictures", "coffee.jpg"))
    user.until(lambda: user.document.source.kind is SourceKind.PICTURE)
    user.until(lambda: user.shape[:2] == (400, 600))
    user.window.actions_by_name["draw_over"].trigger()
    user.until(lambda: user.document.drawing.columns == 64)
    assert user.document.drawing.rows == 43
    pixels = user.document.drawing.array()
    assert 0.2 < float(np.mean(pixels)) < 0.6
    QApplication.processEvents()
