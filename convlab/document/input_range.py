"""Which numbers of a picture deeper than 8 bits are black and white: of its own, or by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from convlab.document.frame import Frame, ValueScale, own_scale
from convlab.engine.arrays import AnyArray, frozen, native
from convlab.layers.parameters import choice, decimal

LARGEST = 1e12
_OUTERMOST = 0.001  # share of the values that may be hot pixels or dead ones
_SAMPLES = 1 << 18  # values of a large picture among which those are looked for


class RangeMode(StrEnum):
    """Where black and white come from."""

    AUTO = "auto"  # from the values of the picture
    FULL = "full"  # from its type: all 16 bits, or 0 to 1
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class InputRange:
    """Which numbers of a picture become 0 and 1; of 8 bits these are always 0 and 255.

    Attributes:
        mode: Where they come from.
        low: By hand, what becomes 0: black.
        high: By hand, what becomes 1: white. Below ``low``, the picture is its own negative.
    """

    mode: RangeMode = field(
        default=RangeMode.AUTO,
        metadata=choice(
            "Range",
            (
                (RangeMode.AUTO, "auto"),
                (RangeMode.FULL, "full"),
                (RangeMode.HAND, "by hand"),
            ),
            "<i>auto</i>: from the darkest to the brightest value of the picture, but for a few "
            "outliers; one that uses its whole depth stays as it is.<br><i>full</i>: all 16 bits, "
            "0 to 65535; of decimal numbers 0 to 1.<br><i>by hand</i>: the two numbers below.",
            title="Range of the input",
            noun="range of the input",
        ),
    )
    low: float = field(
        default=0.0,
        metadata=decimal(
            "Black",
            -LARGEST,
            LARGEST,
            1.0,
            "The picture's own number that becomes 0. What lies below stays below, and is painted "
            "black.",
            noun="black of the input",
            title="Black of the input",
            is_wide=True,
            digits=6,
        ),
    )
    high: float = field(
        default=1.0,
        metadata=decimal(
            "White",
            -LARGEST,
            LARGEST,
            1.0,
            "The picture's own number that becomes 1. What lies above stays above, and is painted "
            "white.",
            noun="white of the input",
            title="White of the input",
            is_wide=True,
            digits=6,
        ),
    )


class Ranged:
    """Brings frames into the range that is wanted; keeps the last. One thread uses it."""

    def __init__(self) -> None:
        self._made: tuple[Frame, InputRange, Frame] | None = None

    def of(self, frame: Frame, wanted: InputRange) -> Frame:
        """Return ``in_range``, the same frame for the same frame."""
        if self._made is None or self._made[0] is not frame or self._made[1] != wanted:
            self._made = frame, wanted, in_range(frame, wanted)
        return self._made[2]


def in_range(frame: Frame, wanted: InputRange) -> Frame:
    """Return a frame with its own numbers brought to 0 and 1; of 8 bits it stays as it is.

    Nothing is cut off: what lies outside is below 0 or above 1.
    """
    pixels, natural = frame.pixels, own_scale(frame.pixels)
    if frame.scale is None or natural is None:
        return frame
    match wanted.mode:
        case RangeMode.FULL:
            scale = natural
        case RangeMode.AUTO:
            scale = _found(pixels, natural)
        case RangeMode.HAND:
            scale = natural._replace(black=wanted.low, white=wanted.high)
    if scale == natural:
        return replace(frame, scale=natural)
    span = scale.white - scale.black
    mapped = np.subtract(native(pixels), scale.black, dtype=np.float32)
    mapped *= np.float32(1 / span if span else LARGEST)  # one number: black below, white above
    return replace(frame, pixels=frozen(mapped), scale=scale)


def _found(pixels: AnyArray, natural: ValueScale) -> ValueScale:
    """Return the darkest and the brightest value, but for outliers; or all, if they are used."""
    low, high = float(pixels.min()), float(pixels.max())
    if natural.black <= low and natural.white / 2 < high <= natural.white:
        return natural
    values = pixels.reshape(-1)
    few = values[:: max(len(values) // _SAMPLES, 1)]
    least, most = np.quantile(few, (_OUTERMOST, 1 - _OUTERMOST)).tolist()
    usual = most - least
    if usual > 0:
        low = low if least - low <= usual else least
        high = high if high - most <= usual else most
    return natural._replace(black=low, white=high) if high > low else natural
