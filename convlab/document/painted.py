"""A picture ready to be painted: its colours, and the numbers they stand for."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.engine.arrays import ByteArray, FloatArray, frozen
from convlab.engine.display import DisplayMode, Scale, colorize, levels


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """A picture for the screen.

    Attributes:
        bgra: Contiguous read-only uint8 BGRA ``(H', W', 4)``, opaque.
        planes: The exact values, float32 ``(C, H, W)``, read-only, without padding.
        mode: How values became colours.
        scale: Values of the first and last colour.
        origin: (row, column) of ``bgra[0, 0]`` in the picture: negative where padding is drawn,
            positive where only a part is painted.
    """

    bgra: ByteArray
    planes: FloatArray
    mode: DisplayMode
    scale: Scale
    origin: tuple[int, int] = (0, 0)


def paint(planes: FloatArray, mode: DisplayMode, scale: Scale) -> Painted:
    """Return planes ``(C, H, W)`` in the colours of a scale."""
    return Painted(frozen(colorize(levels(planes, scale), mode)), frozen(planes), mode, scale)
