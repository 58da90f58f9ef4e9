"""What a stack says its picture is: the classes of the last layer, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.document.stack.model import StackState
from convlab.engine.arrays import FloatArray
from convlab.layers import Linear, Softmax
from convlab.layers.base import Shape

RANKED = 5
"""How many classes are ranked."""


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class.

    Attributes:
        name: What it is called.
        value: What the last layer gives for it.
    """

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the last layer says.

    Attributes:
        ranking: The RANKED largest classes, the largest first.
        is_probability: The values are probabilities, from a softmax; else they are scores.
        is_blank: There was no ink in the picture: whatever is said is said of nothing.
        is_named: The classes have names; else their numbers stand for them.
    """

    ranking: tuple[ClassScore, ...]
    is_probability: bool
    is_blank: bool
    is_named: bool = True


def names_of(state: StackState, uid: int, shape: Shape) -> tuple[str, ...]:
    """Return the name of each value of a layer: none unless it is the last and fits the classes."""
    active = state.active
    is_last = bool(active) and active[-1].uid == uid
    return state.classes if is_last and shape == (len(state.classes),) else ()


def ends_in_softmax(state: StackState) -> bool:
    """Tell whether the last layer gives probabilities."""
    active = state.active
    return bool(active) and isinstance(active[-1].layer, Softmax)


def tells_classes(state: StackState) -> bool:
    """Tell whether the last layer gives a value for each class, whatever those are called."""
    active = state.active
    return bool(active) and isinstance(active[-1].layer, Linear | Softmax)


def answer_of(state: StackState, picture: FloatArray, values: FloatArray) -> Verdict:
    """Return what the last layer says.

    Args:
        state: The stack; it may have a name for each value.
        picture: What entered, ``(C, H, W)``.
        values: What came out, ``(K,)``.
    """
    is_named = len(state.classes) == len(values)
    largest = np.argsort(-values, kind="stable")[:RANKED]
    ranking = tuple(
        ClassScore(state.classes[i] if is_named else f"class {i}", float(values[i]))
        for i in largest
    )
    is_blank = state.input.as_digit and bool(picture.min() == picture.max())
    return Verdict(ranking, ends_in_softmax(state), is_blank, is_named)
