"""The kernel as a recipe: fractions of salt water that sum to one, or do not."""

from __future__ import annotations

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTabWidget, QWidget

from convlab.document.kernel.model import PixelPage
from convlab.ui.kernel.mix_page import MOST, bottles_of
from tests.e2e.driver import LEFT, NO_KEYS, Driver


def show_mix(user: Driver) -> None:
    tabs = user.find(QTabWidget, "pixel_tabs")
    place = [tabs.tabText(number) for number in range(tabs.count())].index("Mix")
    QTest.mouseClick(tabs.tabBar(), LEFT, NO_KEYS, tabs.tabBar().tabRect(place).center())


def test_a_blur_mixes_and_an_edge_does_not(step: Driver) -> None:
    """Left of the step all bottles hold 10, right of it 0; a third of them lies beyond."""
    user = step
    user.choose("preset_combo", "Box blur 3×3")
    user.click(user.output, 2, 2)
    user.until(user.find(QTabWidget, "pixel_tabs").isVisible)
    show_mix(user)
    assert user.window.session.viewing.kernel.page is PixelPage.MIX
    words, view = user.find(QLabel, "mix_words"), user.find(QWidget, "mix_view")
    user.until(lambda: "The fractions sum to 1." in words.text())
    assert "1/9 × 10" in view.accessibleDescription()
    assert view.accessibleDescription().endswith("= 6.667")

    user.drag_cell(1, 1, 50)
    user.until(lambda: "too much" in words.text())
    user.undo()
    user.until(lambda: "The fractions sum to 1." in words.text())
    user.choose("preset_combo", "Sobel vertical")
    user.until(lambda: "take away" in words.text())
    assert "an even area vanishes" in words.text()
    user.choose("preset_combo", "Gaussian 9×9")
    user.until(lambda: "The fractions sum to 1." in words.text())
    bottles = bottles_of(user.shown.sums[0])
    assert len(bottles) == MOST
    assert sum(each.cells for each in bottles) == 81
    mixed = sum(each.value * each.fraction for each in bottles)
    assert np.isclose(mixed, user.result[2, 2], atol=1e-4)
