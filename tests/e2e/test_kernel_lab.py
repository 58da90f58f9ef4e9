"""The kernel lab by mouse and keyboard: presets, cells, undo, the sum, geometry, channels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QPushButton, QTabWidget

from convlab.document.kernel.model import Combine
from convlab.document.kernel.panels import figures
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode, Scale, ScaleCurve
from convlab.paths import resource
from convlab.ui.kernel.line_plot import LinePlot
from convlab.ui.kernel.size_formula import SizeFormula
from convlab.ui.kernel.sum_panel import SumPanel
from convlab.ui.widgets.color_bar import ColorBar
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver

STEP_ROWS = [[0.0, 30.0, 30.0, 0.0]] * 4


@pytest.mark.display
def test_vertical_edge_on_the_step_gives_0_30_30_0(step: Driver) -> None:
    step.choose("preset_combo", "Vertical edge")
    step.choose("padding_combo", "valid (none)")
    step.until_result(STEP_ROWS)


def test_a_preset_is_taken_undone_and_redone(step: Driver) -> None:
    before = step.document.kernel
    step.choose("preset_combo", "Sobel horizontal")
    taken = step.document.kernel
    assert taken.weights == ((1, 2, 1), (0, 0, 0), (-1, -2, -1))
    step.undo()
    assert step.document.kernel == before
    step.redo()
    assert step.document.kernel == taken


@pytest.mark.display
def test_dragging_a_cell_changes_the_picture_and_is_one_step_of_undo(step: Driver) -> None:
    step.choose("preset_combo", "Sobel vertical")
    before = step.document.kernel
    step.drag_cell(1, 1, 50)
    assert step.document.kernel.weights[1][1] == pytest.approx(1.0)
    step.until(lambda: step.result[0, 1] == pytest.approx(10.0))
    step.undo()
    assert step.document.kernel == before


def test_the_wheel_changes_the_cell_under_the_mouse(step: Driver) -> None:
    step.turn_wheel(0, 1, 3)
    assert step.document.kernel.weights[0][1] == pytest.approx(0.3)


@pytest.mark.display
def test_fractions_are_typed_and_enter_moves_on(step: Driver) -> None:
    step.select_cell(0, 0)
    QTest.keyClicks(step.grid, "1")
    editor = step.find(QLineEdit, "kernel_cell_editor")
    QTest.keyClicks(editor, "/9")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert step.document.kernel.weights[0][0] == np.float32(1 / 9)
    assert step.grid.selected == (0, 1)


def test_words_in_a_cell_are_rejected_in_one_message_and_nothing_is_lost(step: Driver) -> None:
    before = step.document.kernel
    step.select_cell(1, 1)
    QTest.keyClick(step.grid, Qt.Key.Key_Return)
    editor = step.find(QLineEdit, "kernel_cell_editor")
    editor.selectAll()
    QTest.keyClicks(editor, "strong")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    message = step.find(QLabel, "kernel_message")
    assert message.isVisible()
    assert "strong" in message.text()
    assert step.document.kernel == before
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not message.isVisible()


@pytest.mark.display
def test_arrows_move_and_alt_arrows_change(step: Driver) -> None:
    step.select_cell(0, 0)
    QTest.keyClick(step.grid, Qt.Key.Key_Right)
    QTest.keyClick(step.grid, Qt.Key.Key_Down)
    assert step.grid.selected == (1, 1)
    QTest.keyClick(step.grid, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert step.document.kernel.weights[1][1] == pytest.approx(0.1)


@pytest.mark.display
@pytest.mark.parametrize(
    "text",
    [
        "np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])",
        "[0 -1 0; -1 5 -1; 0 -1 0]",
        "0,-1,0\n-1,5,-1\n0,-1,0",
        "0\t-1\t0\n-1\t5\t-1\n0\t-1\t0",
    ],
)
def test_a_kernel_is_pasted_as_text(step: Driver, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    step.grid.setFocus()
    QTest.keyClick(step.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert step.document.kernel.weights == ((0, -1, 0), (-1, 5, -1), (0, -1, 0))


@pytest.mark.display
def test_pasted_nonsense_is_rejected_where_it_was_pasted(step: Driver) -> None:
    before = step.document
    QGuiApplication.clipboard().setText("convolution is mixing\nby a recipe")
    QTest.keyClick(step.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert step.find(QLabel, "kernel_message").isVisible()
    assert step.document == before


@pytest.mark.display
def test_what_is_copied_can_be_pasted_back(step: Driver) -> None:
    kernel = step.document.kernel
    QTest.keyClick(step.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    step.choose("preset_combo", "Identity")
    QTest.keyClick(step.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert step.document.kernel == kernel


def test_resizing_keeps_the_values_around_the_anchor(step: Driver) -> None:
    step.set_spin("rows_spin", 5)
    step.set_spin("columns_spin", 4)
    weights = np.array(step.document.kernel.weights)
    assert weights.shape == (5, 4)
    assert weights[1:4, 0:3].tolist() == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    step.until(lambda: step.result.shape == (6, 6))


def test_a_kernel_larger_than_the_picture_is_said_and_the_picture_stays(step: Driver) -> None:
    step.choose("padding_combo", "valid (none)")
    step.until(lambda: step.result.shape == (4, 4))
    step.set_spin("rows_spin", 31)
    message = step.find(QLabel, "output_message")
    step.until(message.isVisible)
    assert "31" in message.text()
    assert step.result.shape == (4, 4)
    step.choose("padding_combo", "same size")
    step.until(lambda: step.result.shape == (6, 6))
    assert not message.isVisible()


def test_the_selected_weight_is_written_even_for_large_kernels(step: Driver) -> None:
    step.set_spin("rows_spin", 31)
    step.set_spin("columns_spin", 31)
    step.select_cell(15, 14)
    assert step.find(QLabel, "selected_weight").text() == "w[15, 14] = 2"
    QTest.keyClick(step.grid, Qt.Key.Key_PageUp)
    assert step.find(QLabel, "selected_weight").text() == "w[15, 14] = 3"


def test_turning_the_kernel_by_its_button(step: Driver) -> None:
    step.press("rotate_button")
    assert step.document.kernel.weights == ((-1, -2, -1), (0, 0, 0), (1, 2, 1))


def test_figures_of_the_kernel(step: Driver) -> None:
    figures = step.find(QLabel, "kernel_figures").text()
    assert figures.split() == ["sum", "0", "gain", "8", "rank", "1"]


def test_pointing_at_an_output_pixel_shows_its_sum(step: Driver) -> None:
    panel = step.find(SumPanel, "sum_panel")
    step.point(step.output, 2, 2)
    step.until(lambda: panel.place == (2, 2))
    (sum_,) = step.shown.sums
    assert sum_.products.sum() == step.result[2, 2] == 40
    assert panel.lines == [
        "output (2, 2) = 10×1 + 10×0 + 0×(−1) + 10×2 + 10×0 + 0×(−2) + 10×1 + 10×0 + 0×(−1) = 40"
    ]
    (frame,) = step.input.frames
    assert (frame.x(), frame.y(), frame.width(), frame.height()) == (1, 1, 3, 3)
    (cell,) = step.output.frames
    assert (cell.x(), cell.y()) == (2, 2)


def test_pointing_at_the_input_shows_the_sum_over_that_pixel(step: Driver) -> None:
    panel = step.find(SumPanel, "sum_panel")
    step.point(step.input, 4, 3)
    step.until(lambda: panel.place == (4, 3))


@pytest.mark.display
def test_a_pinned_pixel_moves_with_the_arrow_keys_until_let_go(step: Driver) -> None:
    panel = step.find(SumPanel, "sum_panel")
    step.click(step.output, 1, 1)
    step.until(lambda: panel.place == (1, 1))
    step.point(step.output, 4, 4)
    QTest.keyClick(step.output, Qt.Key.Key_Right)
    step.until(lambda: panel.place == (1, 2))
    step.key(Qt.Key.Key_Escape)
    step.until(lambda: panel.is_empty)


@pytest.mark.parametrize(("flip", "met"), [(False, (1, 3)), (True, (3, 1))])
def test_a_kernel_cell_frames_the_input_pixel_it_meets(
    step: Driver, flip: bool, met: tuple[int, int]
) -> None:
    if flip:
        step.press("flip_switch")
        step.press("flip_view_close")
    step.click(step.output, 2, 2)
    step.until(lambda: len(step.input.frames) == 1)
    step.until(lambda: [sum_.flipped for sum_ in step.shown.sums] == [flip])
    QTest.mouseMove(step.grid, step.cell(0, 2))
    row, column = met
    cell = QRectF(column, row, 1, 1)
    step.until(lambda: step.input.frames[-1] == cell and len(step.input.frames) == 2)


def test_the_sum_follows_the_edit(step: Driver) -> None:
    panel = step.find(SumPanel, "sum_panel")
    step.click(step.output, 2, 2)
    step.choose("preset_combo", "Scharr vertical")
    step.until(lambda: panel.lines[0].endswith(" = 160"))


def test_the_profile_along_the_row_is_flat_rises_and_is_flat(step: Driver) -> None:
    step.choose("preset_combo", "Vertical edge")
    step.choose("padding_combo", "valid (none)")
    step.find(QTabWidget, "pixel_tabs").setCurrentIndex(1)
    step.click(step.output, 1, 1)
    step.until(lambda: step.shown.profile is not None)
    profile = step.shown.profile
    assert profile is not None
    assert profile.output_values.tolist() == [[0, 30, 30, 0]]
    assert profile.input_values.tolist() == [[10, 10, 10, 0, 0, 0]]
    assert profile.output_at.tolist() == [1, 2, 3, 4]
    for name, values in (("input", [10, 10, 10, 0, 0, 0]), ("output", [0, 30, 30, 0])):
        plot = step.find(LinePlot, f"{name}_profile")
        step.until(lambda plot=plot: plot.traces != ())  # type: ignore[misc]
        (curve,) = plot.traces
        assert curve.y.tolist() == values


def test_the_size_formula_grows_with_padding_stride_and_dilation(step: Driver) -> None:
    formula = step.find(SizeFormula, "size_formula")
    step.choose("padding_combo", "valid (none)")
    step.until(lambda: "6 − 3 + 1 = 4" in formula.text())
    step.choose("padding_combo", "same size")
    step.until(lambda: "6 − 3 + 1 + 2×1 = 6" in formula.text())
    step.set_spin("stride_spin", 2)
    step.until(lambda: "floor((6 + 2×1 − 3)/2) + 1 = 3" in formula.text())
    assert "never used" not in formula.text()
    step.choose("padding_combo", "valid (none)")
    step.until(lambda: "the last row and the last column are never used" in formula.text())
    step.set_spin("stride_spin", 1)
    step.set_spin("rows_spin", 1)
    step.set_spin("stride_spin", 2)
    step.until(
        lambda: ">3 rows and 1 column are never used: the stride jumps over them." in formula.text()
    )
    step.set_spin("stride_spin", 1)
    step.set_spin("rows_spin", 9)  # more than the picture has: the last output stays
    step.until(lambda: not formula.isEnabled())
    step.set_spin("rows_spin", 3)
    step.until(formula.isEnabled)


def test_a_stride_beyond_the_picture_is_said(step: Driver) -> None:
    step.set_spin("stride_spin", 40)
    formula = step.find(SizeFormula, "size_formula")
    step.until(lambda: "beyond the picture’s height and width" in formula.text())
    assert step.result.shape == (1, 1)


def test_full_padding_draws_the_padded_cells(step: Driver) -> None:
    step.choose("padding_combo", "full")
    step.until(lambda: step.result.shape == (8, 8))
    drawn = step.input.drawn_rect()
    assert (drawn.x(), drawn.y(), drawn.width(), drawn.height()) == (-2, -2, 10, 10)


def test_padding_per_side(step: Driver) -> None:
    step.choose("padding_combo", "per side")
    for side, amount in (("top", 0), ("bottom", 2), ("left", 3), ("right", 1)):
        step.set_spin(f"padding_{side}_spin", amount)
    step.until(lambda: step.result.shape == (6, 8))
    assert step.document.kernel.geometry.padding == (0, 2, 3, 1)


@pytest.mark.parametrize(
    ("border", "corner"),
    [("zeros", -30.0), ("replicate", 0.0), ("reflect", 0.0), ("circular", -40.0)],
)
def test_borders(step: Driver, border: str, corner: float) -> None:
    step.choose("border_combo", border)
    step.until(lambda: step.result[0, 0] == corner)


def test_a_constant_border_takes_a_value(step: Driver) -> None:
    step.choose("border_combo", "constant")
    value = step.find(QDoubleSpinBox, "border_value_spin")
    assert value.isVisible()
    value.setFocus()
    value.selectAll()
    QTest.keyClicks(value, "10")
    QTest.keyClick(value, Qt.Key.Key_Return)
    step.until(lambda: step.result[2, 0] == 0.0)


def test_the_impulse_shows_what_convolution_turns(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:impulse")
    user.choose("preset_combo", "1 to 9")
    user.until(lambda: user.result[2:5, 2:5].tolist() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]])
    user.press("flip_switch")
    user.until(lambda: user.result[2:5, 2:5].tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert "Convolution" in user.find(QPushButton, "flip_switch").text()


def test_display_modes_and_the_colour_bar(step: Driver) -> None:
    bar = step.find(ColorBar, "output_color_bar")
    assert bar.scale[:2] == (-40, 40)
    step.choose("display_combo", "absolute")
    step.until(lambda: bar.scale[:2] == (0, 40))
    assert step.document.kernel.display.mode is DisplayMode.ABSOLUTE
    step.choose("display_combo", "clipped")
    step.until(lambda: bar.scale[:2] == (0, 10))
    assert figures(step.shown.output).stats.clipped == pytest.approx(1 / 3)
    assert (step.shown.output.bgra[2, 0, :3] == 0).all()


def test_what_is_a_picture_is_shown_as_one(open_window: OpenWindow) -> None:
    user = open_window("--source", str(resource("pictures", "chelsea.jpg")))
    bar = user.find(ColorBar, "output_color_bar")
    assert user.shown.output.mode is DisplayMode.SIGNED
    user.choose("preset_combo", "Gaussian 9×9")
    user.until(lambda: user.shown.output.mode is DisplayMode.CLIPPED)
    assert bar.scale == Scale(0.0, 1.0)
    blurred = user.shown.output.bgra.astype(int)
    assert np.abs(blurred - user.shown.input.bgra[4:-4, 4:-4]).mean() < 12


def test_the_root_and_the_full_range_are_one_click_away(open_window: OpenWindow) -> None:
    user = open_window("--source", str(resource("pictures", "chelsea.jpg")))
    user.until(lambda: user.shown.output.figures is not None)
    first = user.shown.output
    assert 0 < figures(first).stats.clipped <= 0.005
    user.press("full_range_check")
    user.until(lambda: user.shown.output.scale.high > first.scale.high)
    user.until(lambda: user.shown.output.figures is not None)
    assert figures(user.shown.output).stats.clipped == 0.0
    user.choose("curve_combo", "root")
    user.until(lambda: user.shown.output.scale.curve is ScaleCurve.ROOT)
    user.undo()
    user.undo()
    user.until(lambda: user.shown.output.scale == first.scale)


def test_the_range_holds_while_a_cell_is_dragged(open_window: OpenWindow) -> None:
    user = open_window("--source", str(resource("pictures", "chelsea.jpg")))
    scale = user.shown.output.scale
    QTest.mousePress(user.grid, LEFT, NO_KEYS, user.cell(0, 0))
    for moved in range(20, 201, 20):
        QTest.mouseMove(user.grid, user.cell(0, 0) + QPoint(moved, 0))
        assert user.window.session.is_held
    QTest.mouseRelease(user.grid, LEFT, NO_KEYS, user.cell(0, 0) + QPoint(200, 0))
    assert not user.window.session.is_held
    user.until(lambda: user.shown.output.scale.high > 1.3 * scale.high)


def test_a_fixed_range_stays(step: Driver) -> None:
    spin = step.find(QDoubleSpinBox, "range_spin")
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "100")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    bar = step.find(ColorBar, "output_color_bar")
    step.until(lambda: bar.scale[:2] == (-100, 100))
    step.choose("preset_combo", "Laplacian 4")
    step.until(lambda: step.result.max() == 10)
    assert bar.scale[:2] == (-100, 100)


def test_channels_are_shown_alone_muted_and_summed(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:red-edge")
    user.choose("color_space_combo", "RGB")
    user.until(lambda: len(user.shown.input.planes) == 3)
    assert user.document.kernel.channels.space is ColorSpace.RGB
    red, green, blue = user.shown.output.planes[:, 2:-2, 2:-2]
    assert np.abs(red).max() > 0.1
    assert green.max() == blue.max() == green.min() == blue.min() == 0
    user.press("channel_chip_0")
    user.until(lambda: user.shown.input.names == ("G", "B"))
    user.press("channel_chip_0")
    user.choose("combine_combo", "sum")
    user.until(lambda: user.shown.output.names == ("Sum",))
    assert user.document.kernel.channels.combine is Combine.SUM
    assert np.allclose(user.result[2:-2, 2:-2], red, atol=1e-5)


def test_double_click_on_a_channel_is_solo(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:red-edge")
    user.choose("color_space_combo", "HSV")
    QTest.mouseDClick(user.find(QPushButton, "channel_chip_2"), Qt.MouseButton.LeftButton)
    user.until(lambda: user.shown.input.names == ("V",))


def test_a_grey_picture_has_no_channels_to_choose(step: Driver) -> None:
    assert not step.find(QComboBox, "color_space_combo").isEnabled()


def test_numbers_of_input_and_output(step: Driver) -> None:
    text = step.find(QLabel, "input_stats").text()
    assert text.split() == ["min", "0.00", "max", "10.00", "mean", "5.000", "std", "5.000"]
    histogram = figures(step.shown.input).histogram.counts
    assert histogram.sum() == 36
    assert histogram[0, 0] == histogram[0, -1] == 18
