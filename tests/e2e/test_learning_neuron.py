"""One neuron in the learning lab by mouse and keyboard: row N4."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QLineEdit, QPushButton, QTabBar

from convlab.document.document import Lab
from convlab.document.learning.job import LearningShown
from convlab.document.learning.model import LearningPage
from convlab.document.learning.neuron import Neuron, NeuronActivation, NeuronInput
from convlab.document.learning.neuron_view import NeuronShown
from convlab.ui.learning.learning_lab import LearningLab
from convlab.ui.learning.neuron_diagram import THRESHOLD, Kind, NeuronDiagram, Part
from convlab.ui.widgets.image_view import ImageView
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver

EDGE_ROW = [0.0, 0.0, 29.75, 29.75, 0.0, 0.0]  # 3 × 10 − 0.25, where left and right differ


class NeuronDriver:
    """A person at the page of one neuron."""

    def __init__(self, person: Driver) -> None:
        self.person = person
        self.window = person.window
        tabs = self.window.labs.of(LearningLab).tabs.tabBar()
        number = list(LearningPage).index(LearningPage.NEURON)
        QTest.mouseClick(tabs, LEFT, NO_KEYS, tabs.tabRect(number).center())
        self.diagram = person.find(NeuronDiagram, "single_neuron_diagram")
        self.input = person.find(ImageView, "single_neuron_input_view")
        self.output = person.find(ImageView, "single_neuron_output_view")
        self.settle()

    @property
    def neuron(self) -> Neuron:
        return self.person.document.learning.neuron

    @property
    def shown(self) -> NeuronShown:
        shown = self.window.pump.shown
        assert isinstance(shown, LearningShown)
        assert isinstance(shown.page, NeuronShown)
        return shown.page

    @property
    def steps(self) -> int:
        return self.window.session.undo_stack.index()

    def settle(self) -> None:
        """Wait until what is wanted is what is shown."""

        def is_there() -> bool:
            shown = self.window.pump.shown
            if not isinstance(shown, LearningShown) or not isinstance(shown.page, NeuronShown):
                return False
            is_wanted = shown.job.viewing == self.window.session.viewing.learning
            return is_wanted and shown.page.neuron == self.neuron

        self.person.until(is_there)

    def words(self, name: str) -> str:
        text = self.person.find(QLabel, f"single_neuron_{name}_words").text()
        return text.replace("\N{NO-BREAK SPACE}", " ")

    def press(self, name: str) -> None:
        self.person.press(f"single_neuron_{name}_button")
        self.settle()

    def choose(self, name: str, text: str) -> None:
        self.person.choose(f"single_neuron_{name}_combo", text)
        self.settle()

    def drag(self, part: Part, up: int) -> None:
        start = self.diagram.rect_of(part).center().toPoint()
        QTest.mousePress(self.diagram, LEFT, NO_KEYS, start)
        for moved in range(0, up, 5 if up > 0 else -5):
            QTest.mouseMove(self.diagram, start - QPoint(0, moved))
            QApplication.processEvents()
        QTest.mouseMove(self.diagram, start - QPoint(0, up))
        QTest.mouseRelease(self.diagram, LEFT, NO_KEYS, start - QPoint(0, up))
        self.settle()

    def type_into(self, part: Part, text: str) -> None:
        place = self.diagram.rect_of(part).center().toPoint()
        QTest.mouseDClick(self.diagram, LEFT, NO_KEYS, place)
        editor = self.person.find(QLineEdit, "single_neuron_editor")
        assert editor.isVisible()
        editor.selectAll()
        QTest.keyClicks(editor, text)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        self.settle()


@pytest.fixture
def lab(open_window: OpenWindow) -> NeuronDriver:
    """The neuron for a vertical edge, at the 6×6 step from 10 to 0."""
    options = ("--lab", "learning", "--source", "pattern:step", "--size", "1440x900")
    return NeuronDriver(open_window(*options))


def test_it_looks_at_the_picture_and_stands_at_every_place(lab: NeuronDriver) -> None:
    assert lab.shown.place == (3, 3)
    assert lab.shown.inputs == (10.0, 0.0, 0.0) * 3
    assert (lab.shown.total, lab.shown.output) == (30.0, 29.75)
    inner = lab.shown.outputs.planes[0][1:5]
    np.testing.assert_array_equal(inner[:, :4], [EDGE_ROW[:4]] * 4)
    assert lab.words("sum") == (
        "The sum 30 exceeds the threshold 0.25: the neuron fires with 29.75."
    )
    assert lab.output.frames[0].topLeft().toTuple() == (3.0, 3.0)


@pytest.mark.display
def test_a_click_and_the_arrows_choose_the_place(lab: NeuronDriver) -> None:
    lab.person.click(lab.input, 2, 1)
    lab.settle()
    assert (lab.shown.place, lab.shown.total) == ((2, 1), 0.0)
    assert lab.words("sum").endswith("the neuron is silent.")
    assert lab.input.frames[0].topLeft().toTuple() == (0.0, 1.0)
    QTest.keyClick(lab.input, Qt.Key.Key_Right)
    lab.settle()
    assert (lab.shown.place, lab.shown.total) == ((2, 2), 30.0)
    for _ in range(9):
        QTest.keyClick(lab.input, Qt.Key.Key_Up)
    lab.settle()
    assert (lab.shown.place, lab.shown.total) == ((0, 2), 20.0), "beyond the picture it sees 0"
    lab.person.click(lab.output, 4, 4)
    lab.settle()
    assert lab.shown.place == (4, 4)
    assert lab.steps == 0, "looking is no edit"


def test_a_weight_dragged_below_zero_inhibits(lab: NeuronDriver) -> None:
    lab.press("and")
    lab.type_into(Part(Kind.WEIGHT, 2), "-1")
    QTest.mouseClick(
        lab.diagram, LEFT, NO_KEYS, lab.diagram.rect_of(Part(Kind.INPUT, 2)).center().toPoint()
    )
    spin = lab.person.find(QDoubleSpinBox, "single_neuron_threshold_spin")
    spin.selectAll()
    QTest.keyClicks(spin, "0.5")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    lab.settle()
    assert (lab.shown.total, lab.shown.output) == (1.0, 1.0), "1 + 1 − 1 exceeds 0.5"
    steps = lab.steps
    lab.drag(Part(Kind.WEIGHT, 2), -50)
    assert lab.neuron.weights[2] == -2.0
    assert (lab.shown.total, lab.shown.output) == (0.0, 0.0)
    assert lab.words("sum") == ("The sum 0 does not reach the threshold 0.5: the neuron is silent.")
    assert lab.words("input") == (
        "Input 3 is bright (1) but its weight is negative (−2): it inhibits, and takes 2 away."
    )
    assert lab.steps == steps + 1, "a drag is one step"
    lab.person.undo()
    lab.settle()
    assert lab.shown.output == 1.0


def test_the_threshold_is_dragged_above_the_sum(lab: NeuronDriver) -> None:
    lab.press("or")
    assert lab.shown.fires
    steps = lab.steps
    lab.drag(THRESHOLD, 200)
    assert lab.neuron.threshold > 1.0
    assert not lab.shown.fires
    spin = lab.person.find(QDoubleSpinBox, "single_neuron_threshold_spin")
    assert spin.value() == pytest.approx(lab.neuron.threshold)
    assert lab.steps == steps + 1


@pytest.mark.display
def test_arrow_keys_change_a_weight(lab: NeuronDriver) -> None:
    lab.diagram.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(lab.diagram, key)
    lab.settle()
    assert lab.neuron.weights[1] == pytest.approx(0.2)
    assert lab.shown.terms[1] == 0.0


def test_inputs_by_hand_need_no_picture(lab: NeuronDriver) -> None:
    lab.choose("inputs", "by hand")
    assert lab.shown.inputs == (1.0, 0.5, 0.25) * 3
    assert lab.input.frames == []
    lab.drag(Part(Kind.INPUT, 0), -20)
    assert lab.neuron.by_hand[0] == pytest.approx(0.6)
    assert lab.shown.total == pytest.approx(1.85)
    lab.person.click(lab.input, 1, 1)
    lab.settle()
    assert lab.neuron.source is NeuronInput.PICTURE, "who clicks the picture wants its pixels"


def test_activations_change_the_output_everywhere(lab: NeuronDriver) -> None:
    for title, activation, most in (
        ("step", NeuronActivation.STEP, 1.0),
        ("sigmoid", NeuronActivation.SIGMOID, 1.0),
        ("tanh", NeuronActivation.TANH, 1.0),
        ("ReLU", NeuronActivation.RELU, 29.75),
    ):
        lab.choose("activation", title)
        assert lab.neuron.activation is activation
        assert lab.shown.output == pytest.approx(most)
        assert lab.shown.outputs.planes.max() == pytest.approx(most)


def test_examples_and_the_one_that_fails(lab: NeuronDriver) -> None:
    for name, total, fires in (
        ("and", 2.0, True),
        ("or", 1.0, True),
        ("not", -1.0, False),
        ("vertical_edge", 2.25, True),
        ("spot", 6.0, True),
    ):
        lab.press(name)
        assert (lab.shown.total, lab.shown.fires) == (total, fires), name
        assert lab.person.find(QPushButton, f"single_neuron_{name}_button").isChecked()
        assert "✗" not in lab.words("trials")
    lab.press("xor")
    assert "1 1 → fires ✗" in lab.words("trials")
    assert "One neuron cannot" in lab.words("example")
    lab.type_into(THRESHOLD, "1.5")
    assert "1 1 → fires ✗" in lab.words("trials"), "the task stays while it is tried"
    assert "1 0 → silent ✗" in lab.words("trials")


def test_what_cannot_be_is_rejected_in_a_message(lab: NeuronDriver) -> None:
    before = lab.neuron
    lab.type_into(Part(Kind.WEIGHT, 0), "1000")
    message = lab.window.labs.of(LearningLab).neuron.message
    assert message.text == "1000 is out of range: write a number from −100 to 100."
    assert lab.neuron == before
    lab.press("or")
    assert message.text == ""


def test_the_neuron_becomes_the_kernel(lab: NeuronDriver) -> None:
    lab.press("spot")
    steps = lab.steps
    lab.person.press("single_neuron_kernel_button")
    tabs = lab.person.find(QTabBar, "lab_tabs")
    assert lab.window.session.viewing.lab is Lab.KERNEL
    assert tabs.currentIndex() == 0
    assert lab.person.document.kernel.weights == (
        (-1.0, -1.0, -1.0),
        (-1.0, 8.0, -1.0),
        (-1.0, -1.0, -1.0),
    )
    assert lab.steps == steps + 1
    lab.person.until(lambda: not isinstance(lab.window.pump.shown, LearningShown))
    assert lab.person.result[2, 2] == 30.0, "8 × 10 − 5 × 10 beside the edge"
    lab.person.undo()
    assert lab.person.document.kernel.weights[1] == (2.0, 0.0, -2.0)
    assert lab.neuron.weights[4] == 8.0
