"""One picture on its way from a source to the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from convlab.engine.arrays import AnyArray, frozen


@dataclass(frozen=True, slots=True)
class BarAngle:
    """At which angle a frame shows what else stays the same.

    Attributes:
        angle: Counter-clockwise from the horizontal [degrees].
        subject: What it is: frames of one subject differ by the angle alone.
    """

    angle: float
    subject: str


FRAME = "frame"
"""What a picture of a film or of an animation is called."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a frame stands in a film, or among the pictures of a file.

    Attributes:
        number: Of the frame, from 0.
        count: How many there are; None: nobody knows.
        time: When it comes, from the beginning [s]; None: it is a page, and has no time.
        duration: Of the whole [s]; None: nobody knows, or there is no time.
        noun: What it is called there: a frame, a page.
    """

    number: int
    count: int | None
    time: float | None = None
    duration: float | None = None
    noun: str = FRAME

    @property
    def is_last(self) -> bool:
        """No other comes behind it."""
        return self.count is not None and self.number >= self.count - 1


class ValueScale(NamedTuple):
    """How the numbers of a picture deeper than 8 bits stand in a frame.

    Attributes:
        black: The picture's own number that is 0 in the engine's units.
        white: The one that is 1.
        is_whole: They are whole numbers.
    """

    black: float
    white: float
    is_whole: bool

    def own(self, value: float) -> float:
        """Return the picture's own number of a value in the engine's units."""
        number = self.black + value * (self.white - self.black)
        return float(round(number)) if self.is_whole else number


def own_scale(pixels: AnyArray) -> ValueScale | None:
    """Return what is 0 and 1 by the type of a file's picture; None: it has 8 bits."""
    if pixels.dtype.kind == "f":
        return ValueScale(0.0, 1.0, False)
    return ValueScale(0.0, 65535.0, True) if pixels.dtype.itemsize > 1 else None


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a source; its pixels are made read-only, because threads share them.

    Two frames are equal only if they are the same one.

    Attributes:
        pixels: ``(H, W)`` or RGB ``(H, W, 3)``, C-contiguous; uint8, uint16 or float32.
        index: Number of the frame, rising by one with every picture the source gave; a gap tells
            that the source itself dropped some.
        captured_at: When it was captured, by ``time.perf_counter`` [s].
        white: The value painted white in a plain picture, in the engine's units (uint8 is divided
            by 255).
        bar: Of a bar that turns; None: it is none.
        moment: Where it stands in a film; None: its source has no time line.
        scale: Of a file's picture deeper than 8 bits; None: of any other.
    """

    pixels: AnyArray
    index: int
    captured_at: float
    white: float = 1.0
    bar: BarAngle | None = None
    moment: Moment | None = None
    scale: ValueScale | None = None

    @property
    def is_ranged(self) -> bool:
        """Its own numbers were brought to 0 and 1, which are black and white."""
        return self.scale is not None and self.scale[:2] != (0.0, 1.0)

    def __post_init__(self) -> None:
        frozen(self.pixels)
