"""The design panel by mouse and keyboard: by example, by spectrum, tested, undone."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QLabel, QLineEdit, QScrollArea, QToolButton, QWidget

from convlab.document.cache import StageCache
from convlab.document.kernel.design import designer
from convlab.document.kernel.design.model import DesignPage, Operation, Waves
from convlab.document.kernel.design.shown import DesignShown
from convlab.document.kernel.design.waves import show_waves
from convlab.document.kernel.job import KernelJob
from convlab.engine.arrays import FloatArray
from convlab.ui.kernel.design_panel import DesignPanel
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.theme import theme
from convlab.ui.widgets.image_view import ImageView
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.e2e.text_room import faults, recording


def open_page(user: Driver, part: str) -> None:
    action = user.window.findChild(QAction, f"{part}_page_action")
    assert action is not None
    action.trigger()


def open_by_palette(user: Driver, title: str) -> None:
    user.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    line = user.find(QLineEdit, "palette_line")
    QTest.keyClicks(line, title)
    QTest.keyClick(line, Qt.Key.Key_Return)


def design(user: Driver) -> DesignShown:
    assert user.pages is not None
    assert user.pages.design is not None
    return user.pages.design


def until_page(user: Driver, page: DesignPage) -> None:
    user.until(lambda: user.pages is not None and user.pages.job.viewing.design is page)


def kernel_of(user: Driver) -> FloatArray:
    kernel = design(user).kernel
    assert kernel is not None
    return kernel


def until_said(user: Driver, part: str, text: str) -> None:
    user.until(lambda: text in words(user, part))


def words(user: Driver, part: str) -> str:
    return user.find(QLabel, f"{part}_words").text()


@pytest.mark.display
def test_a_filter_is_found_made_tested_and_undone(open_window: OpenWindow) -> None:
    user = open_window("--source", "resources/pictures/camera.png")
    dock = user.find(QDockWidget, "design_dock")
    assert not dock.isVisible()
    assert user.window.findChild(DesignPanel) is None, "what is closed is not even made"
    assert user.pages is None
    sobel = user.document.kernel.weights

    # By example: what is painted lights up.
    open_by_palette(user, "Filter by example")
    assert dock.isVisible()
    until_page(user, DesignPage.EXAMPLE)
    until_said(user, "example", "Paint on the picture")
    canvas = user.find(ImageView, "example_1_view")
    user.until(lambda: canvas.height() == canvas.width() > 200)  # as the picture, which is square
    place = canvas.geometry()
    user.drag(canvas, (200, 150), (260, 350))
    strokes = user.document.kernel.design.example.strokes
    assert len(strokes) == 1
    assert len(strokes[0].points) > 1
    user.until(lambda: design(user).kernel is not None)
    user.until(lambda: "rank 25 of 25" in user.find(QLabel, "example_figures").text())
    user.until(lambda: user.find(ImageView, "example_3_view").isVisible())
    user.window.repaint()
    assert canvas.geometry() == place, "nothing moves under the brush when the answer comes"
    user.press("example_use_button")
    assert np.allclose(user.document.kernel.array(), kernel_of(user))
    user.undo()
    assert user.document.kernel.weights == sobel
    user.undo()  # a stroke is one step
    assert user.document.kernel.design.example.strokes == ()
    user.redo()
    user.press("example_clear_button")
    assert user.document.kernel.design.example.strokes == ()

    # From input and output: the kernel is found again.
    user.choose("example_goal_combo", "the present output")
    user.set_spin("example_size_rows_spin", 3)
    user.set_spin("example_size_columns_spin", 3)
    user.until(lambda: kernel_of(user).shape == (3, 3))
    until_said(user, "example", "Determined, and exact")
    assert np.allclose(kernel_of(user), user.document.kernel.array(), atol=1e-4)

    # By its spectrum.
    user.choose("design_page_combo", "Paint the spectrum")
    until_page(user, DesignPage.WAVES)
    until_said(user, "waves", "ring")
    before = design(user).kernel
    user.press("waves_stop_button")
    user.drag(user.find(ImageView, "waves_1_view"), (48, 44), (48, 52))
    assert user.document.kernel.design.waves.strokes[0].value == 0
    user.until(lambda: design(user).kernel is not before)
    user.choose("waves_window_combo", "fade out (Hann)")
    until_said(user, "waves", "hardly any ripples")
    user.press("waves_use_button")
    assert user.document.kernel.rows == 15
    user.undo()

    # Is it a convolution?
    user.choose("design_page_combo", "Is it a convolution?")
    for operation, title, verdict in (
        (Operation.MEDIAN, "median", "not linear"),
        (Operation.KERNEL, "the present kernel", "A convolution: linear"),
        (Operation.MIRROR, "mirror", "depends on the place"),
    ):
        user.choose("trial_operation_combo", title)
        assert user.document.kernel.design.trial.operation is operation
        until_said(user, "trial", verdict)
        if operation is Operation.MEDIAN:  # no line is broken inside a formula
            text = user.find(QLabel, "trial_words").text().replace("\N{NO-BREAK SPACE}", "_")
            assert "f(x_+_y) is not f(x)_+_f(y)" in text

    # Undo: a blur that is no blur of light is said, not undone.
    open_by_palette(user, "Undo the convolution")
    until_page(user, DesignPage.UNDO)
    user.choose("undoing_method_combo", "Richardson-Lucy")
    until_said(user, "undoing", "weights of at least 0")
    user.choose("undoing_method_combo", "Wiener")
    user.choose("preset_combo", "Box blur 5×5")
    user.until(lambda: "dB (+" in user.find(QLabel, "undoing_figures").text())

    # What is closed costs nothing.
    dock.close()
    user.until(lambda: user.pages is None)
    assert user.window.session.viewing.kernel.design is DesignPage.CLOSED


def test_the_picture_waits_for_no_page(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = open_window("--source", "pattern:step")
    is_begun, may_go_on = threading.Event(), threading.Event()

    def slow(
        job: KernelJob, planes: FloatArray, settings: Waves, cached: StageCache
    ) -> DesignShown:
        is_begun.set()
        assert may_go_on.wait(30)
        return show_waves(job, planes, settings, cached)

    monkeypatch.setattr(designer, "show_waves", slow)
    open_page(user, "waves")
    user.until(is_begun.is_set)
    user.turn_wheel(1, 1, 1)
    user.until(lambda: user.shown.job.state.weights == user.document.kernel.weights)
    user.until(lambda: not user.window.pump.is_answered)
    assert user.pages is None
    may_go_on.set()
    until_said(user, "waves", "ring")
    user.until(lambda: user.window.pump.is_up_to_date)

    # What nobody foresaw is one message, the picture goes on, and the next edit recovers.
    def broken(*_: Any) -> DesignShown:
        raise KeyError("x")

    monkeypatch.setattr(designer, "show_waves", broken)
    user.turn_wheel(1, 1, 1)
    message = user.window.labs.of(KernelLab).message
    user.until(lambda: message.text.startswith("This could not be computed"))
    user.until(lambda: user.shown.job.state.weights == user.document.kernel.weights)
    monkeypatch.setattr(designer, "show_waves", show_waves)
    user.turn_wheel(1, 1, 1)
    user.until(lambda: message.text == "")


def shows_bar(user: Driver, part: str) -> bool:
    """Tell whether a page can be scrolled, and whether its bar says so."""
    (area,) = (
        each
        for each in user.find(QWidget, "design_panel").findChildren(QScrollArea)
        if each.widget() is user.find(QWidget, f"{part}_page")
    )
    bar = area.verticalScrollBar()
    picture = bar.grab().toImage()
    colors = {picture.pixel(picture.width() * 6 // 10, y) for y in range(picture.height())}
    assert (len(colors) > 1) is (bar.maximum() > 0)
    return bar.maximum() > 0


def test_no_text_is_cut_beside_the_panel(open_window: OpenWindow) -> None:
    user = open_window("--source", "resources/pictures/coffee.jpg", "--size", "800x600")
    widths: set[int] = set()
    with recording() as recorder:
        for part, page in zip(
            ("example", "waves", "trial", "undoing"), list(DesignPage)[1:], strict=True
        ):
            open_page(user, part)
            until_page(user, page)
            user.until(lambda: user.window.pump.is_up_to_date)
            user.window.repaint()
            assert not faults(user.window, recorder)
            if part in ("example", "waves"):  # the one fits; the room to paint in is as wide
                assert shows_bar(user, part) is (part == "waves")
                widths.add(user.find(QWidget, f"{part}_page").width())
                canvas = user.find(ImageView, f"{part}_1_view").grab().toImage()
                assert canvas.pixelColor(0, canvas.height() // 2) == QColor(theme().line)
    assert len(widths) == 1
    pages = user.find(QWidget, "page_strip").findChildren(QToolButton)
    assert all(each.width() >= each.sizeHint().width() for each in pages), "no name is shortened"


def test_the_panel_is_there_again_at_the_next_start(open_window: OpenWindow) -> None:
    first = open_window("--source", "pattern:step")
    open_page(first, "trial")
    first.until(lambda: first.pages is not None)
    first.window.close()
    again = open_window("--source", "pattern:step")
    again.until(lambda: again.find(QDockWidget, "design_dock").isVisible())
    again.until(lambda: again.pages is not None)
