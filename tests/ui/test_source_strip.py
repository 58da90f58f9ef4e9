"""The line under the tool bar, without a film."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from convlab.document.camera import USUAL_CAMERA
from convlab.document.frame import Moment
from convlab.document.playback import USUAL_PLAYBACK
from convlab.ui.appearance import SCALES
from convlab.ui.fitting_texts import SteadyLabel
from convlab.ui.palettes import THEMES, ThemeName
from convlab.ui.scaling import rescale
from convlab.ui.source_strip import SourceStrip, clock, words
from convlab.ui.style_sheet import scaled_sheet, style_sheet
from convlab.ui.theme import apply_theme

FILM = Moment(96, 360, 3.2, 12.0)


@pytest.fixture
def strip(qtbot: QtBot) -> SourceStrip:
    strip = SourceStrip()
    qtbot.addWidget(strip)
    strip.show_options(USUAL_PLAYBACK, USUAL_CAMERA)
    strip.show_rows(True, False, False)
    strip.resize(800, strip.sizeHint().height())
    strip.show()
    return strip


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0:00.0"), (3.24, "0:03.2"), (0.3, "0:00.3"), (59.99, "0:59.9"), (3725.5, "1:02:05.5")],
)
def test_a_time_is_written_as_a_clock_shows_it(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (FILM, "0:03.2 of 0:12.0, frame 97 of 360"),
        (Moment(96, None, 3.2), "0:03.2, frame 97"),
        (Moment(2, 24, noun="page"), "page 3 of 24"),
        (Moment(0, 12_345, 0.0, 500.0), "0:00.0 of 8:20.0, frame 1 of 12,345"),
    ],
)
def test_a_place_is_said_in_words(moment: Moment, text: str) -> None:
    assert words(moment) == text


def test_words_are_left_out_before_the_time_line_is_short(strip: SourceStrip) -> None:
    place = strip.findChild(SteadyLabel, "film_place")
    assert place is not None
    strip.film.show_moment(FILM, 96)
    said = {}
    for width in (800, 520, 420, 300):
        strip.resize(width, strip.height())
        QApplication.processEvents()
        said[width] = place.text() if place.isVisible() else ""
        assert strip.film.line.width() >= 100
        assert not place.isVisible() or place.width() >= place.width_of(place.text())
    assert said[800] == "0:03.2 of 0:12.0, frame 97 of 360"
    assert said[420] in ("97 of 360", "frame 97 of 360")
    assert said[300] in ("97 of 360", "")


def test_a_click_goes_where_it_is(strip: SourceStrip) -> None:
    strip.film.show_moment(FILM, 96)
    line = strip.film.line
    chosen: list[int] = []
    strip.film.frame_chosen.connect(chosen.append)
    for share, wanted in ((0.0, 0), (0.5, 180), (0.51, 183), (0.25, 90), (1.0, 359)):
        place = QPoint(round(share * (line.width() - 1)), line.height() // 2)
        QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=place)
        assert chosen[-1] == pytest.approx(wanted, abs=10), "no page further, as a slider goes"
    assert len(chosen) == 5
    assert not line.isSliderDown()


def test_pages_are_called_pages_and_what_has_no_end_has_no_line(strip: SourceStrip) -> None:
    strip.film.show_moment(Moment(2, 24, noun="page"), 2)
    buttons = strip.film.findChildren(QToolButton)
    assert {button.accessibleName() for button in buttons} == {
        *("Previous page", "Play", "Next page"),
    }
    assert strip.film.line.accessibleName() == "Pages"
    strip.film.show_moment(Moment(96, None, 3.2), 96)
    assert not strip.film.line.isEnabled()


def test_a_camera_has_a_size_and_a_rate_but_a_file_in_its_place_has_its_own(
    strip: SourceStrip,
) -> None:
    for is_device in (True, False):
        strip.show_rows(False, True, is_device)
        size = strip.findChild(QWidget, "camera_size_combo")
        mirror = strip.findChild(QWidget, "camera_mirror_check")
        assert size is not None
        assert mirror is not None
        assert (size.isVisible(), mirror.isVisible()) == (is_device, True)
    strip.show_rows(False, False, False)
    assert not strip.isVisible()


def test_a_steady_label_has_its_width_again_after_another_scale(qtbot: QtBot) -> None:
    parent, app = QWidget(), QApplication.instance()
    assert isinstance(app, QApplication)
    qtbot.addWidget(parent)
    label = SteadyLabel("place")
    label.setParent(parent)
    try:
        apply_theme(app, ThemeName.LIGHT, 1.75)
        label.show_text("frame 97", "frame 888")
        wide = label.minimumWidth()
        assert 0 <= wide - label.width_of("frame 888") <= 1  # the hint may round up
        rescale(parent)  # multiplies every size that it finds
        label.show_text("frame 98", "frame 888")
        assert label.width() == wide
    finally:
        apply_theme(app, ThemeName.LIGHT, 1.0)


@pytest.mark.parametrize("scale", SCALES)
def test_the_handle_of_a_slider_is_round_at_every_scale(scale: float) -> None:
    """Qt paints no round corner at all where the radius is larger than half a side."""
    sheet = scaled_sheet(style_sheet(THEMES[ThemeName.LIGHT]), scale)
    groove = re.search(r"groove:horizontal \{ height: (\d+)px", sheet)
    handle = re.search(
        r"handle:horizontal \{ width: (\d+)px; margin: -(\d+)px 0; border-radius: (\d+)px;\s*"
        r"border: (\d+)px",
        sheet,
    )
    assert groove is not None
    assert handle is not None
    width, margin, radius, border = map(int, handle.groups())
    assert 2 * radius <= min(width + 2 * border, int(groove[1]) + 2 * margin)
