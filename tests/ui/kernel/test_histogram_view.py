from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from convlab.engine.display import DisplayMode, Histogram, Scale
from convlab.ui.kernel.histogram_view import HistogramView


def test_the_ends_that_are_written_follow_the_scale(qtbot: QtBot) -> None:
    view = HistogramView("output")
    qtbot.addWidget(view)
    view.resize(300, 64)
    counts = np.ones((1, 64), np.int64)

    def look(high: float) -> bytes:
        view.set_histogram(Histogram(counts, Scale(-high, high)), DisplayMode.SIGNED, (0,))
        return bytes(view.grab().toImage().constBits())

    first = look(1.5)
    assert look(8.0) != first
    assert look(1.5) == first
