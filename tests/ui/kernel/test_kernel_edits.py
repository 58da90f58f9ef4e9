from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from convlab.document.document import Document
from convlab.document.kernel.model import Geometry
from convlab.document.parts import part_of
from convlab.engine.shapes import Padding
from convlab.runtime.session import Session
from convlab.ui.kernel.geometry_form import GeometryForm
from convlab.ui.kernel.kernel_edits import PARTS, KernelEdits
from convlab.ui.widgets.message_bar import MessageBar

SETTINGS: dict[str, tuple[object, str]] = {
    "padding": (Padding(1, 2, 3, 4), "set padding"),
    "stride": (2, "set stride"),
    "dilation": (3, "set dilation"),
    "border": ("reflect", "set border"),
    "value": (0.25, "set border value"),
    "flip": (True, "use convolution"),
    "space": ("rgb", "set channels"),
    "combine": ("sum", "set combination of channels"),
    "mode": ("raw", "set colours"),
    "limit": (12.5, "set range"),
    "is_full": (True, "set range"),
    "curve": ("root", "set scale"),
    "torch": (True, "set torch"),
    "transposed": (True, "switch transposed convolution"),
    "divisor": (9.0, "set divisor"),
    "normalise": (True, "normalise the kernel"),
    "offset": (0.5, "set offset"),
}


@pytest.fixture
def edits(qtbot: QtBot) -> Iterator[KernelEdits]:
    messages = MessageBar("kernel_message"), MessageBar("output_message")
    for message in messages:
        qtbot.addWidget(message)
    edits = KernelEdits(Session(Document()), *messages)
    yield edits
    edits._session.deleteLater()


def test_every_setting_is_tried() -> None:
    assert set(PARTS) == set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_one_step_of_undo_with_its_own_text(edits: KernelEdits, name: str) -> None:
    value, text = SETTINGS[name]
    session = edits._session
    edits.set_parameter(name, value)
    assert getattr(part_of(session.document, f"kernel.{PARTS[name]}"), name) == value
    assert session.undo_stack.undoText() == text
    session.undo_stack.undo()
    assert session.document == Document()


def test_correlation_is_used_again(edits: KernelEdits) -> None:
    edits.set_parameter("flip", True)
    edits.set_parameter("flip", False)
    assert edits._session.undo_stack.undoText() == "use correlation"


def test_an_unknown_setting_is_rejected_with_those_there_are(edits: KernelEdits) -> None:
    with pytest.raises(ValueError, match="no parameter 'gap': choose one of padding, stride, "):
        edits.set_parameter("gap", 1)


def test_the_form_reports_a_setting_by_its_name(qtbot: QtBot) -> None:
    form = GeometryForm()
    qtbot.addWidget(form)
    form.show_geometry(Geometry(Padding(0, 1, 2, 3)), Padding(0, 1, 2, 3))
    reported: list[tuple[str, object]] = []
    form.parameter_chosen.connect(lambda name, value: reported.append((name, value)))
    for name in ("stride_spin", "dilation_spin", "padding_right_spin"):
        spin = form.findChild(QSpinBox, name)
        assert isinstance(spin, QSpinBox)
        spin.setValue(5)
    switch = form.findChild(QPushButton, "flip_switch")
    assert isinstance(switch, QPushButton)
    switch.click()
    padding = ("padding", Padding(0, 1, 2, 5))
    assert reported == [("stride", 5), ("dilation", 5), padding, ("flip", True)]
