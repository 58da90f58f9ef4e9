"""A neuron of two inputs at every place of f: the smallest layer that is a convolution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from convlab.engine.activate import FUNCTIONS
from convlab.engine.arrays import frozen
from convlab.engine.conv1d import Signal, conv1d
from convlab.layers.parameters import Parameter, choice, decimal

MOST_INPUTS = 24
"""Samples of f before the neurons: more cannot be read."""

LARGEST = 100.0  # weight or bias


class Activation(StrEnum):
    """What the neuron makes of its sum; the value is the name shown."""

    IDENTITY = "identity"
    SIGMOID = "sigmoid"
    TANH = "tanh"
    RELU = "relu"


def _weight(name: str) -> Mapping[str, Parameter]:
    return decimal(
        name,
        -LARGEST,
        LARGEST,
        0.1,
        "A positive weight excites: the more input, the more output. A negative one inhibits.",
        noun=f"weight {name}",
        title=f"Weight {name}",
        digits=6,
    )


@dataclass(frozen=True, slots=True)
class PairNeuron:
    """It looks at two neighbours: y(n) = s(first x(n) + second x(n + 1) + bias).

    Attributes:
        first: The weight w0.
        second: The weight w1.
        bias: b; the threshold is −b.
        activation: s.
    """

    first: float = field(default=1.0, metadata=_weight("w0"))
    second: float = field(default=-1.0, metadata=_weight("w1"))
    bias: float = field(
        default=0.0,
        metadata=decimal(
            "bias b",
            -LARGEST,
            LARGEST,
            0.1,
            "Is added to the sum. The neuron wakes where the weighted inputs exceed −b: its "
            "threshold.",
            noun="bias",
            title="Bias",
            digits=6,
        ),
    )
    activation: Activation = field(
        default=Activation.SIGMOID,
        metadata=choice(
            "s",
            tuple((each, each.value) for each in Activation),
            "What is made of the sum. ReLU passes what is positive; sigmoid and tanh rise "
            "smoothly.",
            noun="activation",
            title="Activation",
        ),
    )

    @property
    def weights(self) -> tuple[float, float]:
        """w0 and w1."""
        return self.first, self.second


@dataclass(frozen=True, slots=True, eq=False)
class NeuronLayer:
    """A layer of neurons, each on two neighbours: y(n) = s(w0 x(n) + w1 x(n + 1) + b).

    Attributes:
        neuron: The weights, the same for all.
        x: The first samples of f, ``(N,)``.
        matrix: ``(N − 1, N)``: w0 w1 0 0 … / 0 w0 w1 0 …
        sums: ``matrix @ x + b``, ``(N − 1,)``.
        y: ``s(sums)``.
        residual: Largest difference to f convolved with (w1, w0), plus b.
    """

    neuron: PairNeuron
    x: Signal
    matrix: Signal
    sums: Signal
    y: Signal
    residual: float

    @property
    def strongest(self) -> int:
        """The n of the neuron with the largest sum, whatever its sign."""
        return int(np.argmax(np.abs(self.sums)))


def neuron_of(f: Signal, neuron: PairNeuron) -> NeuronLayer:
    """Return what a layer of neurons makes of the first samples of f."""
    x = f[:MOST_INPUTS].copy()
    outputs = len(x) - 1
    matrix = neuron.first * np.eye(outputs, len(x)) + neuron.second * np.eye(outputs, len(x), 1)
    sums = matrix @ x + neuron.bias
    convolved = conv1d(x, (neuron.second, neuron.first), "valid") + neuron.bias
    y = FUNCTIONS[neuron.activation](sums).astype(np.float64)
    return NeuronLayer(
        neuron,
        frozen(x),
        frozen(matrix),
        frozen(sums),
        frozen(y),
        float(np.abs(convolved - sums).max()),
    )
