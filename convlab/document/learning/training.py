"""Where the training of a network stands, as its worker reports it, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from convlab.document.learning.network import NetworkTask
from convlab.engine.arrays import AnyArray, frozen
from convlab.layers import Stack
from convlab.learn.examples import Dataset
from convlab.learn.losses import Labels
from convlab.learn.trainer import Evaluation

MOST_POINTS = 512


class Stage(StrEnum):
    """What goes on."""

    READY = "ready"  # nothing was learned yet
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    STOPPED = "stopped"  # it diverged

    @property
    def is_open(self) -> bool:
        """Steps can still be taken."""
        return self in (Stage.READY, Stage.RUNNING, Stage.PAUSED)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A learning curve: a figure over the epochs.

    Attributes:
        at: When, ``(n,)`` [epochs], rising.
        values: The figure then, ``(n,)``.
    """

    at: AnyArray
    values: AnyArray


class CurveRecorder:
    """Collects a figure; when there are many, neighbours are merged into their means."""

    def __init__(self, most: int = MOST_POINTS) -> None:
        self._most = most
        self._together = 1  # how many make one point
        self._at: list[float] = []
        self._means: list[float] = []
        self._counts: list[int] = []

    def add(self, at: float, value: float) -> None:
        """Note a figure; ``at`` rises."""
        if self._counts and self._counts[-1] < self._together:
            count = self._counts[-1]
            self._means[-1] += (value - self._means[-1]) / (count + 1)
            self._counts[-1], self._at[-1] = count + 1, at
        else:
            self._at.append(at)
            self._means.append(value)
            self._counts.append(1)
            if len(self._at) > self._most:
                self._merge()

    def _merge(self) -> None:
        """Make one point of each two."""
        self._together *= 2
        at, means, counts = self._at, self._means, self._counts
        self._at, self._means, self._counts = [], [], []
        for first in range(0, len(at), 2):
            two = slice(first, first + 2)
            self._at.append(at[two][-1])
            self._counts.append(sum(counts[two]))
            self._means.append(float(np.average(means[two], weights=counts[two])))

    def curve(self) -> Curve:
        """Return the curve so far."""
        return Curve(frozen(np.array(self._at)), frozen(np.array(self._means)))


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """The learning curves: of the batches and of the test set."""

    loss: Curve
    accuracy: Curve
    test_loss: Curve
    test_accuracy: Curve


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """Where training stands.

    Attributes:
        task: What it learns from, and how.
        data: The pictures.
        stack: What was learned so far.
        epoch: In which it is, counted from 1; 0 before the first step.
        step: How many were taken.
        steps: How many there are in all epochs.
        stage: What goes on.
        curves: How it went.
        evaluation: On the test set, at the end of the last epoch.
        evaluated_stack: The network that was evaluated.
        stopped: Why training stopped, one message with its remedy; else empty.
        title: What the network is called where it is opened or saved.
    """

    task: NetworkTask
    data: Dataset
    stack: Stack
    epoch: int
    step: int
    steps: int
    stage: Stage
    curves: Curves
    evaluation: Evaluation
    evaluated_stack: Stack
    stopped: str = ""
    title: str = "Trained network"

    @property
    def progress(self) -> float:
        """The fraction of all steps that were taken, 0 to 1."""
        return self.step / self.steps

    @property
    def misclassified(self) -> Labels:
        """Which pictures of the test set were misclassified, ``(n,)``."""
        return np.flatnonzero(self.evaluation.predictions != self.data.test.labels)

    def classified(self, label: int, prediction: int) -> Labels:
        """Which pictures of the test set of a class were taken for a class, ``(n,)``."""
        is_of_class = self.data.test.labels == label
        return np.flatnonzero(is_of_class & (self.evaluation.predictions == prediction))
