"""Run the stack that is held, A, beside the one that is edited, B, and lay their maps together."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Protocol, TypeAlias

import numpy as np

from convlab.document.cache import StageCache
from convlab.document.comparison import CompareMode, apart_of
from convlab.document.stack.column import MapColumn
from convlab.document.stack.folding import fold
from convlab.document.stack.job import StackCompared, StackJob, StackShown
from convlab.document.stack.map_range import MapRanges, wanted_limits
from convlab.document.stack.model import StackState
from convlab.document.stack.tiles import fitted, paint_maps, shrink_signed
from convlab.engine.arrays import ByteArray, FloatArray, frozen
from convlab.engine.buffers import empty
from convlab.engine.display import Scale
from convlab.engine.parallel import share
from convlab.layers.graph import INPUT

Floors: TypeAlias = Mapping[int, tuple[float, ...]]
"""The least ranges of the maps of layers, by their uids: one for all maps, or one each."""

NO_FLOORS: Floors = MappingProxyType({})
Replaced: TypeAlias = Mapping[int, tuple[int, ...]]
"""The size of the maps in whose places others are painted, by the uids of their layers."""

NOTHING_REPLACED: Replaced = MappingProxyType({})
LINE = (22, 150, 245, 255)
"""Colour of the line between A and B on each map, BGRA."""


class Runner(Protocol):
    """Runs a stack alone."""

    limits: dict[int, tuple[float, ...]]

    def run(
        self, job: StackJob, floors: Floors = NO_FLOORS, replaced: Replaced = NOTHING_REPLACED
    ) -> StackShown:
        """Return everything the window paints for a job."""


def at_least(scales: tuple[Scale, ...], floor: tuple[float, ...]) -> tuple[Scale, ...]:
    """Return ranges that are as wide as a floor, where that has one for each."""
    if len(floor) != len(scales):
        return scales
    wider = (max(scale.high, least) for scale, least in zip(scales, floor, strict=True))
    return tuple(
        scale._replace(low=-limit, high=limit) for scale, limit in zip(scales, wider, strict=True)
    )


class StackComparer:
    """Runs both on the same frame; made while that is to be seen.

    Args:
        held: Runs A.
        edited: Runs B.
    """

    def __init__(self, held: Runner, edited: Runner) -> None:
        self._held, self._edited = held, edited
        self._ranges = MapRanges()  # of the differences
        self._cached = StageCache()

    def run(self, job: StackJob) -> StackShown:
        """Return what the window paints of B, with the comparison."""
        assert job.held is not None
        partners = partners_of(job.state, job.held)
        other = self._job_of(job, job.held, partners)
        back = {theirs: own for own, theirs in partners.items()}
        floors = self._floors(job, back, self._edited)
        held = self._held.run(other, floors)
        replaced = self._replaced(job, back, held)
        shown = self._edited.run(job, self._floors(job, partners, self._held), replaced)
        widened = self._floors(job, back, self._edited)
        if widened != floors:  # B's ranges have moved: A's colours follow, nothing is convolved
            held = self._held.run(other, widened)
        return self._compared(job, shown, held, partners)

    def _job_of(self, job: StackJob, held: StackState, partners: Mapping[int, int]) -> StackJob:
        """Return A's job: its maps as large as B's, and nothing pointed at.

        In sight are those that stand in its own grid, and the partners of those of B.
        """
        folds, before = job.viewing.folds, job.viewing
        folded = self._cached("folded", (held.slots, folds), lambda: fold(held.graph, folds))
        uids = {INPUT, *(piece.uid for piece in folded.pieces)}
        uids |= {partners[uid] for uid in before.in_sight if uid in partners}
        if job.comparison.mode is CompareMode.DIFFERENCE:
            uids = set()
        last = held.active[-1].uid if held.active else INPUT  # all have to run
        viewing = replace(
            before,
            unit=None,
            pinned=False,
            in_sight=frozenset(uids | {last}),
            cells={partners[uid]: cells for uid, cells in before.cells.items() if uid in partners},
            wants_shift=False,
            wants_gradient=False,
        )
        return replace(job, state=held, viewing=viewing, held=None)

    @staticmethod
    def _floors(job: StackJob, partners: Mapping[int, int], other: Runner) -> Floors:
        """Return the ranges of the other stack by the uids of this one."""
        if not job.comparison.same_range:
            return NO_FLOORS
        return {own: other.limits[uid] for own, uid in partners.items() if uid in other.limits}

    @staticmethod
    def _replaced(job: StackJob, back: Mapping[int, int], held: StackShown) -> Replaced:
        """Return in the places of which maps of B those of A − B are painted, if A has such."""
        if job.comparison.mode is not CompareMode.DIFFERENCE:
            return NOTHING_REPLACED
        return {back[each.uid]: each.maps.shape for each in held.columns[1:] if each.uid in back}

    def _compared(
        self, job: StackJob, shown: StackShown, held: StackShown, partners: Mapping[int, int]
    ) -> StackShown:
        theirs = {column.uid: column for column in held.columns}
        pairs = {
            column.uid: theirs[partners[column.uid]]
            for column in shown.columns
            if partners.get(column.uid) in theirs
            and theirs[partners[column.uid]].maps.shape == column.maps.shape
        }
        mode, looked_at = job.comparison.mode, self._looked_at(job, shown)
        wanted = {looked_at}
        if mode is CompareMode.DIFFERENCE:
            wanted |= job.viewing.in_sight
        differences = _differences(
            [column for column in shown.columns if column.uid in wanted], pairs
        )
        compared = StackCompared(
            held,
            mode,
            self._all_placed(job, shown.columns, pairs, differences),
            tuple(
                replace(pairs[column.uid], uid=column.uid)
                for column in shown.columns
                if mode is CompareMode.BLINK and column.uid in pairs
            ),
            apart_of(differences[looked_at]) if looked_at in differences else None,
            mode is not CompareMode.DIFFERENCE and self._has_range(pairs),
            len(shown.columns) - len(pairs),
        )
        is_complete = shown.is_complete and held.is_complete and self._ranges.is_settled
        return replace(shown, compared=compared, is_complete=is_complete)

    def _has_range(self, pairs: Mapping[int, MapColumn]) -> bool:
        """Tell whether any maps of both follow ranges that are one in number."""
        own, theirs = self._edited.limits, self._held.limits
        return any(
            uid in own and len(own[uid]) == len(theirs.get(column.uid, ()))
            for uid, column in pairs.items()
        )

    @staticmethod
    def _looked_at(job: StackJob, shown: StackShown) -> int:
        """Return the uid of the layer whose numbers are told: the chosen one, or the last."""
        uids = [column.uid for column in shown.columns]
        chosen = job.viewing.chosen
        return chosen if chosen in uids and chosen is not None else uids[-1]

    def _all_placed(
        self,
        job: StackJob,
        columns: tuple[MapColumn, ...],
        pairs: Mapping[int, MapColumn],
        differences: Mapping[int, FloatArray],
    ) -> tuple[MapColumn, ...]:
        """Return what stands in the places of B's maps, painted on all cores."""
        placed: dict[int, MapColumn] = {}

        def place(rest: Iterator[MapColumn]) -> None:
            for column in rest:
                placed[column.uid] = self._placed(job, column, pairs, differences)

        share(place, columns)
        return tuple(placed[column.uid] for column in columns)

    def _placed(
        self,
        job: StackJob,
        column: MapColumn,
        pairs: Mapping[int, MapColumn],
        differences: Mapping[int, FloatArray],
    ) -> MapColumn:
        """Return what stands in the place of B's maps; B's where A has none like them."""
        other, mode = pairs.get(column.uid), job.comparison.mode
        if other is None or column.uid not in job.viewing.in_sight:
            return column
        if mode is CompareMode.WIPE and column.tiles is not None and other.tiles is not None:
            if other.tiles.shape == column.tiles.shape:
                tiles = wiped(column.tiles, other.tiles, job.comparison.wipe)
                return replace(column, tiles=tiles)
        elif mode is CompareMode.DIFFERENCE and column.uid != INPUT:
            return self._difference(job, column, differences[column.uid])
        return column

    def _difference(self, job: StackJob, column: MapColumn, maps: FloatArray) -> MapColumn:
        """Return A − B in signed colours, over a range of its own."""
        colors, uid = job.state.colors, column.uid
        scales = self._ranges.scales(
            uid,
            lambda: wanted_limits(maps, colors, 0.0),
            colors,
            (job.state.slots, job.held),
            time.perf_counter(),
            job.is_held,
        )
        scales = scales if len(scales) == len(maps) else scales * len(maps)
        cells = job.viewing.cells_of(uid)
        small = shrink_signed(maps[cells.seen], cells.width)
        tiles = frozen(fitted(paint_maps(small, scales[cells.seen], job.palette), cells.width))
        return replace(
            column,
            maps=maps,
            tiles=tiles,
            scales=scales,
            names=(),
            activity=None,
            first=cells.first,
        )


