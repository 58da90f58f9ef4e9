"""How wide each layer of a network is shown: so that its maps are the largest that fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from convlab.ui.widgets.map_node import (
    LEAST_TILE,
    SEEN,
    WELL_SEEN,
    CardStyle,
    Grid,
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
LARGE = 96.0  # least of such a layer, even if not all layers have room then [px]
GROWN = 1.5  # times the width of the others, where there is room
READABLE_TILE = {CardStyle.FULL: 60.0, CardStyle.SHORT: 36.0}
"""Smaller maps are no help: other layers are better narrow then, and some large."""


class Group(NamedTuple):
    """The layers that are as far from the picture as each other.

    Attributes:
        nodes: Of branches, or one.
        lanes: In which lane each stands, from above.
        share: How many lanes share the height.
    """

    nodes: tuple[Node, ...]
    lanes: tuple[int, ...] = (0,)
    share: int = 1


@dataclass(frozen=True, slots=True)
class Heights:
    """How the height is shared.

    Attributes:
        top: Where the cards begin [px].
        bottom: Where the lowest bar ends at the latest [px].
        is_tall: There is room for all that can be said of a layer.
        turned: Height of all turned cards [px].
    """

    top: float
    bottom: float
    is_tall: bool
    turned: float = 0.0

    def lane(self, group: Group) -> float:
        """Return the height of each node of a group [px]."""
        return (self.bottom - self.top - (group.share - 1) * LANE_GAP) / group.share

    def card(self, style: CardStyle) -> float:
        """Return the height of a card [px]."""
        if style is CardStyle.TURNED:
            return self.turned
        return CARD_HEIGHTS[style] + THIRD_LINE * (self.is_tall and style is CardStyle.FULL)

    def narrow(self, group: Group) -> CardStyle:
        """Return how the cards of a narrow group are written: upright where lanes are too low."""
        taken = self.card(CardStyle.TURNED) + CARD_GAP + BAR_GAP + self.bar
        is_high = self.lane(group) >= taken + LEAST_HEIGHT
        return CardStyle.TURNED if is_high else CardStyle.SHORT

    @property
    def bar(self) -> float:
        """The height of a colour bar with what is written under it [px]."""
        return BAR_HEIGHT + CAPTION_HEIGHT * self.is_tall

    def maps(self, group: Group, style: CardStyle) -> float:
        """Return the height that is left for the maps of each node of a group [px]."""
        taken = self.card(style) + CARD_GAP + BAR_GAP + self.bar
        return max(self.lane(group) - taken, 2 * LEAST_TILE)


class Packing(NamedTuple):
    """How groups stand side by side.

    Attributes:
        styles: How the cards of each are written.
        tiles: Width of the maps of each; where not all have room, they are scrolled [px].
        widths: Of each [px].
        gap: Between two, at least [px].
    """

    styles: list[CardStyle]
    tiles: list[float]
    widths: list[float]
    gap: float


@dataclass(frozen=True, slots=True)
class Packer:
    """Finds the packing of groups.

    Attributes:
        groups: From left to right.
        heights: How the height is shared.
        width: Of the room [px].
        is_tight: Rather is no group large than that they are wider than the room.
    """

    groups: Sequence[Group]
    heights: Heights
    width: float
    is_tight: bool = False

    def pack(self, gaps: tuple[float, float, float], large: Collection[int]) -> Packing:
        """Return how the groups stand: all alike, or a few large ones among narrow ones.

        Args:
            gaps: Between groups among narrow ones, at least, and wanted [px].
            large: Numbers of the groups that stay large if not all can be.
        """
        narrow, least, wanted = gaps
        between = len(self.groups) - 1
        alike, tile = None, 0.0
        for style in (CardStyle.FULL, CardStyle.SHORT):
            styles = [style] * len(self.groups)
            tile = self._largest_tile(styles, self.width - between * least)
            if tile:
                alike = Packing(styles, *self._grown(styles, tile, between * wanted), least)
            if alike is not None and tile >= READABLE_TILE[style]:
                return alike
        film = Packing(*self._film(large, self.width - between * narrow), narrow)
        chosen = [index for index in large if 0 <= index <= between]
        whole = (
            self._fitting(self.groups[index], film.styles[index], film.widths[index])
            for index in chosen
        )
        smallest = min(whole, default=0.0)
        return film if alike is None or smallest > tile or tile < SEEN else alike

    def least(self, styles: Sequence[CardStyle]) -> list[float]:
        """Return the least width of each group: that of its names [px]."""
        parts = zip(self.groups, styles, strict=True)
        return [max(node.card.width(style) for node in group.nodes) for group, style in parts]

    def _grids(self, index: int, style: CardStyle, tile: float) -> list[Grid]:
        """Return how the maps of each node of a group stand if each has a width [px]."""
        height = self.heights.maps(self.groups[index], style)
        return [grid_of(node, tile, height) for node in self.groups[index].nodes]

    def _wanted(self, styles: Sequence[CardStyle], tiles: Sequence[float]) -> list[float]:
        """Return the width of each group whose maps have a width [px]."""
        widths = []
        for index, (style, least) in enumerate(zip(styles, self.least(styles), strict=True)):
            grids = self._grids(index, style, tiles[index])
            high = max(grid.whole_height for grid in grids)
            width = max(least, *(grid.whole_width for grid in grids))
            is_low = high <= self.heights.maps(self.groups[index], style) + 1e-6
            widths.append(width if is_low else float("inf"))
        return widths

    def _largest_tile(self, styles: Sequence[CardStyle], width: float) -> float:
        """Return the largest width of maps with which all groups fit; 0 if there is none [px]."""
        count = len(self.groups)
        return largest(lambda tile: sum(self._wanted(styles, [tile] * count)) <= width)

    def _grown(
        self, styles: Sequence[CardStyle], tile: float, gaps: float
    ) -> tuple[list[float], list[float]]:
        """Return the widths of maps and of groups; the maps of a group of few become larger.

        They stand in as many columns as before.
        """
        tiles = [tile] * len(self.groups)
        widths = self._wanted(styles, tiles)
        free = self.width - sum(widths) - gaps
        for index, style in enumerate(styles):
            most = min(GROWN * widths[index], widths[index] + free)
            tiles[index] = self._grown_tile(index, style, tile, most)
            width = self._wanted(styles, tiles)[index]
            free -= width - widths[index]
            widths[index] = width
        return tiles, widths

    def _grown_tile(self, index: int, style: CardStyle, tile: float, width: float) -> float:
        """Return the largest width of the maps of a group in as many columns as before [px]."""
        before = [grid.columns for grid in self._grids(index, style, tile)]
        height = self.heights.maps(self.groups[index], style)

        def fits(wider: float) -> bool:
            grids = self._grids(index, style, wider)
            is_inside = all(
                grid.whole_width <= width and grid.whole_height <= height + 1e-6 for grid in grids
            )
            same = [grid.columns for grid in grids] == before
            return is_inside and same and wider <= GROWN * tile

        return max(largest(fits), tile)

    def _film(
        self, large: Collection[int], width: float
    ) -> tuple[list[CardStyle], list[float], list[float]]:
        """Return styles and widths where there are too many layers for all to be large."""
        narrow = [self.heights.narrow(group) for group in self.groups]
        upright = [index for index in large if 0 <= index < len(narrow)]
        styles = list(narrow)
        for index in upright:
            styles[index] = CardStyle.SHORT
        if self.is_tight and width < sum(self.least(styles)):
            upright, styles = [], narrow
        widths = self.least(styles)
        free = max(width - sum(widths), 0.0)
        for index in upright:
            grids = self._grids(index, CardStyle.SHORT, FILM_TILE)
            most = max(grid.whole_width for grid in grids)
            wanted = max(free / 2 / len(upright), LARGE - widths[index])
            more = min(max(most - widths[index], 0.0), wanted)
            widths[index] += more
            free = max(free - more, 0.0)
        others = [index for index in range(len(styles)) if index not in upright]
        for index in others:
            widths[index] += min(free / len(others), FILM_TILE / 2)
        tiles = []
        for index, (group, style, width) in enumerate(
            zip(self.groups, styles, widths, strict=True)
        ):
            seen = WELL_SEEN if index in upright else SEEN
            tiles.append(max(self._fitting(group, style, width), min(seen, width)))
        return styles, tiles, widths

    def _fitting(self, group: Group, style: CardStyle, width: float) -> float:
        """Return the largest width of all maps of a group in its width [px]."""
        height = self.heights.maps(group, style)
        tiles = (largest_grid(node, width, height).width for node in group.nodes if node.tiles)
        return min(tiles, default=LEAST_TILE)
