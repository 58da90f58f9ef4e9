"""Three ways through a convolution, each by pointing: output, input pixel, kernel cell."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtTest import QTest

from tests.e2e.driver import Driver


def test_output_input_and_kernel_lead_to_what_they_are_linked_with(step: Driver) -> None:
    step.choose("padding_combo", "valid (none)")
    step.until(lambda: step.result.shape == (4, 4))

    # An output: its patch.
    step.point(step.output, 1, 2)
    step.until(lambda: step.input.frames == [QRectF(2, 1, 3, 3)])
    assert step.output.frames == [QRectF(2, 1, 1, 1)]
    assert (step.input.marks, step.output.marks) == ([], [])

    # An input pixel: all outputs that it feeds, beside the pinned one, too.
    step.point(step.input, 2, 3)
    step.until(lambda: step.output.marks == [QRectF(1, 0, 3, 3)])
    step.click(step.output, 3, 0)
    step.until(lambda: step.output.frames == [QRectF(0, 3, 1, 1)])
    assert step.output.marks == []
    step.point(step.input, 0, 5)  # a corner is used once
    step.until(lambda: step.output.marks == [QRectF(3, 0, 1, 1)])
    assert step.output.frames == [QRectF(0, 3, 1, 1)]
    step.input.left.emit()
    assert step.output.marks == []

    # A cell of the kernel: the pixel that it meets here, and all it meets on its way.
    QTest.mouseMove(step.grid, step.cell(0, 2))
    step.until(lambda: step.input.frames == [QRectF(0, 3, 3, 3), QRectF(2, 3, 1, 1)])
    assert step.input.marks == [QRectF(2, 0, 4, 4)]
    step.press("flip_switch")
    step.press("flip_view_close")
    QTest.mouseMove(step.grid, step.cell(0, 2))
    step.until(lambda: step.input.frames == [QRectF(0, 3, 3, 3), QRectF(0, 5, 1, 1)])
    assert step.input.marks == [QRectF(0, 2, 4, 4)]

    # With a stride the outputs lie apart in the input, and side by side in the output.
    step.set_spin("stride_spin", 2)
    step.until(lambda: step.result.shape == (2, 2))
    step.until(lambda: len(step.input.marks) == 4)
    assert step.input.marks[0] == QRectF(0, 2, 1, 1)
    step.point(step.input, 2, 2)
    step.until(lambda: step.output.marks == [QRectF(0, 0, 2, 2)])

    # A lesson says it: no mouse is needed.
    session = step.window.session
    kernel = replace(session.viewing.kernel, pixel=(0, 0), cell=None)
    session.look(replace(session.viewing, kernel=kernel))
    assert step.output.marks == [QRectF(0, 0, 1, 1)]
