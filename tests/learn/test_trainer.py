from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from convlab.engine.arrays import FloatArray
from convlab.layers import BatchNorm2d, Conv2d, Dropout, Flatten, Linear, ReLU, Softmax, Stack
from convlab.learn.losses import Labels
from convlab.learn.optimisers import Adam, Optimiser, Sgd
from convlab.learn.parameters import parameters_of
from convlab.learn.trainer import Trainer, TrainingSettings, TrainingSnapshot, evaluate
from tests.slow import noise


def stripes(count: int, seed: int = 0) -> tuple[FloatArray, Labels]:
    """Noisy 6×6 pictures ``(N, 1, 6, 6)``, and 1 for each whose stripes lie."""
    labels = np.random.default_rng(seed).integers(0, 2, count)
    waves = np.broadcast_to(np.cos(np.arange(6) * np.pi), (6, 6)).astype(np.float32)
    pictures = np.where(labels[:, None, None] == 1, waves.T, waves)
    return pictures[:, None] + 0.5 * noise(count, 1, 6, 6, seed=seed), labels


def network(*end: Softmax) -> Stack:
    return Stack([Conv2d(1, 4, 3), ReLU(), Flatten(), Linear(64, 2), *end])


def bits(snapshots: list[TrainingSnapshot]) -> list[bytes]:
    return [array.tobytes() for array in parameters_of(snapshots[-1].stack)]


def test_it_learns_what_it_has_not_seen() -> None:
    images, labels = stripes(100)
    trainer = Trainer(network(), images, labels, TrainingSettings(5, 16))
    told = list(trainer)
    assert [shot.step for shot in told] == list(range(1, 5 * trainer.steps_per_epoch + 1))
    assert [shot.epoch for shot in told[6:8]] == [1, 2]
    assert told[-1].loss < 0.5 * told[0].loss
    assert not told[-1].stopped
    found = evaluate(told[-1].stack, *stripes(300, seed=1))
    assert found.accuracy > 0.95
    assert found.confusion.sum() == len(found.predictions) == 300
    assert np.trace(found.confusion) == round(found.accuracy * 300)


def test_the_same_seed_gives_the_same_weights_bit_for_bit() -> None:
    images, labels = stripes(40)
    body = [Conv2d(1, 4, 3), BatchNorm2d(4), ReLU(), Dropout(0.2), Flatten(), Linear(64, 2)]
    one, again, other = (
        bits(list(Trainer(Stack(body), images, labels, TrainingSettings(2, 8, seed=seed))))
        for seed in (3, 3, 4)
    )
    assert one == again
    assert one != other


