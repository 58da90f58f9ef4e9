"""One kernel that learns, by mouse and keyboard: row N1."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QSlider, QWidget

from convlab.document.learning import kernel_training
from convlab.document.learning.one_kernel import TargetKind
from convlab.document.learning.rule import Rule
from convlab.engine import kernels
from convlab.engine.cv import cv2
from tests.e2e.conftest import OpenWindow
from tests.e2e.learning_driver import KernelDriver

SOBEL = kernels.preset("Sobel vertical")
NEAR = 1e-2


@pytest.fixture(autouse=True)
def longer_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take more steps between two pictures: painting them took most of these tests' time."""
    monkeypatch.setattr(kernel_training, "SLICE", 0.1)


@pytest.fixture
def still(open_window: OpenWindow) -> KernelDriver:
    """The learning lab on a photograph."""
    return open_lab(open_window, "resources/pictures/camera.png")


@pytest.fixture
def flat(open_window: OpenWindow, tmp_path: Path) -> KernelDriver:
    """The learning lab on a picture of one grey."""
    file = tmp_path / "flat.png"
    assert cv2.imwrite(str(file), np.full((60, 80), 128, np.uint8))
    return open_lab(open_window, str(file))


def open_lab(open_window: OpenWindow, source: str) -> KernelDriver:
    options = ("--lab", "learning", "--source", source, "--size", "1440x900")
    return KernelDriver(open_window(*options))


def until_stopped_or_further(lab: KernelDriver, steps: int) -> None:
    """Wait until learning has stopped, or has gone on for so many steps."""
    end = lab.shown.step + steps
    lab.until(lambda: bool(lab.shown.stopped) or lab.shown.step > end)


def test_from_random_numbers_a_kernel_converges_to_sobel(still: KernelDriver) -> None:
    first = still.shown
    assert still.max_error > 0.5
    assert "Press Play" in still.words
    still.play()
    still.until(lambda: still.max_error < NEAR)
    still.pause()
    assert still.shown.step > 100
    assert still.shown.loss < 1e-3 * first.loss
    assert still.page.kernels._kernel is still.shown.kernel
    assert still.page.difference._painted is still.shown.difference
    assert f"step {still.shown.step:,}" in still.page.bar._figures.text()
    step = still.shown.step
    still.press("walk_step_button")
    assert still.shown.step == step + 1, "it rested"


@pytest.mark.display
def test_it_learns_on_the_live_picture_which_stays_live(open_window: OpenWindow) -> None:
    lab = open_lab(open_window, "pattern:torch")
    before = lab.window.pump.frames_shown
    lab.play()
    lab.until(lambda: lab.max_error < NEAR and lab.window.pump.frames_shown > before + 5)
    assert lab.shown.input.planes.shape == (1, 240, 320)


def test_an_edge_of_70_degrees_is_learned_and_followed_when_it_turns(still: KernelDriver) -> None:
    still.choose("walk_target_combo", "edges at an angle")
    still.set_spin("walk_angle_spin", 70)
    still.set_decimal("walk_rate_spin", "0.2")
    still.play()
    still.until(lambda: still.max_error < NEAR)
    np.testing.assert_allclose(still.shown.kernel, kernels.oriented_edge(3, 70), atol=NEAR)
    steps, step = still.undo_steps, still.shown.step
    slider = still.person.find(QSlider, "walk_angle_slider")
    for _ in range(5):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert still.task.angle == 75
    assert still.undo_steps == steps + 1, "one turn is one step"
    still.until(lambda: still.max_error < NEAR and still.shown.task.angle == 75)
    assert still.shown.step > step, "it went on from where it was"
    still.person.undo()
    assert still.task.angle == 70


def test_single_steps_and_reset_give_the_same_kernels_again(still: KernelDriver) -> None:
    first = still.shown.kernel
    seen = []
    for _ in range(3):
        still.press("walk_step_button")
        seen.append(still.shown.kernel)
    assert still.shown.step == 3
    assert not np.array_equal(first, seen[0])
    still.press("walk_reset_button")
    assert still.shown.step == 0
    np.testing.assert_array_equal(still.shown.kernel, first)
    for kernel in seen:
        still.press("walk_step_button")
        np.testing.assert_array_equal(still.shown.kernel, kernel)


@pytest.mark.display
def test_space_plays_and_escape_pauses(still: KernelDriver) -> None:
    still.page.setFocus()
    still.person.find(QPushButton, "walk_play_button").setFocus()
    still.person.key(Qt.Key.Key_Space)
    assert still.viewing.is_playing
    still.until(lambda: still.shown.step > 0)
    still.person.key(Qt.Key.Key_Escape)
    assert not still.viewing.is_playing
    still.person.key(Qt.Key.Key_Space)
    still.person.key(Qt.Key.Key_1)
    assert not still.viewing.is_playing, "nobody sees it in another lab"


def test_a_slow_pace_is_one_step_a_picture(still: KernelDriver) -> None:
    still.choose("walk_pace_combo", "1 step a frame")
    still.play()
    still.until(lambda: still.shown.step >= 5)
    still.pause()
    assert len(still.shown.steps) == still.shown.step + 1


