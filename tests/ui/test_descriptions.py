"""What a screen reader and the mouse are told of widgets that are no controls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from convlab.ui.learning.neuron_diagram import NeuronDiagram
from convlab.ui.stack.fill_button import FillButton
from convlab.ui.stack.layer_form import LayerForm
from convlab.ui.stack.shift_panel import ShiftPanel
from convlab.ui.stack.stack_table import StackTable
from convlab.ui.widgets.forms import scrolled
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.kernel_grid import KernelGrid
from convlab.ui.widgets.map_grid import MapGrid
from convlab.ui.widgets.matrix_grid import MatrixGrid

VIEWS: list[tuple[Callable[[], QWidget], str]] = [
    (NeuronDiagram, "single_neuron_diagram"),
    (MapGrid, "map_grid"),
    (MatrixGrid, "matrix_grid"),
    (KernelGrid, "kernel_grid"),
    (FillButton, "filter_fill_button"),
    (StackTable, "stack_table_view"),
    (ShiftPanel, "shift_table"),
    (lambda: ImageView("unit_map_view", "The selected map"), "unit_map_view"),
]


@pytest.mark.parametrize(("make", "name"), VIEWS, ids=[name for _, name in VIEWS])
def test_a_view_has_a_name_and_a_tip(make: Callable[[], QWidget], name: str, qtbot: QtBot) -> None:
    widget = make()
    qtbot.addWidget(widget)
    found = widget if widget.objectName() == name else widget.findChild(QWidget, name)
    assert found is not None
    assert found.accessibleName()
    assert found.toolTip().startswith(f"<b>{found.accessibleName()}</b><br>")


@pytest.mark.parametrize("make", [LayerForm, lambda: scrolled(QWidget(), "Form")])
def test_what_scrolls_has_a_name(make: Callable[[], QWidget], qtbot: QtBot) -> None:
    widget = make()
    qtbot.addWidget(widget)
    areas = [widget] if isinstance(widget, QScrollArea) else widget.findChildren(QScrollArea)
    assert areas
    assert all(area.accessibleName() for area in areas)
