"""How wide each layer of a network is shown: so that its maps are the largest that fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from convlab.ui.widgets.map_node import (
    LEAST_TILE,
    CardStyle,
    Node,
    grid_of,
    largest,
    largest_grid,
)

CARD_GAP = 5.0  # between a card and its maps [px]
BAR_GAP = 5.0
BAR_HEIGHT = 26.0  # colour bar with its numbers
CAPTION_HEIGHT = 15.0  # and with what is said under them
CARD_HEIGHTS = {CardStyle.FULL: 36.0, CardStyle.SHORT: 32.0}
THIRD_LINE = 16.0  # of a card, where the room is high enough
TALL_ROOM = 600.0
LANE_GAP = 14.0  # between branches
LEAST_HEIGHT = 40.0  # for the maps under a turned card [px]
FILM_TILE = 150.0  # most of the maps of a large layer among many [px]
GROWN = 1.5  # times the width of the others, where there is room
READABLE_TILE = {CardStyle.FULL: 60.0, CardStyle.SHORT: 36.0}
"""Smaller maps are no help: other layers are better narrow then, and some large."""

Group = Sequence[Node]
"""The layers that are as far from the picture as each other: branches, or one."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """How the height is shared.

    Attributes:
        top: Where the cards begin [px].
        bottom: Where the lowest bar ends at the latest [px].
        is_tall: There is room for all that can be said of a layer.
    """

    top: float
    bottom: float
    is_tall: bool

    def lane(self, group: Group) -> float:
        """Return the height of each node of a group [px]."""
        return (self.bottom - self.top - (len(group) - 1) * LANE_GAP) / len(group)

    def card(self, group: Group, style: CardStyle) -> float:
        """Return the height of the cards of a group [px]."""
        if style is CardStyle.TURNED:
            return max(node.card.length for node in group)
        return CARD_HEIGHTS[style] + THIRD_LINE * (self.is_tall and style is CardStyle.FULL)

    def narrow(self, group: Group) -> CardStyle:
        """Return how the cards of a narrow group are written: upright where lanes are too low."""
        taken = self.card(group, CardStyle.TURNED) + CARD_GAP + BAR_GAP + self.bar
        is_high = self.lane(group) >= taken + LEAST_HEIGHT
        return CardStyle.TURNED if is_high else CardStyle.SHORT

    @property
    def bar(self) -> float:
        """The height of a colour bar with what is written under it [px]."""
        return BAR_HEIGHT + CAPTION_HEIGHT * self.is_tall

    def maps(self, group: Group, style: CardStyle) -> float:
        """Return the height that is left for the maps of each node of a group [px]."""
        taken = self.card(group, style) + CARD_GAP + BAR_GAP + self.bar
        return max(self.lane(group) - taken, 2 * LEAST_TILE)


class Packing(NamedTuple):
    """How groups stand side by side.

    Attributes:
        styles: How the cards of each are written.
        widths: Of each [px].
        gap: Between two, at least [px].
    """

    styles: list[CardStyle]
    widths: list[float]
    gap: float


@dataclass(frozen=True, slots=True)
class Packer:
    """Finds the packing of groups.

    Attributes:
        groups: From left to right.
        shelf: How the height is shared.
        width: Of the room [px].
        is_tight: Rather is no group large than that they are wider than the room.
    """

    groups: Sequence[Group]
    shelf: Shelf
    width: float
    is_tight: bool = False

    def pack(self, gaps: tuple[float, float, float], large: Collection[int]) -> Packing:
        """Return how the groups stand: all alike, or a few large ones among narrow ones.

        Args:
            gaps: Between groups among narrow ones, at least, and wished [px].
            large: Numbers of the groups that stay large if not all can be.
        """
        narrow, least, wished = gaps
        between = len(self.groups) - 1
        tile, styles = 0.0, [CardStyle.FULL] * len(self.groups)
        for style in (CardStyle.FULL, CardStyle.SHORT):
            styles = [style] * len(self.groups)
            tile = self._largest_tile(styles, self.width - between * least)
            if tile >= READABLE_TILE[style]:
                return Packing(styles, self._grown(styles, tile, between * wished), least)
        film = Packing(*self._film(large, self.width - between * narrow), narrow)
        if tile and self._tile_of(film, large) <= tile:
            return Packing(styles, self._grown(styles, tile, between * wished), least)
        return film

    def least(self, styles: Sequence[CardStyle]) -> list[float]:
        """Return the least width of each group: that of its names [px]."""
        parts = zip(self.groups, styles, strict=True)
        return [max(node.card.width(style) for node in group) for group, style in parts]

    def _wanted(self, styles: Sequence[CardStyle], tile: float) -> list[float]:
        """Return the width of each group whose maps have a width [px]."""
        widths = []
        parts = zip(self.groups, styles, self.least(styles), strict=True)
        for group, style, least in parts:
            height = self.shelf.maps(group, style)
            grids = [grid_of(node, tile, height) for node in group]
            is_low = all(grid.whole_height <= height + 1e-6 for grid in grids)
            width = max(least, *(grid.whole_width for grid in grids))
            widths.append(width if is_low else float("inf"))
        return widths

    def _largest_tile(self, styles: Sequence[CardStyle], width: float) -> float:
        """Return the largest width of maps with which all groups fit; 0 if there is none [px]."""
        return largest(lambda tile: sum(self._wanted(styles, tile)) <= width)

    def _tile_of(self, packing: Packing, large: Collection[int]) -> float:
        """Return the width of the smallest map of the large groups [px]."""
        widths = (
            largest_grid(node, packing.widths[index], self.shelf.maps(group, CardStyle.SHORT)).width
            for index, group in enumerate(self.groups)
            for node in group
            if index in large and node.tiles
        )
        return min(widths, default=0.0)

    def _grown(self, styles: Sequence[CardStyle], tile: float, gaps: float) -> list[float]:
        """Return the widths for a width of all maps; those that are few become larger."""
        widths = self._wanted(styles, tile)
        free = self.width - sum(widths) - gaps
        for index, (group, style) in enumerate(zip(self.groups, styles, strict=True)):
            width = widths[index]
            most = min(GROWN * width, width + free)
            height = self.shelf.maps(group, style)
            needed = max(largest_grid(node, most, height).whole_width for node in group)
            if needed > width:
                widths[index] = needed
                free -= needed - width
        return widths

    def _film(self, large: Collection[int], width: float) -> tuple[list[CardStyle], list[float]]:
        """Return styles and widths where there are too many layers for all to be large."""
        narrow = [self.shelf.narrow(group) for group in self.groups]
        upright = [index for index in large if 0 <= index < len(narrow)]
        styles = list(narrow)
        for index in upright:
            styles[index] = CardStyle.SHORT
        if self.is_tight and width < sum(self.least(styles)):
            upright, styles = [], narrow
        widths = self.least(styles)
        free = max(width - sum(widths), 0.0)
        for index in upright:
            group = self.groups[index]
            height = self.shelf.maps(group, CardStyle.SHORT)
            most = max(grid_of(node, FILM_TILE, height).whole_width for node in group)
            more = min(max(most - widths[index], 0.0), free / 2 / len(upright))
            widths[index] += more
            free -= more
        others = [index for index in range(len(styles)) if index not in upright]
        for index in others:
            widths[index] += min(free / len(others), FILM_TILE / 2)
        return styles, widths
