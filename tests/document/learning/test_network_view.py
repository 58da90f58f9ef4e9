from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.learning.network import NetworkTask, NetworkViewing
from convlab.document.learning.network_view import MOST_KERNELS, NetworkView, first_kernels
from convlab.document.learning.training import Training
from convlab.engine.activate import softmax
from convlab.layers import Conv2d, Flatten, Linear, Stack
from tests.document.learning.made import data, network, training

TASK = NetworkTask()
ALL = NetworkViewing(in_sight=frozenset(range(9)))


@pytest.fixture
def now() -> Training:
    return training(data(), network())


def test_before_the_data_are_there_nothing_is_shown() -> None:
    shown = NetworkView().run(ALL, None)
    assert (shown.training, shown.sample, shown.kernels, shown.listed) == (None, None, None, None)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_chosen_picture_goes_through_every_layer(channels: int) -> None:
    now = training(data(channels), network(channels))
    sample = NetworkView().run(replace(ALL, sample=4), now).sample
    assert sample is not None
    image = now.data.test.images[4]
    np.testing.assert_array_equal(sample.maps.picture.maps, image)
    results = now.stack.forward(image)
    for column, wanted in zip(sample.maps.columns[1:3], results[:2], strict=True):
        np.testing.assert_allclose(column.maps, wanted, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(sample.probabilities, softmax(results[-1][np.newaxis])[0], rtol=1e-4)
    assert sample.prediction == now.evaluation.predictions[4]
    assert sample.label == now.data.test.labels[4]


def test_a_picture_that_is_not_there_is_the_last(now: Training) -> None:
    sample = NetworkView().run(replace(ALL, sample=999), now).sample
    assert sample is not None
    assert sample.index == len(now.data.test) - 1


def test_out_of_sight_the_scores_are_told_all_the_same(now: Training) -> None:
    sample = NetworkView().run(NetworkViewing(in_sight=frozenset()), now).sample
    assert sample is not None
    assert len(sample.probabilities) == 3
    assert sample.maps.columns[1].tiles is None


def test_what_is_listed_is_what_was_told_wrong_or_the_chosen_cell(now: Training) -> None:
    view, held = NetworkView(), now.data.test
    wrong = np.flatnonzero(now.evaluation.predictions != held.labels)
    listed = view.run(ALL, now).listed
    assert listed is not None
    assert listed.indices == tuple(wrong)
    assert listed.tiles.shape == (len(wrong), 6, 6, 4)
    label, prediction = int(held.labels[0]), int(now.evaluation.predictions[0])
    chosen = view.run(replace(ALL, cell=(label, prediction)), now).listed
    assert chosen is not None
    assert len(chosen.indices) == now.evaluation.confusion[label, prediction]
    assert 0 in chosen.indices
    assert not chosen.tiles.flags.writeable


def test_what_stays_is_not_made_again(now: Training) -> None:
    view = NetworkView()
    first, second = view.run(ALL, now), view.run(ALL, replace(now, step=1))
    assert first.kernels is second.kernels
    assert first.listed is second.listed
    assert first.sample is not None
    assert second.sample is not None
    assert first.sample.maps.columns[1].tiles is second.sample.maps.columns[1].tiles


def test_kernels_are_those_of_the_first_convolution() -> None:
    kernels = first_kernels(Stack([Conv2d(3, 40, 5), Flatten()]))
    assert kernels is not None
    assert kernels.channels == 3
    assert len(kernels.tiles) == MOST_KERNELS // 3 * 3
    assert kernels.hidden == 40 - MOST_KERNELS // 3
    assert first_kernels(Stack([Flatten(), Linear(4, 2)])) is None


def test_the_same_network_made_again_takes_the_place_of_the_first(now: Training) -> None:
    view = NetworkView()
    view.run(ALL, now)
    again = training(data(), network())
    assert again.evaluation.accuracy == now.evaluation.accuracy
    assert view.run(ALL, again).training is again
