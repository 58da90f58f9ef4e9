"""The neuron by hand numbers, and at every place of a picture."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from convlab.document.document import Document
from convlab.document.frame import Frame
from convlab.document.learning import neuron_edits
from convlab.document.learning.evaluate import LearningEvaluator
from convlab.document.learning.job import LearningJob
from convlab.document.learning.model import LearningPage, LearningState, LearningViewing
from convlab.document.learning.neuron import (
    TASKS,
    Neuron,
    NeuronActivation,
    NeuronInput,
    NeuronViewing,
)
from convlab.document.learning.neuron_examples import EXAMPLES
from convlab.document.learning.neuron_view import NeuronShown, NeuronView, patch_at
from convlab.engine.arrays import AnyArray
from convlab.engine.display import DisplayMode
from convlab.layers.parameters import with_value
from tests.slow import noise

PICTURE = np.array([[0, 0.25, 0.5], [0.75, 1, 0.5], [0.25, 0, 1]], np.float32)
NONE = (0.0,) * 6
THREE = Neuron(
    (1.0, 1.0, -1.0, *NONE),
    0.5,
    NeuronActivation.STEP,
    NeuronInput.HAND,
    (1.0, 1.0, 1.0, *NONE),
)


def look(
    neuron: Neuron, pixels: AnyArray = PICTURE, place: tuple[int, int] | None = None
) -> NeuronShown:
    return NeuronView().run(Frame(pixels, 0, 0.0), neuron, NeuronViewing(place))


def test_a_sum_above_the_threshold_fires() -> None:
    shown = look(THREE)
    assert shown.terms[:3] == (1.0, 1.0, -1.0)
    assert (shown.total, shown.drive, shown.output) == (1.0, 0.5, 1.0)
    assert shown.fires


def test_a_more_negative_weight_silences_it() -> None:
    shown = look(replace(THREE, weights=(1.0, 1.0, -2.0, *NONE)))
    assert (shown.total, shown.drive, shown.output) == (0.0, -0.5, 0.0)
    assert not shown.fires


def test_a_sum_that_is_the_threshold_does_not_exceed_it() -> None:
    assert not look(replace(THREE, threshold=1.0)).fires


@pytest.mark.parametrize(
    ("activation", "output"),
    [
        (NeuronActivation.STEP, 1.0),
        (NeuronActivation.RELU, 0.5),
        (NeuronActivation.SIGMOID, 1 / (1 + math.exp(-0.5))),
        (NeuronActivation.TANH, math.tanh(0.5)),
    ],
)
def test_activations_of_half_above_the_threshold(
    activation: NeuronActivation, output: float
) -> None:
    shown = look(replace(THREE, activation=activation))
    assert shown.output == pytest.approx(output, rel=1e-6)
    assert shown.graph.result == shown.output
    at = int(np.argmin(np.abs(shown.graph.inputs - shown.drive)))
    assert shown.graph.outputs[at] == pytest.approx(output, abs=0.02)
    assert (np.diff(shown.graph.inputs) > 0).all()
    assert shown.graph.inputs[0] <= shown.drive <= shown.graph.inputs[-1]


def test_a_step_has_its_foot_and_its_top_at_zero() -> None:
    graph = look(THREE).graph
    jump = int(np.argmax(graph.outputs))
    assert graph.inputs[jump - 1] == 0.0
    assert graph.inputs[jump] == pytest.approx(0.0, abs=1e-30)


def test_it_sees_the_patch_around_a_place_and_nothing_outside() -> None:
    assert patch_at(PICTURE, (1, 1)) == tuple(PICTURE.ravel().tolist())
    assert patch_at(PICTURE, (0, 0)) == (0, 0, 0, 0, 0, 0.25, 0, 0.75, 1)
    assert patch_at(PICTURE, (2, 2)) == (1, 0.5, 0, 0, 1, 0, 0, 0, 0)


def test_at_a_place_of_the_picture() -> None:
    neuron = Neuron(threshold=0.25)
    middle = look(neuron)
    assert middle.place == (1, 1)
    assert middle.terms == (0, 0, -0.5, 0.75, 0, -0.5, 0.25, 0, -1)
    assert (middle.total, middle.output) == (-1.0, 0.0)
    right = look(neuron, place=(1, 2))
    assert right.total == 0.25 + 1 + 0
    assert right.output == right.total - 0.25
    assert right.reach == (-3.0, 3.0)


def test_a_place_outside_a_smaller_picture_is_brought_inside() -> None:
    assert look(Neuron(), place=(40, 7)).place == (2, 2)
    assert look(Neuron(), np.ones((1, 1), np.float32), (5, 5)).total == 0.0


@pytest.mark.parametrize("activation", list(NeuronActivation))
def test_the_map_is_the_neuron_put_at_every_place(activation: NeuronActivation) -> None:
    picture = noise(6, 7)
    weights = tuple(noise(9).tolist())
    neuron = Neuron(weights, 0.125, activation)
    outputs = look(neuron, picture).outputs.planes[0]
    assert outputs.shape == picture.shape
    for place in np.ndindex(picture.shape):
        by_hand = replace(neuron, source=NeuronInput.HAND, by_hand=patch_at(picture, place))
        there = look(neuron, picture, place)
        assert there.output == outputs[place], "what is shown is what was computed"
        assert look(by_hand).output == pytest.approx(there.output, abs=2e-6)
        assert sum(there.terms) == pytest.approx(there.total, abs=2e-6)


def test_scales_of_the_pictures() -> None:
    shown = look(Neuron(), 255 * np.eye(4, dtype=np.uint8))
    assert shown.picture.scale[:2] == (0.0, 1.0)
    assert shown.inputs == patch_at(np.eye(4, dtype=np.float32), (2, 2))
    signed = look(Neuron(activation=NeuronActivation.TANH), PICTURE - 1)
    assert signed.picture.mode is signed.outputs.mode is DisplayMode.SIGNED
    assert signed.outputs.scale[:2] == (-1.0, 1.0)
    assert not signed.outputs.bgra.flags.writeable
    assert not signed.outputs.planes.flags.writeable


def test_only_what_changed_is_computed_again() -> None:
    view, frame = NeuronView(), Frame(PICTURE, 0, 0.0)
    first = view.run(frame, Neuron(), NeuronViewing())
    moved = view.run(frame, Neuron(), NeuronViewing((0, 0)))
    assert moved.outputs is first.outputs
    edited = view.run(frame, Neuron(threshold=1.0), NeuronViewing())
    assert edited.picture is first.picture
    assert edited.outputs is not first.outputs
    other = view.run(Frame(1 - PICTURE, 1, 0.0), Neuron(threshold=1.0), NeuronViewing())
    assert other.outputs is not edited.outputs
    assert other.inputs != edited.inputs


# ---- examples ----


@pytest.mark.parametrize("name", ["AND", "OR", "NOT"])
def test_logic_solves_every_case(name: str) -> None:
    trials = look(EXAMPLES[name].neuron).trials
    assert len(trials) == (2 if name == "NOT" else 4)
    assert all(trial.fires is trial.expected for trial in trials)


def test_the_cases_of_logic_count_up() -> None:
    table = [(case.inputs, case.fires) for case in EXAMPLES["XOR"].cases]
    assert table == [
        ((0.0, 0.0), False),
        ((0.0, 1.0), True),
        ((1.0, 0.0), True),
        ((1.0, 1.0), False),
    ]


def test_no_neuron_solves_xor() -> None:
    shown = look(EXAMPLES["XOR"].neuron)
    assert shown.fires, "it shows the case that fails"
    assert [trial.fires is trial.expected for trial in shown.trials] == [True, True, True, False]
    for first, second, threshold in np.ndindex(17, 17, 17):
        weights = ((first - 8) / 4, (second - 8) / 4, *NONE, 0.0)
        tried = replace(EXAMPLES["XOR"].neuron, weights=weights, threshold=(threshold - 8) / 4)
        sums = [0, weights[1], weights[0], weights[0] + weights[1]]
        fired = [value > tried.threshold for value in sums]
        assert fired != [False, True, True, False]


@pytest.mark.parametrize(("name", "total"), [("Vertical edge", 2.25), ("Spot", 6.0)])
def test_a_pattern_fires_and_even_light_does_not(name: str, total: float) -> None:
    neuron = EXAMPLES[name].neuron
    shown = look(neuron)
    assert shown.total == total
    assert shown.output == total - neuron.threshold
    even = look(replace(neuron, by_hand=(1.0,) * 9))
    assert (even.total, even.output) == (0.0, 0.0)


# ---- edits ----


def test_edits_change_one_thing() -> None:
    neuron = neuron_edits.set_weight(Neuron(), 2, -1.2)
    assert neuron.weights[2] == float(np.float32(-1.2))
    assert neuron.weights[:2] == Neuron().weights[:2]
    neuron = with_value(neuron, "threshold", -1.2)
    assert neuron.threshold == float(np.float32(-1.2)), "as the engine adds it"
    neuron = with_value(neuron, "activation", "tanh")
    neuron = neuron_edits.set_input(neuron, 8, 1.5)
    assert neuron.activation is NeuronActivation.TANH
    assert neuron.by_hand[8] == 1.0
    assert neuron.source is NeuronInput.HAND
    back = with_value(neuron, "source", "picture")
    assert back == replace(neuron, source=NeuronInput.PICTURE)


def test_a_task_stays_while_it_is_tried_and_a_pattern_does_not() -> None:
    assert {name for name, example in EXAMPLES.items() if example.cases} == set(TASKS)
    xor = neuron_edits.load_example("XOR")
    assert xor == EXAMPLES["XOR"].neuron
    assert with_value(xor, "threshold", 1.5).example == "XOR"
    spot = neuron_edits.load_example("Spot")
    assert with_value(spot, "threshold", 1.5).example == ""
    assert with_value(spot, "activation", "step").example == "Spot"
    assert neuron_edits.set_input(spot, 0, 1.0).example == "Spot"
    assert neuron_edits.set_weight(spot, 0, 0.0).example == ""


def test_the_weights_become_the_kernel() -> None:
    document = Document()
    after = neuron_edits.use_as_kernel(document)
    assert after.kernel.weights == ((1.0, 0.0, -1.0),) * 3
    weights = document.kernel.weights
    assert replace(after, kernel=replace(after.kernel, weights=weights)) == document


@pytest.mark.parametrize("value", [math.nan, math.inf, 101.0])
def test_a_weight_that_cannot_be_is_rejected(value: float) -> None:
    with pytest.raises(ValueError, match="-100 to 100"):
        neuron_edits.set_weight(Neuron(), 0, value)


def test_other_rejections() -> None:
    with pytest.raises(ValueError, match="threshold -10000 does not fit: give -1000 to 1000"):
        with_value(Neuron(), "threshold", -1e4)
    with pytest.raises(ValueError, match="from 0 to 1"):
        neuron_edits.set_input(Neuron(), 0, math.nan)
    with pytest.raises(ValueError, match="from 1 to 9"):
        neuron_edits.set_weight(Neuron(), 9, 0.0)
    with pytest.raises(ValueError, match="NAND"):
        neuron_edits.load_example("NAND")


def test_the_evaluator_runs_the_page() -> None:
    viewing = LearningViewing(LearningPage.NEURON)
    state = LearningState(neuron=THREE)
    job = LearningJob(1, Frame(PICTURE, 0, 0.0), state, viewing, None)
    page = LearningEvaluator().run(job).page
    assert isinstance(page, NeuronShown)
    assert page.output == 1.0
