"""What a screen reader finds in the real window."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from convlab.document.document import Lab
from convlab.engine.weight_matrix import Sharing, weight_matrix
from convlab.ui.cell_table import CellTable
from convlab.ui.kernel.sum_panel import SumPanel
from convlab.ui.numbers import show_number, show_weight
from convlab.ui.widgets.matrix_grid import MatrixGrid
from tests.e2e.accessible import Role, described, elements, name_of, needs_name
from tests.e2e.driver import Driver


def test_every_element_of_all_labs_and_pages_has_a_name(step: Driver) -> None:
    for lab in Lab:
        step.window.go_to(lab)
    unnamed = [
        described(element)
        for element in elements(step.window)
        if needs_name(element) and not name_of(element).strip()
    ]
    assert not unnamed, f"{len(unnamed)} without a name:\n" + "\n".join(unnamed)


def table_of(widget: QWidget) -> CellTable:
    """Return the table that a screen reader finds in a widget that paints numbers."""
    found = [element for element in elements(widget) if element.role() is Role.Table]
    tables = [made for made in (element.object() for element in found) if made.parent() is widget]
    assert len(tables) == 1
    assert isinstance(tables[0], CellTable)
    return tables[0]


def read(widget: QWidget) -> list[list[str]]:
    """Read a table as a screen reader does: with the headers, cell by cell."""
    table = QAccessible.queryAccessibleInterface(table_of(widget))
    assert table is not None
    texts = [name_of(table.child(place)) for place in range(table.childCount())]
    wide = 1 + table_of(widget).model().columnCount()
    return [texts[first : first + wide] for first in range(0, len(texts), wide)]


def test_the_kernel_is_read_cell_by_cell(step: Driver) -> None:
    step.choose("preset_combo", "Sobel vertical")
    assert read(step.grid) == [
        ["", "column 1", "column 2", "column 3"],
        ["row 1", "1", "0", "−1"],
        ["row 2", "2", "0", "−2"],
        ["row 3", "1", "0", "−1"],
    ]
    cell = QAccessible.queryAccessibleInterface(table_of(step.grid)).child(5).tableCellInterface()
    assert cell is not None
    assert (cell.rowIndex(), cell.columnIndex()) == (0, 0)
    assert [name_of(header) for header in cell.columnHeaderCells()] == ["column 1"]
    assert [name_of(header) for header in cell.rowHeaderCells()] == ["row 1"]
    step.select_cell(2, 1)
    assert step.grid.cell_rect(2, 1).toAlignedRect() == table_of(step.grid).visualRect(
        table_of(step.grid).model().index(2, 1)
    )


def test_another_size_and_another_value_are_read(step: Driver) -> None:
    step.choose("preset_combo", "Sobel vertical")
    table = table_of(step.grid)
    read(step.grid)
    QAccessible.setActive(True)  # as a screen reader does: what it has read is kept until told
    try:
        step.set_spin("columns_spin", 5)
        step.until(lambda: table.model().columnCount() == 5)
    finally:
        QAccessible.setActive(False)
    assert read(step.grid)[1] == ["row 1", "0", "1", "0", "−1", "0"]
    step.turn_wheel(0, 1, 10)
    assert read(step.grid)[1] == ["row 1", "0", "2", "0", "−1", "0"]


def test_a_sum_is_read_term_by_term(step: Driver) -> None:
    step.choose("preset_combo", "Vertical edge")
    panel = step.find(SumPanel, "sum_panel")
    step.click(step.output, 2, 2)
    step.until(lambda: not panel.is_empty)
    rows = read(panel)
    assert rows[0] == ["", "Input", "Weight", "Product"]
    assert rows[1][0].endswith("row 1, column 1")
    assert len(rows) == 11
    (sum_,) = step.shown.sums
    terms = [map(float, each.ravel()) for each in (*sum_.operands, sum_.products)]
    for row, value, weight, product in zip(rows[1:10], *terms, strict=True):
        assert row[1:] == [show_number(value), show_weight(weight), show_number(product)]
    assert rows[-1] == ["sum", "", "", show_number(sum_.result)]


def test_a_matrix_is_read_with_what_its_cells_join(qtbot: QtBot) -> None:
    grid = MatrixGrid()
    qtbot.addWidget(grid)
    kernel = np.array([[1.0, 2.0]], np.float32)
    grid.show_matrix(weight_matrix(kernel, (1, 3)), Sharing.TIED)
    assert read(grid) == [
        ["", "input (0, 0)", "input (0, 1)", "input (0, 2)"],
        ["output (0, 0)", "1", "2", "no connection"],
        ["output (0, 1)", "no connection", "1", "2"],
    ]


def test_a_cell_that_the_keyboard_goes_to_is_said(step: Driver) -> None:
    step.choose("preset_combo", "Sobel vertical")
    table = table_of(step.grid)
    step.grid.setFocus()
    told: list[int] = []
    with patch.object(QAccessible, "updateAccessibility", lambda event: told.append(event.child())):
        step.key(Qt.Key.Key_Down)
        step.until(lambda: bool(told))
    element = QAccessible.queryAccessibleInterface(table)
    assert element is not None
    assert name_of(element.child(told[-1])) == "2"
