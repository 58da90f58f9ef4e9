"""The network to begin with learns the handwritten digits that come with the program."""

from __future__ import annotations

import pytest

from convlab.io.datasets import load_digits
from convlab.learn.starter import starter_network
from convlab.learn.trainer import Trainer, TrainingSettings, evaluate


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 10))]
)
def test_nearly_all_digits_it_has_not_seen_are_told_right(seed: int) -> None:
    digits = load_digits()
    stack = starter_network((1, 8, 8), digits.classes, seed)
    settings = TrainingSettings(seed=seed)
    *_, last = Trainer(stack, digits.training.images, digits.training.labels, settings)
    found = evaluate(last.stack, digits.test.images, digits.test.labels)
    assert found.accuracy >= 0.97
    assert (found.confusion.sum(axis=1) >= 34).all()
