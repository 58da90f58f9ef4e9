from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.learning.network import Architecture, NetworkTask, Start
from convlab.document.learning.network_fit import as_state, check_fits, first_network, probabilities
from convlab.document.learning.rule import Rule
from convlab.document.stack.model import InputSpace, StackInput, StackState
from convlab.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU, Softmax, Stack
from convlab.learn.optimisers import Adam, Momentum, Sgd
from convlab.learn.parameters import parameters_of
from tests.document.learning.made import data, network, training

STACK_TASK = NetworkTask(architecture=Architecture.STACK)


def lab(*layers: Layer, space: InputSpace = InputSpace.GREY) -> StackState:
    return StackState.of(layers, "Mine", StackInput(space, (6, 6)))


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((Conv2d(1, 4, 3), ReLU()), "gives maps of 4 × 4 × 4 where one score for each of 3"),
        ((Flatten(), Linear(36, 8)), "gives 8 scores where 3 classes are: give its last Linear 3"),
        ((Flatten(), Linear(36, 1)), "gives 1 score where"),
        ((Flatten(), Linear(64, 3)), "pictures of 6 × 6 px, in layer 2: .*36.*64"),
        ((MaxPool2d(8), Flatten(), Linear(1, 3)), "does not fit pictures of 6 × 6 px, in layer 1"),
        ((MaxPool2d(6), Flatten()), "gives 1 score"),
    ],
)
def test_a_stack_that_does_not_fit_is_rejected(layers: tuple[Layer, ...], words: str) -> None:
    with pytest.raises(ValueError, match=f"“Mine” of the stack lab .*{words}"):
        first_network(STACK_TASK, data(), lab(*layers), None)


def test_a_stack_without_weights_is_rejected() -> None:
    with pytest.raises(ValueError, match="no weights to learn"):
        check_fits(Stack([MaxPool2d(6), Flatten()]), data(classes=1), "It")


def test_grey_pictures_need_a_grey_input_and_the_other_way() -> None:
    layers = network().layers
    with pytest.raises(ValueError, match="takes 3 channels where the pictures have 1: choose grey"):
        first_network(STACK_TASK, data(), lab(*layers, space=InputSpace.RGB), None)
    with pytest.raises(ValueError, match="takes 1 channel where the pictures have 3: choose col"):
        first_network(STACK_TASK, data(channels=3), lab(*layers), None)


def test_the_first_weights_are_drawn_or_kept() -> None:
    mine = lab(*network().layers)
    kept = first_network(replace(STACK_TASK, start=Start.KEPT), data(), mine, None)
    assert kept.layers == mine.stack().layers
    one, same, other = (
        parameters_of(first_network(replace(STACK_TASK, seed=seed), data(), mine, None))
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one[0], same[0])
    assert (one[0] != other[0]).any()


def test_a_small_network_goes_on_from_the_last_that_was_trained() -> None:
    task = NetworkTask(start=Start.KEPT)
    last = replace(training(data(), network()), step=3)
    assert first_network(task, data(), lab(), last) is last.stack
    with pytest.raises(ValueError, match="The last network gives 3 scores where 5 classes"):
        first_network(task, data(classes=5), lab(), last)
    with pytest.raises(ValueError, match="choose random initial weights"):
        first_network(task, data(), lab(), replace(last, step=0))


def test_a_network_becomes_a_stack_of_the_stack_lab() -> None:
    grey = as_state(network(), data(), "Mine")
    assert (grey.title, grey.input) == ("Mine", StackInput(InputSpace.GREY, (6, 6)))
    colour = as_state(network(channels=3), data(channels=3), "Mine")
    assert colour.input.space is InputSpace.RGB


def test_shares_are_those_of_softmax() -> None:
    scores = np.log(np.array([1, 2, 5], np.float32))
    assert probabilities(scores, network()) == pytest.approx([1 / 8, 2 / 8, 5 / 8])
    done = np.array([0.25, 0.75], np.float32)
    assert probabilities(done, Stack([Softmax()])) == [0.25, 0.75]
    assert sum(probabilities(np.array([1000, 0], np.float32), network())) == 1


@pytest.mark.parametrize(
    ("rule", "kind"), [(Rule.SGD, Sgd), (Rule.MOMENTUM, Momentum), (Rule.ADAM, Adam)]
)
def test_the_settings_are_those_of_the_task(
    rule: Rule, kind: type[Sgd] | type[Momentum] | type[Adam]
) -> None:
    settings = NetworkTask(rule=rule, rate=0.5, epochs=2, batch=3, seed=4).settings()
    assert settings.optimiser == kind(0.5)
    assert (settings.epochs, settings.batch, settings.seed) == (2, 3, 4)
