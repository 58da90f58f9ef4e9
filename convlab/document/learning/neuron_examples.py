"""Examples of what one neuron can do, and of the first thing that it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from convlab.document.learning.neuron import (
    DARK_RIGHT,
    EDGE,
    INPUTS,
    Neuron,
    NeuronActivation,
    NeuronInput,
    Nine,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the truth table of a logical example.

    Attributes:
        inputs: Of the first inputs; the others are 0.
        fires: Whether the neuron should.
    """

    inputs: tuple[float, ...]
    fires: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A neuron with what it shows.

    Attributes:
        title: As the button says it.
        text: What to see, in words.
        neuron: Weights, threshold and inputs.
        cases: What it should do for each setting of its inputs; empty unless it is logic.
    """

    title: str
    text: str
    neuron: Neuron
    cases: tuple[Case, ...] = ()


def _nine(first: tuple[float, ...]) -> Nine:
    """Return values for the first inputs, and 0 for the others."""
    return first + (0.0,) * (INPUTS - len(first))


def _example(
    name: str,
    text: str,
    weights: tuple[float, ...],
    threshold: float,
    inputs: tuple[float, ...],
    activation: NeuronActivation = NeuronActivation.RELU,
    table: tuple[bool, ...] = (),
) -> Example:
    """Return an example of as many inputs as weights.

    ``table`` is what a logical one should do while its inputs count up in binary.
    """
    settings = product((0.0, 1.0), repeat=len(weights))
    cases = tuple(Case(*case) for case in zip(settings, table, strict=False))
    by_hand = NeuronInput.HAND
    neuron = Neuron(_nine(weights), threshold, activation, by_hand, _nine(inputs), name)
    return Example(name, text, neuron, cases)


_ALL = (
    _example(
        "AND",
        "Each input brings 1, and only both together exceed 1.5. Lower the threshold below 1: "
        "it is OR.",
        (1.0, 1.0),
        1.5,
        (1.0, 1.0),
        NeuronActivation.STEP,
        (False, False, False, True),
    ),
    _example(
        "OR",
        "Each input brings 1, and one alone exceeds 0.5. Raise the threshold above 1: it is AND.",
        (1.0, 1.0),
        0.5,
        (1.0, 0.0),
        NeuronActivation.STEP,
        (False, True, True, True),
    ),
    _example(
        "NOT",
        "A single negative weight, and a threshold below zero: it fires by itself until input 1 "
        "inhibits it.",
        (-1.0,),
        -0.5,
        (1.0,),
        NeuronActivation.STEP,
        (True, False),
    ),
    _example(
        "XOR",
        "It should fire for one input or the other, but not for both. One neuron cannot: two "
        "weights that each exceed the threshold exceed it together, too. Try; it takes a second "
        "layer.",
        (1.0, 1.0),
        0.5,
        (1.0, 1.0),
        NeuronActivation.STEP,
        (False, True, True, False),
    ),
    _example(
        "Vertical edge",
        "The left excites and the right inhibits: even light cancels, and bright beside dark "
        "fires.",
        EDGE,
        0.25,
        DARK_RIGHT,
    ),
    _example(
        "Spot",
        "The middle excites and all around it inhibits, as in a ganglion cell of the eye: a "
        "bright spot on dark ground fires, even light is cancelled.",
        (-1.0,) * 4 + (8.0,) + (-1.0,) * 4,
        0.25,
        (0.25,) * 4 + (1.0,) + (0.25,) * 4,
    ),
)

EXAMPLES = {each.title: each for each in _ALL}
