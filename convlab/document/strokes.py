"""What is painted over a picture of any size: strokes of a brush, as fractions of the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.cv import cv2

Point = tuple[float, float]

MOST_STROKES = 200
LONGEST_STROKE = 400  # points
NEAR = 1e-3  # a point nearer to the last adds nothing to a stroke, as a fraction of the picture
SUBPIXEL = 4  # bits after the point of the places of a brush


@dataclass(frozen=True, slots=True)
class Stroke:
    """One movement of the brush over a picture.

    Attributes:
        points: (row, column) from point to point, as fractions of the picture's height and width.
        radius: Of the brush, as a fraction of the picture's height.
        value: What stands where it went: 1 is bright, −1 dark, 0 wipes.
    """

    points: tuple[Point, ...]
    radius: float
    value: float


@dataclass(frozen=True, slots=True)
class Brush:
    """What the mouse paints with.

    Attributes:
        value: 1, −1, or 0 to wipe.
        radius: As a fraction of the picture's height.
    """

    value: float = 1.0
    radius: float = 0.02


Strokes = tuple[Stroke, ...]
FIRST_BRUSH = Brush()


def begun(strokes: Strokes, brush: Brush, at: Point) -> Strokes:
    """Put the brush down.

    Args:
        strokes: What was painted.
        brush: What is painted with.
        at: (row, column) as fractions of the picture; one outside is taken to its border.

    Raises:
        ValueError: There are too many strokes.
    """
    if len(strokes) >= MOST_STROKES:
        raise ValueError(f"{MOST_STROKES} strokes are the most: clear the painting first.")
    return (*strokes, Stroke((_inside(at),), brush.radius, brush.value))


def extended(strokes: Strokes, at: Point) -> Strokes:
    """Draw the last stroke on to a place; a long one is followed by the next.

    Args:
        strokes: What was painted, at least one.
        at: As in ``begun``.

    Raises:
        ValueError: There is no stroke, or there are too many.
    """
    if not strokes:
        raise ValueError("There is no stroke to be drawn on: put the brush down first.")
    *before, last = strokes
    place, end = _inside(at), last.points[-1]
    if max(abs(place[0] - end[0]), abs(place[1] - end[1])) < NEAR:
        return strokes
    if len(last.points) >= LONGEST_STROKE:
        return extended(begun(strokes, Brush(last.value, last.radius), end), at)
    return (*before, replace(last, points=(*last.points, place)))


def _inside(at: Point) -> Point:
    row, column = (min(max(part, 0.0), 1.0) for part in at)
    return row, column


def painted(strokes: Strokes, shape: tuple[int, int], paper: float = 0.0) -> FloatArray:
    """Return paper of a shape (rows, columns), of one value everywhere but where it was painted."""
    canvas = np.full(shape, paper, np.float32)
    return painted_over(canvas, strokes)


def painted_over(canvas: FloatArray, strokes: Strokes) -> FloatArray:
    """Lay strokes over a canvas, in place, and return it read-only."""
    for stroke in strokes:
        _paint(canvas, stroke)
    return frozen(canvas)


def _paint(canvas: FloatArray, stroke: Stroke) -> None:
    """Lay one stroke over what is there."""
    height, width = canvas.shape
    thickness = max(1, round(2 * stroke.radius * height))
    scale = 1 << SUBPIXEL
    places = [
        (round((column * width - 0.5) * scale), round((row * height - 0.5) * scale))
        for row, column in stroke.points
    ]
    for start, end in zip(places, [*places[1:], places[-1]], strict=True):
        cv2.line(canvas, start, end, stroke.value, thickness, cv2.LINE_8, SUBPIXEL)
