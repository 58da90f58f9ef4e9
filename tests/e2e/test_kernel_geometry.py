"""What surrounds one kernel, by mouse and keyboard: its divisor, its fields, what it costs."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QMenu, QToolButton

from convlab.document.kernel.counting import Counting
from convlab.document.kernel.model import PixelPage
from convlab.document.kernel.scaling import Scaling
from convlab.engine import kernels
from convlab.engine.display import DisplayMode
from convlab.ui.kernel.sum_panel import SumPanel
from convlab.ui.true_bars import TrueBars
from convlab.ui.widgets.color_bar import ColorBar
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver


def said(driver: Driver, name: str) -> str:
    return driver.find(QLabel, name).text()


def copied_as(driver: Driver, title: str) -> str:
    """Copy the kernel by the menu of its button."""
    menu = driver.find(QToolButton, "copy_kernel_button").menu()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == title).trigger()
    return QGuiApplication.clipboard().text()


def paste(user: Driver, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    user.grid.setFocus()
    user.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_a_divisor_and_an_offset_are_in_every_number(step: Driver) -> None:
    for row, column in np.ndindex(3, 3):
        step.select_cell(row, column)
        step.key(Qt.Key.Key_1)
        step.key(Qt.Key.Key_Return)
    step.choose("padding_combo", "valid (none)")
    step.until_result([[90.0, 60.0, 30.0, 0.0]] * 4)
    before = step.document
    step.tick("normalise_check")
    step.until(lambda: bool(np.allclose(step.result, [[10.0, 20 / 3, 10 / 3, 0.0]] * 4)))
    assert step.shown.output.mode is DisplayMode.CLIPPED
    assert said(step, "kernel_figures").startswith("sum 9 → 1")
    divisor = step.find(QDoubleSpinBox, "divisor_spin")
    assert (divisor.value(), divisor.isEnabled()) == (9.0, False)
    assert kernels.parse(copied_as(step, "NumPy")) == pytest.approx(1 / 9)
    step.set_spin_number("offset_spin", "0.5")
    step.click(step.output, 1, 1)
    step.until(lambda: bool(step.shown.sums) and step.shown.sums[0].bias == 0.5)
    panel = step.find(SumPanel, "sum_panel")
    step.until(lambda: "+ bias 0.5 = 7.16" in "".join(panel.lines))
    step.undo()
    step.undo()
    assert step.document.kernel == before.kernel

    step.choose("preset_combo", "Sobel vertical")
    step.tick("normalise_check")
    step.until_result([[0.0, 40.0, 40.0, 0.0]] * 4)  # nothing is divided by a sum of 0
    assert "sum is 0" in said(step, "kernel_message")
    step.tick("normalise_check")
    assert said(step, "kernel_message") == ""
    step.set_spin_number("divisor_spin", "0")
    assert "Nothing can be divided by 0" in said(step, "kernel_message")
    assert divisor.value() == 1.0
    step.set_spin_number("divisor_spin", "8")
    step.until_result([[0.0, 5.0, 5.0, 0.0]] * 4)
    assert said(step, "kernel_message") == ""
    assert step.document.kernel.scaling == Scaling(8.0)


# ---- what layers cost ----


def open_page(driver: Driver, page: PixelPage) -> None:
    """Open a page of the card from the menu, and wait until it is seen."""
    action = driver.window.findChild(QAction, f"{page}_page_action")
    assert isinstance(action, QAction)
    action.trigger()
    driver.until(lambda: driver.shown.job.viewing.page is page and driver.shown.sums != ())


def counted(driver: Driver) -> str:
    return driver.find(TrueBars, "count_bars").accessibleDescription()


def test_the_counting_card_has_the_numbers_of_the_texts(step: Driver) -> None:
    open_page(step, PixelPage.COUNT)
    step.until(step.find(TrueBars, "count_bars").isVisible)
    assert "(5·5·3 + 1)·6 456" in counted(step)
    assert "28·28·6 4,704" in counted(step)
    assert "32·32·3·4,704 14,450,688" in counted(step)
    assert "would be" in said(step, "count_bars_note")  # 456 is no bar that can be seen
    step.choose("count_example_combo", "128×128 to 300 units")
    step.until(lambda: "128·128·1·300 4,915,200" in counted(step))
    assert "quoted as 3 million, which is 100×100" in said(step, "count_remark")
    step.choose("count_example_combo", "1000×1000 to 300 units")
    step.until(lambda: "1,000·1,000·1·300 300,000,000" in counted(step))
    for side in ("rows", "columns"):
        step.set_spin(f"count_picture_{side}_spin", 100)
    step.until(lambda: "100·100·1·300 3,000,000" in counted(step))
    assert "(3·3·1 + 1)·300 3,000" in counted(step)
    step.set_spin("count_kernel_spin", 101)
    step.until(lambda: "larger than the picture" in said(step, "count_remark"))
    step.undo()
    step.until(lambda: "(3·3·1 + 1)·300 3,000" in counted(step))
    assert step.document.kernel.counting == Counting((100, 100), 1, 3, 300, 300)


# ---- what the outputs see ----


def test_a_lopsided_stride_is_said_and_shaded(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:impulse")  # 7×7
    user.choose("padding_combo", "valid (none)")
    user.set_spin("stride_spin", 2)
    user.until(lambda: "floor((7 − 3)/2) + 1 = 3" in said(user, "size_formula"))
    assert "never used" not in said(user, "size_formula")
    user.set_spin("stride_spin", 3)
    user.until(lambda: user.result.shape == (2, 2))
    assert "floor((7 − 3)/3) + 1 = 2" in said(user, "size_formula")
    words = said(user, "size_formula")
    assert "the last row and the last column are never used" in words
    assert "Padding of 2 more, or another stride, uses all" in words
    open_page(user, PixelPage.USAGE)
    bars = user.find(TrueBars, "usage_bars")
    user.until(lambda: bars.accessibleDescription() == "used once 36, never used 13")
    assert "Lopsided: the last row and the last column" in said(user, "usage_words")
    user.key(Qt.Key.Key_Escape)
    user.until(lambda: user.shown.usage is None)
    user.point(user.input, 6, 3)
    user.until(lambda: "feeds no output" in said(user, "status_value"))
    colors = user.shown.input.bgra[..., 0]
    assert (colors[6] == colors[0, 6]).all()
    assert colors[6, 6] > colors[0, 0] == 0


def test_the_heat_map_says_how_often_pixels_are_used(step: Driver) -> None:
    step.choose("padding_combo", "valid (none)")
    open_page(step, PixelPage.USAGE)
    step.until(lambda: step.shown.usage is not None)
    step.until(lambda: "4 × 4 = 16 receptive fields" in said(step, "usage_words"))
    assert "share 2 of their columns" in said(step, "usage_words")
    counts = step.shown.input.planes[0]
    assert counts.tolist() == np.outer([1, 2, 3, 3, 2, 1], [1, 2, 3, 3, 2, 1]).tolist()
    assert step.find(ColorBar, "input_color_bar").scale[:2] == (0, 9)
    assert "used 9 times 4, " in step.find(TrueBars, "usage_bars").accessibleDescription()
    step.point(step.input, 2, 2)
    step.until(lambda: "used 9 times" in said(step, "status_value"))
    step.point(step.input, 0, 0)
    step.until(lambda: "used once" in said(step, "status_value"))
    assert "A pixel is used 9 times at most, used once at least." in said(step, "usage_words")
    step.choose("padding_combo", "same size")
    step.until(lambda: "used 4 times" in step.find(TrueBars, "usage_bars").accessibleDescription())
    step.key(Qt.Key.Key_Escape)
    step.until(lambda: step.shown.usage is None)
    assert step.shown.input.planes[0, 0].tolist() == [10, 10, 10, 0, 0, 0]
    assert step.shown.job.viewing.page is PixelPage.SUM


def test_padded_cells_show_their_numbers(step: Driver) -> None:
    rim = step.shown.input.rim
    assert rim is not None
    assert [rim.values(step.shown.input.planes, 0, at) for at in range(8)] == [[10]] * 4 + [[0]] * 4
    step.point(step.input, -1, 0)
    step.until(lambda: "input (−1, 0) = padding 10" in said(step, "status_value"))
    step.choose("border_combo", "zeros")
    step.point(step.input, -1, 0)
    step.until(lambda: "input (−1, 0) = padding 0" in said(step, "status_value"))


# ---- a kernel for each channel ----


def test_only_red_sees_the_red_edge(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:red-edge")
    user.choose("padding_combo", "valid (none)")
    user.choose("preset_combo", "Vertical edge")
    user.choose("color_space_combo", "RGB")
    groups = user.find(QLabel, "groups_words")
    assert "3 groups, the same in all: 9 weights" in groups.toolTip()
    user.tick("several_kernels_check")
    assert "3 groups, depthwise: 27 weights" in said(user, "groups_words")
    user.choose("combine_combo", "sum")
    assert "1 group, one 3×3×3 filter: 27 weights" in said(user, "groups_words")
    user.until(lambda: len(user.shown.output.planes) == 1)
    all_three = user.result.copy()
    user.press("only_channel_button")
    user.until(lambda: user.document.kernel.bank()[0, 1].max() == 0)
    user.press("kernel_channel_1")
    assert user.document.kernel.weights == ((0, 0, 0),) * 3
    user.choose("preset_combo", "Horizontal edge")
    assert user.document.kernel.bank()[0, 0].tolist() == [[1, 0, -1]] * 3
    user.until(lambda: bool(user.shown.job.layer.weight[0, 1].any()))
    user.undo()
    user.press("kernel_channel_0")
    user.until(lambda: user.document.kernel.weights == ((1, 0, -1),) * 3)
    user.until(lambda: bool(np.array_equal(user.result, all_three)))  # only red has an edge
    user.tick("several_kernels_check")
    user.until(lambda: "9 weights" in said(user, "groups_words"))


# ---- transposed ----


def test_kernels_of_all_channels_are_copied_and_pasted(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:red-edge")
    user.choose("color_space_combo", "RGB")
    paste(user, "matrix(c(4, 4, 0, 0, -4, -4), nrow = 2)  # two rows, three columns")
    assert user.document.kernel.weights == ((4.0, 0.0, -4.0), (4.0, 0.0, -4.0))
    assert said(user, "kernel_message") == "Read column after column, as R writes a matrix."
    user.set_spin_number("divisor_spin", "4")
    assert said(user, "kernel_message") == ""
    user.tick("several_kernels_check")
    user.press("kernel_channel_1")
    paste(user, "mat3x2(8.0, 8.0, 0.0, 0.0, -8.0, -8.0)")
    assert "as GLSL writes" in said(user, "kernel_message")
    user.press("kernel_channel_2")
    paste(user, "1 2 3\n4 5 6")
    edge = np.array([[1, 0, -1], [1, 0, -1]], np.float32)
    wanted = np.stack([edge, 2 * edge, np.arange(1, 7).reshape(2, 3) / 4])
    for title in ("NumPy", "PyTorch", "Python", "C"):
        assert np.array_equal(kernels.read_text(copied_as(user, title)).kernels, wanted)
    copied = copied_as(user, "C")
    alone = user.window.findChild(QMenu, "copy_one_kernel_menu")
    assert alone is not None
    assert alone.title() == "Only B"
    next(action for action in alone.actions() if action.text() == "CSV").trigger()
    assert QGuiApplication.clipboard().text() == "0.25,0.5,0.75\n1,1.25,1.5"

    user.set_spin_number("divisor_spin", "1")
    user.tick("several_kernels_check")
    user.choose("preset_combo", "Identity")
    paste(user, copied)
    assert np.array_equal(user.document.kernel.bank()[:, 0], wanted)
    user.undo()
    assert not user.document.kernel.has_several
    user.choose("color_space_combo", "Grey")
    paste(user, copied)
    assert "has 3 kernels, one for each channel, and the input is Grey" in said(
        user, "kernel_message"
    )


def test_a_transposed_convolution_shows_its_checkerboard(step: Driver) -> None:
    for row, column in np.ndindex(3, 3):
        step.select_cell(row, column)
        step.key(Qt.Key.Key_1)
        step.key(Qt.Key.Key_Return)
    step.choose("padding_combo", "valid (none)")
    step.set_spin("stride_spin", 2)
    step.tick("transposed_check")
    step.until(lambda: step.result.shape == (13, 13))
    assert step.result[4:7, :6].tolist() == [
        [20, 20, 40, 20, 40, 20],
        [10, 10, 20, 10, 20, 10],
        [20, 20, 40, 20, 40, 20],
    ]
    words = said(step, "size_formula")
    assert "2·(6 − 1) + 3 = 13" in words
    assert "Checkerboard: outputs sum 1, 2 or 4 pixels by turns. 4 × 4 cells" in words
    step.click(step.output, 4, 4)
    panel = step.find(SumPanel, "sum_panel")
    step.until(lambda: "= 40" in "".join(panel.lines))
    for name in ("rows_spin", "columns_spin"):
        step.set_spin(name, 4)
    step.until(lambda: "Even: each output sums 4 pixels" in said(step, "size_formula"))
    step.set_spin("stride_spin", 64)
    step.until(lambda: step.result.shape == (324, 324))
    step.tick("transposed_check")
    step.until(lambda: step.shown.job.copies is None)


def test_a_corner_has_as_many_products_as_the_padding_leaves(step: Driver) -> None:
    step.press("flip_switch")
    for padding, products in (("full", 1), ("same size", 4)):
        step.choose("padding_combo", padding)
        step.click(step.output, 0, 0)
        step.until(lambda: bool(step.shown.sums) and step.shown.job.viewing.probe == (0, 0))
        step.until(lambda: int((~step.shown.sums[0].padded).sum()) == products)  # noqa: B023
        step.key(Qt.Key.Key_Escape)
