"""How the layers of a network hang together, and where the links between them run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF

from convlab.ui.widgets.map_node import Grid, Node

ARC_HEIGHT = 12.0  # of a way over the layers [px]
ARC_STEP = 3.0  # from a layer to where its arc turns up [px]
MOST_LINES = 16  # links of so many maps are drawn, of more so many of them

Line = tuple[QPointF, QPointF]


class Placed(Protocol):
    """Where a layer lies."""

    @property
    def uid(self) -> int: ...
    @property
    def card(self) -> QRectF: ...
    @property
    def cells(self) -> tuple[QRectF, ...]: ...
    @property
    def grid(self) -> Grid: ...


@dataclass(frozen=True, slots=True)
class Links:
    """What leads from one layer to another.

    Attributes:
        source: Uid of the one.
        target: Uid of the other.
        lines: From where to where.
        arc: The corners of the way over the layers between them; empty where there are none.
    """

    source: int
    target: int
    lines: tuple[Line, ...] = ()
    arc: tuple[QPointF, ...] = ()


def depths_of(nodes: Sequence[Node]) -> dict[int, int]:
    """Return how far each node is from the picture: the number of steps of its longest way."""
    depths: dict[int, int] = {}
    for node in nodes:
        before = [depths[uid] for uid in node.inputs if uid in depths]
        depths[node.uid] = 1 + max(before, default=-1)
    return depths


def skips_of(nodes: Sequence[Node], depths: Mapping[int, int]) -> dict[tuple[int, int], int]:
    """Return the arcs as (source, target), and which of them is how far over the others."""
    levels: list[list[tuple[int, int]]] = []
    found = {}
    for node in nodes:
        for uid in node.inputs:
            if uid not in depths or depths[node.uid] - depths[uid] < 2:
                continue
            first, last = depths[uid], depths[node.uid]
            level = 0
            while level < len(levels) and any(a < last and first < b for a, b in levels[level]):
                level += 1
            if level == len(levels):
                levels.append([])
            levels[level].append((first, last))
            found[uid, node.uid] = level
    return found


def routes(
    nodes: Sequence[Node],
    places: Sequence[Placed],
    depths: Mapping[int, int],
    top: float,
    cut: int | None,
) -> tuple[Links, ...]:
    """Return the links between all layers that are placed.

    Args:
        nodes: The layers.
        places: Where they lie.
        depths: How far each is from the picture.
        top: Where the room for arcs begins [px].
        cut: The links to layers so far from the picture are left to what lies in the gap.
    """
    nodes_by, places_by = {n.uid: n for n in nodes}, {p.uid: p for p in places}
    skips = skips_of(nodes, depths)
    found = []
    for node in nodes:
        target = places_by[node.uid]
        for uid in node.inputs:
            if (uid, node.uid) in skips:
                over = top + skips[uid, node.uid] * ARC_HEIGHT
                found.append(Links(uid, node.uid, arc=_arc(places_by[uid].card, target.card, over)))
            elif uid in places_by and depths[node.uid] != cut:
                starts = _starts(nodes_by[uid], nodes_by, places_by)
                found.append(Links(uid, node.uid, _lines(starts, node, target)))
    return tuple(found)


def _arc(source: QRectF, target: QRectF, over: float) -> tuple[QPointF, ...]:
    left, right = source.right() + ARC_STEP, target.left() - ARC_STEP
    begin, end = source.center().y(), target.center().y()
    return (
        QPointF(source.right(), begin),
        QPointF(left, begin),
        QPointF(left, over),
        QPointF(right, over),
        QPointF(right, end),
        QPointF(target.left(), end),
    )


def _starts(node: Node, nodes: Mapping[int, Node], places: Mapping[int, Placed]) -> list[QPointF]:
    """Return where the links of a layer begin: at the last column of its maps.

    A layer that is switched off hands on what comes in.
    """
    place = places[node.uid]
    if not node.tiles:
        before = [nodes[uid] for uid in node.inputs if uid in nodes]
        points = _starts(before[0], nodes, places) if before else []
        return [QPointF(place.card.right(), point.y()) for point in points]
    grid = place.grid
    first = (grid.columns - 1) * grid.rows if grid.columns > 1 else node.lead
    return [QPointF(cell.right(), cell.center().y()) for cell in place.cells[first:]]


def _lines(starts: list[QPointF], node: Node, place: Placed) -> tuple[Line, ...]:
    """Return the links to a layer: to the first column of its maps."""
    if not starts:
        return ()
    if not node.tiles:
        return tuple((point, QPointF(place.card.right(), point.y())) for point in starts)
    first = place.cells[: place.grid.rows]
    ends = [QPointF(cell.left(), cell.center().y()) for cell in first]
    if node.mixes:
        few = _some(ends)
        return tuple((start, end) for start in _some(starts) for end in few)
    step = (len(starts) - 1) / max(len(ends) - 1, 1)
    return tuple((starts[round(number * step)], end) for number, end in enumerate(ends))


def _some(points: list[QPointF]) -> list[QPointF]:
    """Return at most MOST_LINES of the points, evenly."""
    if len(points) <= MOST_LINES:
        return points
    step = (len(points) - 1) / (MOST_LINES - 1)
    return [points[round(number * step)] for number in range(MOST_LINES)]
