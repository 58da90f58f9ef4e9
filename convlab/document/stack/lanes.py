"""Where the layers of a network stand: in which column and lane, and what leads over others.

Columns count the steps of the longest way from the picture. Branches that run side by side have a
lane each from where they part to where they meet; what skips layers runs along its own lane where
that is empty, else over all lanes in an arc. A chain has one lane and no arc.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

Edge = tuple[int, int]
"""Uids of a layer and of one that takes its result."""


class Linked(Protocol):
    """A layer with what it takes."""

    @property
    def uid(self) -> int:
        """Its own."""

    @property
    def inputs(self) -> tuple[int, ...]:
        """Uids of what it takes."""


class Spot(NamedTuple):
    """Where a layer stands.

    Attributes:
        column: Steps of its longest way from the picture.
        lane: From above, 0 is the first.
        lanes: How many share the height there.
    """

    column: int
    lane: int = 0
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where all layers of a network stand.

    Attributes:
        spots: Of each, by its uid.
        arcs: What leads over other layers, and how far over them: 0 is the lowest arc. All that
            takes the same result shares one.
        through: What leads past other layers along a lane that is empty there.
    """

    spots: Mapping[int, Spot]
    arcs: Mapping[Edge, int]
    through: frozenset[Edge]

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return 1 + max((spot.column for spot in self.spots.values()), default=-1)

    @property
    def levels(self) -> int:
        """How many arcs lie over each other."""
        return 1 + max(self.arcs.values(), default=-1)


def lanes_of(nodes: Sequence[Linked]) -> Lanes:
    """Return where layers stand.

    Args:
        nodes: Each behind those it takes; of an input that is not among them nothing is known.
    """
    columns = _columns(nodes)
    edges = [(uid, node.uid) for node in nodes for uid in node.inputs if uid in columns]
    lanes, ends = _lanes(nodes, columns, edges)
    counts = _counts(columns, lanes, ends)
    spots = {uid: Spot(columns[uid], lane, counts[columns[uid]]) for uid, lane in lanes.items()}
    through = frozenset(_through(spots, edges))
    skips = [edge for edge in edges if _steps(columns, edge) > 1 and edge not in through]
    return Lanes(spots, _levels(columns, skips), through)


def step(nodes: Sequence[Linked], uid: int, rows: int, columns: int) -> int | None:
    """Return the layer that an arrow leads to from one; None if there is none.

    Left is what it takes first, right what takes it first, up and down another lane.
    """
    by_uid = {node.uid: node for node in nodes}
    if uid not in by_uid:
        return None
    if columns > 0:
        return next((node.uid for node in nodes if uid in node.inputs), None)
    if columns < 0:
        return next((source for source in by_uid[uid].inputs if source in by_uid), None)
    spots = lanes_of(nodes).spots
    here = spots[uid]
    others = (each for each, spot in spots.items() if spot.column == here.column)
    ahead = [each for each in others if (spots[each].lane - here.lane) * rows > 0]
    return min(ahead, key=lambda each: abs(spots[each].lane - here.lane), default=None)


def _columns(nodes: Iterable[Linked]) -> dict[int, int]:
    columns: dict[int, int] = {}
    for node in nodes:
        before = (columns[uid] for uid in node.inputs if uid in columns)
        columns[node.uid] = 1 + max(before, default=-1)
    return columns


def _steps(columns: Mapping[int, int], edge: Edge) -> int:
    return columns[edge[1]] - columns[edge[0]]


def _lanes(
    nodes: Sequence[Linked], columns: Mapping[int, int], edges: Sequence[Edge]
) -> tuple[dict[int, int], list[tuple[int, int, int]]]:
    """Return the lane of each layer, and what each branch takes: lane, first and last column."""
    last_use: dict[int, int] = {}
    for source, target in edges:
        last_use[source] = max(last_use.get(source, 0), columns[target])
    taken: list[tuple[int, int, int]] = []
    lanes: dict[int, int] = {}
    for branch in _branches(nodes):
        first, last = columns[branch[0]], columns[branch[-1]]
        last = max(last, last_use.get(branch[-1], 0) - 1)
        busy = {lane for lane, start, end in taken if start <= last and first <= end}
        lane = next(lane for lane in range(len(busy) + 1) if lane not in busy)
        taken.append((lane, first, last))
        lanes |= dict.fromkeys(branch, lane)
    return lanes, taken


def _branches(nodes: Sequence[Linked]) -> list[list[int]]:
    """Return chains of layers: each goes on with the first that takes its last result."""
    branches: list[list[int]] = []
    ends: dict[int, int] = {}  # uid of the last layer of a branch, and the branch's number
    for node in nodes:
        going_on = [ends[uid] for uid in node.inputs if uid in ends]
        number = min(going_on, default=len(branches))
        if going_on:
            del ends[branches[number][-1]]
        else:
            branches.append([])
        branches[number].append(node.uid)
        ends[node.uid] = number
    return branches


def _counts(
    columns: Mapping[int, int], lanes: Mapping[int, int], taken: Iterable[tuple[int, int, int]]
) -> list[int]:
    """Return how many lanes each column has: the same from where branches part to where they meet.

    So a branch stays at its height.
    """
    needed = [1] * (1 + max(columns.values(), default=-1))
    for lane, first, last in taken:
        for column in range(first, last + 1):
            needed[column] = max(needed[column], lane + 1)
    counts: list[int] = []
    while len(counts) < len(needed):
        first = last = len(counts)
        while last < len(needed) and needed[last] > 1:
            last += 1
        counts += [max(needed[first:last])] * (last - first) if last > first else [1]
    return counts


def _through(spots: Mapping[int, Spot], edges: Iterable[Edge]) -> list[Edge]:
    """Return what leads past other layers along the lane of its source."""
    standing = {(spot.column, spot.lane) for spot in spots.values()}
    found = []
    for source, target in edges:
        start, end = spots[source], spots[target]
        between = range(start.column + 1, end.column)
        if between and not any((column, start.lane) in standing for column in between):
            found.append((source, target))
    return found


def _levels(columns: Mapping[int, int], skips: Sequence[Edge]) -> dict[Edge, int]:
    """Return how far over the layers each arc is: shorter ones lie under longer ones."""
    reach: dict[int, int] = {}
    for source, target in skips:
        reach[source] = max(reach.get(source, 0), columns[target])
    levels: list[list[tuple[int, int]]] = []
    level_of: dict[int, int] = {}
    for source in sorted(reach, key=lambda uid: (reach[uid] - columns[uid], columns[uid], uid)):
        first, last = columns[source], reach[source]
        level = 0
        while level < len(levels) and any(a < last and first < b for a, b in levels[level]):
            level += 1
        if level == len(levels):
            levels.append([])
        levels[level].append((first, last))
        level_of[source] = level
    return {edge: level_of[edge[0]] for edge in skips}
