from __future__ import annotations

from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLabel, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from convlab.document.stack.model import StackInput
from convlab.engine.shapes import Padding
from convlab.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    Upsample,
)
from convlab.layers.catalog import make_layer
from convlab.layers.editing import with_filter
from convlab.layers.parameters import parameters
from convlab.layers.registry import KINDS
from convlab.ui.widgets.number_box import WholeBox
from convlab.ui.widgets.param_form import ParamForm
from convlab.ui.widgets.spin_ranges import next_allowed

Control = TypeVar("Control", bound=QWidget)
WIDTH = 250

LAYERS: list[Layer] = [
    Conv2d(3, 8, 3, padding="same"),
    Conv2d(16, 16, (3, 5), 2, (1, 2, 3, 4), groups=16, border="constant", value=-0.5),
    ConvTranspose2d(8, 8, 4, 2, 1),
    MaxPool2d(2),
    AvgPool2d(3, 2, 1),
    BatchNorm2d(8),
    LeakyReLU(),
    Linear(614_400, 2),
    Upsample(2, "bilinear"),
]
IDS = [f"{number} {type(layer).__name__}" for number, layer in enumerate(LAYERS)]


@pytest.fixture
def form(qtbot: QtBot) -> ParamForm:
    form = ParamForm()
    qtbot.addWidget(form)
    form.setFixedWidth(WIDTH)
    form.show()
    qtbot.waitExposed(form)
    return form


def find(form: ParamForm, kind: type[Control], name: str) -> Control:
    control = form.findChild(kind, f"param_{name}")
    assert isinstance(control, kind), name
    return control


def controls(form: ParamForm) -> list[QWidget]:
    kinds = (QSpinBox, QDoubleSpinBox, QComboBox, QCheckBox)
    return [child for child in form.findChildren(QWidget) if isinstance(child, kinds)]


