"""Numbers are typed alike wherever there are cells: the same keys, commas and messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from convlab.document.stack.model import Unit
from convlab.layers import Conv2d
from convlab.ui.learning.learning_lab import LearningLab
from convlab.ui.learning.neuron_diagram import Kind, NeuronDiagram, Part
from convlab.ui.stack.stack_lab import StackLab
from convlab.ui.widgets.drawing_view import DrawingView
from convlab.ui.widgets.kernel_grid import KernelGrid
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver

KEYS = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass
class Cells:
    """Cells of some widget, numbered as one reads; ``below`` is how far the one below is."""

    person: Driver
    grid: QWidget
    editor: QLineEdit
    message: Callable[[], str]
    place: Callable[[int], QPoint]
    selected: Callable[[], int]
    value: Callable[[int], float]
    below: int

    def choose(self, number: int) -> None:
        QTest.mouseClick(self.grid, LEFT, NO_KEYS, self.place(number))
        QApplication.processEvents()

    def begin(self, text: str) -> None:
        """Type into the selected cell."""
        QTest.keyClick(self.grid, KEYS.Key_F2)
        assert self.editor.isVisible()
        assert self.editor.selectedText() == self.editor.text()
        QTest.keyClicks(self.editor, text)

    def end(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.keyClick(self.editor, key, modifier)
        QApplication.processEvents()


def words(person: Driver, name: str) -> str:
    label = person.find(QLabel, name)
    return label.text() if label.isVisible() else ""


def kernel_cells(person: Driver, role: str, grid: KernelGrid) -> Cells:
    panel = grid.parentWidget()
    assert panel is not None

    def message() -> str:
        return words(person, f"{role}_message")

    def value(number: int) -> float:
        return grid._weights[number // 3][number % 3]

    return Cells(
        person,
        grid,
        person.find(QLineEdit, f"{role}_cell_editor"),
        message,
        lambda number: grid.cell_rect(number // 3, number % 3).center().toPoint(),
        lambda: grid.selected[0] * 3 + grid.selected[1],
        value,
        3,
    )


def in_kernel(open_window: OpenWindow) -> Cells:
    person = open_window("--source", "pattern:step")
    return kernel_cells(person, "kernel", person.grid)


def in_filter(open_window: OpenWindow) -> Cells:
    person = open_window("--source", "pattern:step", "--lab", "stack", "--size", "1440x900")
    stack = person.window.labs.of(StackLab)
    slots = person.document.stack.slots
    uid = next(slot.uid for slot in slots if isinstance(slot.layer, Conv2d))
    stack.look_at_unit(Unit(uid, 0, 10, 10))
    person.until(lambda: person.window.findChild(KernelGrid, "filter_grid") is not None)
    grid = person.find(KernelGrid, "filter_grid")
    person.until(lambda: grid.isVisible() and len(grid._weights) > 1)
    cells = kernel_cells(person, "filter", grid)
    side = len(grid._weights)

    def value(number: int) -> float:
        return grid._weights[number // side][number % side]

    cells.place = lambda number: grid.cell_rect(number // side, number % side).center().toPoint()
    cells.selected = lambda: grid.selected[0] * side + grid.selected[1]
    cells.value, cells.below = value, side
    return cells


def in_drawing(open_window: OpenWindow) -> Cells:
    person = open_window("--source", "drawing:blank", "--size", "1440x900")
    view = person.find(DrawingView, "kernel_drawing_view")
    person.until(lambda: not view.visibleRegion().isEmpty())
    columns = view.drawing.columns

    def value(number: int) -> float:
        return float(person.document.drawing.array()[divmod(number, columns)])

    return Cells(
        person,
        view,
        person.find(QLineEdit, "kernel_drawing_value_editor"),
        lambda: words(person, "kernel_drawing_message"),
        lambda number: view.place(number // columns + 0.5, number % columns + 0.5).toPoint(),
        lambda: view.selected[0] * columns + view.selected[1],
        value,
        columns,
    )


def in_neuron(open_window: OpenWindow) -> Cells:
    options = ("--lab", "learning", "--source", "pattern:step", "--size", "1440x900")
    person = open_window(*options)
    page = person.window.labs.of(LearningLab).neuron
    person.window.labs.of(LearningLab).tabs.setCurrentIndex(2)
    diagram = person.find(NeuronDiagram, "single_neuron_diagram")
    person.until(lambda: diagram.isVisible() and diagram._shown is not None)
    return Cells(
        person,
        diagram,
        person.find(QLineEdit, "single_neuron_editor"),
        lambda: page.message.text,
        lambda number: diagram.rect_of(Part(Kind.WEIGHT, number)).center().toPoint(),
        lambda: diagram.selected.number,
        lambda number: person.document.learning.neuron.weights[number],
        1,
    )


@pytest.fixture(params=[in_kernel, in_filter, in_drawing, in_neuron])
def cells(request: pytest.FixtureRequest, open_window: OpenWindow) -> Cells:
    found: Cells = request.param(open_window)
    return found


def test_numbers_are_typed_alike_everywhere(cells: Cells) -> None:
    below = cells.below
    cells.choose(0)
    for text, key, modifier, wanted, then in (
        ("1", KEYS.Key_Return, NO_KEYS, 1.0, 1),
        ("0,5", KEYS.Key_Tab, NO_KEYS, 0.5, 2),
        ("1/4", KEYS.Key_Backtab, SHIFT, 0.25, 1),
        ("0.75", KEYS.Key_Down, NO_KEYS, 0.75, 1 + below),
        ("0", KEYS.Key_Up, NO_KEYS, 0.0, 1),
    ):
        here = cells.selected()
        cells.begin(text)
        cells.end(key, modifier)
        assert not cells.editor.isVisible()
        assert cells.value(here) == pytest.approx(wanted), text
        assert cells.selected() == then, text
        assert cells.grid.hasFocus(), "more can be typed at once"

    before = cells.value(1)
    cells.begin("0.125")
    cells.end(KEYS.Key_Escape)
    assert not cells.editor.isVisible()
    assert (cells.value(1), cells.selected()) == (before, 1)
    assert cells.grid.hasFocus()

    for text, said in (("strong", "'strong' is not a number"), ("1e50", "too large for a weight")):
        cells.begin(text)
        for key in (KEYS.Key_Return, KEYS.Key_Tab, KEYS.Key_Down):
            cells.end(key)
            assert cells.editor.isVisible(), "what was typed can be corrected"
            assert said in cells.message()
        cells.end(KEYS.Key_Escape)
        assert cells.message() == ""
        assert cells.value(1) == before

    cells.begin("0.5")
    cells.choose(8 if below <= 3 else 4 * below + 4)  # a brush is wide
    assert not cells.editor.isVisible()
    assert cells.value(1) == 0.5, "taken by a click elsewhere"


@pytest.mark.parametrize(
    ("lab", "text", "said"),
    [
        (in_drawing, "7", "7 is out of range: write a number from 0 to 1."),
        (in_neuron, "-1000", "−1000 is out of range: write a number from −100 to 100."),
    ],
)
def test_bounds_are_said_alike_while_what_was_typed_can_be_corrected(
    open_window: OpenWindow, lab: Callable[[OpenWindow], Cells], text: str, said: str
) -> None:
    cells = lab(open_window)
    cells.choose(0)
    before = cells.value(0)
    cells.begin(text)
    cells.end(KEYS.Key_Return)
    assert cells.message() == said
    assert cells.editor.isVisible()
    assert cells.value(0) == before
    cells.editor.selectAll()
    QTest.keyClicks(cells.editor, "1")
    cells.end(KEYS.Key_Return)
    assert cells.message() == ""
    assert cells.value(0) == 1.0
