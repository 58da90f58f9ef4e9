"""A cell that likes one angle: what a pinned pixel answers while the bar of the picture turns."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QTabWidget, QToolButton

from convlab.document.kernel.model import PixelPage
from convlab.ui.widgets.plot import Plot
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver

# Of a Gabor at 45° to a bar of 3 px, in its middle.
ANSWERS = {0: 0.15, 15: 0.37, 30: 0.60, 45: 0.70, 90: 0.15, 135: 0.0}


@pytest.fixture
def bar(open_window: OpenWindow) -> Driver:
    user = open_window("--source", "pattern:bar", "--size", "1440x900")
    user.choose("preset_combo", "Gabor 45°")
    user.choose("padding_combo", "same size")
    return user


def turn(user: Driver, degrees: int) -> None:
    user.set_spin_number("angle_spin", str(degrees))
    user.until(lambda: user.shown.tuned is not None and user.shown.tuned.angle == degrees)


def test_the_curve_of_a_pinned_pixel_is_drawn_as_the_bar_turns(bar: Driver) -> None:
    user = bar
    width = user.find(QDoubleSpinBox, "pattern_width_spin")
    assert (width.value(), width.isVisible()) == (24, True)
    user.click(user.output, 159, 159)
    action = user.window.findChild(QAction, "tuning_page_action")
    assert action is not None
    action.trigger()
    user.until(lambda: user.window.session.viewing.kernel.page is PixelPage.TUNING)
    for angle in (0, 45, 90):  # the middle sees nothing but white
        turn(user, angle)
        assert user.shown.tuned is not None
        assert user.shown.tuned.answer == pytest.approx(0.0, abs=0.02)

    user.set_spin_number("pattern_width_spin", "3")
    user.until(lambda: user.shown.job.frame.bar is not None)
    for angle, answer in ANSWERS.items():
        turn(user, angle)
        assert user.shown.tuned is not None
        assert user.shown.tuned.answer == pytest.approx(answer, abs=0.02)
    tuned = user.shown.tuned
    assert tuned is not None
    assert set(tuned.angles.tolist()) == {0, 15, 30, 45, 90, 135}
    assert tuned.angles[tuned.best] == 45
    plot = user.find(Plot, "live_tuning_plot")
    user.until(lambda: [len(trace.x) for trace in plot.traces[:1]] == [len(tuned.angles)])
    np.testing.assert_array_equal(plot.traces[0].y, tuned.answers)
    words = user.find(QLabel, "live_tuning_words")
    strongest = "The strongest of 6 angles so far: 0.698"
    user.until(lambda: strongest in words.text() and " at 45°" in words.text())
    user.undo()
    user.until(lambda: user.shown.tuned is not None and user.shown.tuned.angle == 90)

    user.choose("preset_combo", "Identity")  # another kernel, another curve
    user.until(lambda: user.shown.tuned is not None and len(user.shown.tuned.angles) == 1)
    user.choose("source_combo", "Step, 6×6")
    user.until(lambda: user.shown.tuned is None)
    user.until(lambda: "Rotating bar" in words.text())
    user.until(lambda: not width.isVisible())
    tabs = user.find(QTabWidget, "pixel_tabs")
    place = tabs.currentIndex()
    assert tabs.tabText(place) == "Tuning"
    user.key(Qt.Key.Key_Escape)  # without a bar its tab takes no room
    user.until(lambda: not tabs.isTabVisible(place))
    user.until(lambda: not user.find(QToolButton, "tuning_page_button").isVisible())
    user.until(user.find(QToolButton, "profile_page_button").isVisible)
