"""How the layers of a network hang together, and where the links between them run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF

from convlab.document.stack.lanes import Lanes
from convlab.ui.widgets.map_node import Grid, Node

ARC_HEIGHT = 12.0  # of a way over the layers [px]
ARCS_HEIGHT = 60.0  # of all of them at most [px]
ARC_STEP = 3.0  # from a layer to where its arc turns up [px]
SHORT = 12.0  # there is nothing to be seen of shorter lines [px]
MOST_LINES = 16  # links of so many maps are drawn, of more so many of them …
FEW_LINES = 5  # … and of so many among many layers, whose bundles are narrow
MANY = 40  # layers

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


def routes(
    nodes: Sequence[Node], places: Sequence[Placed], lanes: Lanes, top: float, cut: int | None
) -> tuple[Links, ...]:
    """Return the links between all layers that are placed.

    Args:
        nodes: The layers.
        places: Where they lie.
        lanes: Where they stand, and what leads over and past others.
        top: Where the room for arcs begins [px].
        cut: The links to layers in this column are left to what lies in the gap.
    """
    nodes_by, places_by = {n.uid: n for n in nodes}, {p.uid: p for p in places}
    step, found = arc_step(lanes.levels), []
    most = MOST_LINES if len(nodes) <= MANY else FEW_LINES
    for node in nodes:
        target = places_by[node.uid]
        for uid in dict.fromkeys(node.inputs):
            if uid not in places_by:
                continue
            edge, source = (uid, node.uid), places_by[uid]
            if edge in lanes.arcs:
                over = top + (lanes.levels - 1 - lanes.arcs[edge]) * step
                found.append(Links(*edge, arc=_arc(source.card, target.card, over)))
            elif edge in lanes.through:
                found.append(Links(*edge, arc=_past(source, target.card)))
            elif lanes.spots[node.uid].column != cut:
                starts = _starts(nodes_by[uid], nodes_by, places_by)
                part = _part(node, uid, nodes_by)
                found.append(Links(*edge, _lines(starts, node, target, part, most)))
    return tuple(found)


def arc_step(levels: int) -> float:
    """Return how far arcs lie over each other: many lie closer [px]."""
    return min(ARC_HEIGHT, ARCS_HEIGHT / max(levels, 1))


def _past(source: Placed, target: QRectF) -> tuple[QPointF, ...]:
    """Return the way along an empty lane, which turns to its target just before it."""
    left, begin, end = source.card.right(), source.card.center().y(), target.center().y()
    if source.cells:
        left = source.cells[0].left() + source.grid.whole_width
        begin = source.cells[0].top() + source.grid.whole_height / 2
    right = target.left() - ARC_STEP
    return (
        QPointF(left, begin),
        QPointF(right, begin),
        QPointF(right, end),
        QPointF(target.left(), end),
    )


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


def _part(node: Node, source: int, nodes: Mapping[int, Node]) -> slice:
    """Return which maps of a layer come from one of those that it takes.

    Where it has as many as all of them together, one after the other: each gives its own.
    """
    counts = [nodes[uid].tiles - nodes[uid].lead if uid in nodes else 0 for uid in node.inputs]
    if len(counts) < 2 or node.mixes or sum(counts) != node.tiles:
        return slice(None)
    place = node.inputs.index(source)
    return slice(sum(counts[:place]), sum(counts[: place + 1]))


def _lines(
    starts: list[QPointF], node: Node, place: Placed, part: slice, most: int
) -> tuple[Line, ...]:
    """Return the links to some maps of a layer: to the first column of its maps."""
    if not starts:
        return ()
    if not node.tiles:
        return tuple((point, QPointF(place.card.right(), point.y())) for point in starts)
    rows = range(min(place.grid.rows, len(place.cells)))[part] or range(place.grid.rows)[-1:]
    ends = [QPointF(place.cells[row].left(), place.cells[row].center().y()) for row in rows]
    if ends[0].x() - starts[0].x() < SHORT:
        return ()
    if node.mixes:
        few = _some(ends, most)
        return tuple((start, end) for start in _some(starts, most) for end in few)
    step = (len(starts) - 1) / max(len(ends) - 1, 1)
    return tuple((starts[round(number * step)], end) for number, end in enumerate(ends))


def _some(points: list[QPointF], most: int) -> list[QPointF]:
    """Return at most so many of the points, evenly."""
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(number * step)] for number in range(most)]
