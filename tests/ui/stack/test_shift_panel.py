from __future__ import annotations

import math
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox, QTableWidget
from pytestqt.qtbot import QtBot

from convlab.layers.shift_test import ShiftReport
from convlab.ui.stack.shift_panel import (
    HINT,
    NOTE,
    ShiftPanel,
    arrows_text,
    cell_tip,
    share_text,
    shift_text,
    steps_text,
)


def report(
    rows: str, columns: str, error: float | None, change: float | None, compared: int = 10
) -> ShiftReport:
    return ShiftReport((Fraction(rows), Fraction(columns)), error, change, compared)


NAMES = ["conv", "max pool 2", "conv 2", "mean"]
REPORTS = [
    report("1", "-2", 3e-8, 0.8),
    report("1/2", "-1", 0.31, 0.4),
    report("1/2", "-1", 0.3, 0.35),
    ShiftReport(None, None, 0.006, 4),
]


@pytest.fixture
def panel(qtbot: QtBot) -> ShiftPanel:
    panel = ShiftPanel()
    qtbot.addWidget(panel)
    panel.resize(560, 210)
    panel.show()
    return panel


def spin(panel: ShiftPanel, name: str) -> QSpinBox:
    found = panel.findChild(QSpinBox, f"shift_{name}_spin")
    assert found is not None
    return found


def table(panel: ShiftPanel) -> list[list[str]]:
    found = panel.findChild(QTableWidget, "shift_table")
    assert found is not None
    items = [
        [found.item(row, column) for column in range(found.columnCount())]
        for row in range(found.rowCount())
    ]
    return [[item.text() if item else "" for item in row] for row in items]


def label(panel: ShiftPanel, name: str) -> str:
    found = panel.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_it_begins_with_a_hint_and_says_that_the_two_are_not_the_same(panel: ShiftPanel) -> None:
    assert label(panel, "shift_sentence") == HINT
    assert label(panel, "shift_note") == NOTE
    assert "is not invariance" in NOTE
    assert table(panel) == []


def test_one_row_for_every_layer(panel: ShiftPanel) -> None:
    panel.show_reports(NAMES, REPORTS)
    assert table(panel) == [
        ["conv", "1 ↓, 2 ←", "0", "0.800"],
        ["max pool 2", "1/2 ↓, 1 ←", "0.310", "0.400"],
        ["conv 2", "1/2 ↓, 1 ←", "0.300", "0.350"],
        ["mean", "—", "—", "0.006"],
    ]
    panel.show_reports(NAMES[:1], [report("0", "3", 0.2, 0.1)])
    assert table(panel) == [["conv", "3 →", "0.200", "0.100"]]


def test_numbers_stand_below_each_other_on_the_right(panel: ShiftPanel) -> None:
    panel.show_reports(NAMES, REPORTS)
    found = panel.findChild(QTableWidget, "shift_table")
    assert found is not None
    item = found.item(0, 2)
    assert item is not None
    assert item.textAlignment() & int(Qt.AlignmentFlag.AlignRight)
    assert "10 values compared, should move by 1 down, 2 left" in item.toolTip()


@pytest.mark.parametrize(("width", "least"), [(406, 105), (480, 170), (560, 100), (700, 180)])
def test_the_layers_names_have_room_in_a_narrow_window(
    panel: ShiftPanel, qtbot: QtBot, width: int, least: int
) -> None:
    panel.resize(width, 210)
    panel.show_reports(NAMES, REPORTS)
    found = panel.findChild(QTableWidget, "shift_table")
    assert found is not None
    assert found.columnWidth(0) >= least
    metrics, header = found.fontMetrics(), found.horizontalHeader()
    headings = [str(header.model().headerData(n, header.orientation())) for n in range(4)]
    assert " ".join(headings[2].split()) == "Equivariance error"
    if width in (406, 700):  # between them it is a matter of the typeface
        assert ("\n" in headings[2]) == (width == 406)
    for column, heading in enumerate(headings[1:], 1):
        for line in heading.split("\n"):
            assert metrics.horizontalAdvance(line) < header.sectionSize(column)
    lines = 1 + headings[2].count("\n")
    qtbot.waitUntil(lambda: header.height() >= metrics.height() * lines)


