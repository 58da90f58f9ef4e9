from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from convlab.ui.theme import theme
from convlab.ui.true_bars import Bar, TrueBars, note_text

TEXTS = Bar("own", 456, True), Bar("all", 14_450_688, False)
WHOLE = 14_450_688


@pytest.fixture
def bars(qtbot: QtBot) -> TrueBars:
    widget = TrueBars("bars", "Bars", "Some bars.")
    qtbot.addWidget(widget)
    widget.resize(600, 120)
    widget.show()
    return widget


def lengths(qtbot: QtBot, widget: TrueBars, count: int) -> list[int]:
    """Return how long the bars are painted, from the top [px]."""
    painted = widget._painted
    qtbot.waitUntil(lambda: painted.height() == painted.heightForWidth(painted.width()) > 0)
    image = painted.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colors = {QColor(color).rgb() for color in (theme().accent, theme().quiet)}
    is_stacked = painted.height() > 25 * count
    shift = image.height() // (2 * count) - 6 if is_stacked else -4
    rows = [(2 * place + 1) * image.height() // (2 * count) + shift for place in range(count)]
    return [
        sum(image.pixel(column, row) in colors for column in range(image.width())) for row in rows
    ]


@pytest.mark.parametrize("width", [600, 240])
def test_bars_are_as_long_as_their_numbers(qtbot: QtBot, bars: TrueBars, width: int) -> None:
    bars.resize(width, 160)
    numbers = [WHOLE, 352_800, WHOLE // 2, WHOLE // 3]
    bars.show_bars([Bar("some", number, number == 352_800) for number in numbers])
    found = lengths(qtbot, bars, 4)
    assert found[0] > 150
    for number, length in zip(numbers, found, strict=True):
        assert length == pytest.approx(found[0] * number / WHOLE, abs=1.0)


def test_what_is_too_short_is_a_hairline_and_says_so(qtbot: QtBot, bars: TrueBars) -> None:
    bars.show_bars(TEXTS)
    own, whole = lengths(qtbot, bars, 2)
    assert own == 1
    note = bars.findChild(QLabel, "bars_note")
    assert isinstance(note, QLabel)
    assert f"1 px is {WHOLE / whole:,.0f}"[:8] in note.text()
    assert "The bar of 456 would be 0.0" in note.text()
    bars.show_bars([])
    assert note.isHidden()


def test_bars_that_can_be_seen_need_no_note() -> None:
    assert note_text([Bar("a", 100, True), Bar("b", 300, False)], 1.0) == ""
    assert note_text([Bar("a", 0, True)], 0.0) == ""


def test_what_is_counted_is_said_to_a_screen_reader(bars: TrueBars) -> None:
    bars.show_bars(TEXTS)
    assert bars.accessibleDescription() == "own 456, all 14,450,688"
