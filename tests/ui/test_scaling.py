"""Sizes follow the scale, and come back exactly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from convlab.ui.appearance import lecture_scale
from convlab.ui.palettes import ThemeName
from convlab.ui.scaling import rescale
from convlab.ui.style_sheet import scaled_sheet
from convlab.ui.theme import apply_theme, px
from convlab.ui.widgets.forms import filled


@pytest.fixture(autouse=True)
def usual_scale(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, ThemeName.LIGHT, 1.0)
    yield
    apply_theme(qapp, ThemeName.LIGHT, 1.0)


@pytest.fixture
def panel(qtbot: QtBot) -> QWidget:
    panel = QWidget()
    qtbot.addWidget(panel)
    combo, button, fixed = QComboBox(), QToolButton(), QWidget()
    combo.setMinimumWidth(80)
    fixed.setFixedSize(40, 30)
    inner = filled(QHBoxLayout(), combo, button, spacing=4)
    filled(QHBoxLayout(panel), inner, fixed, margins=(8, 6, 8, 6), spacing=10)
    panel.show()
    return panel


def sizes(panel: QWidget) -> list[object]:
    found: list[object] = []
    for each in panel.findChildren(QWidget):
        if each.parentWidget() is panel:
            found += [each.minimumSize().toTuple(), each.maximumSize().toTuple()]
    layout = panel.layout()
    assert layout is not None
    margins = layout.contentsMargins()
    return [*found, margins.left(), margins.top(), layout.spacing()]


def scale_to(app: QApplication, panel: QWidget, scale: float) -> None:
    apply_theme(app, ThemeName.LIGHT, scale)
    rescale(panel)


def test_every_size_comes_back(panel: QWidget, qapp: QApplication) -> None:
    before = sizes(panel)
    for scale in (1.1, 1.25, 1.5, 2.5, 0.8, 1.0):
        scale_to(qapp, panel, scale)
    assert sizes(panel) == before


def test_sizes_and_margins_are_scaled(panel: QWidget, qapp: QApplication) -> None:
    scale_to(qapp, panel, 1.5)
    fixed = panel.findChildren(QWidget)[-1]
    assert fixed.minimumSize().toTuple() == (60, 45)
    layout = panel.layout()
    assert layout is not None
    assert (layout.contentsMargins().left(), layout.spacing()) == (12, 15)


def test_a_size_that_is_given_anew_is_one_at_scale_1(panel: QWidget, qapp: QApplication) -> None:
    scale_to(qapp, panel, 2.0)
    fixed = panel.findChildren(QWidget)[-1]
    fixed.setFixedSize(50, 50)
    scale_to(qapp, panel, 1.5)
    assert fixed.minimumSize().toTuple() == (75, 75)


def test_lengths_keep_their_kind(qapp: QApplication) -> None:
    apply_theme(qapp, ThemeName.LIGHT, 1.5)
    assert (px(3), px(4.5)) == (4, 6.75)
    assert qapp.font().pointSizeF() == 15


def test_a_style_sheet_is_scaled_and_its_colours_are_not() -> None:
    sheet = "border: 1px solid #12px34; padding: 0px 3px; font-size: 13pt;"
    assert (
        scaled_sheet(sheet, 0.8) == "border: 1px solid #12px34; padding: 0px 2px; font-size: 10pt;"
    )
    assert scaled_sheet(sheet, 1.0) is sheet


@pytest.mark.parametrize(
    ("present", "screen", "wanted"),
    [
        (1.0, (1920, 1080), 1.5),
        (1.25, (3840, 2160), 1.875),
        (2.0, (3840, 2160), 2.5),
        (1.0, (1280, 800), 800 / 600),
        (1.0, (1024, 768), 1.28),
        (1.1, (800, 600), 1.1),
    ],
)
def test_a_lecture_is_as_large_as_a_lab_is_seen_whole(
    present: float, screen: tuple[int, int], wanted: float
) -> None:
    assert lecture_scale(present, QSize(*screen)) == pytest.approx(wanted)


def test_the_signs_of_a_panel_do_not_vanish_at_a_large_scale(
    qtbot: QtBot, qapp: QApplication
) -> None:
    lab, dock = QMainWindow(), QDockWidget("Panel")
    qtbot.addWidget(lab)
    dock.setWidget(QWidget())
    lab.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    lab.show()
    close = dock.findChild(QAbstractButton, "qt_dockwidget_closebutton")
    assert close is not None

    def inked() -> int:
        QApplication.processEvents()
        image = close.grab().toImage()
        ground = image.pixel(0, 0)
        columns, rows = range(image.width()), range(image.height())
        return sum(image.pixel(x, y) != ground for x in columns for y in rows)

    usual = inked()
    scale_to(qapp, lab, 2.0)
    assert inked() >= usual > 0
