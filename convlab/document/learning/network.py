"""A network that is to be trained: on which data, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from convlab.document.learning.rule import Rule
from convlab.document.stack.model import INPUT
from convlab.learn.trainer import TrainingSettings

DIGITS = "digits"
"""The data set of handwritten digits that comes with the program."""

OWN_DATA = "own"
"""The data set is a person's own file."""

MOST_EPOCHS = 1000
MOST_BATCH = 1024
LEAST_RATE, LARGEST_RATE = 1e-6, 100.0
LARGEST_SEED = 9999


class Architecture(StrEnum):
    """Where the layers come from."""

    SMALL = "small"  # a small network made for the data
    STACK = "stack"  # the stack of the stack lab


class Start(StrEnum):
    """The initial weights."""

    RANDOM = "anew"  # random initialisation from the seed; the value is the name in files
    KEPT = "kept"  # the stack lab's, or those of the last training


USUAL_RATES = {Rule.SGD: 0.1, Rule.MOMENTUM: 0.02, Rule.ADAM: 0.003}
"""A learning rate to begin with."""


@dataclass(frozen=True, slots=True)
class NetworkTask:
    """What a network learns from, and how.

    Attributes:
        data: Name of the data set; OWN_DATA for the file at ``path``.
        path: Of a person's own pictures.
        architecture: Where the layers come from.
        start: The initial weights.
        epochs: How often every picture is seen.
        batch: The batch size: pictures in each step.
        rule: How the weights follow their gradients.
        rate: The learning rate.
        seed: Of the initial weights and of the order of the pictures.
    """

    data: str = DIGITS
    path: str = ""
    architecture: Architecture = Architecture.SMALL
    start: Start = Start.RANDOM
    epochs: int = 15
    batch: int = 32
    rule: Rule = Rule.ADAM
    rate: float = 0.003
    seed: int = 0

    def settings(self) -> TrainingSettings:
        """Return the settings of the trainer."""
        return TrainingSettings(self.epochs, self.batch, self.rule.at(self.rate), self.seed)


@dataclass(frozen=True, slots=True)
class NetworkViewing:
    """What is looked at while a network learns; not undone.

    Attributes:
        sample: Which picture of the test set is seen going through the layers.
        cell: (true class, predicted class) whose pictures are listed; None: all misclassified.
        in_sight: uids of the layers whose maps are on the screen.
        cell_width: Width of a map on the screen [screen px].
    """

    sample: int = 0
    cell: tuple[int, int] | None = None
    in_sight: frozenset[int] = frozenset({INPUT})
    cell_width: int = 64
