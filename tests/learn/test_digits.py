"""A small network learns the handwritten digits that come with the program."""

from __future__ import annotations

from convlab.io.datasets import load_digits
from convlab.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Stack
from convlab.learn.trainer import Trainer, TrainingSettings, evaluate


def network() -> Stack:
    return Stack(
        [
            Conv2d(1, 8, 3, padding="same"),
            ReLU(),
            MaxPool2d(2),
            Conv2d(8, 16, 3, padding="same"),
            ReLU(),
            MaxPool2d(2),
            Flatten(),
            Linear(64, 10),
        ]
    )


def test_most_digits_it_has_not_seen_are_told_right() -> None:
    digits = load_digits()
    settings = TrainingSettings(epochs=12)
    *_, last = Trainer(network(), digits.training.images, digits.training.labels, settings)
    found = evaluate(last.stack, digits.held_out.images, digits.held_out.labels)
    assert found.accuracy >= 0.95
    assert (found.confusion.sum(axis=1) >= 34).all()
