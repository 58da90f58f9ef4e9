"""Edits of the neuron: Document -> Document, one function per action.

An edit that cannot be raises ValueError with a message for the person; the document stays.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from convlab.document import edits
from convlab.document.document import Document
from convlab.document.learning.neuron import (
    INPUTS,
    SIDE,
    Neuron,
    NeuronActivation,
    NeuronInput,
    Nine,
)
from convlab.document.learning.neuron_examples import EXAMPLES

LARGEST_WEIGHT = 100.0
LARGEST_THRESHOLD = 1000.0


def set_weight(document: Document, index: int, value: float) -> Document:
    """Change one weight; it is rounded to float32, in which the engine adds.

    Raises:
        ValueError: There is no such input, or the value lies beyond ±100.
    """
    weight = _within(value, LARGEST_WEIGHT, "weight")
    neuron = document.learning.neuron
    return _with_rule(document, weights=_changed(neuron.weights, index, weight))


def set_threshold(document: Document, value: float) -> Document:
    """Choose what the sum must exceed.

    Raises:
        ValueError: The value lies beyond ±1000.
    """
    return _with_rule(document, threshold=_within(value, LARGEST_THRESHOLD, "threshold"))


def set_activation(document: Document, activation: NeuronActivation) -> Document:
    """Choose what is made of the sum."""
    return _with(document, activation=activation)


def set_source(document: Document, source: NeuronInput) -> Document:
    """Choose where the inputs come from."""
    return _with(document, source=source)


def set_input(document: Document, index: int, value: float) -> Document:
    """Set one input by hand; it is kept between 0 and 1, and from then on all are by hand.

    Raises:
        ValueError: There is no such input, or the value is not a finite number.
    """
    if not math.isfinite(value):
        raise ValueError("An input must be a number from 0 to 1.")
    kept = float(np.float32(min(max(value, 0.0), 1.0)))
    inputs = _changed(document.learning.neuron.by_hand, index, kept)
    return _with(document, by_hand=inputs, source=NeuronInput.HAND)


def load_example(document: Document, name: str) -> Document:
    """Take weights, threshold, activation and inputs of an example.

    Raises:
        ValueError: There is none of that name.
    """
    if name not in EXAMPLES:
        raise ValueError(f"There is no example {name!r}: choose one of {', '.join(EXAMPLES)}.")
    return _put(document, EXAMPLES[name].neuron)


def use_as_kernel(document: Document) -> Document:
    """Make the weights the kernel of the kernel lab, as they lie on the picture."""
    weights = np.array(document.learning.neuron.weights, np.float32).reshape(SIDE, SIDE)
    return edits.set_kernel(document, weights)


def _with_rule(document: Document, **changes: object) -> Document:
    """Change weights or threshold: an example stays only if it is a task still to be solved."""
    example = EXAMPLES.get(document.learning.neuron.example)
    if example is None or not example.cases:
        changes["example"] = ""
    return _with(document, **changes)


def _with(document: Document, **changes: object) -> Document:
    neuron: Neuron = replace(document.learning.neuron, **changes)  # type: ignore[arg-type]
    return _put(document, neuron)


def _put(document: Document, neuron: Neuron) -> Document:
    return replace(document, learning=replace(document.learning, neuron=neuron))


def _changed(values: Nine, index: int, value: float) -> Nine:
    if not 0 <= index < INPUTS:
        raise ValueError(f"There is no input {index + 1}: choose one from 1 to {INPUTS}.")
    return (*values[:index], value, *values[index + 1 :])


def _within(value: float, largest: float, name: str) -> float:
    """Return a finite value as float32 keeps it."""
    if not abs(value) <= largest:
        raise ValueError(
            f"A {name} of {value:g} is too large: take one from {-largest:g} to {largest:g}."
        )
    return float(np.float32(value)) + 0.0
