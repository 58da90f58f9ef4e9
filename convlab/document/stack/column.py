"""The result of one layer as maps: ready to be painted, each pixel with its unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.document.stack.activity import Activity
from convlab.document.stack.model import Unit
from convlab.engine.arrays import AnyArray, ByteArray, FloatArray
from convlab.engine.display import Scale
from convlab.layers.base import Shape

LONGEST_LIST = 64
"""A vector of up to so many values is shown as one cell each, a longer one folded into rows."""


@dataclass(frozen=True, slots=True, eq=False)
class MapColumn:
    """The result of one layer, ready to be painted.

    Attributes:
        uid: Of the slot; INPUT for the picture.
        shape: Of the result, ``(C, H, W)`` or ``(F,)``.
        maps: The exact values as maps ``(C, H, W)``, read-only; of a vector see ``as_maps``.
        tiles: ``(T, h, w, 4)`` uint8 BGRA, one picture for each map; None where out of sight,
            or where others are painted in their places. A colour picture comes first as it is,
            then its channels.
        scales: Range of the colours of each map.
        milliseconds: What the layer took [ms].
        names: Of the classes, one for each value of the last layer; else none.
        is_probability: The values are probabilities.
        first: Number of the map that is painted first; more may be hidden than are painted.
        activity: How alive the maps are, measured now and then; None of the picture, and
            of what is out of sight.
    """

    uid: int
    shape: Shape
    maps: FloatArray
    tiles: ByteArray | None
    scales: tuple[Scale, ...]
    milliseconds: float
    names: tuple[str, ...] = ()
    is_probability: bool = False
    activity: Activity | None = None
    first: int = 0

    @property
    def lead(self) -> int:
        """How many tiles stand before that of the first map."""
        return int(self.tiles is not None and len(self.tiles) > len(self.maps))

    @property
    def values(self) -> FloatArray:
        """The maps without the zeros that fill the last row of a folded vector."""
        if len(self.shape) == 1 and len(self.maps) == 1:
            return self.maps.reshape(1, 1, -1)[..., : self.shape[0]]
        return self.maps

    @property
    def seen(self) -> slice:
        """Which maps are painted."""
        count = 0 if self.tiles is None else len(self.tiles) - self.lead
        return slice(self.first, self.first + count)

    def tile_of(self, number: int) -> int | None:
        """Return which tile shows a map; None if it is not painted."""
        tile = number - self.first + self.lead
        return tile if self.tiles is not None and self.lead <= tile < len(self.tiles) else None

    def unit_at(self, tile: int, row: int, column: int) -> Unit:
        """Return the unit that a pixel of a tile shows."""
        return self.unit_in(self.first + max(tile - self.lead, 0), row, column)

    def unit_in(self, number: int, row: int, column: int) -> Unit:
        """Return the unit that a pixel of a map is."""
        if len(self.shape) == 3:
            return Unit(self.uid, number, row, column)
        index = number + row * self.maps.shape[2] + column
        return Unit(self.uid, min(index, self.shape[0] - 1))

    def place_of(self, unit: Unit) -> tuple[int, int, int]:
        """Return the map, row and column in which a unit of this layer is shown."""
        if len(self.shape) == 3:
            return unit.channel, unit.row, unit.column
        if len(self.maps) > 1:
            return unit.channel, 0, 0
        return 0, *divmod(unit.channel, self.maps.shape[2])

    def middle(self) -> Unit:
        """Return the unit in the middle of the first map."""
        return self.unit_in(0, self.maps.shape[1] // 2, self.maps.shape[2] // 2)

    def moved(self, unit: Unit, rows: int, columns: int) -> Unit:
        """Return the unit so many rows and columns further, kept inside its map.

        In a list of single values up and down goes along it.
        """
        tile, row, column = self.place_of(unit)
        height, width = self.maps.shape[1:]
        if height == width == 1:
            tile = min(max(tile + rows, 0), len(self.maps) - 1)
        row = min(max(row + rows, 0), height - 1)
        column = min(max(column + columns, 0), width - 1)
        return self.unit_in(tile, row, column)

    def value(self, unit: Unit) -> float:
        """Return the value of a unit of this layer."""
        return float(self.maps[self.place_of(unit)])


def as_maps(result: AnyArray) -> FloatArray:
    """Return a layer's result as maps ``(C, H, W)``.

    A vector of up to LONGEST_LIST values becomes as many maps of one pixel, a longer one a single
    map, row after row, with zeros at its end.
    """
    if result.ndim == 3:
        return result
    if len(result) <= LONGEST_LIST:
        return result.reshape(-1, 1, 1)
    width = int(len(result) ** 0.5)
    rows = -(-len(result) // width)
    folded = np.zeros((1, rows, width), result.dtype)
    folded.reshape(-1)[: len(result)] = result
    return folded
