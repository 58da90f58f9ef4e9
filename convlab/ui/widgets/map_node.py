"""What the layout of maps has to know of a layer, and how its maps fill a rectangle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

TILE_GAP = 5.0  # between the maps of a layer [px]
LEAST_TILE, MOST_TILE = 2.0, 420.0  # width of a map [px]
TALLEST = 1.6  # times its width; a map that is longer is shown narrower than it is
FLATTEST = 0.05
LIST_WIDTH = 108.0  # of a cell that shows one number of a vector [px]
LEAST_CELL, MOST_CELL = 7.0, 44.0  # height of such a cell [px]
SEEN, WELL_SEEN = 18.0, 40.0  # width of a map; more than fit then are scrolled [px]
STEPS = 24  # of halving a width: to less than a thousandth of a pixel


class CardStyle(IntEnum):
    """How the name and the shape of a layer are written."""

    FULL = 0  # each on a line, and more below
    SHORT = 1  # each on a line, smaller
    TURNED = 2  # side by side, read from below


@dataclass(frozen=True, slots=True)
class CardSize:
    """How much room the name and the shape of a layer need [px].

    Attributes:
        full: Width in ``CardStyle.FULL``.
        short: Width in ``CardStyle.SHORT``.
        turned: Width in ``CardStyle.TURNED``.
        length: Height in ``CardStyle.TURNED``.
    """

    full: float = 106.0
    short: float = 66.0
    turned: float = 30.0
    length: float = 110.0

    def width(self, style: CardStyle) -> float:
        """Return the width in a style [px]."""
        return (self.full, self.short, self.turned)[style]


@dataclass(frozen=True, slots=True)
class Node:
    """A layer, or the picture, that is to be placed.

    Attributes:
        uid: Of its slot.
        tiles: How many maps are shown; 0 for a layer that is switched off.
        size: (rows, columns) of a map [px].
        inputs: Uids of the nodes it is made from; of those that are not placed nothing is drawn.
        mixes: Each of its maps is made from all maps before it, not only from one.
        lead: How many tiles stand before that of the first map.
        card: How much room its name needs.
    """

    uid: int
    tiles: int
    size: tuple[int, int]
    inputs: tuple[int, ...] = ()
    mixes: bool = False
    lead: int = 0
    card: CardSize = CardSize()

    @property
    def is_list(self) -> bool:
        """Its tiles are single numbers."""
        return self.size == (1, 1)

    @property
    def aspect(self) -> float:
        """Height of a map of width 1."""
        return min(max(self.size[0] / self.size[1], FLATTEST), TALLEST)


class Grid(NamedTuple):
    """How the maps of a node stand: one column after the other.

    Attributes:
        rows: Maps in a column, at most.
        columns: How many columns.
        width: Of a map [px].
        height: Of a map [px].
        gap: Between two maps [px].
    """

    rows: int
    columns: int
    width: float
    height: float
    gap: float = TILE_GAP

    @property
    def whole_width(self) -> float:
        """Of all columns [px]."""
        return self.columns * (self.width + self.gap) - self.gap if self.columns else 0.0

    @property
    def whole_height(self) -> float:
        """Of a column [px]."""
        return self.rows * (self.height + self.gap) - self.gap if self.rows else 0.0


def grid_of(node: Node, width: float, height: float) -> Grid:
    """Return how the maps of a node stand in a height if each has a width [px].

    A map too high for the height is taken as high as it is: the layout looks for smaller ones.
    """
    if not node.tiles:
        return Grid(0, 0, 0.0, 0.0)
    if node.is_list:
        return _list_of(node, width, height)
    tall = width * node.aspect
    gap = min(TILE_GAP, width / 8)
    most = max(int((height + gap + 1e-6) / (tall + gap)), 1)
    columns = -(-node.tiles // most)
    return Grid(-(-node.tiles // columns), columns, width, tall, gap)


def _list_of(node: Node, width: float, height: float) -> Grid:
    """Numbers stand in one column if they are few enough; their cells are as high as there is."""
    columns = -(-node.tiles // max(int(height / LEAST_CELL), 1))
    rows = -(-node.tiles // columns)
    pitch = min(height / rows, MOST_CELL + TILE_GAP)
    gap = min(TILE_GAP, pitch / 5)
    return Grid(rows, columns, min(width, LIST_WIDTH), pitch - gap, gap)


def largest_grid(node: Node, width: float, height: float) -> Grid:
    """Return the grid of a node whose maps are the largest that fit into a rectangle [px]."""
    return grid_of(node, _largest_tile(node.tiles, node.size, width, height), height)


@lru_cache(maxsize=4096)  # of hundreds of layers most are alike
def _largest_tile(tiles: int, size: tuple[int, int], width: float, height: float) -> float:
    node = Node(0, tiles, size)

    def fits(tile: float) -> bool:
        grid = grid_of(node, tile, height)
        return grid.whole_width <= width + 1e-6 and grid.whole_height <= height + 1e-6

    return largest(fits) or LEAST_TILE


def scrolled(node: Node, tile: float, width: float, height: float) -> Node:
    """Return a node with only as many maps as fit into a rectangle if each has a width [px]."""
    grid = grid_of(node, tile, height)
    if not node.tiles or grid.whole_width <= width + 1e-6:
        return node
    columns = max(int((width + grid.gap + 1e-6) / (grid.width + grid.gap)), 1)
    rows = max(int((height + grid.gap + 1e-6) / (grid.height + grid.gap)), 1)
    return replace(node, tiles=min(node.tiles, max(columns * rows, node.lead + 1)))


def largest(fits: Callable[[float], bool]) -> float:
    """Return the largest width of a map with which something fits; 0 if there is none [px]."""
    low, high = LEAST_TILE, MOST_TILE
    if not fits(low):
        return 0.0
    if fits(high):
        return high
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
