"""Drawing by mouse and keyboard: row I4, and a digit on its way through a network, row N3."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDockWidget, QLabel, QPushButton, QSpinBox, QTabWidget

from convlab.document.document import Lab
from convlab.document.source import SourceKind
from convlab.document.stack.arithmetic import Probabilities, Products, WeightedSum
from convlab.document.stack.model import Unit
from convlab.engine.cv import cv2
from convlab.io.project import load_project, save_project
from convlab.layers import Softmax
from convlab.layers.graph import INPUT
from convlab.ui.stack.unit_panel import UnitPanel
from convlab.ui.widgets.image_view import ImageView
from tests.e2e.conftest import OpenWindow
from tests.e2e.drawing_driver import DIGITS, RIGHT, DrawingDriver
from tests.e2e.driver import LEFT, Driver
from tests.e2e.stack_driver import StackDriver

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def kernel(open_window: OpenWindow) -> DrawingDriver:
    """A blank canvas in the kernel lab."""
    return DrawingDriver(open_window("--source", "drawing:blank"), "kernel_drawing")


@pytest.fixture
def step(kernel: DrawingDriver) -> DrawingDriver:
    """A canvas of 6 × 6 whose white is worth 10, under the kernel with rows of 1 0 -1."""
    kernel.person.choose("kernel_drawing_white_combo", "10")
    kernel.person.set_spin("kernel_drawing_rows_spin", 6)
    kernel.person.set_spin("kernel_drawing_columns_spin", 6)
    kernel.person.choose("preset_combo", "Prewitt vertical")
    kernel.person.choose("padding_combo", "valid (none)")
    assert kernel.pixels.shape == (6, 6)
    return kernel


# ---- I4: paint or type ----


@pytest.mark.display
def test_the_output_follows_every_move_of_the_mouse(kernel: DrawingDriver) -> None:
    QTest.mousePress(kernel.view, LEFT, pos=kernel.pixel(16, 8))
    kernel.person.until(lambda: bool(kernel.person.result.any()))
    before = np.count_nonzero(kernel.person.result)
    QTest.mouseMove(kernel.view, kernel.pixel(16, 24))
    kernel.person.until(lambda: bool(kernel.person.result[:, 20:].any()))
    assert np.count_nonzero(kernel.person.result) > before
    QTest.mouseRelease(kernel.view, LEFT, pos=kernel.pixel(16, 24))
    assert (kernel.pixels[16, 8:25] == 1.0).all()


def test_a_stroke_is_one_step_of_undo(kernel: DrawingDriver) -> None:
    kernel.stroke(*(kernel.pixel(8, column) for column in range(5, 25, 4)))
    first = kernel.drawing
    kernel.stroke(*(kernel.pixel(24, column) for column in range(5, 25, 4)))
    kernel.person.undo()
    assert kernel.drawing == first
    kernel.person.undo()
    assert kernel.drawing.is_blank
    kernel.person.redo()
    assert kernel.drawing == first
    kernel.person.until(lambda: kernel.view.drawing == first)


def test_the_right_button_and_the_eraser_bring_back_the_paper(kernel: DrawingDriver) -> None:
    line = [kernel.pixel(16, column) for column in (6, 16, 26)]
    kernel.stroke(*line)
    kernel.person.set_spin_number("kernel_drawing_brush_spin", "5")
    kernel.stroke(*line, button=RIGHT)
    assert kernel.drawing.is_blank
    kernel.stroke(*line)
    kernel.press("eraser_button")
    kernel.stroke(*line)
    assert kernel.drawing.is_blank


def test_clear_and_invert(kernel: DrawingDriver) -> None:
    kernel.stroke(kernel.pixel(16, 16), kernel.pixel(16, 20))
    drawn = kernel.pixels
    kernel.press("invert_button")
    assert np.array_equal(kernel.pixels, 1 - drawn)
    kernel.press("clear_button")
    assert (kernel.pixels == 1.0).all(), "the paper is white now"
    kernel.stroke(kernel.pixel(16, 16), kernel.pixel(16, 20))
    assert np.allclose(kernel.pixels, 1 - drawn, atol=1e-6), "and paint is black"


@pytest.mark.display
def test_the_step_of_the_textbook_is_typed_by_hand(step: DrawingDriver) -> None:
    step.view.setFocus()
    step.keys(Qt.Key.Key_Up)  # from now on digits are for the pixels
    for row in range(6):
        for _ in range(3):
            step.type("10")
        step.keys(*[Qt.Key.Key_Left] * 3)
        if row < 5:
            step.keys(Qt.Key.Key_Down)
    step.person.until_result([[0, 30, 30, 0]] * 4)
    step.press("invert_button")
    step.person.until_result([[0, -30, -30, 0]] * 4)


@pytest.mark.display
def test_keys_paint_and_erase_pixels(step: DrawingDriver) -> None:
    step.view.setFocus()
    step.keys(Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_P)
    assert step.pixels[1, 1] == 10.0
    assert step.pixels.sum() == 10.0
    step.keys(Qt.Key.Key_Delete)
    assert step.drawing.is_blank
    step.person.set_spin_number("kernel_drawing_brush_spin", "1")
    step.view.setFocus()
    step.keys(*[Qt.Key.Key_Right] * 2, modifier=SHIFT)
    assert step.pixels[1].tolist() == [0, 10, 10, 10, 0, 0]
    assert step.person.window.session.viewing.playing, "no key of the canvas freezes the picture"


@pytest.mark.display
def test_a_number_that_is_no_grey_is_rejected_and_can_be_corrected(step: DrawingDriver) -> None:
    step.view.setFocus()
    step.keys(Qt.Key.Key_Up)
    step.type("12")
    message = step.person.find(QLabel, "kernel_drawing_message")
    assert message.text() == "12 is out of range: write a number from 0 to 10."
    assert step.drawing.is_blank
    step.view.setFocus()
    step.type("7.5")
    assert message.text() == ""
    assert 7.5 in step.pixels


def test_the_patch_under_the_mouse_is_framed_on_the_canvas(kernel: DrawingDriver) -> None:
    QTest.mouseMove(kernel.view, kernel.pixel(10, 12))
    kernel.person.until(lambda: kernel.person.window.session.viewing.kernel.probe == (10, 12))
    kernel.person.until(lambda: bool(kernel.view.frames))
    frame = kernel.view.frames[0]
    assert (frame.top(), frame.left(), frame.width()) == (9, 11, 3)


def test_the_panel_is_there_only_while_one_draws(kernel: DrawingDriver) -> None:
    dock = kernel.person.find(QDockWidget, "kernel_drawing_dock")
    assert dock.isVisible()
    kernel.stroke(kernel.pixel(5, 5), kernel.pixel(20, 20))
    drawn = kernel.drawing
    kernel.person.choose("source_combo", "Zone plate")
    kernel.person.until(lambda: kernel.person.document.source.kind is SourceKind.PATTERN)
    assert not dock.isVisible()
    assert not dock.toggleViewAction().isVisible()
    kernel.person.choose("source_combo", "Drawing")
    kernel.person.until(lambda: kernel.is_seen)
    assert kernel.drawing == drawn, "nothing is lost meanwhile"
    kernel.person.window.actions_by_name["reset_layout"].trigger()
    kernel.person.until(lambda: kernel.is_seen)
    kernel.person.window.show_lab(Lab.STACK)
    canvas = DrawingDriver(kernel.person, "stack_drawing")
    assert canvas.view.drawing == drawn, "one canvas for all labs"


def test_a_closed_panel_stays_closed_until_it_is_wanted(kernel: DrawingDriver) -> None:
    dock = kernel.person.find(QDockWidget, "kernel_drawing_dock")
    dock.close()
    kernel.person.find(QSpinBox, "stride_spin").setValue(2)
    assert not dock.isVisible()
    dock.toggleViewAction().trigger()
    assert dock.isVisible()


def test_a_project_keeps_the_drawing(kernel: DrawingDriver, tmp_path: Path) -> None:
    kernel.stroke(kernel.pixel(5, 5), kernel.pixel(20, 20))
    drawn, path = kernel.drawing, tmp_path / "drawn.convlab"
    save_project(kernel.person.document, path)
    kernel.press("clear_button")
    kernel.person.drop_file(path)
    kernel.person.until(lambda: kernel.drawing == drawn)
    kernel.person.until(lambda: bool(kernel.person.result.any()))


# ---- N3: a digit through every layer ----


class Network:
    """A person who draws digits for the bundled network."""

    def __init__(self, person: Driver) -> None:
        self.person = person
        tabs = person.find(QTabWidget, "learning_tabs")
        assert tabs.isVisible()
        person.press("draw_digit_button")
        person.until(lambda: person.document.source.kind is SourceKind.DRAWING)
        self.lab = StackDriver(person)
        self.canvas = DrawingDriver(person, "stack_drawing")

    @property
    def answer(self) -> str:
        return self.person.find(QLabel, "stack_answer").text()

    @property
    def softmax(self) -> int:
        slot = self.lab.state.slots[-1]
        assert isinstance(slot.layer, Softmax)
        return slot.uid

    def write(self, digit: int) -> None:
        """Write a digit and wait until the network has seen it."""
        self.canvas.write(digit)
        self.until_seen()

    def until_seen(self) -> None:
        """Wait until the answer is about what is on the canvas."""
        values = self.canvas.drawing.values
        self.lab.until(lambda: self.lab.shown.job.frame.pixels.tobytes() == values)
        self.lab.settle()


@pytest.fixture
def network(open_window: OpenWindow) -> Network:
    return Network(open_window("--lab", "learning", "--source", "pattern:zone-plate"))


def test_one_button_brings_network_and_sheet_and_one_undo_takes_both_back(
    network: Network,
) -> None:
    person = network.person
    assert person.document.stack.classes == tuple("0123456789")
    assert person.document.stack.input.as_digit
    assert person.document.drawing.is_blank
    assert person.window.lab_tabs.currentIndex() == 1
    network.lab.until(lambda: network.answer == "No digit in the picture yet")
    person.undo()
    assert person.document.source.name == "zone-plate"
    assert person.document.stack.title == "First steps"
    network.lab.settle()
    network.lab.until(lambda: network.answer == "")


def test_drawn_digits_come_out_as_themselves(network: Network) -> None:
    told = {}
    for digit in range(10):
        network.write(digit)
        told[digit] = network.answer.split("  ")[0]
    assert [told[digit] for digit in (0, 1, 4, 7)] == ["0", "1", "4", "7"]
    right = sum(told[digit] == str(digit) for digit in range(10))
    assert right >= 9, f"{told}"


def test_the_answer_changes_while_one_draws(network: Network) -> None:
    network.canvas.press("clear_button")
    seen = set()
    line = [network.canvas.place(x, y) for x, y in DIGITS[0][0]]
    QTest.mousePress(network.canvas.view, LEFT, pos=line[0])
    for place in line[1:]:
        QTest.mouseMove(network.canvas.view, place)
        network.until_seen()
        seen.add(network.answer)
    QTest.mouseRelease(network.canvas.view, LEFT, pos=line[-1])
    assert len(seen) > 5


def test_the_last_layer_names_its_classes(network: Network) -> None:
    network.write(7)
    column = network.lab.maps._columns[network.softmax]
    shares = network.lab.shown.columns[-1].maps.ravel()
    words = [(name.text(), share.text()) for name, share in column._names]
    assert words == [(str(digit), f"{100 * share:.0f} %") for digit, share in enumerate(shares)]
    first, second = np.argsort(-shares)[:2]
    assert network.answer == (
        f"{first}  {100 * shares[first]:.0f} %, then {second}  {100 * shares[second]:.0f} %"
    )


def test_the_sum_of_softmax_names_the_class(network: Network) -> None:
    network.write(4)
    network.lab.click(Unit(network.softmax, 4))
    network.lab.show_tab("Sum")
    detail = network.lab.look.detail
    assert isinstance(detail, Probabilities)
    assert detail.names == tuple("0123456789")
    assert detail.powers[4] / detail.total == pytest.approx(detail.result)
    panel = network.person.find(UnitPanel, "unit_panel")
    network.lab.until(lambda: "value 4 (class “4”)" in panel.accessibleDescription())


def test_the_sum_and_what_a_unit_sees_are_there_on_the_way(network: Network) -> None:
    network.write(7)
    state, shown = network.lab.state, network.lab.shown
    conv, linear = state.slots[0].uid, state.slots[-2].uid
    network.lab.click(Unit(conv, 2, 3, 4))
    detail = network.lab.look.detail
    assert isinstance(detail, Products)
    bias = detail.bias or 0.0
    assert float(detail.products.sum()) + bias == pytest.approx(network.lab.look.value, abs=1e-5)
    network.lab.show_tab("Path")
    view = network.person.find(ImageView, "unit_input_view")
    network.lab.until(lambda: len(view.frames) == 1)
    frame = view.frames[0]
    assert (frame.top(), frame.left(), frame.height(), frame.width()) == (2, 3, 3, 3)
    network.lab.click(Unit(linear, 7))
    detail = network.lab.look.detail
    assert isinstance(detail, WeightedSum)
    box = network.lab.look.boxes[INPUT]
    assert box is not None
    assert (box.rows.length, box.columns.length) == shown.picture.shape[1:], "it sees all"


def test_an_inverted_canvas_is_classified_the_same(network: Network) -> None:
    network.write(7)
    before, answer = network.lab.shown.picture.maps, network.answer
    network.canvas.press("invert_button")
    network.lab.until(lambda: network.lab.shown.job.frame.pixels[0, 0] == 1.0)
    assert np.array_equal(network.lab.shown.picture.maps, before)
    assert network.answer == answer


@pytest.mark.parametrize(("ink", "paper"), [(0.15, 0.8), (0.9, 0.3)])
def test_a_photo_of_a_digit_is_told_too(
    network: Network, tmp_path: Path, ink: float, paper: float
) -> None:
    network.write(7)
    large = cv2.resize(network.canvas.pixels, (480, 360), interpolation=cv2.INTER_LINEAR)
    light = np.linspace(0.96, 1.04, 480)
    noise = np.random.default_rng(1).normal(0, 0.02, large.shape)
    photo = np.clip((paper + (ink - paper) * large) * light + noise, 0, 1)
    path = tmp_path / "photo.png"
    path.write_bytes(cv2.imencode(".png", np.rint(255 * photo).astype(np.uint8))[1].tobytes())
    network.person.drop_file(path)
    network.lab.until(lambda: network.lab.shown.job.frame.pixels.shape[:2] == (360, 480))
    assert network.answer.startswith("7  ")
    assert not network.canvas.view.isVisible()


def test_without_the_cut_the_network_sees_the_canvas(network: Network) -> None:
    network.write(7)
    cut = network.lab.shown.picture.maps
    check = network.person.find(QCheckBox, "cut_digit_check")
    network.lab.until(check.isVisible)
    check.click()
    network.lab.settle()
    assert not network.lab.state.input.as_digit
    assert not np.array_equal(network.lab.shown.picture.maps, cut)
    network.person.undo()
    assert check.isChecked()


def test_a_network_saved_with_its_classes_keeps_them(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "digits.convlab"
    save_project(network.person.document, path)
    kept = load_project(path)
    assert kept.stack.classes == tuple("0123456789")
    assert kept.stack.input.as_digit


def test_a_missing_network_is_said_with_the_remedy(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise FileNotFoundError("digits is missing from ConvLab's resources: install it again.")

    monkeypatch.setattr("convlab.ui.learning.learning_lab.digits_stack", missing)
    person = open_window("--lab", "learning")
    before = person.document
    QTest.mouseClick(person.find(QPushButton, "draw_digit_button"), LEFT)
    person.until(lambda: "install it again" in person.window.message.text)
    assert person.document is before
