from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from convlab.document.painted import SignedStyle
from convlab.document.stack.parts import take_apart
from convlab.layers import Conv2d
from convlab.ui.stack.parts_view import CAPTION, HINT, SIGN, PartsView, fit_parts


@pytest.mark.parametrize("count", [1, 3, 8, 16, 32])
@pytest.mark.parametrize("aspect", [0.4, 0.75, 1.0, 2.0])
@pytest.mark.parametrize(("width", "height"), [(420, 180), (820, 190), (1100, 260)])
def test_all_that_is_shown_fits(count: int, aspect: float, width: int, height: int) -> None:
    fitted = fit_parts(count, aspect, width, height)
    assert 1 <= fitted.shown <= count
    assert (fitted.shown + 1) * (fitted.width + SIGN) <= width + SIGN
    assert CAPTION + 2 * fitted.height <= height


def test_a_map_is_painted_in_parts(qtbot: QtBot) -> None:
    view = PartsView()
    qtbot.addWidget(view)
    view.resize(600, 190)
    view.show()
    assert view.accessibleDescription() == HINT
    x = np.ones((3, 8, 8), np.float32)
    layer = Conv2d(3, 1, 1, weight=np.array([1.0, -1.0, 0.5], np.float32).reshape(1, 3, 1, 1))
    view.show_parts(take_apart(layer, x, layer.forward(x)[0], 0, SignedStyle()))
    fitted = fit_parts(3, 1.0, 600, 190)
    picture = view.grab().toImage()
    row = round(190 - (190 - CAPTION - fitted.height - 30) / 2)
    colors = [
        QColor(picture.pixel(round(number * (fitted.width + SIGN) + fitted.width / 2), row))
        for number in range(3)
    ]
    assert colors[0].red() > colors[0].blue(), "what raises the map is red"
    assert colors[1].blue() > colors[1].red(), "what lowers it is blue"
    view.show_parts(None)
    assert view.parts is None
