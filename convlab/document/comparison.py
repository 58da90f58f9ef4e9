"""What is held for comparison, A, beside what is edited, B: how both are looked at, in any lab."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol, TypeVar

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2
from convlab.engine.display import extremes
from convlab.layers.parameters import choice, decimal, flag


class CompareMode(StrEnum):
    """How A and B are shown; the value is the name used in files."""

    SIDE = "side"
    WIPE = "wipe"
    BLINK = "blink"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How what is held is compared with what is edited.

    Attributes:
        is_open: Both are computed; else only what is edited.
        mode: How they are shown.
        wipe: Where the line stands that parts A on its left from B, as a share of the width.
        same_range: Both are painted over the wider of their two ranges.
    """

    is_open: bool = field(
        default=False,
        metadata=flag("A | B", "Compare what is held as A with what is edited, B.", noun="A | B"),
    )
    mode: CompareMode = field(
        default=CompareMode.SIDE,
        metadata=choice(
            "How A and B are shown",
            (
                (CompareMode.SIDE, "side by side"),
                (CompareMode.WIPE, "wipe"),
                (CompareMode.BLINK, "blink"),
                (CompareMode.DIFFERENCE, "difference"),
            ),
            "<i>side by side</i>: A, then B.<br><i>wipe</i>: A on the left of a line that can be "
            "dragged, B on its right.<br><i>blink</i>: one after the other in the same place, so "
            "that whatever differs moves.<br><i>difference</i>: A − B in signed colours.",
            noun="comparison",
        ),
    )
    wipe: float = field(
        default=0.5,
        metadata=decimal(
            "Line between A and B",
            0.0,
            1.0,
            0.01,
            "A stands on its left, B on its right.",
            needs=("mode", CompareMode.WIPE),
        ),
    )
    same_range: bool = field(
        default=True,
        metadata=flag(
            "same range",
            "Paint both over the wider of their two ranges, so that the same colour is the same "
            "value. Without it each has its own.",
            title="Same range",
        ),
    )


CLOSED = Comparison()


@dataclass(frozen=True, slots=True)
class Apart:
    """How far A and B are apart, over all values that both have.

    Attributes:
        mean: Of A − B.
        largest: Largest magnitude of A − B.
        rms: Root of the mean square of A − B.
    """

    mean: float
    largest: float
    rms: float


def apart_of(difference: FloatArray) -> Apart:
    """Return the figures of A − B, an array of three dimensions; sums are taken in float64."""
    flat = np.ascontiguousarray(difference).reshape(-1, difference.shape[-1])
    low, high = extremes(difference)
    mean = cv2.sumElems(flat)[0] / flat.size
    return Apart(mean, max(-low, high), math.sqrt(cv2.norm(flat, cv2.NORM_L2SQR) / flat.size))


class Comparable(Protocol):
    """A part of the document that can hold another of its kind."""

    @property
    def comparison(self) -> Comparison:
        """How both are shown."""

    @property
    def held(self) -> Any:
        """What is held, which holds nothing itself; None: nothing is."""


Part = TypeVar("Part", bound=Comparable)


def alone(part: Part) -> Part:
    """Return a part without what it is compared with."""
    if part.held is None and part.comparison == CLOSED:
        return part
    return replace(part, held=None, comparison=CLOSED)  # type: ignore[type-var]


def hold(part: Part) -> Part:
    """Hold a part as it is as A, and open the comparison."""
    comparison = replace(part.comparison, is_open=True)
    return replace(part, held=alone(part), comparison=comparison)  # type: ignore[type-var]


def open_comparison(part: Part, is_open: bool) -> Part:
    """Open the comparison, or close it; what is held stays, and where nothing is, this is."""
    if is_open and part.held is None:
        return hold(part)
    comparison = replace(part.comparison, is_open=is_open)
    return replace(part, comparison=comparison)  # type: ignore[type-var]


def swap(part: Part) -> Part:
    """Edit what is held, and hold what is edited.

    Raises:
        ValueError: Nothing is held.
    """
    if part.held is None:
        raise ValueError("There is no A to swap with: hold one first.")
    changed: Part = replace(part.held, held=alone(part), comparison=part.comparison)
    return changed


def compared_with(part: Comparable) -> Any:
    """Return what is held if it is to be seen; else None."""
    return part.held if part.comparison.is_open else None
