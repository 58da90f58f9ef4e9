"""The gradient of a unit through layers in which branches meet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.layers.merge import Add, Concat, Merge, Multiply, Subtract
from convlab.learn.unit_box import UnitGradient, place_of


def merge_back(
    layer: Merge, box: UnitGradient, place: int, inputs: Sequence[FloatArray]
) -> UnitGradient:
    """Backpropagate a box to one of the inputs of a layer.

    Args:
        layer: The layer.
        box: Of the gradient with respect to its result.
        place: Of the input among all, from 0.
        inputs: All of them.

    Raises:
        ValueError: If the layer is of a kind whose gradient is not known.
    """
    match layer:
        case Concat():
            start = sum(len(each) for each in inputs[:place])
            part = box.values[start : start + len(inputs[place])]
            return UnitGradient(part, box.corner)
        case Add():
            slope = box.values
        case Subtract():
            slope = -box.values if place else box.values
        case Multiply():
            others = [each for number, each in enumerate(inputs) if number != place]
            slope = reduce(np.multiply, (_part(each, box) for each in others), box.values)
        case _:
            name = type(layer).__name__
            raise ValueError(f"the gradient of {name} is not known: choose a unit below it")
    return _summed(UnitGradient(np.asarray(slope, np.float32), box.corner), inputs[place].shape)


def _part(x: FloatArray, box: UnitGradient) -> FloatArray:
    """Return what of an input lies in a box; what is 1 long is the same in all of it."""
    if x.ndim == 1:
        return x
    _, rows, columns = place_of(box)
    sides = (
        slice(None) if size == 1 else side
        for size, side in zip(x.shape[1:], (rows, columns), strict=True)
    )
    part: FloatArray = x[(slice(None), *sides)]
    return part


def _summed(box: UnitGradient, shape: tuple[int, ...]) -> UnitGradient:
    """Add up what fell on one number that was used in many places."""
    if len(shape) == 1:
        return box
    values, corner = box.values, list(box.corner)
    if shape[0] == 1 < len(values):
        values = values.sum(axis=0, keepdims=True)
    for axis in (0, 1):
        if shape[1 + axis] == 1:
            values, corner[axis] = values.sum(axis=1 + axis, keepdims=True), 0
    return UnitGradient(values, (corner[0], corner[1]))
