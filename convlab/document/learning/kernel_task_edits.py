"""The edits of a kernel's task that are more than a parameter: KernelTask -> KernelTask.

An edit that cannot be raises ValueError with a message for the person; the task stays.
"""

from __future__ import annotations

from dataclasses import replace

from convlab.document.learning.one_kernel import LARGEST_SIZE, KernelTask, TargetKind
from convlab.document.strokes import Brush, Point, begun, extended
from convlab.engine import kernels
from convlab.layers.parameters import parameter, with_value


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

    Raises:
        ValueError: There are too many strokes.
    """
    return replace(task, target=TargetKind.PAINTED, strokes=begun(task.strokes, brush, at))


def extend_stroke(task: KernelTask, at: Point) -> KernelTask:
    """Draw the last stroke on to a place.

    Raises:
        ValueError: There is no stroke, or there are too many.
    """
    strokes = extended(task.strokes, at)
    return task if strokes is task.strokes else replace(task, strokes=strokes)


def clear_strokes(task: KernelTask) -> KernelTask:
    """Clear the canvas."""
    return replace(task, strokes=())
