from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDockWidget,
    QMainWindow,
    QProgressBar,
    QScrollArea,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from convlab.paths import resource
from convlab.ui import theme as theme_module
from convlab.ui.palettes import THEMES, Theme, ThemeName
from convlab.ui.signals.signal_colors import f_color, g_color
from convlab.ui.theme import apply_theme
from convlab.ui.widgets.neuron_style import line_color
from convlab.ui.widgets.number_grid import Canvas
from tests.ui.test_widgets import contrast
from tools.make_icons import colored_icons


@pytest.fixture(params=ThemeName)
def palette(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    apply_theme(qapp, request.param)
    yield THEMES[request.param]
    apply_theme(qapp, ThemeName.LIGHT)


def colors(image: QImage, area: QRect) -> set[str]:
    return {
        image.pixelColor(column, row).name()
        for row in range(area.top(), area.bottom() + 1)
        for column in range(area.left(), area.right() + 1)
    }


def best_contrast(image: QImage, area: QRect, ground: str) -> float:
    return max(contrast(QColor(color), QColor(ground)) for color in colors(image, area))


def test_a_tick_is_seen_where_it_cannot_be_changed(palette: Theme, qtbot: QtBot) -> None:
    box = QCheckBox("")
    qtbot.addWidget(box)
    box.setEnabled(False)
    box.setChecked(True)
    image = box.grab().toImage()
    inside = box.rect().adjusted(5, 5, -5, -5)
    assert best_contrast(image, inside, palette.panel) >= 3.0


@pytest.mark.parametrize("is_checked", [False, True])
def test_a_check_box_is_seen_in_every_palette(
    palette: Theme, qtbot: QtBot, is_checked: bool
) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    panel.setProperty("role", "panel")
    box = QCheckBox("", panel)
    box.setChecked(is_checked)
    panel.show()
    image = box.grab().toImage()
    assert best_contrast(image, box.rect(), palette.panel) >= 3.0
    assert (QColor(palette.accent).name() in colors(image, box.rect())) == is_checked
    if is_checked:
        assert best_contrast(image, box.rect().adjusted(5, 5, -5, -5), palette.accent) >= 3.0


def test_the_buttons_of_a_dock_are_seen_in_every_palette(palette: Theme, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = QDockWidget("Kernel", window)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.show()
    qtbot.waitExposed(window)
    image = dock.grab().toImage()
    buttons = [button for button in dock.findChildren(QAbstractButton) if button.isVisible()]
    assert len(buttons) == 2
    for button in buttons:
        assert best_contrast(image, button.geometry(), palette.panel) >= 4.5


def test_what_cannot_be_pressed_looks_so_and_two_curves_are_told_apart(palette: Theme) -> None:
    faint, text, ground = (QColor(each) for each in (palette.faint, palette.text, palette.panel))
    assert contrast(faint, ground) >= 2.9
    assert contrast(text, ground) >= 1.8 * contrast(faint, ground)
    assert QColor(palette.mark) != QColor(palette.accent)


def test_the_stored_icons_have_the_colours_of_the_palettes() -> None:
    """After a change of a colour or an icon, run tools/make_icons.py."""
    folder = resource("icons", "colored")
    stored = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    assert stored == colored_icons()


def test_how_far_something_is_is_seen_in_every_palette(palette: Theme, qtbot: QtBot) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    panel.setProperty("role", "panel")
    slider, bar = QSlider(Qt.Orientation.Horizontal, panel), QProgressBar(panel)
    slider.setGeometry(0, 0, 200, 20)
    bar.setGeometry(0, 30, 200, 18)
    bar.setTextVisible(False)
    slider.setValue(25)
    bar.setValue(25)
    panel.show()
    image = panel.grab().toImage()
    accent, ground = QColor(palette.accent).name(), palette.panel
    for done, rest in (
        (QRect(5, 8, 30, 4), QRect(100, 8, 90, 4)),
        (QRect(5, 34, 30, 10), QRect(100, 30, 90, 18)),
    ):
        assert accent in colors(image, done)
        assert accent not in colors(image, rest)
        assert best_contrast(image, rest, ground) >= 1.3
    handle = QRect(41, 0, 20, 20)
    assert best_contrast(image, handle, ground) >= 3.0


def test_lines_and_curves_are_seen_and_told_apart_in_every_palette(palette: Theme) -> None:
    ground = QColor(palette.panel)
    for color in (line_color(2.0), line_color(-0.1), QColor(f_color()), QColor(g_color())):
        assert contrast(color, ground) >= 3.0, color.name()
    assert line_color(2.0) != line_color(-2.0)
    if palette is THEMES[ThemeName.CONTRAST]:  # without hue, too
        assert contrast(QColor(f_color()), QColor(g_color())) >= 2.0
        assert contrast(line_color(2.0), line_color(-2.0)) >= 2.0


def test_no_weight_is_asked_for_that_the_typeface_lacks(qapp: QApplication) -> None:
    canvas = Canvas(QPainter(), qapp.font())
    assert canvas.sized(12, bold=True).weight() == QFont.Weight.DemiBold
    sources = Path(theme_module.__file__).parent.rglob("*.py")
    asking = [file.name for file in sources if "setBold(" in file.read_text(encoding="utf-8")]
    assert not asking


def test_a_scroll_bar_keeps_away_from_what_it_scrolls(palette: Theme, qtbot: QtBot) -> None:
    area, held = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    held.setFixedSize(50, 2000)
    area.setWidget(held)
    area.resize(100, 200)
    area.show()
    bar = area.verticalScrollBar()
    image, line = bar.grab().toImage(), QColor(palette.line)
    thumb = [x for x in range(bar.width()) if image.pixelColor(x, 12) == line]
    assert 3 <= thumb[0] < thumb[-1]
