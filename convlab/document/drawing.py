"""A small grey picture that a person paints, and what can be done to it: Drawing -> Drawing.

What cannot be done raises ValueError with a message for the person; the drawing stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convlab.engine.arrays import AnyArray, ByteArray, FloatArray, frozen

SMALLEST_SIDE, LARGEST_SIDE = 3, 64  # [px]
FIRST_SIDE = 32  # [px]
WHITES = (1.0, 10.0, 255.0)
"""What a white pixel can be worth: as pictures enter the engine, in round numbers, in bytes."""

NARROWEST, WIDEST = 0.5, 12.0  # of the brush [px]


def _check_sides(*sides: int) -> None:
    """Reject what has not two sides, or one too short or too long."""
    if len(sides) != 2 or not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in sides):
        size = " × ".join(str(side) for side in sides)
        raise ValueError(
            f"A drawing of {size} px does not fit: give {SMALLEST_SIDE} to {LARGEST_SIDE} a side."
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A small picture, all of it a value: two are equal if their pixels are.

    Attributes:
        rows: SMALLEST_SIDE to LARGEST_SIDE [px].
        columns: The same [px].
        values: The pixels as float32, row after row; 0 to ``white``.
        white: The value painted white; one of WHITES.
        is_inverted: The paper is white and paint is black, else the other way round.

    Raises:
        ValueError: It is too small or too large, or a pixel is not between black and white.
    """

    rows: int = FIRST_SIDE
    columns: int = FIRST_SIDE
    values: bytes = bytes(4 * FIRST_SIDE * FIRST_SIDE)
    white: float = 1.0
    is_inverted: bool = False

    def __post_init__(self) -> None:
        _check_sides(self.rows, self.columns)
        if self.white not in WHITES:
            raise ValueError(f"White cannot be {self.white:g}: choose 1, 10 or 255.")
        if len(self.values) != 4 * self.rows * self.columns:
            raise ValueError(
                f"A drawing of {self.rows} × {self.columns} px has {4 * self.rows * self.columns} "
                f"bytes, not {len(self.values)}: give a float32 for each pixel."
            )
        pixels = self.array()
        if not ((pixels >= 0.0) & (pixels <= self.white)).all():  # nor is NaN
            raise ValueError(f"A pixel of it is not between 0 and {self.white:g}: change that.")

    def array(self) -> FloatArray:
        """Return the pixels, read-only float32 ``(rows, columns)``."""
        return np.frombuffer(self.values, np.float32).reshape(self.rows, self.columns)

    def steps(self) -> ByteArray:
        """Return the pixels as they are seen: uint8 ``(rows, columns)``, 255 is white."""
        steps = np.rint(self.array() * np.float32(255 / self.white))
        return frozen(np.ascontiguousarray(steps, np.uint8))

    @property
    def is_blank(self) -> bool:
        """Whether nothing is painted."""
        return bool((self.array() == self.paper).all())

    @property
    def paper(self) -> float:
        """The value of a pixel where nothing was painted."""
        return self.white if self.is_inverted else 0.0

    @property
    def paint(self) -> float:
        """The value of a pixel that is painted all over."""
        return self.white - self.paper


@dataclass(frozen=True, slots=True)
class Brush:
    """What one paints with; not undone.

    Attributes:
        width: NARROWEST to WIDEST [px of the drawing].
        erases: It brings the paper back.
    """

    width: float = 2.5
    erases: bool = False


BLANK_DRAWING = Drawing()
FIRST_BRUSH = Brush()

Point = tuple[float, float]
"""(row, column) in the drawing; pixel (0, 0) reaches from (0, 0) to (1, 1) [px]."""


def stroked(drawing: Drawing, start: Point, end: Point, brush: Brush) -> Drawing:
    """Draw a line with round ends.

    A pixel takes as much paint as its middle lies inside the line, with an edge one pixel soft;
    going over it again changes nothing. The eraser wipes every pixel that it touches, so that it
    leaves nothing of a line as wide as itself.
    """
    rows, columns = np.ogrid[0.5 : drawing.rows, 0.5 : drawing.columns]
    down, across = end[0] - start[0], end[1] - start[1]
    length = down * down + across * across
    along = (rows - start[0]) * down + (columns - start[1]) * across
    share = np.clip(along / (length or 1.0), 0.0, 1.0)
    distance = np.hypot(rows - start[0] - share * down, columns - start[1] - share * across)
    cover = np.clip(brush.width / 2 + 0.5 - distance, 0.0, min(brush.width, 1.0))
    if brush.erases:
        return _with(drawing, np.where(cover > 0.0, drawing.paper, drawing.array()))
    painted = drawing.paint * cover + drawing.paper * (1.0 - cover)
    stronger = np.minimum if drawing.is_inverted else np.maximum
    return _with(drawing, stronger(drawing.array(), painted))


def with_pixel(drawing: Drawing, row: int, column: int, value: float) -> Drawing:
    """Set one pixel.

    Raises:
        ValueError: There is no such pixel, or the value is not between black and white.
    """
    if not (0 <= row < drawing.rows and 0 <= column < drawing.columns):
        raise ValueError(
            f"There is no pixel ({row}, {column}) in {drawing.rows} × {drawing.columns}: "
            "choose one inside."
        )
    if not 0.0 <= value <= drawing.white:
        raise ValueError(
            f"A pixel of {value:g} does not fit: give 0 to {drawing.white:g}, "
            "or choose another value for white."
        )
    pixels = drawing.array().copy()
    pixels[row, column] = value
    return _with(drawing, pixels)


def cleared(drawing: Drawing) -> Drawing:
    """Clear the canvas; its paper stays."""
    return _with(drawing, np.full((drawing.rows, drawing.columns), drawing.paper))


def inverted(drawing: Drawing) -> Drawing:
    """Swap black and white, paper and paint."""
    pixels = np.float32(drawing.white) - drawing.array()
    return replace(drawing, values=pixels.tobytes(), is_inverted=not drawing.is_inverted)


def resized(drawing: Drawing, rows: int, columns: int) -> Drawing:
    """Cut the canvas, or add to it, at the bottom and at the right.

    Raises:
        ValueError: Not SMALLEST_SIDE to LARGEST_SIDE a side.
    """
    _check_sides(rows, columns)
    pixels = np.full((rows, columns), drawing.paper, np.float32)
    kept = drawing.array()[:rows, :columns]
    pixels[: kept.shape[0], : kept.shape[1]] = kept
    return replace(drawing, rows=rows, columns=columns, values=pixels.tobytes())


def with_white(drawing: Drawing, white: float) -> Drawing:
    """Choose what white is worth; the picture looks as before.

    Raises:
        ValueError: Not one of WHITES.
    """
    scaled = np.minimum(drawing.array() * np.float32(white / drawing.white), np.float32(white))
    return replace(drawing, values=scaled.tobytes(), white=white)


def of_pixels(pixels: AnyArray, white: float = 1.0, is_inverted: bool = False) -> Drawing:
    """Return the drawing with these pixels.

    Args:
        pixels: ``(rows, columns)``.
        white: As in ``Drawing``.
        is_inverted: As in ``Drawing``.

    Raises:
        ValueError: It is too small or too large, or a pixel is not between black and white.
    """
    pixels = np.ascontiguousarray(pixels, np.float32)
    _check_sides(*pixels.shape)
    rows, columns = pixels.shape
    return Drawing(rows, columns, pixels.tobytes(), white, is_inverted)


def _with(drawing: Drawing, pixels: AnyArray) -> Drawing:
    return replace(drawing, values=np.ascontiguousarray(pixels, np.float32).tobytes())