def _differences(
    columns: Sequence[MapColumn], pairs: Mapping[int, MapColumn]
) -> dict[int, FloatArray]:
    """Return A − B of the maps of columns that have a partner, on all cores."""
    found: dict[int, FloatArray] = {}

    def subtract(rest: Iterator[MapColumn]) -> None:
        for column in rest:
            theirs = pairs[column.uid].maps
            apart = np.subtract(theirs, column.maps, out=empty(theirs.shape))
            found[column.uid] = frozen(apart)

    share(subtract, [column for column in columns if column.uid in pairs])
    return found


def partners_of(state: StackState, held: StackState) -> dict[int, int]:
    """Return which layer of A each layer of B is compared with, by their uids.

    It is the same layer where A has it, too; else the one in the same place.
    """
    own, theirs = ([slot.uid for slot in each.active] for each in (state, held))
    same = set(own) & set(theirs)
    places = zip(own, theirs, strict=False)
    partners = {uid: other for uid, other in places if uid not in same and other not in same}
    return {INPUT: INPUT} | {uid: uid for uid in same} | partners


def wiped(tiles: ByteArray, held: ByteArray, wipe: float) -> ByteArray:
    """Return the left part of each of A's maps before the right one of B's, a line between."""
    width = tiles.shape[2]
    edge = round(wipe * width)
    whole = np.concatenate((held[:, :, :edge], tiles[:, :, edge:]), axis=2)
    if 0 < edge < width:
        whole[:, :, edge - 1] = LINE
    return frozen(whole)
