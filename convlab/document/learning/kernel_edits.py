"""Every edit of a kernel's task that a person can make: KernelTask -> KernelTask.

An edit that cannot be raises ValueError with a message for the person; the task stays.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from convlab.document.learning.one_kernel import (
    LARGEST_SIZE,
    LEAST_SIZE,
    USUAL_RATES,
    Brush,
    KernelTask,
    Point,
    Stroke,
    TargetKind,
)
from convlab.document.learning.rule import Rule
from convlab.engine import kernels
from convlab.engine.naming import parse_name

LEAST_RATE, LARGEST_RATE = 1e-6, 1e3
MOST_PATCHES = 16_384
LARGEST_NOISE = LARGEST_SPREAD = 10.0
LARGEST_SEED = 2**31 - 1
MOST_STROKES = 200
LONGEST_STROKE = 400  # points
NEAR = 1e-3  # a point nearer to the last adds nothing to a stroke, as a fraction of the picture


def set_target(task: KernelTask, kind: str) -> KernelTask:
    """Choose where the target image comes from.

    Args:
        task: The task.
        kind: A TargetKind or its name.

    Raises:
        ValueError: There is no such kind.
    """
    return _fitted(replace(task, target=parse_name(TargetKind, kind, "target")))


def set_preset(task: KernelTask, name: str) -> KernelTask:
    """Make the output of a preset kernel the target; the one that learns grows if it is smaller.

    Raises:
        ValueError: There is no such kernel, or it is too large to be learned.
    """
    largest = max(kernels.preset(name).shape)
    if largest > LARGEST_SIZE:
        raise ValueError(
            f"{name} has {largest} cells a side, {LARGEST_SIZE} can be learned: choose a smaller "
            "kernel."
        )
    return _fitted(replace(task, target=TargetKind.PRESET, preset=name))


def _fitted(task: KernelTask) -> KernelTask:
    """Let the kernel grow until the ready one that it is to become fits."""
    if task.target is not TargetKind.PRESET:
        return task
    return replace(task, size=max(task.size, *kernels.preset(task.preset).shape))


def set_angle(task: KernelTask, degrees: float) -> KernelTask:
    """Make the output of an oriented edge detector the target.

    Raises:
        ValueError: The angle is not finite.
    """
    if not math.isfinite(degrees):
        raise ValueError("An angle must be a finite number: type degrees from 0 to 360.")
    return replace(task, target=TargetKind.EDGE, angle=degrees % 360.0)


def set_flipped(task: KernelTask, is_flipped: bool) -> KernelTask:
    """Flip the target by 180 degrees, or leave it as it is written."""
    return replace(task, is_flipped=is_flipped)


def set_size(task: KernelTask, size: int) -> KernelTask:
    """Choose how many cells a side the kernel has.

    Raises:
        ValueError: It is out of bounds.
    """
    return replace(task, size=_whole("kernel size", size, LEAST_SIZE, LARGEST_SIZE))


def set_rule(task: KernelTask, name: str) -> KernelTask:
    """Choose another optimiser, with a rate that suits it.

    Raises:
        ValueError: There is no such optimiser.
    """
    rule = parse_name(Rule, name, "optimiser")
    return task if rule is task.rule else replace(task, rule=rule, rate=USUAL_RATES[rule])


def set_rate(task: KernelTask, rate: float) -> KernelTask:
    """Choose the learning rate.

    Raises:
        ValueError: It is out of bounds.
    """
    return replace(task, rate=_decimal("learning rate", rate, LEAST_RATE, LARGEST_RATE))


def halve_rate(task: KernelTask) -> KernelTask:
    """Halve the learning rate, as far as its bounds allow."""
    return set_rate(task, max(task.rate / 2, LEAST_RATE))


def set_patches(task: KernelTask, patches: int) -> KernelTask:
    """Choose the batch size: how many patches make one step.

    Raises:
        ValueError: It is out of bounds.
    """
    return replace(task, patches=_whole("number of patches", patches, 1, MOST_PATCHES))


def set_noise(task: KernelTask, noise: float) -> KernelTask:
    """Choose how noisy the target is.

    Raises:
        ValueError: It is out of bounds.
    """
    return replace(task, noise=_decimal("noise", noise, 0.0, LARGEST_NOISE))


def set_spread(task: KernelTask, spread: float) -> KernelTask:
    """Choose how large the initial cells are.

    Raises:
        ValueError: It is out of bounds.
    """
    return replace(task, spread=_decimal("spread", spread, 0.0, LARGEST_SPREAD))


def set_centred(task: KernelTask, is_centred: bool) -> KernelTask:
    """Take the means of the patches out, or leave them in."""
    return replace(task, centred=is_centred)


def set_seed(task: KernelTask, seed: int) -> KernelTask:
    """Choose other random numbers.

    Raises:
        ValueError: It is out of bounds.
    """
    return replace(task, seed=_whole("seed", seed, 0, LARGEST_SEED))


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


def _whole(name: str, value: Any, low: int, high: int) -> int:
    if not low <= value <= high:
        raise ValueError(f"A {name} of {value} does not fit: choose one from {low} to {high}.")
    return int(value)


def _decimal(name: str, value: float, low: float, high: float) -> float:
    if not low <= value <= high:  # NaN is not
        raise ValueError(f"A {name} of {value:g} does not fit: choose {low:g} to {high:g}.")
    return float(value)
