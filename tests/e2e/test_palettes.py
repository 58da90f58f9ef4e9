"""Another palette reaches everything: what is on the screen, and what is shown later."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QApplication, QTabBar, QTabWidget, QWidget

from convlab.document.document import Lab
from convlab.document.stack.model import Unit
from convlab.engine.arrays import AnyArray
from convlab.engine.color_maps import Palette
from convlab.engine.display import DisplayMode, color_map
from convlab.ui.palettes import THEMES, ThemeName
from convlab.ui.stack.stack_lab import StackLab
from convlab.ui.theme import apply_theme
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver

TABS = {
    Lab.KERNEL: "pixel_tabs",
    Lab.STACK: "detail_tabs",
    Lab.SIGNAL: "signal_tabs",
    Lab.LEARNING: "learning_tabs",
}
BEFORE = ThemeName.LIGHT
STALE = ("window", "line", "quiet", "text", "accent")
"""Colours of the light palette that no other has, and no map."""


@pytest.fixture(scope="module")
def light(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, BEFORE)


def pixels(widget: QWidget) -> AnyArray:
    """Return a widget's colours, one number each."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF


def stale(widget: QWidget) -> dict[str, int]:
    """Return how many pixels have each colour of the palette before."""
    found = pixels(widget)
    colors = {name: int(getattr(THEMES[BEFORE], name)[1:], 16) for name in STALE}
    return {name: int((found == color).sum()) for name, color in colors.items()}


def choose(user: Driver, name: ThemeName) -> None:
    (action,) = [each for each in user.window.findChildren(QAction) if each.data() == name.value]
    action.trigger()


def tab_bar(user: Driver, lab: Lab) -> QTabBar:
    found = user.find(QWidget, TABS[lab])
    if isinstance(found, QTabWidget):
        return found.tabBar()
    assert isinstance(found, QTabBar)
    return found


def every_page(user: Driver) -> Iterator[str]:
    """Show every tab of every lab, with something in it."""
    for lab in Lab:
        user.window.go_to(lab)
        bar = tab_bar(user, lab)
        for number in range(bar.count()):
            bar.setCurrentIndex(number)
            shown = user.window.pump.frames_shown
            user.until(lambda shown=shown: user.window.pump.frames_shown >= shown)  # type: ignore[misc]
            QApplication.processEvents()
            yield f"{lab.value}: {bar.tabText(number)}"


@pytest.mark.parametrize("name", [ThemeName.DARK, ThemeName.CONTRAST])
def test_nothing_keeps_a_colour_of_the_palette_before(
    open_window: OpenWindow, light: None, name: ThemeName
) -> None:
    user = open_window("--source", "pattern:step", "--size", "1440x900")
    user.click(user.output, 1, 1)
    slot = user.document.stack.slots[0]
    user.window.labs.of(StackLab).maps.grid.clicked.emit(Unit(slot.uid, 0, 2, 2))
    for _ in every_page(user):
        pass  # all has been painted in the palette before
    choose(user, name)
    wrong = {page: stale(user.window) for page in every_page(user)}
    assert {page: found for page, found in wrong.items() if any(found.values())} == {}


def test_the_colour_bars_of_maps_are_those_of_the_maps(
    open_window: OpenWindow, light: None
) -> None:
    user = open_window("--source", "pattern:step", "--lab", "stack")
    columns = user.window.labs.of(StackLab).maps.grid._columns
    user.until(lambda: not columns[1].bar.strip.pixmap().isNull())
    for name in (ThemeName.DARK, ThemeName.CONTRAST):
        choose(user, name)
        wanted = color_map(DisplayMode.SIGNED, Palette(name.value))[128].tolist()
        seen = columns[1].bar.strip.pixmap().toImage().pixelColor(128, 0)
        assert [seen.red(), seen.green(), seen.blue()] == wanted
