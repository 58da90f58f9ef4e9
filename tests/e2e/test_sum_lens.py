"""The sum behind a pixel is read for every kernel: of a large one a part has its numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convlab.document.stack.arithmetic import Products
from convlab.document.stack.model import StackInput, StackState, Unit
from convlab.layers import Conv2d
from convlab.ui.kernel.sum_panel import SumPanel
from convlab.ui.numbers import show_exact
from convlab.ui.stack.unit_panel import UnitPanel
from convlab.ui.sum_lens import WIDTHS, part_around
from convlab.ui.widgets.number_grid import HIGH_FROM, TEXT_FROM
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.e2e.stack_driver import StackDriver


def readable_parts(panel: SumPanel) -> list[tuple[int, int]]:
    """The shapes of the grids whose cells have room for their numbers."""
    return [
        placed.shape
        for placed in panel._placed
        if placed.first.width() >= TEXT_FROM and placed.first.height() >= HIGH_FROM
    ]


@pytest.mark.parametrize("size", ["1440x900", "800x600"])
def test_a_kernel_of_31_rows_and_columns_is_read_part_by_part(
    open_window: OpenWindow, size: str
) -> None:
    user = open_window("--source", "pattern:zone-plate", "--size", size)
    user.choose("preset_combo", "Gaussian 9×9")
    user.set_spin("rows_spin", 31)
    user.set_spin("columns_spin", 31)
    user.until(lambda: user.shown.job.state.columns == user.shown.job.state.rows == 31)
    user.click(user.output, 100, 120)
    panel = user.find(SumPanel, "sum_panel")
    user.until(lambda: len(panel._placed) == 6 and len(readable_parts(panel)) == 3)
    # The pictures make room once the click can be no double click any more.
    user.until(lambda: all(rows >= 3 and columns >= 3 for rows, columns in readable_parts(panel)))

    # The keyboard moves to any cell; the lens goes with it, and says the pipeline's numbers.
    panel.setFocus()
    for _ in range(8):
        user.key(Qt.Key.Key_Right)
    cell = panel._cell
    assert cell[1] > 18  # the mouse may lie over the panel, and have begun elsewhere
    sum_ = user.shown.sums[0]
    value = show_exact(float(sum_.patch[0][cell] * sum_.kernel[0][cell]))
    user.until(lambda: panel._placed[5].inside(cell) is not None)
    user.until(lambda: value in {tip.text for tip in panel.tips()})
    assert panel._placed[3].inside(cell) is not None
    assert user.grid._partner == cell

    # The mouse over the whole leads the lens there, too.
    whole = panel._placed[0]
    corner = whole.first.translated(2 * whole.first.width(), 2 * whole.first.height()).center()
    QTest.mouseMove(panel, corner.toPoint())
    user.until(lambda: panel._placed[3].corner == (0, 0) or panel._placed[3].corner[1] <= 1)


def test_every_channel_has_its_numbers(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:red-edge", "--size", "800x600")
    user.choose("preset_combo", "Gaussian 9×9")
    user.choose("color_space_combo", "RGB")
    user.choose("combine_combo", "sum")
    user.click(user.output, 50, 60)
    panel = user.find(SumPanel, "sum_panel")
    user.until(lambda: len(panel._placed) == 6 and len(user.shown.sums) == 1)
    for plane in range(3):
        QTest.mouseMove(panel, panel._placed[plane].first.center().toPoint())
        user.until(lambda plane=plane: panel._placed[-1].plane == plane)  # type: ignore[misc]
        assert len(readable_parts(panel)) == 3


def test_a_small_kernel_needs_no_lens(step: Driver) -> None:
    step.click(step.output, 2, 2)
    panel = step.find(SumPanel, "sum_panel")
    step.until(lambda: len(panel._placed) == 3)
    assert readable_parts(panel) == [(3, 3)] * 3


def test_every_cell_can_be_seen_in_some_part() -> None:
    for shape in ((31, 31), (1, 31), (9, 2)):
        for columns in WIDTHS:
            seen = np.zeros(shape, bool)
            for focus in np.ndindex(*shape):
                part = part_around(shape, (focus[0], focus[1]), (6, columns))
                assert part.rows == min(6, shape[0])
                assert part.row <= focus[0] < part.row + part.rows
                assert part.column <= focus[1] < part.column + part.columns
                seen[part.slices] = True
            assert seen.all()


@pytest.mark.parametrize("size", ["1440x900", "800x600"])
def test_a_large_kernel_of_a_stack_is_read_part_by_part(open_window: OpenWindow, size: str) -> None:
    user = open_window("--lab", "stack", "--source", "pattern:zone-plate", "--size", size)
    session = user.window.session
    layers = (Conv2d(3, 2, (31, 31), padding=15),)
    stack = StackState.of(layers, "built", StackInput(size=(48, 64)))
    session.edit(replace(session.document, stack=stack), "build")
    lab = StackDriver(user)
    lab.click(Unit(lab.state.slots[0].uid, 1, 20, 30))
    panel = user.find(UnitPanel, "unit_panel")
    user.until(lambda: len(panel._placed) == 4 and panel.detail is lab.look.detail)
    placed = panel._placed[1:]
    assert all(each.first.width() >= TEXT_FROM for each in placed)
    assert all(each.first.height() >= HIGH_FROM for each in placed)
    detail = panel.detail
    assert isinstance(detail, Products)
    panel.setFocus()
    for _ in range(20):
        user.key(Qt.Key.Key_Left)
    user.until(lambda: panel._placed[1].corner[1] == 0)  # the left rim of the kernel
    value = show_exact(float(detail.products[0][panel._placed[1].corner]))
    user.until(lambda: value in {tip.text for tip in panel.tips()})
    whole = panel._placed[0]
    last = whole.first.translated(30 * whole.first.width(), 30 * whole.first.height()).center()
    QTest.mouseMove(panel, last.toPoint())
    user.until(lambda: panel._placed[1].corner[1] >= 31 - placed[0].shape[1] - 2)
