"""The neuron that is edited where it is painted, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convlab.document.frame import Frame
from convlab.document.learning.neuron import (
    Neuron,
    NeuronActivation,
    NeuronInput,
    NeuronViewing,
)
from convlab.document.learning.neuron_examples import EXAMPLES
from convlab.document.learning.neuron_view import NeuronShown, NeuronView
from convlab.ui.learning.neuron_diagram import THRESHOLD, Kind, NeuronDiagram, Part
from convlab.ui.learning.neuron_layout import NeuronLayout, axis_of
from convlab.ui.learning.neuron_page import telling_weight
from convlab.ui.learning.neuron_paint import input_color, lamp_color
from convlab.ui.learning.neuron_words import example_words, input_words, sum_words, trial_words
from convlab.ui.theme import theme
from convlab.ui.widgets.neuron_style import line_color

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SIZES = [(760, 264), (900, 264), (1420, 443)]
NONE = (0.0,) * 6
BY_HAND = Neuron(
    (1.0, 1.0, -1.2, *NONE),
    0.5,
    NeuronActivation.STEP,
    NeuronInput.HAND,
    (0.5, 0.2, 0.9, *NONE),
    "",
)
WEIGHT_3, INPUT_5 = Part(Kind.WEIGHT, 2), Part(Kind.INPUT, 4)


def result(neuron: Neuron = BY_HAND) -> NeuronShown:
    frame = Frame(np.ones((4, 5), np.float32), 0, 0.0)
    return NeuronView().run(frame, neuron, NeuronViewing())


@pytest.fixture
def diagram(qtbot: QtBot) -> NeuronDiagram:
    diagram = NeuronDiagram()
    qtbot.addWidget(diagram)
    diagram.resize(1000, 360)
    diagram.show_neuron(BY_HAND, "step")
    diagram.show_result(result())
    diagram.show()
    qtbot.waitExposed(diagram)
    diagram.grab()
    return diagram


def middle(diagram: NeuronDiagram, part: Part) -> QPoint:
    return diagram.rect_of(part).center().toPoint()


def drag(diagram: NeuronDiagram, part: Part, up: int) -> None:
    start = middle(diagram, part)
    QTest.mousePress(diagram, LEFT, NO_KEYS, start)
    QTest.mouseMove(diagram, start - QPoint(0, up))
    QTest.mouseRelease(diagram, LEFT, NO_KEYS, start - QPoint(0, up))


# ---- places ----


@pytest.mark.parametrize("size", SIZES)
def test_nothing_overlaps(size: tuple[int, int]) -> None:
    layout = NeuronLayout(*map(float, size))
    pills = [layout.weight(index) for index in range(9)]
    assert all(above.bottom() + 2.9 <= below.top() for above, below in pairwise(pills))
    gap = layout.input(1).y() - layout.input(0).y()
    assert gap >= 2 * layout.radius
    assert layout.patch.right() < layout.input(0).x() - layout.radius - 30
    assert pills[0].left() > layout.input(0).x() + layout.radius
    axis = axis_of(BY_HAND, result())
    assert layout.bars.right() < layout.threshold(axis, 0.5).left()
    assert layout.threshold(axis, 0.5).right() < layout.graph.left()
    assert layout.graph.right() < layout.lamp.x() - 27
    assert layout.lamp.x() + 41 < size[0]


def test_the_axis_holds_every_sum_and_the_threshold() -> None:
    axis = axis_of(BY_HAND, result())
    assert axis.low < -1.2
    assert axis.high > 2.0
    far = replace(BY_HAND, threshold=7.0)
    assert axis_of(far, result(far)).high > 7.0
    idle = replace(BY_HAND, weights=(0.0,) * 9, threshold=0.0)
    flat = axis_of(idle, result(idle))
    assert flat.low < 0.0 < flat.high
    layout = NeuronLayout(1000, 360)
    assert layout.level(axis, axis.high) == layout.bars.top()
    assert layout.level(axis, axis.low) == layout.bars.bottom()
    assert layout.level(axis, 99.0) == layout.bars.top()


# ---- colours ----


def test_terms_are_stacked_and_what_inhibits_hangs_from_their_top(diagram: NeuronDiagram) -> None:
    image, layout, axis = diagram.grab().toImage(), diagram.places, axis_of(BY_HAND, result())

    def color_at(bar: int, value: float) -> str:
        place = QPointF(layout.bar(bar).left() + 4, layout.level(axis, value)).toPoint()
        return image.pixelColor(place).name()

    excites, inhibits = line_color(1.0).name(), line_color(-1.0).name()
    assert [color_at(0, value) for value in (0.25, 0.6)] == [excites] * 2
    assert [color_at(1, value) for value in (0.3, -0.3)] == [inhibits] * 2
    assert excites not in (color_at(0, 0.8), color_at(0, -0.2))
    assert color_at(2, -0.2) == inhibits, "0.5 + 0.2 − 1.08 is below zero"
    assert color_at(2, -0.5) not in (inhibits, excites)


def test_colours_of_inputs_and_of_the_lamp() -> None:
    assert input_color(0.0, 1.0).name() == "#000000"
    assert input_color(10.0, 10.0).name() == "#ffffff"
    assert input_color(-1.0, 1.0).blue() > input_color(-1.0, 1.0).red()
    assert lamp_color(0.0, 1.0).name() == theme().window
    assert lamp_color(2.0, 2.0).name() == theme().mark
    assert lamp_color(-1.0, 1.0).blue() > lamp_color(-1.0, 1.0).red()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
@pytest.mark.parametrize("activation", list(NeuronActivation))
def test_what_is_no_number_is_painted_all_the_same(
    diagram: NeuronDiagram, value: float, activation: NeuronActivation
) -> None:
    pixels = np.full((3, 3), 0.5, np.float32)
    pixels[0, :2] = value
    neuron = Neuron(activation=activation)
    shown = NeuronView().run(Frame(pixels, 0, 0.0), neuron, NeuronViewing())
    diagram.show_neuron(neuron, "any")
    diagram.show_result(shown)
    assert not diagram.grab().isNull()
    assert sum_words(shown).startswith("The sum ")
    assert input_words(shown, 0).startswith("Input 1 is ")


# ---- mouse and keyboard ----


def test_a_weight_is_dragged_at_its_line(diagram: NeuronDiagram, qtbot: QtBot) -> None:
    with qtbot.waitSignals([diagram.weight_edited, diagram.gesture_ended]):
        told: list[tuple[int, float]] = []
        diagram.weight_edited.connect(lambda *args: told.append(args))
        drag(diagram, WEIGHT_3, -40)
    assert told == [(2, -2.0)], "0.02 for each pixel"
    assert diagram.selected == WEIGHT_3


def test_the_threshold_is_dragged_along_the_axis(diagram: NeuronDiagram) -> None:
    told: list[float] = []
    diagram.threshold_edited.connect(told.append)
    axis, height = axis_of(BY_HAND, result()), diagram.places.bars.height()
    drag(diagram, THRESHOLD, 30)
    assert told == [pytest.approx(0.5 + 30 * (axis.high - axis.low) / height, abs=0.006)]


def test_an_input_is_clicked_and_dragged(diagram: NeuronDiagram) -> None:
    told: list[tuple[int, float]] = []
    diagram.input_edited.connect(lambda *args: told.append(args))
    QTest.mouseClick(diagram, LEFT, NO_KEYS, middle(diagram, INPUT_5))
    third = diagram.places.input(2).toPoint()
    QTest.mouseClick(diagram, LEFT, NO_KEYS, third)
    drag(diagram, INPUT_5, 20)
    assert told == [(4, 1.0), (2, 0.0), (4, 0.4)]


def test_inputs_of_the_picture_cannot_be_dragged(diagram: NeuronDiagram) -> None:
    QTest.mouseClick(diagram, LEFT, NO_KEYS, middle(diagram, INPUT_5))
    diagram.show_neuron(replace(BY_HAND, source=NeuronInput.PICTURE), "step")
    assert diagram.selected == Part(Kind.WEIGHT, 4)
    assert diagram.part_at(QPointF(middle(diagram, INPUT_5))) is None


def test_the_keyboard_chooses_and_changes(diagram: NeuronDiagram, qtbot: QtBot) -> None:
    told: list[tuple[object, ...]] = []
    diagram.weight_edited.connect(lambda *args: told.append(args))
    diagram.threshold_edited.connect(lambda *args: told.append(args))
    diagram.input_edited.connect(lambda *args: told.append(args))
    with qtbot.waitSignal(diagram.gesture_ended):
        QTest.keyClick(diagram, Qt.Key.Key_Down)
    QTest.keyClick(diagram, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    for _ in range(7):
        QTest.keyClick(diagram, Qt.Key.Key_Right)
    assert diagram.selected == THRESHOLD
    QTest.keyClick(diagram, Qt.Key.Key_Up)
    QTest.keyClick(diagram, Qt.Key.Key_Right)
    QTest.keyClick(diagram, Qt.Key.Key_Up)
    assert told == [(2, -1.3), (2, -0.2), (0.6,), (0, 0.6)]


def test_a_number_is_typed_or_rejected(diagram: NeuronDiagram, qtbot: QtBot) -> None:
    told: list[tuple[int, float]] = []
    diagram.weight_edited.connect(lambda *args: told.append(args))
    QTest.mouseDClick(diagram, LEFT, NO_KEYS, middle(diagram, WEIGHT_3))
    editor = diagram._editor
    assert editor.isVisible()
    assert editor.text() == "−1.2"
    editor.setText("much")
    with qtbot.waitSignal(diagram.rejected) as rejected:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert rejected.args == ["'much' is not a number: write one such as 1, -0.5 or 1/9"]
    assert editor.isVisible(), "what was typed can be corrected"
    editor.setText("-1/4")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert not editor.isVisible()
    QTest.keyClicks(diagram, "7")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert told == [(2, -0.25)]


def test_exact_numbers_under_the_mouse(diagram: NeuronDiagram) -> None:
    weight = diagram.tip_at(QPointF(middle(diagram, WEIGHT_3)))
    threshold = diagram.tip_at(QPointF(middle(diagram, THRESHOLD)))
    assert weight is not None
    assert weight.startswith("<b>Weight 3 = −1.2</b>")
    assert threshold is not None
    assert "threshold = −bias" in threshold
    layout, axis = diagram.places, axis_of(BY_HAND, result())
    term = QPointF(layout.bar(0).center().x(), layout.level(axis, 0.25))
    assert diagram.tip_at(term) == "<b>Input 1</b><br>0.5 × 1.0 = 0.5"
    assert diagram.tip_at(QPointF(1, 1)) is None


# ---- words ----


def test_what_an_input_does_in_words() -> None:
    shown = result()
    assert input_words(shown, 2) == (
        "Input 3 is bright (0.9) but its weight is negative (−1.2): it inhibits, and takes 1.08 "
        "away."
    )
    assert input_words(shown, 0) == (
        "Input 1 is grey (0.5) and its weight is positive (1): it excites, and adds 0.5."
    )
    assert input_words(shown, 8) == (
        "Input 9 is dark (0), but its weight is 0: the neuron does not look at it."
    )
    silent = result(replace(BY_HAND, by_hand=(0.0,) * 9))
    assert input_words(silent, 2) == (
        "Input 3 is dark (0): whatever its weight (−1.2), it adds nothing."
    )


@pytest.mark.parametrize(
    ("activation", "threshold", "words"),
    [
        ("step", 0.5, "The sum 0.4 does not reach the threshold 0.5: the neuron is silent."),
        ("step", 0.25, "The sum 0.4 exceeds the threshold 0.25: the neuron fires."),
        ("relu", 0.25, "The sum 0.4 exceeds the threshold 0.25: the neuron fires with 0.15."),
        ("relu", 0.5, "The sum 0.4 does not reach the threshold 0.5: the neuron is silent."),
        (
            "sigmoid",
            0.5,
            "The sum 0.4 does not reach the threshold 0.5: the neuron is at 0.475, less than half.",
        ),
        ("tanh", 0.25, "The sum 0.4 exceeds the threshold 0.25: the neuron is at 0.149, above 0."),
    ],
)
def test_what_comes_of_the_sum_in_words(activation: str, threshold: float, words: str) -> None:
    neuron = replace(
        BY_HAND,
        weights=(0.8, *(0.0,) * 8),
        threshold=threshold,
        activation=NeuronActivation(activation),
    )
    assert sum_words(result(neuron)) == words


def test_numbers_that_differ_look_different() -> None:
    neuron = replace(BY_HAND, weights=(1.0, *(0.0,) * 8), threshold=0.50001)
    assert sum_words(result(neuron)).startswith("The sum 0.5 does not reach the threshold 0.50001")
    equal = sum_words(result(replace(neuron, threshold=0.5)))
    assert equal.startswith("The sum 0.5 equals the threshold and does not exceed it")


def test_examples_in_words() -> None:
    assert example_words("") == ""
    assert "One neuron cannot" in example_words("XOR")
    xor = trial_words(result(EXAMPLES["XOR"].neuron).trials).replace("\N{NO-BREAK SPACE}", " ")
    assert xor.split("    ") == [
        "0 0 → silent ✓",
        "0 1 → fires ✓",
        "1 0 → fires ✓",
        "1 1 → fires ✗",
    ]
    assert telling_weight((1.0, 3.0, -0.5)) == 2
    assert telling_weight((1.0, 3.0, 0.0)) == 1
