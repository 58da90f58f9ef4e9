"""One picture on its way from a source to the window."""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    pixels: AnyArray
    index: int
    captured_at: float
    white: float = 1.0
    bar: BarAngle | None = None

    def __post_init__(self) -> None:
        frozen(self.pixels)
