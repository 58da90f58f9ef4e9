"""Small data sets and trainings, made by hand."""

from __future__ import annotations

import numpy as np

from convlab.document.learning.network import NetworkTask
from convlab.document.learning.training import Curve, Curves, Stage, Training
from convlab.engine.arrays import frozen
from convlab.layers import Conv2d, Flatten, Linear, ReLU, Stack
from convlab.learn.examples import Dataset, split
from convlab.learn.trainer import evaluate

EMPTY = Curve(np.zeros(0), np.zeros(0))


def data(channels: int = 1, classes: int = 3, side: int = 6, count: int = 30) -> Dataset:
    """Pictures of noise; every third is in the test set."""
    rng = np.random.default_rng(1)
    images = rng.random((count, channels, side, side), np.float32)
    names = tuple("abcdefgh"[:classes])
    return split(images, np.arange(count) % classes, names, np.arange(count) // classes % 3 == 0)


def network(channels: int = 1, classes: int = 3, side: int = 6) -> Stack:
    """A convolution and a linear layer."""
    conv = Conv2d(channels, 4, 3, padding="same")
    return Stack([conv, ReLU(), Flatten(), Linear(4 * side * side, classes)])


def training(pictures: Dataset, stack: Stack) -> Training:
    """Where a training stands that has not begun."""
    judged = evaluate(stack, pictures.test.images, pictures.test.labels)
    frozen(judged.confusion)
    curves = Curves(EMPTY, EMPTY, EMPTY, EMPTY)
    task = NetworkTask()
    return Training(task, pictures, stack, 0, 0, 10, Stage.READY, curves, judged, stack)
