"""The edits of what was painted on a design page: Example or Waves -> the same, painted."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from convlab.document.kernel.design.model import Example, Goal, Waves
from convlab.document.strokes import Brush, Point, begun, extended

Canvas = TypeVar("Canvas", Example, Waves)


def begin_stroke(canvas: Canvas, brush: Brush, at: Point) -> Canvas:
    """Put the brush down; what is painted is the target from then on.

    Raises:
        ValueError: There are too many strokes.
    """
    painted = replace(canvas, strokes=begun(canvas.strokes, brush, at))
    return replace(painted, goal=Goal.PAINTED) if isinstance(painted, Example) else painted


def extend_stroke(canvas: Canvas, at: Point) -> Canvas:
    """Draw the last stroke on to a place.

    Raises:
        ValueError: There is no stroke, or there are too many.
    """
    return replace(canvas, strokes=extended(canvas.strokes, at))


def clear_strokes(canvas: Canvas) -> Canvas:
    """Clear what was painted."""
    return replace(canvas, strokes=())
