"""The stack lab by mouse and keyboard: rows L1 to L9."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QListView,
    QPushButton,
    QSpinBox,
    QTabBar,
    QWidget,
)

from convlab.document.stack.arithmetic import Choice, Curve, Probabilities, Products
from convlab.document.stack.model import InputSpace, MapRange, Unit
from convlab.document.stack.ready import READY_STACKS
from convlab.engine.display import ScaleCurve
from convlab.io.project import load_project
from convlab.layers import Conv2d, Linear, MaxPool2d, ReLU
from convlab.layers.base import Layer
from convlab.layers.graph import INPUT
from convlab.ui.numbers import show_number
from convlab.ui.stack.incoming_view import IncomingView
from convlab.ui.stack.stack_lab import StackLab
from convlab.ui.stack.stack_table import StackTable
from convlab.ui.stack.unit_panel import UnitPanel
from convlab.ui.stack.weight_matrix_view import WeightMatrixView
from convlab.ui.widgets.image_view import ImageView
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver
from tests.e2e.stack_driver import StackDriver
from tests.learn.chains import chain_gradient

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def lab(open_window: OpenWindow) -> StackDriver:
    """The first stack on a still picture: conv, ReLU, pool, conv, ReLU, pool."""
    return StackDriver(open_window("--lab", "stack", "--source", "pattern:zone-plate"))


def conv(layer: Layer) -> Conv2d:
    assert isinstance(layer, Conv2d)
    return layer


def kinds(lab: StackDriver) -> list[str]:
    return [slot.layer.kind for slot in lab.state.slots]


# ---- L1: the builder ----


def test_a_layer_is_added_behind_the_chosen_one_and_fits_there(lab: StackDriver) -> None:
    lab.choose_layer(3)
    lab.add("Convolution")
    assert kinds(lab)[:4] == ["conv2d", "relu", "max_pool2d", "conv2d"]
    added = conv(lab.state.slots[3].layer)
    assert added.in_channels == 8
    lab.settle()
    assert lab.shown.error is None
    assert lab.viewing.chosen == lab.state.slots[3].uid, "it is chosen, ready to be changed"
    lab.person.undo()
    assert len(lab.state.slots) == 6


@pytest.mark.display
def test_layers_are_dragged_to_another_place(lab: StackDriver) -> None:
    lab.choose_layer(3)
    lab.drop_on(0, below=False)
    assert [slot.uid for slot in lab.state.slots] == [3, 1, 2, 4, 5, 6]
    lab.drop_on(5, below=True)
    assert [slot.uid for slot in lab.state.slots] == [1, 2, 4, 5, 6, 3]
    lab.person.undo()
    lab.person.undo()
    assert [slot.uid for slot in lab.state.slots] == [1, 2, 3, 4, 5, 6]


@pytest.mark.display
def test_keys_move_duplicate_switch_and_remove(lab: StackDriver) -> None:
    lab.choose_layer(2)
    lab.list_key(Qt.Key.Key_Down, ALT)
    assert [slot.uid for slot in lab.state.slots] == [1, 3, 2, 4, 5, 6]
    lab.list_key(Qt.Key.Key_Return)
    assert [slot.is_on for slot in lab.state.slots] == [True, True, False, True, True, True]
    lab.list_key(Qt.Key.Key_D, CONTROL)
    assert kinds(lab)[:4] == ["conv2d", "max_pool2d", "relu", "relu"]
    assert lab.viewing.chosen == 7, "the copy"
    lab.list_key(Qt.Key.Key_Delete)
    assert [slot.uid for slot in lab.state.slots] == [1, 3, 2, 4, 5, 6]
    assert lab.viewing.chosen == 4, "its neighbour"
    for _ in range(4):
        lab.person.undo()
    assert [slot.uid for slot in lab.state.slots] == [1, 2, 3, 4, 5, 6]


def test_a_layer_is_switched_off_by_its_switch(lab: StackDriver) -> None:
    QTest.mouseClick(lab.person.find(QCheckBox, "layer_2_switch"), LEFT)
    lab.settle()
    assert [column.uid for column in lab.shown.columns] == [INPUT, 1, 3, 4, 5, 6]


def test_buttons_duplicate_and_remove(lab: StackDriver) -> None:
    lab.choose_layer(1)
    lab.person.press("duplicate_layer_button")
    assert kinds(lab)[:2] == ["conv2d", "conv2d"]
    lab.choose_layer(6)
    lab.person.press("remove_layer_button")
    assert len(lab.state.slots) == 6


def test_what_does_not_fit_is_said_at_the_layer_and_fixed_there(lab: StackDriver) -> None:
    before = lab.shown.column(5)
    assert before is not None
    lab.choose_layer(1)
    lab.person.set_spin("param_out_channels_spin", 6)
    lab.until_shown(lambda shown: shown.error is not None)
    error = lab.person.find(QLabel, "layer_4_error")
    assert "6 channels" in error.text()
    kept = lab.maps._columns[5].shown
    assert kept is not None
    assert kept.maps is before.maps, "the last good maps stay"
    remedy = lab.person.find(QPushButton, "remedy_0_button")
    assert remedy.text() == "Take 6 input channels"
    QTest.mouseClick(remedy, LEFT)
    lab.until_shown(lambda shown: shown.error is None)
    assert conv(lab.state.slots[3].layer).in_channels == 6


def test_the_whole_stack_is_counted(lab: StackDriver) -> None:
    totals = lab.person.find(QLabel, "stack_totals")
    # 608 + 584 parameters; 4·(3·76,800 + 2·8·76,800 + 3·8·19,200 + 8·4,800) bytes.
    lab.until(lambda: totals.accessibleDescription().startswith("1,192 param."))
    assert totals.accessibleDescription().endswith("maps 7.5 MB")
    lab.window.resize(1440, 900)
    lab.until(lambda: totals.text() == totals.accessibleDescription())


def test_parameters_are_changed_in_the_form(lab: StackDriver) -> None:
    lab.choose_layer(1)
    lab.person.set_spin("param_kernel_size_rows_spin", 3)
    lab.person.choose("param_padding_combo", "valid (none)")
    lab.settle()
    assert conv(lab.state.slots[0].layer).weight.shape == (8, 3, 3, 5)
    assert lab.shown.columns[1].shape == (8, 238, 316)


def test_the_input_can_be_grey_and_of_any_size(lab: StackDriver) -> None:
    lab.person.choose("input_space_combo", "Grey")
    assert lab.state.input.space is InputSpace.GREY
    size = lab.person.find(QComboBox, "input_size_combo")
    line = size.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, "100 x 50")
    QTest.keyClick(line, Qt.Key.Key_Return)
    lab.until(lambda: lab.shown.picture.shape == (1, 50, 100))
    line.selectAll()
    QTest.keyClicks(line, "large")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "640 × 480" in lab.window.labs.of(StackLab).head.message.text
    assert lab.state.input.size == (50, 100)


# ---- L2: live maps ----


@pytest.mark.display
def test_every_map_follows_the_moving_picture(open_window: OpenWindow) -> None:
    lab = StackDriver(open_window("--lab", "stack", "--source", "pattern:drift"))
    pump = lab.window.pump
    frames, maps = pump.frames_shown, lab.shown.columns[-1].maps
    lab.until(lambda: pump.frames_shown > frames + 10)
    assert not np.array_equal(lab.shown.columns[-1].maps, maps)
    # Each is shown or counted; the one that is being painted is neither yet.
    lab.until(lambda: lab.shown.job.frame.index + 1 == pump.frames_shown + pump.frames_dropped)
    status = lab.person.find(QLabel, "status_timing")
    lab.until(lambda: status.text().startswith("6 layers "))


@pytest.mark.display
def test_the_maps_are_painted_in_the_colours_of_their_values(lab: StackDriver) -> None:
    lab.maps.fit()
    column = lab.shown.column(1)
    assert column is not None
    assert column.tiles is not None
    picture = lab.maps.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    screen = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1, 4)
    for number in (0, 5):
        first, last = (lab.maps.unit_center(Unit(1, number, *at)) for at in ((0, 0), (239, 319)))
        seen = screen[first.y() + 2 : last.y() - 2, first.x() + 2 : last.x() - 2]
        tile = column.tiles[number]
        edge = round(2 * len(tile) / (last.y() - first.y()))  # as wide as what is cut off above
        expected = tile[edge:-edge, edge:-edge].reshape(-1, 4).mean(axis=0)
        assert np.allclose(seen.reshape(-1, 4).mean(axis=0), expected, atol=3)


def test_the_range_can_be_of_each_map_or_fixed(lab: StackDriver) -> None:
    lab.person.choose("map_range_combo", "fixed")
    assert lab.state.colors.range is MapRange.FIXED
    limit = lab.person.find(QDoubleSpinBox, "map_limit_spin")
    assert limit.isVisible()
    limit.setFocus()
    limit.selectAll()
    QTest.keyClicks(limit, "2.5")
    QTest.keyClick(limit, Qt.Key.Key_Return)
    lab.settle()
    assert {scale.high for scale in lab.shown.columns[1].scales} == {2.5}
    lab.person.choose("map_range_combo", "per map")
    lab.settle()
    assert len({scale.high for scale in lab.shown.columns[4].scales}) > 1


def test_the_full_range_and_the_linear_scale_are_one_click_away(lab: StackDriver) -> None:
    first = lab.shown.columns[1].scales[0]
    assert first.curve is ScaleCurve.ROOT
    lab.person.choose("map_curve_combo", "linear")
    lab.person.press("map_is_full_check")
    lab.until(lambda: lab.shown.columns[1].scales[0].high > first.high)
    full = lab.shown.columns[1]
    assert full.scales[0].curve is ScaleCurve.LINEAR
    assert full.scales[0].high >= np.abs(full.maps).max()


def test_ranges_hold_while_a_weight_is_dragged_and_follow_then(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    scale = lab.shown.columns[4].scales[0]
    start = lab.weights.cell_rect(1, 1).center().toPoint()
    QTest.mousePress(lab.weights, LEFT, NO_KEYS, start)
    for moved in range(20, 901, 20):
        QTest.mouseMove(lab.weights, start + QPoint(moved, 0))
        assert lab.window.session.is_held
    QTest.mouseRelease(lab.weights, LEFT, NO_KEYS, start + QPoint(900, 0))
    assert not lab.window.session.is_held
    lab.until(lambda: lab.shown.columns[4].scales[0].high > 1.5 * scale.high)


def test_layers_out_of_sight_are_not_painted(lab: StackDriver) -> None:
    for _ in range(12):
        lab.press_key(Qt.Key.Key_Plus)
    lab.settle()
    assert len(lab.maps.in_sight) < 7
    lab.press_key(Qt.Key.Key_Home)
    assert len(lab.maps.in_sight) == 7


@pytest.mark.display
def test_dragging_pans_and_a_double_click_fits(lab: StackDriver) -> None:
    for _ in range(10):
        lab.press_key(Qt.Key.Key_Plus)
    before = lab.maps.unit_center(Unit(1, 0, 0, 0))
    lab.drag_maps(QPoint(300, 200), QPoint(-60, 0))
    assert lab.maps.unit_center(Unit(1, 0, 0, 0)).x() - before.x() == pytest.approx(-60, abs=2)
    assert lab.viewing.unit is None or not lab.viewing.pinned, "a pan pins nothing"
    QTest.mouseDClick(lab.maps.viewport(), LEFT, NO_KEYS, QPoint(20, 20))
    assert len(lab.maps.in_sight) == 7


# ---- L3: filters ----


def test_a_click_on_a_map_shows_its_kernel_and_a_drag_changes_it(lab: StackDriver) -> None:
    first = lab.state
    lab.click(Unit(4, 3, 30, 40))
    before = conv(first.slots[3].layer).weight[3, 0, 1, 1]
    lab.drag_weight(1, 1, 50)
    weight = conv(lab.state.slots[3].layer).weight
    step = weight[3, 0, 1, 1] - before
    largest = np.abs(conv(first.slots[3].layer).weight[3, 0]).max()
    assert 0.2 * largest < step < 5 * largest, "a drag suits the size of the weights"
    lab.settle()
    x = lab.shown.column(3)
    result = lab.shown.column(4)
    assert x is not None
    assert result is not None
    assert np.allclose(result.maps, lab.state.slots[3].layer.forward(x.maps), atol=1e-5)
    lab.person.undo()
    assert conv(lab.state.slots[3].layer).weight[3, 0, 1, 1] == before, "one drag is one step"


def test_the_kernel_of_each_channel_can_be_chosen(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    lab.person.set_spin("filter_input_spin", 5)
    weight = conv(lab.state.slots[3].layer).weight
    assert lab.weights._weights[0][0] == pytest.approx(float(weight[3, 5, 0, 0]))
    view = lab.person.find(IncomingView, "incoming_view")
    QTest.mouseClick(view, LEFT, NO_KEYS, view.tile_of(2).center().toPoint())
    assert lab.viewing.kernel == (3, 2)
    lab.person.set_spin("filter_output_spin", 6)
    lab.settle()
    assert lab.look.unit.channel == 6, "the selected map follows"


def test_a_kernel_takes_a_preset_and_a_layer_a_bank(lab: StackDriver) -> None:
    lab.click_card(4)
    lab.person.choose("filter_fill_button", "Sobel vertical")
    weight = conv(lab.state.slots[3].layer).weight
    assert weight[0, 0].tolist() == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    lab.person.choose("filter_fill_button", "Zeros")
    assert not conv(lab.state.slots[3].layer).weight.any()
    lab.settle()
    assert not lab.shown.columns[4].maps.any()


def test_the_weights_of_a_dense_unit_stand_as_maps_and_are_edited_one_by_one(
    lab: StackDriver,
) -> None:
    choose_stack(lab, "TinyVGG shape")
    flatten, linear, _ = lab.state.slots[-3:]
    channels, rows, columns = lab.shown.summaries[-4].shape
    lab.click(Unit(linear.uid, 4))
    view = lab.person.find(IncomingView, "incoming_view")
    lab.until(lambda: view.kernel_size == (rows, columns))
    assert view.pages.every == tuple(range(channels))
    assert flatten.layer.kind == "flatten"
    lab.person.set_spin("filter_input_spin", 1)
    before = lab.look.value
    lab.drag_weight(2, 3, 50)
    layer = lab.state.slots[-2].layer
    assert isinstance(layer, Linear)
    assert isinstance(linear.layer, Linear)
    changed = np.argwhere(layer.weight != linear.layer.weight)
    index = (1 * rows + 2) * columns + 3
    assert changed.tolist() == [[4, index]]
    lab.settle()
    flat = lab.shown.columns[-3]
    step = float(layer.weight[4, index] - linear.layer.weight[4, index])
    assert lab.look.value - before == pytest.approx(
        step * flat.value(Unit(flat.uid, index)), abs=1e-4
    )
    lab.person.choose("filter_fill_button", "Zeros")
    lab.settle()
    assert layer.offsets is not None
    assert lab.look.value == pytest.approx(float(layer.offsets[4]))


def test_the_bias_moves_the_whole_map(lab: StackDriver) -> None:
    lab.click(Unit(1, 0, 10, 10))
    before = lab.shown.columns[1].maps[0]
    bias = lab.person.find(QDoubleSpinBox, "filter_bias_spin")
    bias.setFocus()
    bias.selectAll()
    QTest.keyClicks(bias, "0.5")
    QTest.keyClick(bias, Qt.Key.Key_Return)
    lab.settle()
    assert np.allclose(lab.shown.columns[1].maps[0], before + 0.5, atol=1e-5)


def test_weights_come_from_a_file_or_are_rejected(
    lab: StackDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = tmp_path / "weights.npy", tmp_path / "other.npy"
    weights = np.random.default_rng(1).standard_normal((8, 3, 5, 5)).astype(np.float32)
    np.save(good, weights)
    np.save(bad, weights[:3])
    lab.click_card(1)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(good), ""))
    lab.person.choose("filter_fill_button", "From a file…")
    lab.until(lambda: np.array_equal(conv(lab.state.slots[0].layer).weight, weights))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bad), ""))
    lab.person.choose("filter_fill_button", "From a file…")
    message = lab.window.labs.of(StackLab).detail.message
    lab.until(lambda: "(3, 3, 5, 5)" in message.text)
    assert np.array_equal(conv(lab.state.slots[0].layer).weight, weights), "nothing is lost"


def test_a_convolution_that_is_off_is_not_behind_a_map(lab: StackDriver) -> None:
    QTest.mouseClick(lab.person.find(QCheckBox, "layer_4_switch"), LEFT)
    lab.click_card(5)
    assert lab.window.labs.of(StackLab).filter_uid == 1


# ---- L4 and L5: the sum of any unit ----


def test_pointing_at_a_map_says_its_value_and_leaving_is_silent(lab: StackDriver) -> None:
    value = lab.person.find(QLabel, "status_value")
    lab.point(Unit(4, 2, 50, 60))
    number = show_number(lab.look.value)
    lab.until(lambda: value.text() == f"4 Convolution, map 2 (50, 60) = {number}")
    assert lab.maps._drawn._items, "its receptive field is framed"
    detail = lab.person.find(QWidget, "stack_detail")
    assert not detail.isVisible(), "only a click opens it"
    QTest.mouseMove(lab.maps.viewport(), QPoint(3, 3))
    lab.until(lambda: not value.text())
    assert not lab.maps._drawn._items


def test_a_click_on_a_map_shows_its_sum(lab: StackDriver) -> None:
    panel = lab.person.find(UnitPanel, "unit_panel")
    lab.click(Unit(1, 2, 50, 60))
    lab.until(lambda: panel.detail is lab.look.detail)
    assert isinstance(panel.detail, Products)
    assert float(panel.detail.result) == pytest.approx(
        float(panel.detail.products.sum()) + (panel.detail.bias or 0.0), abs=1e-5
    )


def test_each_layer_has_its_own_arithmetic(lab: StackDriver) -> None:
    lab.click(Unit(2, 1, 20, 20))
    curve = lab.look.detail
    assert isinstance(curve, Curve)
    assert curve.result == max(curve.x, 0.0)
    lab.click(Unit(3, 1, 20, 20))
    choice = lab.look.detail
    assert isinstance(choice, Choice)
    assert choice.result == choice.largest == choice.values.max()
    assert choice.mean == pytest.approx(float(choice.values.mean()))


def test_softmax_is_shown_term_by_term(open_window: OpenWindow) -> None:
    lab = StackDriver(open_window("--lab", "stack", "--source", "pattern:zone-plate"))
    choose_stack(lab, "TinyVGG shape")
    last = lab.state.slots[-1].uid
    lab.click(Unit(last, 4))
    probabilities = lab.look.detail
    assert isinstance(probabilities, Probabilities)
    assert probabilities.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert probabilities.result == pytest.approx(
        float(probabilities.powers[4] / probabilities.total)
    )


def test_the_receptive_field_is_framed_on_the_input(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    lab.show_tab("Path")
    view = lab.person.find(ImageView, "unit_input_view")
    box = lab.look.boxes[INPUT]
    assert box is not None
    # Two 3x3 over a 2x2 pool over 5x5: 5 + 1 + 2 * 2 = 10 pixels.
    assert (box.rows.length, box.columns.length) == (10, 10)
    lab.until(lambda: len(view.frames) == 1)
    frame = view.frames[0]
    assert (frame.width(), frame.height()) == (10, 10)
    assert (frame.y(), frame.x()) == (box.rows.first, box.columns.first)


def test_a_map_is_shown_channel_by_channel(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    found = lab.look.incoming
    assert found is not None
    assert found.values is not None
    assert found.every == tuple(range(8))
    result = lab.shown.columns[4].maps[3]
    offsets = conv(lab.state.slots[3].layer).offsets
    assert offsets is not None
    if len(found.channels) == 8:
        assert np.allclose(found.values.sum(axis=0) + offsets[3], result, atol=1e-4)
    lab.click(Unit(2, 3, 30, 40))
    assert lab.look.incoming is not None
    assert lab.look.incoming.channels == (3,)
    assert lab.look.incoming.values is None


@pytest.mark.display
def test_arrow_keys_move_the_unit_and_escape_lets_it_go(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    start = lab.look.unit
    lab.press_key(Qt.Key.Key_Right)
    lab.press_key(Qt.Key.Key_Down)
    assert lab.look.unit == Unit(4, 3, start.row + 1, start.column + 1)
    lab.person.key(Qt.Key.Key_Escape)
    lab.settle()
    assert not lab.viewing.pinned
    assert lab.shown.look is None


@pytest.mark.display
def test_units_are_reached_by_the_keyboard_alone(lab: StackDriver) -> None:
    lab.choose_layer(4)
    lab.press_key(Qt.Key.Key_Down)
    assert lab.look.unit == Unit(4, 0, 60, 80)
    lab.press_key(Qt.Key.Key_PageDown)
    lab.press_key(Qt.Key.Key_PageDown)
    lab.press_key(Qt.Key.Key_PageUp)
    lab.press_key(Qt.Key.Key_Left)
    assert lab.look.unit == Unit(4, 1, 60, 79)


def test_clicking_the_selected_map_again_lets_it_go(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    unit = lab.viewing.unit
    assert unit is not None
    lab.click(unit)
    assert not lab.viewing.pinned


def test_a_click_in_the_map_in_full_chooses_another_unit(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    lab.show_tab("Path")
    view = lab.person.find(ImageView, "unit_map_view")
    lab.until(lambda: view.isVisible())
    lab.person.click(view, 12, 20)
    lab.settle()
    assert lab.look.unit == Unit(4, 3, 12, 20)


# ---- L6: the shift test ----


def test_a_shift_moves_convolution_along_and_measures_it(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    lab.show_tab("Shift")
    lab.person.set_spin("shift_rows_spin", 2)
    lab.person.set_spin("shift_columns_spin", 4)
    lab.settle()
    assert lab.shown.shifts is not None
    assert lab.shown.shifts[0].error == pytest.approx(0, abs=1e-5)
    sentence = lab.person.find(QLabel, "shift_sentence")
    lab.until(lambda: "moved along exactly" in sentence.text())


def test_the_picture_itself_can_be_dragged(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    lab.show_tab("Shift")
    before = lab.shown.picture.maps
    lab.drag_maps(lab.maps.unit_center(Unit(INPUT, 0, 100, 100)), QPoint(20, 0))
    lab.settle()
    rows, columns = lab.viewing.shift
    assert rows == 0
    assert columns > 20, "more pixels of the picture than of the screen: it is shown small"
    assert np.array_equal(lab.shown.picture.maps, np.roll(before, columns, axis=2))
    lab.show_tab("Sum")
    assert lab.viewing.shift == (0, 0), "it goes back where it was"


# ---- L7 and L8: the matrix and the table ----


def test_the_weights_stand_in_a_matrix(lab: StackDriver) -> None:
    lab.click(Unit(4, 0, 30, 40))
    lab.show_tab("Matrix")
    view = lab.person.find(WeightMatrixView, "weight_matrix_view")
    caption = lab.person.find(QLabel, "matrix_caption")
    lab.until(lambda: "different weights" in caption.text())
    assert view.isVisible()
    weight = conv(lab.state.slots[3].layer).weight[0, 0]
    present = {float(value) for value in weight.ravel()}
    matrix = view.grid._matrix
    assert matrix is not None
    assert present <= {*map(float, matrix.values.ravel())}


def test_the_matrix_is_that_of_a_kernel_that_is_there(lab: StackDriver) -> None:
    lab.click(Unit(4, 7, 30, 40))
    lab.show_tab("Matrix")
    title = lab.person.find(QLabel, "matrix_title")
    lab.until(lambda: "map 7" in title.text())
    lab.choose_layer(4)
    assert lab.viewing.pinned, "its form stands beside the detail"
    lab.person.set_spin("param_out_channels_spin", 4)
    lab.until(lambda: "map 3" in title.text())
    lab.person.set_spin("param_groups_spin", 4)
    lab.until(lambda: "map 3, channel 6" in title.text())
    for uid in (1, 4):
        lab.choose_layer(uid)
        lab.list_key(Qt.Key.Key_Delete)
    lab.settle()
    lab.open_detail()
    view = lab.person.find(WeightMatrixView, "weight_matrix_view")
    lab.until(lambda: view.grid._matrix is None)


def test_the_table_has_the_numbers_of_the_texts(lab: StackDriver) -> None:
    choose_stack(lab, "32×32×3 to 28×28×6")
    lab.click(Unit(lab.state.slots[0].uid, 0, 5, 5))
    lab.show_tab("Table")
    table = lab.person.find(StackTable, "stack_table")
    lab.until(lambda: table.row == 0)
    assert lab.person.find(QLabel, "parameter_sum").text().count("5·5·3·6 + 6 = 456") == 1
    words = lab.person.find(QWidget, "parameter_bars").accessibleDescription()
    assert "14,450,688" in words


# ---- L9: the gradient ----


def test_the_gradient_of_the_unit_is_shown(lab: StackDriver) -> None:
    lab.click(Unit(4, 3, 30, 40))
    lab.person.press("gradient_button")
    lab.until_shown(lambda shown: shown.look is not None and shown.look.gradient is not None)
    gradient = lab.look.gradient
    assert gradient is not None
    layers = [slot.layer for slot in lab.state.slots[:4]]
    maps = [column.maps for column in lab.shown.columns[:5]]
    place = (3, lab.look.unit.row, lab.look.unit.column)
    expected = chain_gradient(layers, maps[0], maps[1:], place).full(maps[0].shape).sum(axis=0)
    assert np.allclose(gradient.planes[0], expected, atol=1e-5)
    view = lab.person.find(ImageView, "unit_gradient_view")
    lab.until(view.isVisible)


# ---- stacks and projects ----


def choose_stack(lab: StackDriver, name: str) -> None:
    before = lab.state
    lab.person.choose("stack_combo", name)
    lab.until(lambda: lab.state is not before)
    lab.until_shown(lambda shown: len(shown.columns) == 1 + len(lab.state.active))


def test_each_ready_stack_opens_and_undo_brings_the_old_one_back(lab: StackDriver) -> None:
    first = lab.state
    names = [ready.title for ready in READY_STACKS]
    assert len(names) == 12
    for name in names:
        choose_stack(lab, name)
        assert lab.shown.error is None
    for _ in names:
        lab.person.undo()
    assert lab.state == first


def test_the_stack_is_named_and_a_name_too_long_is_rejected(lab: StackDriver) -> None:
    combo = lab.person.find(QComboBox, "stack_combo")
    line = combo.lineEdit()
    assert line is not None
    before = lab.state.title
    QTest.mouseClick(line, LEFT)
    view = lab.person.find(QListView, "stack_combo_list")
    assert view.isVisible(), "a click anywhere opens the list"
    lab.person.choose_listed("stack_combo", "Rename")
    lab.until(combo.hasFocus)
    assert line.selectedText() == before

    def name(text: str) -> None:
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    name("Edges of  my desk")
    lab.until(lambda: lab.state.title == "Edges of my desk")
    name("x" * 200)
    message = lab.person.find(QLabel, "stack_message")
    lab.until(message.isVisible)
    assert "200 characters" in message.text()
    assert lab.state.title == line.text() == "Edges of my desk"
    lab.person.undo()
    assert lab.state.title == line.text() == before


def test_a_project_is_saved_and_opened_again(
    lab: StackDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.convlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    lab.choose_layer(2)
    lab.list_key(Qt.Key.Key_Delete)
    lab.person.key(Qt.Key.Key_S, CONTROL)
    lab.until(lambda: lab.window.windowTitle().startswith("mine.convlab"))
    assert [slot.uid for slot in load_project(file).stack.slots] == [1, 3, 4, 5, 6]
    lab.person.undo()
    assert lab.window.isWindowModified()
    lab.person.drop_file(file)
    lab.until(lambda: [slot.uid for slot in lab.state.slots] == [1, 3, 4, 5, 6])
    assert not lab.window.isWindowModified()


def test_a_broken_project_is_rejected_and_nothing_is_lost(lab: StackDriver, tmp_path: Path) -> None:
    before = lab.person.document
    file = tmp_path / "broken.convlab"
    file.write_bytes(b"PK not really")
    lab.person.drop_file(file)
    lab.until(lambda: "broken.convlab" in lab.window.message.text)
    assert lab.person.document is before


def test_a_project_is_opened_from_the_command_line(
    open_window: OpenWindow, tmp_path: Path, lab: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.convlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    lab.choose_layer(6)
    lab.list_key(Qt.Key.Key_Delete)
    lab.person.key(Qt.Key.Key_S, CONTROL)
    lab.until(file.exists)
    other = StackDriver(open_window(str(file), "--lab", "stack"))
    other.until(lambda: [slot.uid for slot in other.state.slots] == [1, 2, 3, 4, 5])
    other.until(lambda: other.person.document.source == lab.person.document.source)
    assert not other.window.isWindowModified(), "what came with the project is no edit"


# ---- what cannot be ----


def test_too_many_maps_are_rejected_with_the_figure_and_a_size_that_fits(lab: StackDriver) -> None:
    lab.choose_layer(1)
    lab.person.set_spin("param_out_channels_spin", 256)
    line = lab.person.find(QComboBox, "input_size_combo").lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, "1024 x 1024")
    QTest.keyClick(line, Qt.Key.Key_Return)
    lab.until_shown(lambda shown: shown.error is not None)
    error = lab.person.find(QLabel, "layer_1_error")
    assert "GB" in error.text()
    assert "choose an input of" in error.text()
    lab.person.undo()
    lab.until_shown(lambda shown: shown.error is None or "GB" not in shown.error.message)


@pytest.mark.display
def test_labs_change_by_tab_and_key_and_only_one_is_computed(step: Driver) -> None:
    tabs = step.find(QTabBar, "lab_tabs")
    QTest.mouseClick(tabs, LEFT, NO_KEYS, tabs.tabRect(1).center())
    lab = StackDriver(step)
    assert lab.maps.isVisible()
    lab.maps.setFocus()
    step.key(Qt.Key.Key_1)
    step.until(lambda: not lab.maps.isVisible())
    assert tabs.currentIndex() == 0
    step.choose("preset_combo", "Sobel vertical")
    step.until(lambda: step.shown.job.state.weights[1][0] == 2.0)


@pytest.mark.parametrize("kind", ["max_pool2d", "relu"])
def test_a_stack_without_convolutions_works_as_well(lab: StackDriver, kind: str) -> None:
    for uid in (1, 2, 3, 4, 5, 6):
        slot = lab.state.slot(uid)
        assert slot is not None
        if slot.layer.kind != kind:
            lab.choose_layer(uid)
            lab.list_key(Qt.Key.Key_Delete)
    lab.settle()
    assert {type(slot.layer) for slot in lab.state.slots} <= {ReLU, MaxPool2d}
    lab.click(Unit(lab.state.slots[0].uid, 1, 3, 3))
    assert lab.window.labs.of(StackLab).filter_uid is None


def test_an_empty_stack_shows_the_picture_only(lab: StackDriver) -> None:
    for uid in (1, 2, 3, 4, 5, 6):
        lab.choose_layer(uid)
        lab.list_key(Qt.Key.Key_Delete)
    lab.settle()
    assert [column.uid for column in lab.shown.columns] == [INPUT]
    lab.add("Convolution")
    lab.until_shown(lambda shown: len(shown.columns) == 2)
    spin = lab.person.find(QSpinBox, "param_in_channels_spin")
    assert spin.value() == 3