def type_into(spin: QWidget, text: str) -> None:
    spin.setFocus()
    QTest.keyClick(spin, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(spin, text)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_control_for_each_parameter(form: ParamForm, kind: str) -> None:
    layer = make_layer(kind, (3, 8, 8))
    form.show_record(layer)
    names = {control.objectName() for control in controls(form)}
    for found in parameters(layer):
        assert any(name.startswith(f"param_{found.name}_") for name in names), found.name
    for control in controls(form):
        assert control.accessibleName()
        assert len(control.toolTip()) > len(control.accessibleName()) + 20


@pytest.mark.parametrize("layer", LAYERS, ids=IDS)
def test_showing_tells_nobody_and_cuts_nothing(form: ParamForm, qtbot: QtBot, layer: Layer) -> None:
    with qtbot.assertNotEmitted(form.parameter_chosen):
        form.show_record(layer)
        form.show_record(layer)
    assert form.minimumSizeHint().width() <= WIDTH
    form.grab()  # lays everything out
    for control in controls(form):
        if control.isVisibleTo(form):
            right = control.mapTo(form, QPoint(control.width(), 0)).x()
            assert 100 < right <= WIDTH, control.objectName()
    for label in form.findChildren(QLabel):
        if label.isVisibleTo(form):
            assert label.width() >= label.sizeHint().width(), label.text()


def test_the_values_are_shown(form: ParamForm) -> None:
    form.show_record(LAYERS[1])
    assert find(form, QSpinBox, "in_channels_spin").value() == 16
    assert find(form, QSpinBox, "kernel_size_rows_spin").value() == 3
    assert find(form, QSpinBox, "kernel_size_columns_spin").value() == 5
    assert find(form, QComboBox, "padding_combo").currentData() == "per side"
    sides = [find(form, QSpinBox, f"padding_{side}_spin").value() for side in Padding._fields]
    assert sides == [1, 2, 3, 4]
    assert find(form, QComboBox, "border_combo").currentData() == "constant"
    assert find(form, QDoubleSpinBox, "value_spin").value() == -0.5
    assert find(form, QCheckBox, "bias_check").isChecked()
    assert not find(form, QCheckBox, "flip_check").isChecked()


def test_a_typed_number_is_told_when_it_is_finished(form: ParamForm, qtbot: QtBot) -> None:
    form.show_record(LAYERS[0])
    spin = find(form, QSpinBox, "out_channels_spin")
    with qtbot.assertNotEmitted(form.parameter_chosen):
        type_into(spin, "12")
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(spin, Qt.Key.Key_Return)
    assert chosen.args == ["out_channels", 12]


def test_what_is_being_typed_survives_the_same_layer_and_others_of_its_kind(
    form: ParamForm,
) -> None:
    form.show_record(LAYERS[0])
    spin = find(form, QSpinBox, "out_channels_spin")
    type_into(spin, "12")
    form.show_record(LAYERS[0])
    form.show_record(Conv2d(3, 8, 3, stride=2, padding="same"))
    assert spin.text() == "12"
    assert spin.hasFocus()
    assert find(form, QSpinBox, "out_channels_spin") is spin
    assert find(form, QSpinBox, "stride_rows_spin").value() == 2


def test_rows_and_columns_are_told_together(form: ParamForm, qtbot: QtBot) -> None:
    form.show_record(LAYERS[0])
    columns = find(form, QSpinBox, "kernel_size_columns_spin")
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(columns, Qt.Key.Key_Up)
    assert chosen.args == ["kernel_size", (3, 4)]


def test_a_stride_that_is_found_by_itself(form: ParamForm, qtbot: QtBot) -> None:
    form.show_record(MaxPool2d(2))
    rows, columns = (find(form, QSpinBox, f"stride_{side}_spin") for side in ("rows", "columns"))
    assert (rows.text(), columns.text()) == ("auto", "auto")
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(rows, Qt.Key.Key_Up)
    assert chosen.args == ["stride", (1, 1)]
    form.show_record(MaxPool2d(2, (1, 3)))
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(rows, Qt.Key.Key_Down)
    assert chosen.args == ["stride", None]
    assert (rows.text(), columns.text()) == ("auto", "auto")


def test_a_box_is_ticked_with_the_mouse(form: ParamForm, qtbot: QtBot) -> None:
    form.show_record(LAYERS[0])
    check = find(form, QCheckBox, "bias_check")
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.mouseClick(check, Qt.MouseButton.LeftButton, pos=QPoint(8, check.height() // 2))
    assert chosen.args == ["bias", False]


def test_a_name_is_chosen_with_the_keys(form: ParamForm, qtbot: QtBot) -> None:
    form.show_record(Upsample(2))
    combo = find(form, QComboBox, "mode_combo")
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert chosen.args == ["mode", "bilinear"]


def test_decimals_go_in_their_own_steps(form: ParamForm, qtbot: QtBot) -> None:
    form.show_record(LeakyReLU(0.3))
    spin = find(form, QDoubleSpinBox, "negative_slope_spin")
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(spin, Qt.Key.Key_Up)
    assert chosen.args == ["negative_slope", pytest.approx(0.31)]


def test_the_sides_begin_with_what_the_name_comes_to(form: ParamForm, qtbot: QtBot) -> None:
    form.show_record(Conv2d(3, 8, (3, 6), padding="same"))
    top, right = (find(form, QSpinBox, f"padding_{side}_spin") for side in ("top", "right"))
    assert not top.isVisibleTo(form)
    combo = find(form, QComboBox, "padding_combo")
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(combo, Qt.Key.Key_End)
    assert chosen.args == ["padding", Padding(1, 1, 2, 3)]
    form.show_record(Conv2d(3, 8, (3, 6), padding=(1, 1, 2, 3)))
    assert top.isVisibleTo(form)
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(right, Qt.Key.Key_Up)
    assert chosen.args == ["padding", Padding(1, 1, 2, 4)]


def test_what_says_nothing_is_not_offered(form: ParamForm) -> None:
    form.show_record(Conv2d(3, 8, 3))
    assert not find(form, QDoubleSpinBox, "value_spin").isVisibleTo(form)
    assert not find(form, QComboBox, "border_combo").isEnabled()
    form.show_record(Conv2d(3, 8, 3, padding=1, border="constant"))
    assert find(form, QDoubleSpinBox, "value_spin").isVisibleTo(form)
    assert find(form, QComboBox, "border_combo").isEnabled()
    form.show_record(Upsample(2))
    assert not find(form, QCheckBox, "align_corners_check").isVisibleTo(form)


def test_groups_go_over_what_does_not_divide(form: ParamForm, qtbot: QtBot) -> None:
    form.show_record(Conv2d(8, 8, 3, groups=4))
    groups = find(form, QSpinBox, "groups_spin")
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(groups, Qt.Key.Key_Up)
    assert chosen.args == ["groups", 8]
    with qtbot.assertNotEmitted(form.parameter_chosen):
        QTest.keyClick(groups, Qt.Key.Key_Up)
    assert groups.value() == 8
    outputs = find(form, QSpinBox, "out_channels_spin")
    with qtbot.waitSignal(form.parameter_chosen) as chosen:
        QTest.keyClick(outputs, Qt.Key.Key_Up)
    assert chosen.args == ["out_channels", 12]


@pytest.mark.parametrize(
    ("value", "before", "expected"), [(3, 2, 4), (3, 4, 2), (5, 4, 8), (9, 8, 8), (4, 2, 4)]
)
def test_the_next_number_that_is_allowed(value: int, before: int, expected: int) -> None:
    assert next_allowed(value, before, (1, 2, 4, 8)) == expected
    assert next_allowed(value, before, ()) == value


def test_numbers_beyond_the_range_are_shown_as_they_are(form: ParamForm, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.parameter_chosen):
        form.show_record(MaxPool2d(100, 3))
        assert find(form, QSpinBox, "kernel_size_rows_spin").value() == 100
        form.show_record(LeakyReLU(1.5))
        assert find(form, QDoubleSpinBox, "negative_slope_spin").value() == 1.5


def test_a_rejected_number_goes_back(form: ParamForm) -> None:
    form.show_record(LAYERS[0])
    spin = find(form, QSpinBox, "out_channels_spin")
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert spin.value() == 9
    form.show_record(LAYERS[0])
    assert spin.value() == 8
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert spin.value() == 9


def test_only_what_changed_is_shown_again(form: ParamForm, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = Conv2d(3, 8, 3)
    form.show_record(layer)
    shown: list[str] = []
    monkeypatch.setattr(WholeBox, "show_number", lambda box, value: shown.append(box.objectName()))
    form.show_record(with_filter(layer, 0, 0, np.ones((3, 3))))
    assert not shown, "no setting differs"
    find(form, WholeBox, "stride_rows_spin").setValue(2)
    shown.clear()
    form.show_record(layer)
    assert "param_stride_rows_spin" in shown, "what was chosen was rejected"


def test_a_size_is_chosen_or_typed(form: ParamForm, qtbot: QtBot) -> None:
    record = StackInput(size=(240, 320))
    form.show_record(record)
    combo = find(form, QComboBox, "size_combo")
    assert combo.currentText() == "320 × 240"
    for text, expected in (("64 x 48", (48, 64)), ("As it is", None), ("7*9", (9, 7))):
        with qtbot.waitSignal(form.parameter_chosen) as chosen:
            combo.setEditText(text)
            QTest.keyClick(combo, Qt.Key.Key_Return)
        assert chosen.args == ["size", expected]
        assert combo.currentText() == "320 × 240", "until the record has changed"
    with qtbot.waitSignal(form.rejected) as rejected:
        combo.setEditText("large")
        QTest.keyClick(combo, Qt.Key.Key_Return)
    assert rejected.args == ["“large” is no size: write it as 640 × 480, or “as it is”."]


def test_another_kind_has_another_form_and_none_is_empty(form: ParamForm) -> None:
    form.show_record(LAYERS[0])
    form.show_record(MaxPool2d(2))
    assert not [c for c in controls(form) if c.isVisibleTo(form) and "groups" in c.objectName()]
    form.show_record(ReLU())
    assert not [control for control in controls(form) if control.isVisibleTo(form)]
    form.show_record(None)
    assert not [control for control in controls(form) if control.isVisibleTo(form)]
