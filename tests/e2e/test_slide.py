"""The sliding window: played, stepped, scrubbed, pinned; on the picture and on the grid in step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QSlider, QTabWidget, QToolButton

from convlab.document.kernel.model import PixelPage
from convlab.paths import resource
from convlab.ui.kernel.slide_grid import SlideGrid
from convlab.ui.numbers import show_number
from convlab.ui.widgets.number_grid import cell_rect
from convlab.ui.widgets.pixels import PixelItem
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver

CONTROL = Qt.KeyboardModifier.ControlModifier
FILLED = [0.0, 30.0, 30.0, 0.0] * 4


def filled(user: Driver) -> list[float]:
    """What the small grid shows of the output so far."""
    slide = user.find(SlideGrid, "slide_grid").slide
    assert slide is not None
    values: list[float] = slide.outputs[0][~slide.waiting].tolist()
    return values


def uncovered(user: Driver) -> int:
    """How many pixels of the output on the screen are not covered."""
    rows, columns = user.shown.job.output_size
    covered = sum(cover.width() * cover.height() for cover in user.output.covers)
    return round(rows * columns - covered)


def until_place(user: Driver, number: int) -> None:
    """Wait until picture and grid show the window there, and the output filled up to there."""
    user.until(lambda: user.find(QLabel, "slide_place").text() == f"place {number} of 16")
    assert uncovered(user) == number
    assert filled(user) == FILLED[:number]
    row, column = divmod(number - 1, 4)
    assert [rect.topLeft().toPoint() for rect in user.output.frames] == [QPoint(column, row)]
    assert [rect.topLeft().toPoint() for rect in user.input.frames] == [QPoint(column, row)]


def test_the_window_slides_over_the_step_and_0_30_30_0_fills(step: Driver) -> None:
    step.choose("preset_combo", "Vertical edge")
    step.choose("padding_combo", "valid (none)")
    step.until_result([[0, 30, 30, 0]] * 4)
    grid = step.find(SlideGrid, "slide_grid")
    assert step.output.covers == []

    # Opened from the palette, stepped by buttons and keys.
    step.key(Qt.Key.Key_K, CONTROL)
    line = step.find(QLineEdit, "palette_line")
    QTest.keyClicks(line, "slide page")
    QTest.keyClick(line, Qt.Key.Key_Return)
    until_place(step, 1)
    for number in range(2, 17):
        step.press("slide_step_button")
        until_place(step, number)
    assert filled(step) == FILLED
    step.press("slide_step_button")  # there is no further place
    step.press("slide_back_button")
    until_place(step, 15)
    grid.setFocus()
    step.key(Qt.Key.Key_Up)
    until_place(step, 11)
    step.key(Qt.Key.Key_Left)
    until_place(step, 10)

    # Scrubbed.
    slider = step.find(QSlider, "slide_position_slider")
    slider.setFocus()
    step.key(Qt.Key.Key_Home)
    until_place(step, 1)
    step.key(Qt.Key.Key_PageUp)  # a row on
    until_place(step, 5)

    # Played by Space from the start, at another speed; a click holds it at a place.
    step.choose("slide_speed_combo", "10 / s")
    play, seen = step.find(QToolButton, "slide_play_button"), set[int]()
    step.window.pump.result_changed.connect(lambda: seen.add(uncovered(step)))
    step.key(Qt.Key.Key_Space)
    step.until(lambda: step.window.session.viewing.kernel.is_playing is False)
    until_place(step, 16)
    assert len(seen) > 2
    assert play.accessibleName() == "Play"
    step.choose("slide_speed_combo", "1 / s")
    step.key(Qt.Key.Key_Space)  # at the end it begins again
    step.until(lambda: play.accessibleName() == "Pause")
    step.click(step.output, 2, 1)
    until_place(step, 10)
    assert play.accessibleName() == "Play"
    cell = cell_rect(grid._firsts["output"], 1, 3).center().toPoint()
    QTest.mouseClick(grid, LEFT, NO_KEYS, cell)
    until_place(step, 8)

    # Closed by Esc: the whole output is there again, and nothing is computed for it.
    step.key(Qt.Key.Key_Escape)
    step.until(lambda: step.shown.slide is None)
    assert step.output.covers == []
    assert step.window.session.viewing.kernel.page is PixelPage.SUM


def test_what_is_looked_at_says_all_of_a_sliding_window(live: Driver) -> None:
    """A lesson opens, plays and closes it by edits of what is looked at; frames go on."""
    session = live.window.session
    kernel = replace(
        session.viewing.kernel,
        page=PixelPage.SLIDE,
        probe=(20, 30),
        pinned=True,
        is_playing=True,
        speed=6000.0,
    )
    session.look(replace(session.viewing, kernel=kernel))
    live.until(lambda: live.shown.slide is not None and live.shown.job.viewing.probe != (20, 30))
    rows, columns = live.shown.job.output_size
    frames = live.window.pump.frames_shown
    live.until(lambda: live.window.pump.frames_shown > frames + 5)
    place = live.shown.job.viewing.probe
    assert place is not None
    assert uncovered(live) == place[0] * columns + place[1] + 1
    assert len(live.output.covers) == 2
    session.look(replace(session.viewing, kernel=replace(kernel, is_playing=False, probe=None)))
    live.until(lambda: live.shown.job.viewing.probe is None)
    assert live.output.covers == []
    assert np.prod(live.result.shape) == rows * columns


def test_each_channel_has_its_numbers(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:red-edge")
    user.choose("color_space_combo", "RGB")
    user.click(user.output, 20, 30)
    user.until(lambda: len(user.shown.sums) == 3)
    user.find(QTabWidget, "pixel_tabs").setCurrentIndex(2)
    grid = user.find(SlideGrid, "slide_grid")
    user.until(lambda: grid.slide is not None and len(grid.slide.outputs) == 3)
    for plane, name in ((2, "B"), (0, "R"), (1, "G")):
        user.choose("slide_plane_combo", name)
        user.until(lambda name=name: grid.captions[0].startswith(f"input {name} from"))  # type: ignore[misc]
        assert grid.captions[2].startswith(f"output {name} from")
        assert grid.cells().text(0, 0) == show_number(float(user.shown.slide.outputs[plane][0, 0]))  # type: ignore[union-attr]
    user.choose("combine_combo", "sum")
    user.until(lambda: len(user.shown.sums) == 1 and grid.captions[2].startswith("output from"))
    assert grid.captions[0].startswith("input G from")


@pytest.mark.display
def test_a_step_paints_what_it_changes_and_no_more(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = open_window("--source", str(resource("pictures", "coffee.jpg")))
    user.press("slide_page_button")
    user.until(lambda: user.find(QLabel, "slide_place").text() == "place 1 of 240,000")
    user.until(lambda: user.shown.output.figures is not None and user.window.pump.is_up_to_date)
    user.press("slide_step_button")
    converted: list[object] = []
    monkeypatch.setattr(PixelItem, "show_pixels", lambda item, *given: converted.append(given))
    for _ in range(6):
        user.press("slide_step_button")
        wanted = user.window.session.viewing.kernel.probe
        user.until(lambda: user.shown.job.viewing.probe == wanted)  # noqa: B023
        user.until(lambda: user.window.pump.is_up_to_date)
        QApplication.processEvents()
    assert not converted
    screen = user.window.windowHandle().screen().grabWindow(user.window.winId())
    for view in (user.input, user.output):
        corner = view.mapTo(user.window, QPoint(0, 0))
        seen = screen.copy(QRect(corner, view.size())).toImage()
        again = view.viewport().grab().toImage().convertToFormat(seen.format())
        assert seen == again