@pytest.mark.parametrize("optimiser", [Sgd(0.5), Adam(0.5)])
def test_weight_decay_takes_a_share_off_the_weights_before_a_step(optimiser: Optimiser) -> None:
    images, labels = stripes(8)
    # Biases that are not 0: of zeros, decay would take nothing off unseen.
    layers = [
        Conv2d(1, 4, 3, bias=np.ones(4, np.float32)),
        ReLU(),
        Flatten(),
        Linear(64, 2, np.ones(2, np.float32)),
    ]
    start = Stack(layers)
    settings = TrainingSettings(1, 8, optimiser, shift=0.0, cosine_decay=False)
    (plain,) = Trainer(start, images, labels, settings)
    (decayed,) = Trainer(start, images, labels, replace(settings, weight_decay=0.1))
    for before, without, after in zip(
        *(parameters_of(stack) for stack in (start, plain.stack, decayed.stack)), strict=True
    ):
        expected = without - 0.5 * 0.1 * before if before.ndim > 1 else without
        np.testing.assert_allclose(after, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("decay", [-0.1, math.nan, math.inf])
def test_a_weight_decay_that_cannot_be_is_rejected(decay: float) -> None:
    with pytest.raises(ValueError, match=r"weight decay .* give a number of at least 0"):
        TrainingSettings(weight_decay=decay)


def test_it_may_be_left_and_changes_nothing_it_was_given() -> None:
    images, labels = stripes(40)
    stack, before = network(), images.copy()
    start = [array.copy() for array in parameters_of(stack)]
    steps = iter(Trainer(stack, images, labels))
    first = next(steps)
    kept = [array.copy() for array in parameters_of(first.stack)]
    next(steps)
    np.testing.assert_array_equal(images, before)
    for now, then in ((stack, start), (first.stack, kept)):
        assert all(map(np.array_equal, parameters_of(now), then))


def test_softmax_at_the_end_is_kept_and_learns_as_without() -> None:
    images, labels = stripes(40)
    with_end = list(Trainer(network(Softmax()), images, labels, TrainingSettings(1)))
    without = list(Trainer(network(), images, labels, TrainingSettings(1)))
    assert isinstance(with_end[-1].stack.layers[-1], Softmax)
    assert bits(with_end) == bits(without)


def test_normalisation_remembers_what_it_saw() -> None:
    images, labels = stripes(40)
    stack = Stack([BatchNorm2d(1), Flatten(), Linear(36, 2)])
    *_, last = Trainer(stack, images + 5, labels, TrainingSettings(20, 20))
    layer = last.stack.layers[0]
    assert isinstance(layer, BatchNorm2d)
    assert layer.running_mean[0] == pytest.approx(5, abs=0.3)


def test_too_high_a_rate_stops_with_a_message_and_the_last_good_weights() -> None:
    images, labels = stripes(40)
    *told, last = Trainer(network(), images, labels, TrainingSettings(20, 8, Sgd(1e18)))
    assert "step" in last.stopped
    assert "lower the learning rate" in last.stopped
    assert not any(shot.stopped for shot in told)
    assert all(np.isfinite(array).all() for array in parameters_of(last.stack))
    assert math.isfinite(evaluate(last.stack, images[:8], labels[:8]).loss)


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (noise(4, 6, 6), [0, 1, 0, 1], r"images of shape \(4, 6, 6\)"),
        (noise(0, 1, 6, 6), [], r"images of shape \(0, 1, 6, 6\)|shape \(0, 1, 6, 6\) is empty"),
        (noise(2, 3, 6, 6), [0, 1], r"layer 1 \(Conv2d\): the input has 3 channels"),
        (noise(2, 1, 8, 8), [0, 1], r"layer 4 \(Linear\): the input has 144 values"),
        (noise(2, 1, 6, 6), [0], r"labels of shape \(1,\) .* do not fit 2 rows"),
        (noise(2, 1, 6, 6), [0, 9], "labels from 0 to 9 do not fit 2 classes"),
        (np.full((2, 1, 6, 6), np.nan, np.float32), [0, 1], "not finite"),
    ],
)
def test_data_that_do_not_fit_are_rejected_with_the_numbers(
    images: FloatArray, labels: Any, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Trainer(network(), images, labels)


def test_stacks_that_cannot_learn_classes_are_rejected() -> None:
    images, labels = stripes(4)
    with pytest.raises(ValueError, match=r"maps of shape \(4, 4, 4\)"):
        Trainer(Stack([Conv2d(1, 4, 3)]), images, labels)
    with pytest.raises(ValueError, match="no layer has weights"):
        Trainer(Stack([Flatten()]), images, labels)


def test_settings_that_cannot_be_used_are_rejected() -> None:
    with pytest.raises(ValueError, match="epochs 0 cannot be used"):
        TrainingSettings(epochs=0)
    with pytest.raises(ValueError, match="batch 0 cannot be used"):
        TrainingSettings(batch=0)
    with pytest.raises(ValueError, match=r"shift -0\.5 cannot be used"):
        TrainingSettings(shift=-0.5)
    with pytest.raises(ValueError, match="shift nan cannot be used"):
        TrainingSettings(shift=math.nan)


def test_the_rate_falls_along_half_a_cosine() -> None:
    settings = TrainingSettings(optimiser=Sgd(0.5))
    rates = [settings.optimiser_at(share) for share in (0, 1 / 3, 0.5, 2 / 3)]
    assert [rate.rate for rate in rates if isinstance(rate, Sgd)] == pytest.approx(
        [0.5, 0.375, 0.25, 0.125]
    )
    assert TrainingSettings(optimiser=Sgd(0.5), cosine_decay=False).optimiser_at(0.9) == Sgd(0.5)


def test_cooling_makes_the_last_steps_small() -> None:
    images, labels = stripes(40)
    moves = []
    for cosine_decay in (True, False):
        settings = TrainingSettings(4, 4, Sgd(0.01), shift=0, cosine_decay=cosine_decay)
        stacks = [shot.stack for shot in Trainer(network(), images, labels, settings)]
        moves.append([distance(*pair) for pair in pairwise(stacks)])
    cooled, constant = moves
    assert cooled[0] == pytest.approx(constant[0], rel=0.01)
    assert max(cooled[-3:]) < 0.05 * max(cooled[:3])


def distance(one: Stack, other: Stack) -> float:
    pairs = zip(parameters_of(one), parameters_of(other), strict=True)
    return float(np.sqrt(sum(np.square(a - b).sum() for a, b in pairs)))


def test_shifted_pictures_are_learned_from() -> None:
    """One white column, which a network that saw it unmoved loses when it is moved."""
    images = np.zeros((2, 1, 6, 6), np.float32)
    images[0, 0, :, 2], images[1, 0, 2] = 1, 1
    moved, labels = np.roll(images, (1, 1), (2, 3)), [0, 1]
    stack = Stack([Flatten(), Linear(36, 2, weight=np.zeros((2, 36), np.float32))])
    losses = []
    for shift in (0, 1.5):
        settings = TrainingSettings(60, 2, Sgd(0.1), shift=shift)
        *_, last = Trainer(stack, images, labels, settings)
        losses.append(evaluate(last.stack, moved, labels).loss)
    assert losses[1] < 0.8 * losses[0]
