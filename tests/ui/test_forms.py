from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from convlab.ui.kernel.geometry_form import GeometryForm
from convlab.ui.kernel.kernel_panel import KernelPanel
from convlab.ui.stack.stack_head import StackHead
from convlab.ui.stack.sum_page import SumPage
from convlab.ui.widgets.forms import choice_box, decimal_box, let_type, scrolled, spin_box
from tests.e2e.text_room import recording
from tests.gestures import turn_wheel


class Fruit(StrEnum):
    APPLE = "apple"
    PEAR = "pear"


def whole() -> QWidget:
    return spin_box("number", "Number", "Any.", -5, 5)


def decimal() -> QWidget:
    return decimal_box("number", "Number", "Any.", -5, 5)


def choice() -> QWidget:
    return choice_box("fruit", "Fruit", "Any.", {Fruit.APPLE: "Apple", Fruit.PEAR: "Pear"})


def editable() -> QWidget:
    combo = choice_box("fruit", "Fruit", "Any.", {Fruit.APPLE: "Apple", Fruit.PEAR: "Pear"})
    combo.setEditable(True)
    return combo


def shown(control: QWidget) -> str:
    if isinstance(control, QComboBox):
        return control.currentText()
    return str(control.property("value"))


@pytest.mark.parametrize("make", [whole, decimal, choice, editable])
def test_the_wheel_changes_a_control_only_while_it_has_the_focus(
    qtbot: QtBot, make: Callable[[], QWidget]
) -> None:
    form = QWidget()
    qtbot.addWidget(form)
    control = make()
    other = whole()
    for widget in (other, control):
        widget.setParent(form)
    form.show()
    qtbot.waitActive(form)
    other.setFocus()
    before = shown(control)
    assert not turn_wheel(control, -1)
    assert shown(control) == before
    control.setFocus()
    qtbot.waitUntil(control.hasFocus)
    assert turn_wheel(control, -1)
    assert shown(control) != before


@pytest.mark.parametrize("kind", [KernelPanel, StackHead, GeometryForm, SumPage])
def test_the_wheel_gives_no_control_the_focus(kind: type[QWidget], qtbot: QtBot) -> None:
    panel = kind()
    qtbot.addWidget(panel)
    controls = panel.findChildren(QSpinBox) + panel.findChildren(QComboBox)
    assert controls
    for control in controls:
        assert control.focusPolicy() is not Qt.FocusPolicy.WheelFocus, control.objectName()


def test_a_name_without_room_ends_in_an_ellipsis_until_it_is_typed_into(qtbot: QtBot) -> None:
    combo = QComboBox()
    qtbot.addWidget(combo)
    line = let_type(combo)
    combo.resize(120, 28)
    combo.show()
    for text, ends in (("N" * 60, ["…"]), ("short", [])):
        combo.setEditText(text)
        line.setCursorPosition(0)
        with recording() as recorder:
            combo.grab()
        assert [each.text[-1] for each in recorder.painted] == ends
    combo.setEditText("N" * 60)
    combo.activateWindow()
    combo.setFocus()
    qtbot.waitUntil(combo.hasFocus)
    with recording() as recorder:
        combo.grab()
    assert not recorder.painted, "Qt's own line shows where one types"


def test_what_scrolls_down_is_as_wide_as_its_widget_wants(qtbot: QtBot) -> None:
    widget = QWidget()
    area = scrolled(widget, "Form")
    qtbot.addWidget(area)
    widget.setMinimumWidth(300)
    assert area.minimumSizeHint().width() >= 300
