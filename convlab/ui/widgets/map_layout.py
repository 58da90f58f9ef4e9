"""Where the layers of a network lie: one pure function of what they are and of the room.

Layers stand where ``document.stack.lanes`` has them: from left to right, branches in lanes that
share the height; what skips layers goes over them in an arc.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QRectF, QSizeF

from convlab.document.stack.lanes import Lanes, lanes_of
from convlab.ui.widgets.map_node import CardStyle, Grid, Node, grid_of, scrolled
from convlab.ui.widgets.map_packing import (
    BAR_GAP,
    CARD_GAP,
    LANE_GAP,
    TALL_ROOM,
    Group,
    Heights,
    Packer,
    Packing,
)
from convlab.ui.widgets.map_routes import Links, arc_step, routes

MARGIN = 12.0  # around everything [px]
NARROW_GAP, LEAST_GAP, LINK_GAP = 6.0, 16.0, 34.0  # between layers [px]
WIDEST_GAP = 130.0
LEAST_OPENING = 440.0  # narrower details cut their texts: layers rather go out of sight [px] …
SCROLLED_OPENING = 510.0  # … and the detail has more room then [px]
BAND_HEIGHT, BAND_GAP = 20.0, 3.0  # of what is written over a block [px]
LEAST_LANE = 95.0  # height of a branch: many of them are higher than the room [px]
TALL_LANE = 170.0  # from which all is said of each [px]


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
class Band:
    """What is written over the layers of a block that is open.

    Attributes:
        key: Of the block.
        title: Of the block.
        uids: Of its layers.
    """

    key: str
    title: str
    uids: frozenset[int]


@dataclass(frozen=True, slots=True)
class BandPlace:
    """Where a band lies [px].

    Attributes:
        key: Of its block.
        title: Of its block.
        rect: Over its layers.
    """

    key: str
    title: str
    rect: QRectF


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """Where a layer lies [px].

    Attributes:
        uid: Of its slot.
        card: What is written of it.
        cells: Its maps, as many as are seen at once.
        tiles: How many maps it has.
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
    tiles: int

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
        bands: Over the layers of blocks.
        gap: The room of the detail, as high as the room; None while there is none.
        size: Of everything; larger than the room only if layers or lanes are too many for it.
    """

    places: tuple[ColumnPlace, ...] = ()
    links: tuple[Links, ...] = ()
    bands: tuple[BandPlace, ...] = ()
    gap: QRectF | None = None
    size: QSizeF = field(default_factory=QSizeF)


def lay_out(
    nodes: Sequence[Node],
    room: QSizeF,
    chosen: int | None = None,
    opening: Opening | None = None,
    has_links: bool = True,
    bands: Sequence[Band] = (),
) -> Layout:
    """Place layers so that their maps are as large as they can be.

    Args:
        nodes: The layers, each behind those it is made from; the uid of each is another.
        room: In which they are to lie [px].
        chosen: Uid of the layer that is large where there is no room for all to be.
        opening: The detail that is open.
        has_links: Links are drawn: they want room between the layers.
        bands: Of blocks, an outer one before those in it.
    """
    if not nodes:
        return Layout(size=room)
    lanes = lanes_of(nodes)
    groups = _groups(nodes, lanes)
    levels = _band_levels(bands, lanes)
    arcs = MARGIN + (1 + max(levels, default=-1)) * BAND_HEIGHT
    top = arcs + lanes.levels * arc_step(lanes.levels)
    turned = max(node.card.length for node in nodes)
    most = max(group.share for group in groups)
    least = most * (LEAST_LANE + LANE_GAP) - LANE_GAP
    height = max(room.height(), top + least + MARGIN / 2)
    is_tall = room.height() >= TALL_ROOM and (most == 1 or height >= most * TALL_LANE)
    heights = Heights(top, height - MARGIN / 2, is_tall, turned)
    width = room.width() - 2 * MARGIN
    columns = {uid: spot.column for uid, spot in lanes.spots.items()}
    gap_at, gap_width = _gap(groups, heights, width, opening, columns)
    packer = Packer(groups, heights, width - gap_width - NARROW_GAP * bool(gap_at), gap_at > 0)
    focus = columns.get(-1 if chosen is None else chosen, 0)
    if gap_at:
        packing = packer.pack((NARROW_GAP,) * 3, ())
    else:
        gaps = (NARROW_GAP, LEAST_GAP, LINK_GAP) if has_links else (NARROW_GAP,) * 3
        packing = packer.pack(gaps, (focus - 1, focus, focus + 1))
    lefts, gap, whole = _lefts(packing, room, gap_at, gap_width)
    parts = zip(groups, packing.styles, packing.tiles, lefts, packing.widths, strict=True)
    places = [place for part in parts for place in _column(heights, *part)]
    cut = gap_at if gap is not None else None
    return Layout(
        tuple(places),
        routes(nodes, places, lanes, arcs, cut),
        _bands(bands, levels, places),
        gap,
        QSizeF(whole, height),
    )


def _band_levels(bands: Sequence[Band], lanes: Lanes) -> list[int]:
    """Return which band lies how far under the highest: no two over the same layers alike."""
    levels: list[int] = []
    spans: list[tuple[int, int]] = []
    for band in bands:
        columns = [lanes.spots[uid].column for uid in band.uids if uid in lanes.spots]
        first, last = min(columns, default=0), max(columns, default=-1)
        taken = {
            level for level, (a, b) in zip(levels, spans, strict=True) if a <= last and first <= b
        }
        levels.append(next(level for level in range(len(taken) + 1) if level not in taken))
        spans.append((first, last))
    return levels


def _bands(
    bands: Sequence[Band], levels: Sequence[int], places: Sequence[ColumnPlace]
) -> tuple[BandPlace, ...]:
    found = []
    for band, level in zip(bands, levels, strict=True):
        cards = [place.card for place in places if place.uid in band.uids]
        if cards:
            left = min(card.left() for card in cards)
            width = max(card.right() for card in cards) - left
            top = MARGIN + level * BAND_HEIGHT
            rect = QRectF(left, top, width, BAND_HEIGHT - BAND_GAP)
            found.append(BandPlace(band.key, band.title, rect))
    return tuple(found)


def _groups(nodes: Sequence[Node], lanes: Lanes) -> list[Group]:
    """Return the layers column by column."""
    columns: list[list[Node]] = [[] for _ in range(lanes.columns)]
    for node in nodes:
        columns[lanes.spots[node.uid].column].append(node)
    found = []
    for column in columns:
        spots = [lanes.spots[node.uid] for node in column]
        found.append(Group(tuple(column), tuple(spot.lane for spot in spots), spots[0].lanes))
    return found


def _gap(
    groups: Sequence[Group],
    heights: Heights,
    width: float,
    opening: Opening | None,
    columns: dict[int, int],
) -> tuple[int, float]:
    """Return before which group the gap is, 0 where there is none, and how wide."""
    if opening is None or opening.uid not in columns:
        return 0, 0.0
    least = Packer(groups, heights, width).least([heights.narrow(group) for group in groups])
    free = width - sum(least) - len(groups) * NARROW_GAP
    return max(columns[opening.uid], 1), min(
        opening.width, free if free >= LEAST_OPENING else min(SCROLLED_OPENING, width)
    )


def _lefts(
    packing: Packing, room: QSizeF, gap_at: int, gap_width: float
) -> tuple[list[float], QRectF | None, float]:
    """Return where each group begins, the gap, and the width of everything."""
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
    return lefts, gap, max(left - air + MARGIN, room.width())


def _column(
    heights: Heights, group: Group, style: CardStyle, tile: float, left: float, width: float
) -> list[ColumnPlace]:
    """Return the places of the nodes of a group, one under the other."""
    found = []
    for node, lane in zip(group.nodes, group.lanes, strict=True):
        top = heights.top + lane * (heights.lane(group) + LANE_GAP)
        height = heights.maps(group, style)
        shown = scrolled(node, tile, width, height)
        grid = grid_of(shown, tile, height)
        card = QRectF(left, top, width, heights.card(style))
        cells = _cells(shown, grid, left, card.bottom() + CARD_GAP)
        bar = QRectF(left, card.bottom(), width, 0.0)
        if cells:
            bar = QRectF(
                left, cells[0].top() + grid.whole_height + BAR_GAP, grid.whole_width, heights.bar
            )
        found.append(ColumnPlace(node.uid, card, cells, bar, grid, style, node.tiles))
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
