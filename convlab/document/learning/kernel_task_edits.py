"""The edits of a kernel's task that are more than a parameter: KernelTask -> KernelTask.

An edit that cannot be raises ValueError with a message for the person; the task stays.
"""

from __future__ import annotations

from dataclasses import replace

from convlab.document.learning.one_kernel import (
    LARGEST_SIZE,
    Brush,
    KernelTask,
    Point,
    Stroke,
    TargetKind,
)
from convlab.engine import kernels
from convlab.layers.parameters import parameter, with_value

MOST_STROKES = 200
LONGEST_STROKE = 400  # points
NEAR = 1e-3  # a point nearer to the last adds nothing to a stroke, as a fraction of the picture


def set_preset(task: KernelTask, name: str) -> KernelTask:
    """Make the output of a ready kernel the target; the one that learns grows if it is smaller.

    Raises:
        ValueError: There is no such kernel, or it is too large to be learned.
    """
    largest = max(kernels.preset(name).shape)
    if largest > LARGEST_SIZE:
        raise ValueError(
            f"{name} has {largest} cells a side, {LARGEST_SIZE} can be learned: choose a smaller "
            "kernel."
        )
    return replace(task, target=TargetKind.PRESET, preset=name).settled("preset")


def halve_rate(task: KernelTask) -> KernelTask:
    """Halve the learning rate, as far as that goes."""
    return with_value(task, "rate", max(task.rate / 2, parameter(task, "rate").minimum))


def begin_stroke(task: KernelTask, brush: Brush, at: Point) -> KernelTask:
    """Put the brush down on the target image, which is what is painted from then on.

    Args:
        task: The task.
        brush: What is painted with.
        at: (row, column) as fractions of the picture; one outside is taken to its border.

    Raises:
        ValueError: There are too many strokes.
    """
    if len(task.strokes) >= MOST_STROKES:
        raise ValueError(f"{MOST_STROKES} strokes are the most: clear the painting first.")
    stroke = Stroke((_inside(at),), brush.radius, brush.value)
    return replace(task, target=TargetKind.PAINTED, strokes=(*task.strokes, stroke))


def extend_stroke(task: KernelTask, at: Point) -> KernelTask:
    """Draw the last stroke on to a place; a long one is followed by the next.

    Args:
        task: The task, with a stroke.
        at: As in ``begin_stroke``.

    Raises:
        ValueError: There is no stroke, or there are too many.
    """
    if not task.strokes:
        raise ValueError("There is no stroke to be drawn on: put the brush down first.")
    *before, last = task.strokes
    place, end = _inside(at), last.points[-1]
    if max(abs(place[0] - end[0]), abs(place[1] - end[1])) < NEAR:
        return task
    if len(last.points) >= LONGEST_STROKE:
        longer = begin_stroke(task, Brush(last.value, last.radius), end)
        return extend_stroke(longer, at)
    return replace(task, strokes=(*before, replace(last, points=(*last.points, place))))


def clear_strokes(task: KernelTask) -> KernelTask:
    """Clear the canvas."""
    return replace(task, strokes=())


def _inside(at: Point) -> Point:
    row, column = (min(max(part, 0.0), 1.0) for part in at)
    return row, column
