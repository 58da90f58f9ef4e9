"""One neuron that looks at 3×3 pixels: weights, a threshold and an activation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from convlab.layers.parameters import choice, decimal

SIDE = 3  # of the patch it looks at [px]
INPUTS = SIDE * SIDE
Nine = tuple[float, ...]
"""A value for each input, row by row."""

LARGEST_WEIGHT = 100.0
LARGEST_THRESHOLD = 1000.0
TASKS = ("AND", "OR", "NOT", "XOR")
"""Examples that are to be solved: they stay while a person tries other weights."""

EDGE: Nine = (1.0, 0.0, -1.0) * SIDE
DARK_RIGHT: Nine = (1.0, 0.5, 0.25) * SIDE


class NeuronActivation(StrEnum):
    """What the neuron makes of its sum minus its threshold; the value is the name in files."""

    STEP = "step"
    RELU = "relu"
    SIGMOID = "sigmoid"
    TANH = "tanh"


class NeuronInput(StrEnum):
    """Where the nine inputs come from."""

    PICTURE = "picture"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Neuron:
    """A weighted sum of nine inputs that is compared with a threshold.

    ``output = activation(sum of weight × input − threshold)``: the threshold is −bias.

    Attributes:
        weights: Of its inputs, row by row; exact in float32.
        threshold: What the sum must exceed; the bias is its negative.
        activation: What is made of the difference.
        source: Where the inputs come from.
        by_hand: The inputs set by hand, 0 to 1.
        example: Name of the example that it was taken from; empty once it is something else.
    """

    weights: Nine = EDGE
    threshold: float = field(
        default=0.25,
        metadata=decimal(
            "threshold",
            -LARGEST_THRESHOLD,
            LARGEST_THRESHOLD,
            0.1,
            "What the sum must exceed. A network stores it with the other sign, as the bias: "
            "threshold = −bias.",
            digits=6,
        ),
    )
    activation: NeuronActivation = field(
        default=NeuronActivation.RELU,
        metadata=choice(
            "activation",
            (
                (NeuronActivation.STEP, "step"),
                (NeuronActivation.RELU, "ReLU"),
                (NeuronActivation.SIGMOID, "sigmoid"),
                (NeuronActivation.TANH, "tanh"),
            ),
            "What is made of the sum minus the threshold. A step fires or does not; ReLU passes "
            "what is above; sigmoid and tanh rise smoothly.",
        ),
    )
    source: NeuronInput = field(
        default=NeuronInput.PICTURE,
        metadata=choice(
            "inputs",
            ((NeuronInput.PICTURE, "the picture"), (NeuronInput.HAND, "by hand")),
            "<i>the picture</i>: nine pixels around the place clicked. <i>by hand</i>: click or "
            "drag the nine cells yourself, no camera needed.",
        ),
    )
    by_hand: Nine = DARK_RIGHT
    example: str = "Vertical edge"

    def settled(self, name: str) -> Neuron:
        """Return the neuron with what follows from a choice.

        The threshold is exact in float32, and another one, or another weight, is an example no
        more unless that is a task still to be solved.
        """
        if name not in ("weights", "threshold"):
            return self
        example = self.example if self.example in TASKS else ""
        return replace(self, threshold=exact(self.threshold), example=example)


@dataclass(frozen=True, slots=True)
class NeuronViewing:
    """What is looked at of a neuron; not undone.

    Attributes:
        place: (row, column) of the middle of the patch; None for the middle of the picture [px].
    """

    place: tuple[int, int] | None = None


def exact(value: float) -> float:
    """Return a value as float32, in which the engine adds, keeps it."""
    return float(np.float32(value)) + 0.0
