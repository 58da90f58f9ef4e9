"""A table that can be read in several ways is shown before one of its columns becomes a signal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QWidget,
)

from convlab.document.table_form import DecimalSign, Gaps, Separator
from convlab.io.project import load_project, save_project
from convlab.ui.signals.table_dialog import TableDialog
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS
from tests.e2e.signal_driver import SignalDriver


class TableDesk:
    """A person who opens tables in the signal lab."""

    def __init__(self, lab: SignalDriver, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lab = lab
        self._path = ""
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (self._path, ""))

    def open(self, path: Path, which: str = "f") -> None:
        self._path = str(path)
        self.lab.lab._ask_file(which)

    @property
    def dialog(self) -> TableDialog:
        """The question, once all that was wanted has been read."""
        self.lab.until(lambda: self.lab.window.findChild(TableDialog) is not None)
        dialog = self.lab.person.find(TableDialog, "table_dialog")
        self.lab.until(lambda: not self.lab.lab._desk.worker.is_busy)
        return dialog

    def until_closed(self) -> None:
        self.lab.until(lambda: self.lab.window.findChild(TableDialog) is None)
        self.lab.until(lambda: not self.lab.lab._desk.worker.is_busy)
        self.lab.settle()

    def text(self, name: str) -> str:
        label = self.dialog.findChild(QLabel, name)
        assert label is not None
        return label.text()

    def box(self, name: str) -> QComboBox:
        box = self.dialog.findChild(QComboBox, name)
        assert box is not None
        return box

    def choose(self, name: str, text: str) -> None:
        """Choose from a list with the keyboard."""
        box = self.box(name)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Home)
        for _ in range(box.findText(text)):
            QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentText() == text
        self.lab.until(lambda: not self.lab.lab._desk.worker.is_busy)

    @property
    def can_take(self) -> bool:
        button = self.dialog.findChild(QPushButton, "table_take_button")
        assert button is not None
        return button.isEnabled()

    def cells(self, row: int) -> list[str]:
        items = [self.rows.item(row, column) for column in range(self.rows.columnCount())]
        return ["" if item is None else item.text() for item in items]

    @property
    def titles(self) -> list[str]:
        items = map(self.rows.horizontalHeaderItem, range(self.rows.columnCount()))
        return ["" if item is None else item.text() for item in items]

    def click_cell(self, row: int, column: int) -> None:
        place = self.rows.visualRect(self.rows.model().index(row, column)).center()
        QTest.mouseClick(self.rows.viewport(), LEFT, NO_KEYS, place)

    @property
    def rows(self) -> QTableWidget:
        rows = self.dialog.findChild(QTableWidget, "table_preview")
        assert rows is not None
        return rows


@pytest.fixture
def desk(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> TableDesk:
    options = ("--lab", "signal", "--source", "pattern:step", "--size", "1440x900")
    return TableDesk(SignalDriver(open_window(*options)), monkeypatch)


@pytest.mark.display
def test_a_table_is_shown_and_a_column_chosen(desk: TableDesk, tmp_path: Path) -> None:
    lab, path = desk.lab, tmp_path / "measured.csv"
    path.write_text("device 7\nt;U;I\n0,1;5;7,5\n0,2;6;\n0,3;-7;9,5\n")
    before = lab.state

    # What was there stays until something is taken.
    desk.open(path)
    assert "measured.csv" in desk.text("table_question")
    assert desk.titles == ["1 t", "2 U", "3 I"]
    assert desk.cells(0) == ["0,1", "5", "7,5"]
    assert desk.box("table_separator_combo").currentText() == "semicolon ;"
    assert desk.text("table_words") == "3 numbers, from line 3 on: 0.1, 0.2, 0.3"
    assert desk.can_take
    QTest.keyClick(desk.dialog, Qt.Key.Key_Escape)
    desk.until_closed()
    assert lab.state is before

    # The mouse chooses a column, and Enter takes it; that is one step of undo.
    steps = lab.window.session.undo_stack.index()
    desk.open(path)
    desk.click_cell(1, 1)
    lab.until(lambda: desk.text("table_words").endswith("5, 6, −7"))
    column = desk.dialog.findChild(QSpinBox, "table_column_spin")
    assert column is not None
    assert column.value() == 2
    QTest.keyClick(desk.rows, Qt.Key.Key_Return)
    desk.until_closed()
    assert lab.shown.f[:4].tolist() == [5, 6, -7, 0]
    assert lab.window.session.undo_stack.index() == steps + 1

    # It is not asked again, but can be looked at; the keyboard goes to the column with a gap.
    desk.open(path, "g")
    lab.until(lambda: lab.state.g.held is not None)
    lab.settle()
    assert lab.shown.g[:3].tolist() == [5, 6, -7]
    lab.press("g_table_button")
    QTest.keyClick(desk.rows, Qt.Key.Key_Right)
    lab.until(lambda: "line 4 has nothing" in desk.text("table_words"))
    assert not desk.can_take
    desk.choose("table_gaps_combo", "are bridged by lines")
    lab.until(lambda: desk.text("table_words").endswith("7.5, 8.5, 9.5"))
    take = desk.dialog.findChild(QPushButton, "table_take_button")
    assert take is not None
    QTest.mouseClick(take, LEFT)
    desk.until_closed()
    assert lab.shown.g[:3].tolist() == [7.5, 8.5, 9.5]
    table = lab.state.g.table
    assert (table.column, table.gaps, table.separator) == (3, Gaps.LINE, Separator.SEMICOLON)
    assert lab.shown.f[:3].tolist() == [5, 6, -7], "the other signal is as it was"

    # A project keeps both columns of the one file.
    project = tmp_path / "both.convlab"
    save_project(lab.person.document, project)
    kept = load_project(project).signal
    assert kept.f.held is not None
    assert kept.g.held is not None
    assert kept.f.held.values.tolist() == [5, 6, -7]
    assert kept.g.held.values.tolist() == [7.5, 8.5, 9.5]


def test_a_comma_in_doubt_is_asked_about_and_what_is_clear_is_not(
    desk: TableDesk, tmp_path: Path
) -> None:
    lab, path = desk.lab, tmp_path / "xy.csv"
    path.write_text("4,1\n1,4\n2,9\n")
    desk.open(path)
    assert "decimal signs" in desk.text("table_doubt")
    desk.choose("table_separator_combo", "none: one column")
    desk.choose("table_decimal_combo", "comma: 1.234,5")
    lab.until(lambda: desk.text("table_words") == "3 numbers: 4.1, 1.4, 2.9")
    desk.choose("table_separator_combo", "tab")
    desk.choose("table_decimal_combo", "point: 1,234.5")
    lab.until(lambda: "a number belongs" in desk.text("table_words"))
    assert not desk.can_take
    desk.choose("table_separator_combo", "comma ,")
    lab.until(lambda: desk.can_take)
    QTest.keyClick(desk.rows, Qt.Key.Key_Return)
    desk.until_closed()
    assert lab.shown.f[:3].tolist() == [4, 1, 2]
    assert lab.state.f.table.decimal is DecimalSign.POINT

    clear = tmp_path / "clear.csv"
    clear.write_text("level\n1,5\n2,25\n")
    desk.open(clear)
    lab.until(lambda: lab.state.f.path == str(clear))
    lab.settle()
    assert lab.window.findChild(TableDialog) is None
    np.testing.assert_array_equal(lab.shown.f[:2], [1.5, 2.25])

    # What holds no numbers is said in one message, and what was there stays.
    words = tmp_path / "words.csv"
    words.write_text("one\ntwo\n")
    desk.open(words)
    lab.until(lambda: bool(lab.message))
    assert lab.message == (
        "words.csv gives no numbers, because line 2 has 'two' where a number belongs: "
        "put a number there."
    )
    assert lab.state.f.path == str(clear)

    # A gap is said, too, and there is something to choose.
    gap = tmp_path / "gap.csv"
    gap.write_text("1\nnan\n2\n")
    desk.open(gap)
    lab.until(lambda: "'nan' in line 2 is not finite" in lab.message)
    lab.press("signal_message_action_0")
    desk.choose("table_gaps_combo", "are left out")
    lab.until(lambda: desk.can_take)
    QTest.keyClick(desk.rows, Qt.Key.Key_Return)
    desk.until_closed()
    assert lab.shown.f[:3].tolist() == [1, 2, 0]
    assert lab.message == ""
    assert lab.person.find(QWidget, "f_table_button").isVisibleTo(lab.window)
