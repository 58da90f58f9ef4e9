"""The edits of the neuron that are more than a parameter: Neuron -> Neuron.

An edit that cannot be raises ValueError with a message for the person; the neuron stays.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from convlab.document.document import Document
from convlab.document.kernel.edits import set_kernel
from convlab.document.learning.neuron import (
    INPUTS,
    LARGEST_WEIGHT,
    SIDE,
    Neuron,
    NeuronInput,
    Nine,
    exact,
)
from convlab.document.learning.neuron_examples import EXAMPLES


def set_weight(neuron: Neuron, index: int, value: float) -> Neuron:
    """Change one weight; it is rounded to float32, in which the engine adds.

    Raises:
        ValueError: There is no such input, or the value lies beyond ±100.
    """
    if not abs(value) <= LARGEST_WEIGHT:
        raise ValueError(
            f"A weight of {value:g} is too large: "
            f"take one from {-LARGEST_WEIGHT:g} to {LARGEST_WEIGHT:g}."
        )
    changed = replace(neuron, weights=_changed(neuron.weights, index, exact(value)))
    return changed.settled("weights")


def set_input(neuron: Neuron, index: int, value: float) -> Neuron:
    """Set one input by hand; it is kept between 0 and 1, and from then on all are by hand.

    Raises:
        ValueError: There is no such input, or the value is not a finite number.
    """
    if not math.isfinite(value):
        raise ValueError("An input must be a number from 0 to 1.")
    inputs = _changed(neuron.by_hand, index, exact(min(max(value, 0.0), 1.0)))
    return replace(neuron, by_hand=inputs, source=NeuronInput.HAND)


def load_example(name: str) -> Neuron:
    """Return weights, threshold, activation and inputs of an example.

    Raises:
        ValueError: There is none of that name.
    """
    if name not in EXAMPLES:
        raise ValueError(f"There is no example {name!r}: choose one of {', '.join(EXAMPLES)}.")
    return EXAMPLES[name].neuron


def use_as_kernel(document: Document) -> Document:
    """Make the weights the kernel of the kernel lab, as they lie on the picture."""
    weights = np.array(document.learning.neuron.weights, np.float32).reshape(SIDE, SIDE)
    return replace(document, kernel=set_kernel(document.kernel, weights))


def _changed(values: Nine, index: int, value: float) -> Nine:
    if not 0 <= index < INPUTS:
        raise ValueError(f"There is no input {index + 1}: choose one from 1 to {INPUTS}.")
    return (*values[:index], value, *values[index + 1 :])
