"""The detail of a selected map by mouse and keyboard: kernels, pages, a normalisation's numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)

from convlab.document.stack.arithmetic import Products
from convlab.document.stack.model import StackInput, StackState, Unit
from convlab.engine.arrays import FloatArray
from convlab.io.project import load_project, save_project
from convlab.layers import BatchNorm2d, Conv2d, Layer
from convlab.ui.numbers import show_number
from convlab.ui.stack.detail_view import UNIT_FRAME, DetailView
from convlab.ui.stack.incoming_view import IncomingView
from convlab.ui.stack.stack_lab import StackLab
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.kernel_grid import KernelGrid
from convlab.ui.widgets.mini_map import MiniMap
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS
from tests.e2e.stack_driver import StackDriver
from tests.gestures import turn_wheel


@pytest.fixture
def lab(open_window: OpenWindow) -> StackDriver:
    """The first stack on a still picture."""
    return StackDriver(open_window("--lab", "stack", "--source", "pattern:zone-plate"))


def build(lab: StackDriver, *layers: Layer) -> None:
    """Show other layers."""
    session = lab.window.session
    state = StackState.of(layers, "built", StackInput(size=(48, 64)))
    session.edit(replace(session.document, stack=state), "build")
    lab.until_shown(lambda shown: len(shown.columns) == 1 + len(layers))


def weight_of(lab: StackDriver, place: int) -> FloatArray:
    layer = lab.state.slots[place].layer
    assert isinstance(layer, Conv2d)
    return layer.weight


def type_into(lab: StackDriver, grid: KernelGrid, text: str) -> QLineEdit:
    """Double click the cell in the middle, type, and press Enter."""
    place = grid.cell_rect(1, 1).center().toPoint()
    QTest.mouseClick(grid, LEFT, NO_KEYS, place)
    QTest.mouseDClick(grid, LEFT, NO_KEYS, place)
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    lab.until(editor.isVisible)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    return editor


@pytest.mark.display
def test_a_click_opens_the_detail_and_escape_or_its_button_closes_it(lab: StackDriver) -> None:
    detail = lab.person.find(DetailView, "stack_detail")
    assert not detail.isVisible()
    for close in ("key", "button"):
        lab.click(Unit(4, 3, 30, 40))
        lab.until(detail.isVisible)
        if close == "key":
            lab.person.key(Qt.Key.Key_Escape)
        else:
            lab.person.press("detail_close_button")
        lab.until(lambda: not detail.isVisible())
        assert not lab.viewing.pinned


def test_what_is_said_is_at_once_of_the_map_that_is_shown(
    lab: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = lab.window.labs.of(StackLab)
    title, figures = (lab.person.find(QLabel, f"detail_{name}") for name in ("title", "figures"))
    view = lab.person.find(ImageView, "unit_map_view")
    number = lab.person.find(QSpinBox, "filter_output_spin")
    monkeypatch.setattr(own, "_show_details", lambda: None)  # the numbers' turn never comes
    own._details_due.setInterval(1_000_000)
    for unit, name in ((Unit(1, 2, 5, 5), "1 Conv 5×5"), (Unit(4, 3, 30, 40), "4 Conv 3×3")):
        lab.click(unit)
        lab.until(view.isVisible)
        assert (title.text(), number.value()) == (name, unit.channel)
        shape = lab.look.map.planes.shape[1:] if lab.look.map is not None else ()
        said = figures.text().replace("\N{NO-BREAK SPACE}", " ")
        assert said.startswith(f"8 × {shape[0]} × {shape[1]}")
        lab.press_key(Qt.Key.Key_Escape)


def test_the_frame_of_the_unit_keeps_its_size_when_the_window_changes(lab: StackDriver) -> None:
    view = lab.person.find(ImageView, "unit_map_view")
    lab.click(Unit(1, 2, 5, 5))

    def framed() -> float:
        """Return how wide the frame is on the screen."""
        across = view.cell_center(0, 10).x() - view.cell_center(0, 0).x()
        return view.frames[0].width() * across / 10

    for size in ((1440, 900), (800, 600), (1440, 900)):
        lab.window.resize(*size)
        QApplication.processEvents()
        assert framed() == pytest.approx(UNIT_FRAME, rel=0.1), "before a new result comes"


def test_a_cell_is_typed_right_beside_its_map_and_undone(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    before = weight_of(lab, 3).copy()
    row = lab.person.find(KernelGrid, "filter_grid_2")
    assert row.isVisible(), "each channel has a kernel of its own"
    type_into(lab, row, "0.75")
    expected = before.copy()
    expected[3, 2, 1, 1] = 0.75
    assert np.array_equal(weight_of(lab, 3), expected)
    assert lab.viewing.kernel == (3, 2), "what is edited is chosen"
    lab.settle()
    x, result = lab.shown.column(3), lab.shown.column(4)
    assert x is not None
    assert result is not None
    assert np.allclose(result.maps, lab.state.slots[3].layer.forward(x.maps), atol=1e-5)
    lab.person.undo()
    assert np.array_equal(weight_of(lab, 3), before)


def test_what_is_rejected_is_said_and_hides_no_button(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    before = weight_of(lab, 3)
    type_into(lab, lab.weights, "much")
    bar = lab.person.find(DetailView, "stack_detail").message
    lab.until(bar.isVisible)
    assert weight_of(lab, 3) is before

    def rect(widget: QWidget) -> QRect:
        return widget.rect().translated(widget.mapTo(lab.window, QPoint(0, 0)))

    for name in ("filter_fill_button", "detail_close_button"):
        button = lab.person.find(QToolButton, name)
        assert not rect(bar).intersects(rect(button))
    for row in lab.person.find(IncomingView, "incoming_view").findChildren(KernelGrid):
        assert not row.isVisible() or not rect(bar).intersects(rect(row))


def test_the_value_under_the_mouse_on_the_large_map_is_said(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    view = lab.person.find(ImageView, "unit_map_view")
    lab.until(view.isVisible)
    stack = lab.window.labs.of(StackLab)
    with lab.person.qtbot.waitSignal(stack.value_pointed) as said:
        view.pointed.emit(12, 20)
    value = float(lab.shown.columns[4].maps[3, 12, 20])
    assert said.args == [f"row 12, column 20 = {show_number(value)}"]
    with lab.person.qtbot.waitSignal(stack.value_pointed) as said:
        view.left.emit()
    assert said.args == [""]


def test_many_channels_stand_on_pages(lab: StackDriver) -> None:
    build(lab, Conv2d(3, 64, 3, padding="same"), Conv2d(64, 2, 3, padding="same"))
    lab.click(Unit(2, 1, 20, 30))
    view = lab.person.find(IncomingView, "incoming_view")
    lab.until(lambda: view.isVisible() and len(view.channels) > 1)
    at_once = len(view.channels)
    pages = lab.person.find(QLabel, "incoming_pages")
    assert pages.text() == f"1–{at_once} of 64"
    assert turn_wheel(view, -1)
    assert view.channels == tuple(range(at_once, 2 * at_once))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert pages.text() == f"{2 * at_once + 1}–{3 * at_once} of 64"
    lab.settle()
    found = lab.look.incoming
    assert found is not None
    assert found.channels == view.channels
    lab.person.press("incoming_back_button")
    assert view.channels[0] == at_once


def test_the_channels_that_add_most_come_first_on_request(lab: StackDriver) -> None:
    build(lab, Conv2d(3, 64, 3, padding="same"), Conv2d(64, 2, 3, padding="same"))
    lab.click(Unit(2, 1, 20, 30))
    view = lab.person.find(IncomingView, "incoming_view")
    lab.until(lambda: len(view.channels) > 1)
    lab.person.press("incoming_sort_button")
    detail = lab.look.detail
    assert isinstance(detail, Products)
    order = np.argsort(-np.abs(detail.partials), kind="stable")
    assert view.channels == tuple(order[: len(view.channels)])
    lab.person.press("incoming_sort_button")
    assert view.channels == tuple(range(len(view.channels)))


def test_the_sum_goes_from_channel_to_channel(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    panel = lab.person.find(DetailView, "stack_detail").details.sum.panel
    lab.until(lambda: panel.detail is lab.look.detail)
    assert 0 in panel.channels
    lab.person.press("sum_next_button")
    lab.until(lambda: 0 not in panel.channels)
    assert lab.viewing.kernel[1] in panel.channels
    lab.person.press("sum_back_button")
    lab.until(lambda: 0 in panel.channels)


def test_the_numbers_of_a_normalisation_are_edited_and_kept(
    lab: StackDriver, tmp_path_factory: pytest.TempPathFactory
) -> None:
    build(lab, Conv2d(3, 4, 3, padding="same"), BatchNorm2d(4))
    lab.click(Unit(2, 1, 20, 30))
    before = lab.shown.columns[2].maps
    for name, text in (("running_var", "4"), ("weight", "-2"), ("bias", "0.5")):
        spin = lab.person.find(QDoubleSpinBox, f"channel_{name}_spin")
        lab.until(spin.isVisible)
        spin.setFocus()
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)
    lab.settle()
    x, after = lab.shown.columns[1].maps, lab.shown.columns[2].maps
    assert np.allclose(after[1], x[1] / np.sqrt(4 + 1e-5) * -2 + 0.5, atol=1e-5)
    assert np.array_equal(after[[0, 2, 3]], before[[0, 2, 3]])
    file = tmp_path_factory.mktemp("kept") / "mine.convlab"
    save_project(lab.person.document, file)
    kept = load_project(file).stack.slots[1].layer
    assert isinstance(kept, BatchNorm2d)
    assert (kept.running_var[1], kept.weight[1], kept.bias[1]) == (4, -2, 0.5)
    for _ in range(3):
        lab.person.undo()
    lab.settle()
    assert np.array_equal(lab.shown.columns[2].maps, before)


def test_a_detail_in_little_room_stays_in_sight_and_legible(open_window: OpenWindow) -> None:
    """In the smallest window, with a panel beside it."""
    lab = StackDriver(
        open_window("--lab", "stack", "--source", "pattern:zone-plate", "--size", "800x600")
    )
    build(lab, *[each for _ in range(5) for each in (Conv2d(3, 3, 3, padding=1), BatchNorm2d(3))])
    lab.click(Unit(4, 1, 20, 20))
    dock = lab.person.find(QDockWidget, "stack_input_dock")
    dock.toggleViewAction().trigger()
    lab.until(dock.isVisible)
    lab.settle()
    detail = lab.person.find(DetailView, "stack_detail")
    view = lab.maps.viewport()

    def place_of(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(lab.window, QPoint(0, 0)), widget.size())

    lab.until(lambda: place_of(view).contains(place_of(detail)))
    names = "unit_panel", "unit_formula", "unit_copy_latex_button"
    panel, formula, button = (place_of(lab.person.find(QWidget, name)) for name in names)
    card = place_of(lab.person.find(QWidget, "detail_card"))
    for below in (formula, button):
        assert not panel.intersects(below)
        assert card.contains(below)
    fields = "weight", "bias", "running_mean", "running_var"
    boxes = [place_of(lab.person.find(QWidget, f"channel_{name}_spin")) for name in fields]
    assert all(not one.intersects(other) for one, other in pairwise(boxes))
    assert not boxes[-1].intersects(card)
    title = lab.person.find(QLabel, "detail_title")
    assert title.width() >= title.sizeHint().width()


def test_the_small_map_lies_over_no_layer_while_a_detail_is_open(open_window: OpenWindow) -> None:
    lab = StackDriver(
        open_window("--lab", "stack", "--source", "pattern:zone-plate", "--size", "800x600")
    )
    build(lab, *[Conv2d(16 if n else 3, 16, 3, padding=1) for n in range(14)])
    lab.click(Unit(3, 1, 20, 20))
    mini = lab.person.find(MiniMap, "mini_map")
    lab.until(mini.isVisible)
    bars = [lab.maps.mapFromScene(place.bar).boundingRect() for place in lab.maps._layout.places]
    under = [bar for bar in bars if bar.intersects(QRect(mini.x(), 0, mini.width(), 10_000))]
    assert under
    assert not any(mini.geometry().intersects(bar) for bar in under)
    detail = lab.person.find(DetailView, "stack_detail")
    lab.until(lambda: detail.height() >= lab.maps.viewport().height() - 1)  # as high as ever
