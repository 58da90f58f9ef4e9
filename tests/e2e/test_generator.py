"""The kernel generator by mouse and keyboard: dials that turn the kernel live."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QLabel, QPushButton, QSlider

from convlab.document.kernel.model import to_weights
from convlab.engine import kernels
from convlab.ui.kernel.angle_dial import AngleDial
from convlab.ui.kernel.generator_panel import GeneratorPanel
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver


def turn(dial: AngleDial, start: float, end: float) -> None:
    """Drag the dial's handle from one angle to another, in steps."""
    QTest.mousePress(dial, LEFT, NO_KEYS, dial.end(start).toPoint())
    for degrees in np.linspace(start, end, 5):
        QTest.mouseMove(dial, dial.end(float(degrees)).toPoint())
    QTest.mouseRelease(dial, LEFT, NO_KEYS, dial.end(end).toPoint())


@pytest.mark.display
def test_dragging_the_angle_turns_the_edge_live(live: Driver) -> None:
    dock = live.find(QDockWidget, "generator_dock")
    assert not dock.isVisible()
    assert live.window.findChild(GeneratorPanel) is None, "what is closed is not even made"
    live.press("generator_button")
    assert dock.isVisible()
    first = live.document.kernel
    words, make = (
        live.find(QLabel, "generator_words"),
        live.find(QPushButton, "generator_make_button"),
    )
    assert "another one" in words.text()
    live.press("generator_make_button")
    assert live.document.kernel.weights == to_weights(kernels.oriented_edge((9, 9), 45))
    assert not words.isVisible()
    says = live.find(QLabel, "preset_description")
    assert says.text() == "Oriented edge, made by the kernel generator"
    assert not make.isVisible()

    dial = live.find(AngleDial, "generator_angle_dial")
    turn(dial, 45, 120)
    rotated = live.document.kernel
    assert rotated.generator.degrees == pytest.approx(120, abs=2)
    assert rotated.weights == to_weights(kernels.oriented_edge(9, rotated.generator.degrees))
    live.until(lambda: live.shown.job.state.weights == rotated.weights)
    # One step of undo, however long the hand pauses.
    assert live.window.session.undo_stack.undoText() == "drag angle"
    live.undo()
    assert live.document.kernel.generator.degrees == 45
    live.redo()
    assert live.document.kernel == rotated

    dial.setFocus()
    QTest.keyClick(dial, Qt.Key.Key_Up)
    assert (
        live.document.kernel.generator.degrees
        == dial.value()
        == round(rotated.generator.degrees) + 1
    )

    live.choose("generator_kind_combo", "Gabor")
    live.set_spin_number("generator_wavelength_spin", "5")
    live.set_spin("generator_size_rows_spin", 11)
    wanted = kernels.gabor((11, 9), 5, dial.value(), 1.5)
    assert live.document.kernel.weights == to_weights(wanted)
    code = live.find(QLabel, "generator_code").text()
    assert f"degrees={dial.value()}" in code
    assert code.startswith("kernels.gabor((11, 9), wavelength=5")
    slider = live.find(QSlider, "generator_sigma_slider")
    QTest.mousePress(slider, LEFT, NO_KEYS, slider.rect().center())
    QTest.mouseRelease(slider, LEFT, NO_KEYS, slider.rect().center())
    assert live.document.kernel.generator.sigma != 1.5

    # By hand it becomes another one; the dials stay as they are.
    dials = live.document.kernel.generator
    live.choose("preset_combo", "Identity")
    assert live.document.kernel.generator == dials
    assert make.isVisible()
    while live.window.session.undo_stack.canUndo():
        live.undo()
    assert live.document.kernel == first


def test_an_open_generator_is_there_again_at_the_next_start(open_window: OpenWindow) -> None:
    first = open_window("--source", "pattern:step")
    first.press("generator_button")
    first.close()
    again = open_window("--source", "pattern:step")
    dock = again.find(QDockWidget, "generator_dock")
    assert dock.isVisible()
    again.press("generator_button")
    assert not dock.isVisible()
    again.close()
    assert (
        not open_window("--source", "pattern:step").find(QDockWidget, "generator_dock").isVisible()
    )
