"""A number means the same in every locale, typed or shown, in every box of the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convlab.ui.widgets.forms import decimal_box, spin_box
from convlab.ui.widgets.number_box import NumberBox, WholeBox

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ["C", "de_DE", "es_ES", "fr_FR", "ar_EG", "hi_IN", "sv_SE", "de_CH"]


@pytest.fixture(params=LOCALES)
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    """The system's language, as Qt takes it over."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


def number_box(qtbot: QtBot, low: float = -100.0, high: float = 1e6, digits: int = 6) -> NumberBox:
    box = decimal_box("number", "Number", "Any.", low, high, digits)
    qtbot.addWidget(box)
    box.show()
    box.setFocus()
    return box


def whole_box(qtbot: QtBot, low: int = -5, high: int = 100_000) -> WholeBox:
    box = spin_box("number", "Number", "Any.", low, high)
    qtbot.addWidget(box)
    box.show()
    box.setFocus()
    return box


def type_text(box: NumberBox | WholeBox, text: str) -> None:
    """Press a key for each character; QTest has keys for Latin ones only."""
    for character in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character)
            QApplication.sendEvent(box, key)


def enter(box: NumberBox | WholeBox, text: str) -> None:
    box.selectAll()
    type_text(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("value", "text"), [(0.05, "0.05"), (-2.5, "−2.5"), (1234.5, "1234.5"), (7.0, "7")]
)
def test_return_changes_nothing(qtbot: QtBot, locale: str, value: float, text: str) -> None:
    box = number_box(qtbot)
    told: list[float] = []
    box.valueChanged.connect(told.append)
    box.show_number(value)
    assert box.text() == text
    QTest.keyClick(box, Qt.Key.Key_Return)
    box.clearFocus()
    assert (box.value(), box.text(), told) == (value, text, [])


WRITTEN = {
    "0.5": 0.5,
    "0,5": 0.5,
    ",5": 0.5,
    "-1.5": -1.5,
    "−1,5": -1.5,
    "+2": 2.0,
    "1/8": 0.125,
    "1e-3": 0.001,
    " 3 ": 3.0,
    "1234.5": 1234.5,
    "٠٫٥": 0.5,
    "१२": 12.0,
    "500000000": 1e6,
    "-500": -100.0,
}


def test_every_way_to_write_a_number(qtbot: QtBot, locale: str) -> None:
    box = number_box(qtbot)
    for text, value in WRITTEN.items():
        box.show_number(0.0)
        enter(box, text)
        assert box.value() == value, text


def test_what_is_no_number_gives_way_to_the_one_before(qtbot: QtBot, locale: str) -> None:
    box = number_box(qtbot)
    for text in ("", "-", "1/", "1/0", "1.2.3", "1.234,5", "1e", "1e999", "x", "nan"):
        box.show_number(0.25)
        box.selectAll()
        QTest.keyClick(box, Qt.Key.Key_Delete)
        enter(box, text)
        assert (box.value(), box.text()) == (0.25, "0.25"), text


def test_what_is_pasted(qtbot: QtBot, locale: str) -> None:
    box = number_box(qtbot)
    for text, value in {"  0,75\n": 0.75, "−3.5\t": -3.5, "a word": 0.25}.items():
        box.show_number(0.25)
        QGuiApplication.clipboard().setText(text)
        box.selectAll()
        QTest.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == value, text


def test_steps_begin_at_the_number_and_finish_what_is_typed(qtbot: QtBot, locale: str) -> None:
    box = number_box(qtbot)
    box.setSingleStep(0.1)
    box.show_number(0.2)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert (box.value(), box.text()) == (0.3, "0.3")
    box.selectAll()
    type_text(box, "-0,3")
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert (box.value(), box.text()) == (-0.4, "−0.4")


def test_what_is_typed_stays_while_the_same_number_is_shown(qtbot: QtBot) -> None:
    box = number_box(qtbot)
    box.show_number(1 / 3)
    box.selectAll()
    type_text(box, "0.7")
    box.show_number(1 / 3)
    assert box.text() == "0.7"


def test_a_word_for_the_least_and_a_unit(qtbot: QtBot, locale: str) -> None:
    box = number_box(qtbot, low=0.0, digits=2)
    box.setSpecialValueText("auto")
    box.setSuffix("°")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert (box.text(), box.value()) == ("auto", 0.0)
    enter(box, "0,5")
    assert (box.text(), box.value()) == ("0.5°", 0.5)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 0.5
    enter(box, "0")
    assert box.text() == "auto"


def test_whole_numbers(qtbot: QtBot, locale: str) -> None:
    box = whole_box(qtbot)
    written = {"-3": -3, "−3": -3, "12345": 12345, "٤": 4, "3,0": 3, "2.5": 1, "9" * 14: 100_000}
    for text, value in written.items():
        box.show_number(1)
        enter(box, text)
        assert (box.value(), box.text()) == (value, str(value).replace("-", "−"))
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == value


def test_no_box_of_the_program_is_another() -> None:
    """Qt's own boxes read and write by the system's language."""
    imported = re.compile(
        r"^(    Q(Double)?SpinBox,$|from PySide6.*\bQ(Double)?SpinBox\b)", re.MULTILINE
    )
    files = (ROOT / "convlab" / "ui").rglob("*.py")
    using = [file.name for file in files if imported.search(file.read_text("utf-8"))]
    assert using == ["number_box.py"]


def test_a_number_does_not_touch_its_frame(qtbot: QtBot) -> None:
    for box in (number_box(qtbot), whole_box(qtbot)):
        assert box.lineEdit().textMargins().left() >= 4
