"""A network that is to be trained: on which data, and how."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from convlab.document.learning.rule import Rule, learning_rate, optimiser_choice, random_seed
from convlab.layers.graph import INPUT
from convlab.layers.parameters import choice, decimal, whole
from convlab.learn.trainer import TrainingSettings

DIGITS = "digits"
"""The data set of handwritten digits that comes with the program."""

OWN_DATA = "own"
"""The data set is a person's own file."""


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
        weight_decay: λ: what each step takes off the weights, as a multiple of η.
    """

    data: str = DIGITS
    path: str = ""
    architecture: Architecture = field(
        default=Architecture.SMALL,
        metadata=choice(
            "Network",
            ((Architecture.SMALL, "A small one"), (Architecture.STACK, "The stack lab's")),
            "Which layers learn: a small convolutional network made for the data, or what stands "
            "in the stack lab. That must take the pictures and give one score for each class.",
            noun="architecture",
        ),
    )
    start: Start = field(
        default=Start.RANDOM,
        metadata=choice(
            "Weights",
            ((Start.RANDOM, "Random"), (Start.KEPT, "Keep")),
            "<i>Random</i> initialisation from the seed (He): nothing is known yet. <i>Keep</i>: "
            "go on from the last training, or from the weights of the stack lab.",
            noun="initial weights",
        ),
    )
    epochs: int = field(
        default=15,
        metadata=whole("Epochs", 1, 1000, "How often every picture is seen. Try 1, then 15."),
    )
    batch: int = field(
        default=32,
        metadata=whole(
            "Batch size",
            1,
            1024,
            "Pictures whose gradients are averaged before the weights move. A small batch makes "
            "many noisy steps, a large one few smooth ones.",
            noun="batch size",
        ),
    )
    rule: Rule = field(
        default=Rule.ADAM,
        metadata=optimiser_choice(
            "How weights follow their gradients. <i>SGD</i>: w ← w − η g. <i>Momentum</i> rolls on "
            "while it goes downhill. <i>Adam</i> gives every weight a step size of its own."
        ),
    )
    rate: float = field(
        default=USUAL_RATES[Rule.ADAM],
        metadata=learning_rate(
            "η, how far the weights follow their gradients in one step. Too low: it takes for "
            "ever. Too high: it jumps over the valley, and the loss diverges."
        ),
    )
    seed: int = field(
        default=0,
        metadata=random_seed(
            "Of the random initialisation and the order of the pictures. The same seed gives the "
            "same network, bit for bit."
        ),
    )

    weight_decay: float = field(
        default=0.0,
        metadata=decimal(
            "Decay λ",
            0.0,
            10.0,
            1e-6,
            "Weight decay: each step first multiplies all weights with 1 − ηλ, so that what the "
            "loss does not need fades: against overfitting. Try 0.1 with Adam.",
            noun="weight decay",
            is_wide=True,
        ),
    )

    def settled(self, name: str) -> NetworkTask:
        """Return the task with what follows from a choice: an optimiser has its usual rate."""
        return replace(self, rate=USUAL_RATES[self.rule]) if name == "rule" else self

    def settings(self) -> TrainingSettings:
        """Return the settings of the trainer."""
        return TrainingSettings(
            self.epochs,
            self.batch,
            self.rule.at(self.rate),
            self.seed,
            weight_decay=self.weight_decay,
        )


def set_data(task: NetworkTask, name: str) -> NetworkTask:
    """Choose a data set that comes with the program."""
    return replace(task, data=name, path="")


def set_own_data(task: NetworkTask, path: str) -> NetworkTask:
    """Choose a file of one's own.

    Raises:
        ValueError: There is no path.
    """
    if not path:
        raise ValueError("There is no file to learn from: choose one.")
    return replace(task, data=OWN_DATA, path=path)


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
