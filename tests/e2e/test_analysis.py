"""The kernel taken apart in the window: its waves, its columns and rows, its tuning."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSlider, QTabWidget

from convlab.document.kernel.analysis import Analysed, AnalysisPage
from convlab.engine.tuning import Stimulus
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.kernel.tuning_page import TuningPage
from tests.e2e.driver import LEFT, NO_KEYS, Driver


def show_page(user: Driver, number: int) -> None:
    bar = user.find(QTabWidget, "analysis_tabs").tabBar()
    QTest.mouseClick(bar, LEFT, NO_KEYS, bar.tabRect(number).center())


def found(user: Driver) -> Analysed:
    assert user.pages is not None
    assert user.pages.analysed is not None
    return user.pages.analysed


def test_a_kernel_is_taken_apart(step: Driver) -> None:
    user = step
    assert user.pages is None
    dock = user.window.labs.of(KernelLab).tools.analysis
    toggle: QAction = dock.toggleViewAction()
    toggle.trigger()  # from the menu of panels, or the palette
    user.until(lambda: user.pages is not None)
    words = user.find(QLabel, "frequency_words")
    user.until(lambda: "The flat picture times 0" in words.text())
    assert "from left to right times 0, from top to bottom times 0" in words.text()

    show_page(user, 1)
    rank = user.find(QLabel, "rank_words")
    user.until(lambda: "Rank 1: separable" in rank.text())
    assert "column 1&nbsp; 2&nbsp; 1<br>row 1&nbsp; 0&nbsp; −1" in rank.text()
    user.choose("preset_combo", "Laplacian 4")
    user.until(lambda: "Rank 2: not separable" in rank.text())

    show_page(user, 2)
    user.choose("preset_combo", "Gabor 45°")
    tuning = user.find(QLabel, "tuning_words")
    user.until(lambda: "strongest answer is at 45°" in tuning.text())
    assert "no still kernel can tell" in tuning.text()
    page = user.window.findChild(TuningPage)
    assert page is not None
    user.press("analysis_turn_button")
    user.until(lambda: 45.0 < page.drawn_to < 360.0)
    user.until(lambda: page.drawn_to == 360.0)
    slider = user.find(QLabel, "analysis_angle_words")
    user.choose("analysis_stimulus_combo", "edge")
    user.until(lambda: "none is preferred" in tuning.text())
    assert user.document.kernel.analysis.stimulus is Stimulus.EDGE
    user.choose("preset_combo", "Oriented edge 70°")
    user.until(lambda: "strongest answer is at 71°" in tuning.text())
    assert "opposite edge gives 0" in tuning.text()
    user.find(QTabWidget, "analysis_tabs").setFocus()
    user.undo()
    user.until(lambda: "none is preferred" in tuning.text())
    assert slider.text().startswith("0°")

    toggle.trigger()
    user.until(lambda: user.window.session.viewing.kernel.analysis is AnalysisPage.CLOSED)
    user.until(lambda: user.pages is None)


def test_the_angle_is_turned_by_the_keyboard(step: Driver) -> None:
    user = step
    user.window.labs.of(KernelLab).tools.analysis.toggleViewAction().trigger()
    user.until(lambda: user.pages is not None)
    show_page(user, 2)
    user.until(lambda: found(user).tuning is not None)
    slider = user.find(QSlider, "analysis_angle_slider")
    slider.setFocus()
    for _ in range(18):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    user.until(lambda: user.find(QLabel, "analysis_angle_words").text().startswith("90°: 4"))
