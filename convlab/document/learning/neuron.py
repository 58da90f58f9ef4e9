"""One neuron: weights, a threshold and an activation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Neuron:
    """A weighted sum that is compared with a threshold.

    Attributes:
        weights: Of its inputs.
        threshold: What the sum must exceed; the bias is its negative.
    """

    weights: tuple[float, ...] = (1.0, 1.0, -1.0)
    threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class NeuronViewing:
    """What is looked at of a neuron; not undone."""
