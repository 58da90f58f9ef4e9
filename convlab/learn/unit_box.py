"""A part of a gradient: what is not zero of how fast a unit changes with the numbers below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.engine.shapes import Pair

NOWHERE = (0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class UnitGradient:
    """How fast a unit changes with each number below it; 0 outside a box.

    Attributes:
        values: ``(C, h, w)`` float32, the box; behind a flattening layer the whole ``(F,)``. A
            unit that sees only padding has an empty box.
        corner: (row, column) of the box's first pixel [px].
    """

    values: FloatArray
    corner: Pair

    @property
    def is_empty(self) -> bool:
        """Whether nothing below changes the unit."""
        return self.values.size == 0

    def full(self, shape: Sequence[int]) -> FloatArray:
        """Return the gradient of a whole map.

        Args:
            shape: ``(C, H, W)`` of the map.

        Raises:
            ValueError: If the box does not lie in such a map.
        """
        whole: FloatArray = np.zeros(tuple(shape), np.float32)
        place = place_of(self)
        if len(shape) != self.values.ndim or whole[place].shape != self.values.shape:
            raise ValueError(
                f"a box of shape {self.values.shape} at {self.corner} does not lie in a map of "
                f"shape {tuple(shape)}: give the shape of what the gradient is taken by"
            )
        whole[place] = self.values
        return whole


def empty(channels: int) -> UnitGradient:
    """Return the gradient of what changes nothing."""
    return UnitGradient(np.zeros((channels, 0, 0), np.float32), NOWHERE)


def place_of(box: UnitGradient) -> tuple[slice, ...]:
    """Return where a box lies in its map."""
    sides = zip(box.corner, box.values.shape[1:], strict=False)  # a vector has no sides
    return slice(None), *(slice(first, first + length) for first, length in sides)


def joined(one: UnitGradient, other: UnitGradient) -> UnitGradient:
    """Return the sum of two gradients of the same maps: what is fed to two branches has both."""
    if one.is_empty or other.is_empty:
        return other if one.is_empty else one
    if one.values.ndim == 1:
        return UnitGradient(one.values + other.values, NOWHERE)
    boxes = (one, other)
    top, left = (min(box.corner[axis] for box in boxes) for axis in (0, 1))
    bottom, right = (
        max(box.corner[axis] + box.values.shape[1 + axis] for box in boxes) for axis in (0, 1)
    )
    values: FloatArray = np.zeros((len(one.values), bottom - top, right - left), np.float32)
    for box in boxes:
        row, column = box.corner[0] - top, box.corner[1] - left
        height, width = box.values.shape[1:]
        values[:, row : row + height, column : column + width] += box.values
    return UnitGradient(values, (top, left))
