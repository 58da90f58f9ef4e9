"""One neuron that looks at 3×3 pixels: weights, a threshold and an activation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SIDE = 3  # of the patch it looks at [px]
INPUTS = SIDE * SIDE
Nine = tuple[float, ...]
"""A value for each input, row by row."""

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
    threshold: float = 0.25
    activation: NeuronActivation = NeuronActivation.RELU
    source: NeuronInput = NeuronInput.PICTURE
    by_hand: Nine = DARK_RIGHT
    example: str = "Vertical edge"


@dataclass(frozen=True, slots=True)
class NeuronViewing:
    """What is looked at of a neuron; not undone.

    Attributes:
        place: (row, column) of the middle of the patch; None for the middle of the picture [px].
    """

    place: tuple[int, int] | None = None