def test_too_high_a_rate_stops_with_a_message_and_a_button_fixes_it(still: KernelDriver) -> None:
    halve = still.person.find(QPushButton, "walk_halve_button")
    still.choose("walk_rule_combo", "SGD")
    assert still.task.rule is Rule.SGD
    still.set_decimal("walk_rate_spin", "40")
    assert not halve.isVisible()
    still.play()
    still.until(lambda: bool(still.shown.stopped))
    assert "lower the learning rate" in still.words
    assert np.abs(still.shown.kernel).max() < 10, "the best kernel is kept"
    presses = 0
    while still.shown.stopped and presses < 12:
        before = still.task.rate
        still.press("walk_halve_button")
        presses += 1
        assert still.task.rate == before / 2
        until_stopped_or_further(still, 300)
    assert presses > 1
    assert not halve.isVisible()
    still.pause()
    still.person.undo()
    assert still.task.rate == before


def test_of_a_flat_picture_it_is_said_that_only_the_sum_is_learned(flat: KernelDriver) -> None:
    assert "Centre only the sum" in flat.words
    flat.choose("walk_preset_combo", "Box blur 3×3")
    flat.toggle("walk_centred_check")
    flat.play()
    flat.until(lambda: abs(float(flat.shown.kernel.sum()) - 1) < NEAR)
    assert "only the sum of the kernel can be learned: it is" in flat.words
    assert flat.max_error > 0.1


def test_a_flipped_target_is_learned_flipped(still: KernelDriver) -> None:
    still.toggle("walk_turned_check")
    assert "comes out flipped" in still.words
    still.set_decimal("walk_rate_spin", "0.2")
    still.play()
    still.until(lambda: still.max_error < NEAR)
    np.testing.assert_allclose(still.shown.kernel, -SOBEL, atol=NEAR)


def test_what_is_painted_is_the_target_and_a_stroke_is_one_step_of_undo(
    still: KernelDriver,
) -> None:
    still.choose("walk_target_combo", "what I paint")
    assert not still.shown.target_image.planes.any()
    steps = still.undo_steps
    still.paint((0.2, 0.2), (0.3, 0.4), (0.4, 0.6), (0.5, 0.8))
    assert still.undo_steps == steps + 1
    assert len(still.task.strokes) == 1
    bright = still.shown.target_image.planes
    assert bright.max() == 1
    assert bright[0, int(0.3 * 240), int(0.4 * 240)] == 1
    still.press("walk_dark_button")
    still.paint((0.8, 0.2), (0.8, 0.8))
    assert still.shown.target_image.planes.min() == -1
    first = still.shown.loss
    still.play()
    still.until(lambda: still.shown.step > 500)
    assert still.shown.loss < first
    still.pause()
    still.person.undo()
    still.settle()
    np.testing.assert_array_equal(still.shown.target_image.planes, bright)
    still.press("walk_clear_button")
    assert not still.task.strokes
    still.person.undo()
    assert len(still.task.strokes) == 1


def test_a_drag_over_the_target_image_of_a_kernel_paints_nothing(still: KernelDriver) -> None:
    still.paint((0.2, 0.2), (0.5, 0.5))
    assert still.task.target is TargetKind.PRESET
    assert still.task.strokes == ()


def test_size_seed_and_initial_cells_begin_again_and_all_is_undone(still: KernelDriver) -> None:
    still.play()
    still.until(lambda: still.shown.step > 20)
    still.pause()
    old = still.task
    still.set_spin("walk_size_spin", 5)
    assert still.shown.step == 0
    assert still.shown.kernel.shape == (5, 5)
    assert still.shown.target is not None
    np.testing.assert_array_equal(still.shown.target[1:4, 1:4], SOBEL)
    before = still.shown.kernel
    still.set_spin("walk_seed_spin", 99)
    assert not np.array_equal(still.shown.kernel, before)
    still.set_decimal("walk_spread_spin", "0")
    assert not still.shown.kernel.any()
    still.set_decimal("walk_noise_spin", "0.1")
    still.set_spin("walk_patches_spin", 64)
    assert (still.task.noise, still.task.patches) == (0.1, 64)
    while still.task != old:
        still.person.undo()
    still.settle()
    assert still.shown.kernel.shape == (3, 3)


def test_a_picture_too_small_for_the_kernel_says_so_and_a_smaller_one_goes_on(
    open_window: OpenWindow,
) -> None:
    lab = open_lab(open_window, "pattern:step")
    lab.person.set_spin("walk_size_spin", 7)
    lab.until(lambda: "a kernel of 7×7 does not fit" in lab.page.message.text.lower())
    lab.set_spin("walk_size_spin", 3)
    assert lab.page.message.text == ""
    assert "but the kernel has 9 cells" in lab.words, "two greys do not tell all of a kernel"


def test_every_control_teaches(still: KernelDriver) -> None:
    names = [
        widget.objectName()
        for widget in still.page.findChildren(QWidget)
        if widget.objectName().startswith("walk_")
    ]
    assert len(names) == len(set(names)) > 25
    for name in names:
        widget = still.person.find(QWidget, name)
        assert widget.accessibleName() or name == "walk_words", name
        assert widget.toolTip() or name == "walk_words", name
