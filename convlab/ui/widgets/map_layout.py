"""Where the layers of a network lie: one pure function of what they are and of the room.

Layers stand from left to right, as far from the picture as their longest way from it; branches
share the height; what skips layers goes over them in an arc.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QRectF, QSizeF

from convlab.ui.widgets.map_node import CardStyle, Grid, Node, grid_of
from convlab.ui.widgets.map_packing import (
    BAR_GAP,
    CARD_GAP,
    LANE_GAP,
    TALL_ROOM,
    Group,
    Packer,
    Packing,
    Shelf,
)
from convlab.ui.widgets.map_routes import ARC_HEIGHT, Links, depths_of, routes, skips_of

MARGIN = 12.0  # around everything [px]
NARROW_GAP, LEAST_GAP, LINK_GAP = 6.0, 16.0, 34.0  # between layers [px]
WIDEST_GAP = 130.0
LEAST_OPENING = 440.0  # narrower details cut their texts: layers rather go out of sight [px] …
SCROLLED_OPENING = 510.0  # … and the detail has more room then [px]


@dataclass(frozen=True, slots=True)
class Opening:
    """The gap in which a unit's detail is shown.

    Attributes:
        uid: The gap is before this layer; behind the picture for the picture's own.
        width: What it would like to have [px]; it gets what is left when all layers are narrow,
            or enough not to cut its texts.
    """

    uid: int
    width: float


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Where a layer lies [px].

    Attributes:
        uid: Of its slot.
        card: What is written of it.
        cells: Its maps.
        bar: Its colour bar with what is written under it.
        grid: How the maps stand.
        style: How the card is written.
    """

    uid: int
    card: QRectF
    cells: tuple[QRectF, ...]
    bar: QRectF
    grid: Grid
    style: CardStyle

    @property
    def rect(self) -> QRectF:
        """Everything of the layer."""
        return self.card.united(self.bar)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies [px].

    Attributes:
        places: Of the layers, from left to right.
        links: Between them.
        gap: The room of the detail, over the whole height; None while there is none.
        size: Of everything; wider than the room only if the layers are too many for it.
    """

    places: tuple[ColumnPlace, ...] = ()
    links: tuple[Links, ...] = ()
    gap: QRectF | None = None
    size: QSizeF = field(default_factory=QSizeF)


def lay_out(
    nodes: Sequence[Node],
    room: QSizeF,
    chosen: int | None = None,
    opening: Opening | None = None,
    has_links: bool = True,
) -> Layout:
    """Place layers so that their maps are as large as they can be.

    Args:
        nodes: The layers, each behind those it is made from; the uid of each is another.
        room: In which they are to lie [px].
        chosen: Uid of the layer that is large where there is no room for all to be.
        opening: The detail that is open.
        has_links: Links are drawn: they want room between the layers.
    """
    if not nodes:
        return Layout(size=room)
    depths = depths_of(nodes)
    groups: list[list[Node]] = [[] for _ in range(max(depths.values()) + 1)]
    for node in nodes:
        groups[depths[node.uid]].append(node)
    levels = 1 + max(skips_of(nodes, depths).values(), default=-1)
    top = MARGIN + levels * ARC_HEIGHT
    turned = max(node.card.length for node in nodes)
    shelf = Shelf(top, room.height() - MARGIN / 2, room.height() >= TALL_ROOM, turned)
    width = room.width() - 2 * MARGIN
    gap_at, gap_width = _gap(groups, shelf, width, opening, depths)
    packer = Packer(groups, shelf, width - gap_width - NARROW_GAP * bool(gap_at), gap_at > 0)
    focus = depths.get(-1 if chosen is None else chosen, 0)
    if gap_at:
        packing = packer.pack((NARROW_GAP,) * 3, ())
    else:
        gaps = (NARROW_GAP, LEAST_GAP, LINK_GAP) if has_links else (NARROW_GAP,) * 3
        packing = packer.pack(gaps, (focus - 1, focus, focus + 1))
    lefts, gap, whole = _lefts(packing, room, gap_at, gap_width)
    parts = zip(groups, packing.styles, packing.tiles, lefts, packing.widths, strict=True)
    places = [place for part in parts for place in _column(shelf, *part)]
    cut = gap_at if gap is not None else None
    return Layout(tuple(places), routes(nodes, places, depths, MARGIN, cut), gap, whole)


def _gap(
    groups: Sequence[Group],
    shelf: Shelf,
    width: float,
    opening: Opening | None,
    depths: dict[int, int],
) -> tuple[int, float]:
    """Return before which group the gap is, 0 where there is none, and how wide."""
    if opening is None or opening.uid not in depths:
        return 0, 0.0
    least = Packer(groups, shelf, width).least([shelf.narrow(group) for group in groups])
    free = width - sum(least) - len(groups) * NARROW_GAP
    return max(depths[opening.uid], 1), min(
        opening.width, free if free >= LEAST_OPENING else min(SCROLLED_OPENING, width)
    )


def _lefts(
    packing: Packing, room: QSizeF, gap_at: int, gap_width: float
) -> tuple[list[float], QRectF | None, QSizeF]:
    """Return where each group begins, the gap, and the size of everything."""
    count = len(packing.widths)
    taken = sum(packing.widths) + gap_width + 2 * MARGIN
    spaces = count if gap_at else count - 1
    air = min(max((room.width() - taken) / spaces, packing.gap), WIDEST_GAP) if spaces else 0.0
    left = MARGIN + max((room.width() - taken - spaces * air) / 2, 0.0)
    lefts, gap = [], None
    for index in range(count + 1):
        if gap_at and index == gap_at:
            gap = QRectF(left, 0.0, gap_width, room.height())
            left += gap_width + air
        if index < count:
            lefts.append(left)
            left += packing.widths[index] + air
    return lefts, gap, QSizeF(max(left - air + MARGIN, room.width()), room.height())


def _column(
    shelf: Shelf, group: Group, style: CardStyle, tile: float, left: float, width: float
) -> list[ColumnPlace]:
    """Return the places of the nodes of a group, one under the other."""
    found, top = [], shelf.top
    for node in group:
        grid = grid_of(node, tile, shelf.maps(group, style))
        card = QRectF(left, top, width, shelf.card(style))
        cells = _cells(node, grid, left, card.bottom() + CARD_GAP)
        bar = QRectF(left, card.bottom(), width, 0.0)
        if cells:
            bar = QRectF(
                left, cells[0].top() + grid.whole_height + BAR_GAP, grid.whole_width, shelf.bar
            )
        found.append(ColumnPlace(node.uid, card, cells, bar, grid, style))
        top += shelf.lane(group) + LANE_GAP
    return found


def _cells(node: Node, grid: Grid, left: float, top: float) -> tuple[QRectF, ...]:
    return tuple(
        QRectF(
            left + (number // grid.rows) * (grid.width + grid.gap),
            top + (number % grid.rows) * (grid.height + grid.gap),
            grid.width,
            grid.height,
        )
        for number in range(node.tiles)
    )


def between(before: Layout, after: Layout, part: float) -> Layout:
    """Return the layout on the way from one to another, without links.

    Args:
        before: Where the layers lay; one that was not there yet is where it comes.
        after: Where they come.
        part: Of the way, 0 to 1.
    """
    known = {place.uid: place for place in before.places}
    places = []
    for place in after.places:
        start = known.get(place.uid, place)
        if len(start.cells) != len(place.cells):
            start = place
        card, bar = _mixed(start.card, place.card, part), _mixed(start.bar, place.bar, part)
        cells = tuple(_mixed(a, b, part) for a, b in zip(start.cells, place.cells, strict=True))
        places.append(replace(place, card=card, bar=bar, cells=cells))
    return Layout(tuple(places), size=after.size)


def _mixed(start: QRectF, end: QRectF, part: float) -> QRectF:
    corner = start.topLeft() + (end.topLeft() - start.topLeft()) * part
    return QRectF(corner, start.size() + (end.size() - start.size()) * part)
