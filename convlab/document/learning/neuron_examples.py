"""Examples of what one neuron can do, and of the first thing that it cannot."""

from __future__ import annotations

from dataclasses import dataclass

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


def _nine(*first: float) -> Nine:
    """Return values for the first inputs, and 0 for the others."""
    return first + (0.0,) * (INPUTS - len(first))


def _logic(
    name: str,
    text: str,
    weights: tuple[float, ...],
    threshold: float,
    inputs: tuple[float, ...],
    table: tuple[bool, ...],
) -> Example:
    """Return an example of as many inputs as weights; ``table`` counts up in binary."""
    count = len(weights)
    cases = tuple(
        Case(tuple(float(number >> (count - 1 - bit) & 1) for bit in range(count)), fires)
        for number, fires in enumerate(table)
    )
    neuron = Neuron(
        _nine(*weights),
        threshold,
        NeuronActivation.STEP,
        NeuronInput.HAND,
        _nine(*inputs),
        name,
    )
    return Example(name, text, neuron, cases)


def _patch(
    name: str,
    text: str,
    weights: Nine,
    threshold: float,
    inputs: Nine,
    activation: NeuronActivation,
) -> Example:
    return Example(
        name, text, Neuron(weights, threshold, activation, NeuronInput.HAND, inputs, name)
    )


_AND = _logic(
    "AND",
    "Each input brings 1, and only both together exceed 1.5. Lower the threshold below 1: "
    "it is OR.",
    (1.0, 1.0),
    1.5,
    (1.0, 1.0),
    (False, False, False, True),
)
_OR = _logic(
    "OR",
    "Each input brings 1, and one alone exceeds 0.5. Raise the threshold above 1: it is AND.",
    (1.0, 1.0),
    0.5,
    (1.0, 0.0),
    (False, True, True, True),
)
_NOT = _logic(
    "NOT",
    "A single negative weight, and a threshold below zero: it fires by itself until input 1 "
    "inhibits it.",
    (-1.0,),
    -0.5,
    (1.0,),
    (True, False),
)
_XOR = _logic(
    "XOR",
    "It should fire for one input or the other, but not for both. One neuron cannot: two weights "
    "that each exceed the threshold exceed it together, too. Try; it takes a second layer.",
    (1.0, 1.0),
    0.5,
    (1.0, 1.0),
    (False, True, True, False),
)
_VERTICAL = _patch(
    "Vertical edge",
    "The left excites and the right inhibits: even light cancels, and bright beside dark fires.",
    EDGE,
    0.25,
    DARK_RIGHT,
    NeuronActivation.RELU,
)
_SPOT = _patch(
    "Spot",
    "The middle excites and all around it inhibits, as in a ganglion cell of the eye: a bright "
    "spot on dark ground fires, even light is cancelled.",
    (-1.0,) * 4 + (8.0,) + (-1.0,) * 4,
    0.25,
    (0.25,) * 4 + (1.0,) + (0.25,) * 4,
    NeuronActivation.RELU,
)

EXAMPLES = {each.title: each for each in (_AND, _OR, _NOT, _XOR, _VERTICAL, _SPOT)}
