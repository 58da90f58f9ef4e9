"""The same output in four displays, side by side, driven by mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from convlab.document.kernel.displays import MODES, as_shown
from convlab.document.kernel.model import PixelPage
from convlab.engine.display import DisplayMode
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.kernel.sum_panel import SumPanel
from convlab.ui.widgets.image_view import ImageView
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.e2e.text_room import recording


def press_page(user: Driver, page: PixelPage) -> None:
    """Turn to a page of the pixel."""
    user.window.labs.of(KernelLab).card.page_chosen.emit(page)
    user.until(lambda: user.shown.job.viewing.page is page)


def said_of(user: Driver) -> str:
    return user.find(QLabel, "status_value").text()


def painted_texts(user: Driver) -> dict[QWidget, list[str]]:
    """Return what is written on each widget."""
    found: dict[QWidget, list[str]] = {}
    with recording() as recorder:
        user.window.grab()
        for each in recorder.painted:
            found.setdefault(each.widget, []).append(each.text)
    return found


CONTROL = Qt.KeyboardModifier.ControlModifier


def test_the_edge_that_one_display_loses_is_seen_beside_it(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:reversed-step")
    user.choose("preset_combo", "Vertical edge")
    user.choose("padding_combo", "valid (none)")
    user.until_result([[0, -30, -30, 0]] * 4)
    assert user.pages is None
    user.key(Qt.Key.Key_K, CONTROL)
    line = user.find(QLineEdit, "palette_line")
    QTest.keyClicks(line, "displays page")
    QTest.keyClick(line, Qt.Key.Key_Return)
    user.until(lambda: user.pages is not None)
    views = {mode: user.find(ImageView, f"display_{mode}_view") for mode in MODES}
    user.until(lambda: all(view.isVisible() for view in views.values()))

    def said(mode: DisplayMode) -> str:
        return user.find(QLabel, f"display_{mode}_figures").text()

    user.until(lambda: said(DisplayMode.CLIPPED) == "0 to 10    clipped 50.0 %")
    assert said(DisplayMode.RAW) == "−30 to 0    clipped 0.0 %"
    assert said(DisplayMode.ABSOLUTE) == "0 to 30    clipped 0.0 %"
    assert said(DisplayMode.OFFSET) == "−5 to 5    clipped 50.0 %"
    numbers: dict[DisplayMode, list[float]] = {}
    assert user.pages is not None
    for shown in user.pages.displays:
        numbers[shown.mode] = as_shown(shown.panel, shown.panel.values)[0, 0].tolist()
    assert numbers == {
        DisplayMode.RAW: [0, -30, -30, 0],
        DisplayMode.ABSOLUTE: [0, 30, 30, 0],
        DisplayMode.CLIPPED: [0, 0, 0, 0],
        DisplayMode.OFFSET: [5, 0, 0, 5],
    }

    # A pixel clicked in one of them is the pixel of all; its sum keeps the sign.
    user.click(views[DisplayMode.CLIPPED], 2, 1)
    user.until(lambda: user.shown.job.viewing.probe == (2, 1))
    assert user.shown.sums[0].result == -30
    for view in (*views.values(), user.output):
        assert [(frame.y(), frame.x()) for frame in view.frames] == [(2, 1)]

    # A name chooses that display for the output; undo takes it back.
    user.press(f"display_{DisplayMode.ABSOLUTE}_button")
    user.until(lambda: user.shown.output.mode is DisplayMode.ABSOLUTE)
    user.until(user.find(QPushButton, f"display_{DisplayMode.ABSOLUTE}_button").isChecked)
    assert user.result[0].tolist() == [0, 30, 30, 0]  # the numbers follow the display
    user.undo()
    user.until(lambda: user.shown.output.mode is DisplayMode.SIGNED)

    # So do those in the pixels, the readout and the sum, beside the raw number.
    for mode, row, readout, total, written in (
        (DisplayMode.ABSOLUTE, "0 30 30 0", "30 (raw −30)", "shown as 30", ", shown as 30"),
        (DisplayMode.CLIPPED, "0 0 0 0", "0 (raw −30)", "shown as 0", ", shown as 0"),
        (DisplayMode.OFFSET, "5 0 0 5", "0 (raw −30)", "shown as 0", ", shown as 0"),
        (DisplayMode.RAW, "0 −30 −30 0", "−30", "", ""),
    ):
        press_page(user, PixelPage.DISPLAYS)
        user.press(f"display_{mode}_button")
        user.until(lambda: user.shown.output.mode is mode)  # noqa: B023
        press_page(user, PixelPage.SUM)
        user.point(user.output, 2, 1)
        user.until(lambda: said_of(user).endswith(f" output (2, 1) = {readout}"))  # noqa: B023
        texts = painted_texts(user)
        assert " ".join(texts[user.output.viewport()][:4]) == row
        panel = user.find(SumPanel, "sum_panel")
        assert texts[panel][-1] == (total or "Σ = −30")
        assert panel.lines[0].endswith(f"= −30{written}")

    press_page(user, PixelPage.DISPLAYS)
    user.until(lambda: user.pages is not None and len(user.pages.displays) == 4)

    # The wheel in one of them zooms all.
    views[DisplayMode.RAW].zoom_by(2.0)
    user.until(lambda: len({view.sight for view in (*views.values(), user.output)}) == 1)

    user.key(Qt.Key.Key_Escape)
    user.until(lambda: user.pages is None)
    assert user.window.session.viewing.kernel.page is PixelPage.SUM