def test_it_reports_the_shift_that_is_wanted(panel: ShiftPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.shift_chosen) as chosen:
        spin(panel, "rows").setValue(5)
    assert chosen.args == [5, 0]
    with qtbot.waitSignal(panel.shift_chosen) as chosen:
        spin(panel, "columns").setValue(-64)
    assert chosen.args == [5, -64]
    button = panel.findChild(QPushButton, "shift_reset_button")
    assert button is not None
    with qtbot.waitSignal(panel.shift_chosen) as chosen:
        button.click()
    assert chosen.args == [0, 0]


def test_what_is_shown_is_not_reported(panel: ShiftPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.shift_chosen):
        panel.show_shift(-7, 64)
    assert (spin(panel, "rows").value(), spin(panel, "columns").value()) == (-7, 64)


def test_a_true_minus_sign_is_shown_and_either_can_be_typed(
    panel: ShiftPanel, qtbot: QtBot
) -> None:
    panel.show_shift(-7, 0)
    rows = spin(panel, "rows")
    assert rows.text() == "−7 px"
    for typed, value in (("-3", -3), ("−12", -12), ("−65", -64)):  # 64 is the farthest
        rows.selectAll()
        rows.lineEdit().insert(typed)
        with qtbot.waitSignal(panel.shift_chosen) as chosen:
            QTest.keyClick(rows, Qt.Key.Key_Return)
        assert chosen.args == [value, 0]


def test_a_message_on_what_moved_and_what_could_not() -> None:
    assert shift_text(NAMES, REPORTS) == (
        "1 of 3 maps moved along exactly (error 0 inside). max pool 2 should move by 1/2 down, "
        "1 left: it cannot follow exactly. mean, without places, changed by 0.006."
    )
    assert shift_text(["conv"], [report("2", "0", 0.0, 0.5)]) == (
        "Every map moved along exactly (error 0 inside)."
    )
    upsampled = [report("1/2", "0", 0.3, 0.3), report("1", "0", 0.25, 0.3)]
    assert shift_text(["pool", "upsampled"], upsampled).startswith(
        "No map moved along exactly. pool"
    )
    assert shift_text(["upsampled"], upsampled[1:]).endswith(
        "upsampled did not follow (error 0.250)."
    )


def test_the_mean_of_everything_stays() -> None:
    reports = [report("1", "0", 0.0, 0.5), ShiftReport(None, None, 2e-8, 4)]
    assert shift_text(["conv", "mean"], reports) == (
        "Every map moved along exactly (error 0 inside). mean, without places, stayed as it was."
    )


def test_nothing_inside_and_no_shift() -> None:
    nothing = report("60", "0", None, None, 0)
    assert shift_text(["conv"], [nothing]).startswith("No unit is left inside")
    assert "Nothing is inside" in cell_tip(nothing)
    still = [report("0", "0", 0.0, 0.0), ShiftReport(None, None, 0.0, 4)]
    assert shift_text(["conv", "mean"], still) == HINT
    assert shift_text([], []) == HINT


def test_shares_and_steps_as_people_read_them() -> None:
    shares = [None, 0.0, 9e-6, 1e-4, 0.5, 12.34567, math.inf]
    assert [share_text(share) for share in shares] == [
        "—", "0", "0", "< 0.001", "0.500", "12.346", "∞"
    ]  # fmt: skip
    assert steps_text(Fraction(-1, 2), Fraction(3)) == "1/2 up, 3 right"
    assert arrows_text(Fraction(-1, 2), Fraction(3)) == "1/2 ↑, 3 →"
    assert steps_text(Fraction(0), Fraction(0)) == arrows_text(Fraction(0), Fraction(0)) == "0"
