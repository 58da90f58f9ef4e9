"""Run a StackJob: the picture, the layers from the first changed one, the colours of all maps.

Each stage keeps its last answer, so that an edit recomputes only what it touches.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from convlab.document.cache import StageCache
from convlab.document.comparison import alone, compared_with
from convlab.document.request import LATER, LabEvaluator, Outdated, Request
from convlab.document.stack.activity import Activities
from convlab.document.stack.answer import Verdict, answer_of, ends_in_softmax, names_of
from convlab.document.stack.column import MapColumn, as_maps
from convlab.document.stack.comparer import (
    NO_FLOORS,
    NOTHING_REPLACED,
    Floors,
    Replaced,
    StackComparer,
    at_least,
)
from convlab.document.stack.extents import Extents, least_values
from convlab.document.stack.figures import FiguresKeeper
from convlab.document.stack.folding import fold
from convlab.document.stack.job import LayerError, StackJob, StackShown, StackTiming
from convlab.document.stack.look import look_at
from convlab.document.stack.map_range import MapRanges, noises_after, wanted_limits
from convlab.document.stack.marks import find_boxes, with_boxes
from convlab.document.stack.picture import prepare
from convlab.document.stack.plan import Planner, needed
from convlab.document.stack.tiles import (
    fitted,
    paint_maps,
    paint_picture,
    shrink_signed,
)
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.parallel import share
from convlab.layers.base import WeightedLayer
from convlab.layers.forward import Forward
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.shift_test import ShiftReport, compare_shifted
from convlab.networks.interrupt import NEVER, Interrupted
from convlab.networks.runner import GraphRunner

NOT_FINITE = (
    "The values of this layer overflow to inf or NaN: make its weights, or those before, smaller."
)

Naming: TypeAlias = tuple[tuple[str, ...], bool]
"""The classes of a layer's values, and whether those are probabilities."""

NAMELESS: Naming = (), False
SETTLE_EVERY = 0.12  # ranges that wait for something are looked at again [s]


class StackEvaluator(LabEvaluator):
    """Runs jobs one after another; not thread-safe, one worker owns it.

    Args:
        inputs: Keeps the last picture as it enters; two that look at the same share it.
    """

    def __init__(self, inputs: StageCache | None = None) -> None:
        self._inputs = inputs or StageCache()
        self._forward = GraphRunner()
        self._unmoved = Forward()  # of the picture that is not shifted
        self._cached = StageCache()
        self._planner = Planner()
        self._extents = Extents()
        self._painted: dict[int, tuple[Any, MapColumn]] = {}  # the last colours of each slot
        self._ranges = MapRanges()
        self._activities = Activities()
        self._figures = FiguresKeeper()
        self._timing = StackTiming(0, 0.0, 0.0)
        self._comparer: StackComparer | None = None
        self._interrupt = NEVER  # of a pass that is not the window's
        self.limits: dict[int, tuple[float, ...]] = {}
        """The ranges that the maps of each layer have by themselves, by its uid."""

    def answer(self, request: Request) -> StackShown:
        """Return what is painted of the stack of a document."""
        state, viewing = request.document.stack, request.viewing
        job = StackJob(
            request.generation,
            request.frame,
            alone(state),
            viewing.stack,
            viewing.palette,
            request.is_held,
            state.comparison,
            compared_with(state),
        )
        self._interrupt = request.interrupt
        try:
            shown = self._compared(job)
        except Interrupted:
            raise Outdated from None
        # A range that waits for a hand to let go is not looked at before.
        rests = self._activities.is_settled and self._extents.is_settled
        waits = request.is_held and rests
        self.due = time.perf_counter() + (LATER if waits else SETTLE_EVERY)
        return shown

    def _compared(self, job: StackJob) -> StackShown:
        if job.held is None:
            self._comparer = None  # a second set of all maps is not kept for later
            return self.run(job)
        self._comparer = self._comparer or StackComparer(StackEvaluator(self._inputs), self)
        return self._comparer.run(job)

    def run(
        self, job: StackJob, floors: Floors = NO_FLOORS, replaced: Replaced = NOTHING_REPLACED
    ) -> StackShown:
        """Return everything the window paints for a job.

        What does not fit, into the layer before or into memory, ends up in ``error``; what lies
        before it is shown.

        Args:
            job: What is wanted.
            floors: The least ranges over which the maps of layers are painted, by their uids.
            replaced: In the places of which maps others are painted: these get no tiles.

        Raises:
            Interrupted: An edit waits.
        """
        started = time.perf_counter()
        state, viewing = job.state, job.viewing
        x = self._inputs(
            "input",
            (job.frame, state.input, viewing.shift),
            lambda: frozen(prepare(job.frame, state.input, viewing.shift)),
        )
        plan = self._planner.plan(state.slots, x.shape)
        count, summaries, error = needed(job, plan.graph), plan.summaries, plan.error
        graph = plan.first(count)
        results = {INPUT: x, **self._pass(job, graph, x)}
        self._interrupt.check()
        columns = self._columns(job, graph, results, floors, replaced)
        if len(columns) <= count:
            error = LayerError(graph.nodes[len(columns) - 1].uid, NOT_FINITE)
            graph, summaries = plan.first(len(columns) - 1), summaries[: len(columns) - 1]
            results = {uid: results[uid] for uid in (INPUT, *(node.uid for node in graph))}
        boxes = find_boxes(state.marks, graph, results)
        if boxes:
            drawn = columns[0], boxes
            columns = self._cached("marked", drawn, lambda: with_boxes(*drawn)), *columns[1:]
        placed = {column.uid: column for column in columns}
        look = look_at(viewing, graph, results, placed, job.shades, job.style)
        if look is not None and look.unit.uid == INPUT:
            look = replace(look, found=boxes)
        shifts = self._shifts(job, graph, results) if viewing.wants_shift else None
        if shifts is None:  # a second set of all maps is not kept for later
            self._unmoved = Forward()
            self._cached.forget("unmoved")
        answer = _answer(job, columns)
        self._note_time(started, count)
        figures = self._figures.wanted(viewing, results)
        kept = self._extents, self._ranges, self._activities, self._figures
        is_settled = all(each.is_settled for each in kept)
        shown = StackShown(
            *(job, columns, summaries, error, look, shifts, self._timing, answer, is_settled),
            figures=figures,
        )
        key = state.slots, viewing.folds
        return replace(shown, folded=self._cached("folded", key, lambda: fold(state.graph, key[1])))

    def _pass(self, job: StackJob, graph: Graph, x: FloatArray) -> dict[int, FloatArray]:
        """Run all layers, ready for an edit of the weights that a hand can reach."""
        slot = None if job.viewing.chosen is None else job.state.slot(job.viewing.chosen)
        taken_up = slot.uid if slot is not None and isinstance(slot.layer, WeightedLayer) else None
        return self._forward.run(graph, x, job.state.runs_whole, taken_up, self._interrupt)

    def _note_time(self, started: float, count: int) -> None:
        """Measure a pass; one that had nothing to compute says nothing."""
        kept = self._forward.kept
        if kept < count or count == 0:
            layers = sum(tuple(self._forward.milliseconds.values())[kept:])
            total = (time.perf_counter() - started) * 1000
            self._timing = StackTiming(count - kept, layers, total)

    def _shifts(
        self, job: StackJob, graph: Graph, results: Mapping[int, FloatArray]
    ) -> tuple[ShiftReport, ...]:
        """Compare the results with those of the picture that was not moved."""
        x = self._cached(
            "unmoved",
            (job.frame, job.state.input),
            lambda: frozen(prepare(job.frame, job.state.input, (0, 0))),
        )
        unmoved = {INPUT: x, **self._unmoved.run(graph, x)}
        return self._cached(
            "shifts",
            (job.frame, job.state.input, graph.nodes, job.viewing.shift),
            lambda: tuple(compare_shifted(graph, unmoved, results, job.viewing.shift)),
        )

    def _columns(
        self,
        job: StackJob,
        graph: Graph,
        results: Mapping[int, FloatArray],
        floors: Floors,
        replaced: Replaced,
    ) -> tuple[MapColumn, ...]:
        """Paint what is in sight, on all cores; what is as it was is taken as it is.

        There are fewer columns than layers if values are not finite: up to the first such layer.
        """
        slots, times = graph.nodes, {INPUT: 0.0, **self._forward.milliseconds}
        now, subject = time.perf_counter(), (job.state.slots, job.state.input)
        extents = self._extents.of(graph, results, subject, now)
        leasts = self._cached("leasts", graph.nodes, lambda: least_values(graph))
        noises = self._cached(
            "noises",
            (graph.nodes, extents),
            lambda: noises_after(graph, {uid: each.magnitude for uid, each in extents.items()}),
        )
        uids = tuple(extents)
        viewing, look = job.viewing, (job.state.colors, job.palette, job.is_held)
        namings = {uids[-1]: _naming(job, uids[-1], results[uids[-1]])}
        keys = [
            (
                value,
                viewing.cells_of(uid) if uid in viewing.in_sight else None,
                *look,
                namings.get(uid, NAMELESS),
                floors.get(uid),
                uid in replaced and as_maps(value).shape == replaced[uid],
            )
            for uid, value in ((uid, results[uid]) for uid in uids)
        ]
        stale = [
            index
            for index, (uid, key) in enumerate(zip(uids, keys, strict=True))
            if not _is_same(self._painted.get(uid), key) or self._ranges.waits(uid)
        ]

        def paint(indices: Iterator[int]) -> None:
            for index in indices:
                self._interrupt.check()
                uid = uids[index]
                column = self._column(
                    job,
                    slots[:index],
                    results[uid],
                    leasts[uid],
                    noises[uid],
                    times[uid],
                    now,
                    floors.get(uid, ()),
                    namings.get(uid, NAMELESS),
                    is_replaced=keys[index][-1],
                )
                self._painted[uid] = (keys[index], column)

        hidden = [index for index in stale if uids[index] not in viewing.in_sight]
        paint(iter(hidden))  # there is nothing to share
        share(paint, [index for index in stale if uids[index] in viewing.in_sight])
        self._renew_activities(slots[: len(extents) - 1], now)
        # What is gone would keep its maps alive.
        self._painted = {uid: self._painted[uid] for uid in uids}
        self._ranges.keep(uid for uid in uids if uid in job.viewing.in_sight)
        return tuple(self._painted[uid][1] for uid in uids)

    def _renew_activities(self, slots: Sequence[Node], now: float) -> None:
        """Measure how alive the maps in sight are, on all cores, where it is time for that."""

        def measure(rest: Iterator[Node]) -> None:
            for slot in rest:
                key, column = self._painted[slot.uid]
                maps, scales = column.maps, column.scales
                measured = slot.uid, slot.layer, maps, scales, column.values
                found = self._activities.measure(*measured)
                self._painted[slot.uid] = key, replace(column, activity=found)

        columns = ((slot, self._painted[slot.uid][1]) for slot in slots)
        seen = [(slot, column) for slot, column in columns if column.scales]
        self._activities.keep(slot.uid for slot, _ in seen)
        is_due = self._activities.is_due
        share(measure, [s for s, c in seen if is_due(s.uid, c.maps, c.scales, now)])

    def _column(
        self,
        job: StackJob,
        slots: tuple[Node, ...],
        value: FloatArray,
        least: float,
        noise: float,
        milliseconds: float,
        now: float,
        floor: tuple[float, ...],
        naming: Naming,
        is_replaced: bool,
    ) -> MapColumn:
        """Paint the result of the last of some layers; of none: the picture."""
        viewing, colors = job.viewing, job.state.colors
        maps = frozen(as_maps(value))
        uid = slots[-1].uid if slots else INPUT
        if uid not in viewing.in_sight:
            return MapColumn(uid, value.shape, maps, None, (), milliseconds, *naming)
        activity, cells = None, viewing.cells_of(uid)
        if not slots:
            tiles, scales = paint_picture(maps, job.shades, cells.width)
        else:
            subject = (slots, job.state.input)
            measure = partial(wanted_limits, maps, colors, noise)
            scales = self._ranges.scales(uid, measure, colors, subject, now, job.is_held)
            self.limits[uid] = tuple(scale.high for scale in scales)
            scales = at_least(scales, floor)
            scales = scales if len(scales) == len(maps) else scales * len(maps)
            activity = self._activities.last(uid)
            if is_replaced:
                return MapColumn(
                    uid, value.shape, maps, None, scales, milliseconds, *naming, activity
                )
            small = shrink_signed(maps[cells.seen], cells.width, least)
            tiles = paint_maps(small, scales[cells.seen], job.palette)
        tiles = frozen(fitted(tiles, cells.width))
        return MapColumn(
            uid, value.shape, maps, tiles, scales, milliseconds, *naming, activity, cells.first
        )


def _is_same(kept: tuple[Any, MapColumn] | None, key: tuple[Any, ...]) -> bool:
    """Tell whether a column was painted of the same array in the same way."""
    return kept is not None and kept[0][0] is key[0] and kept[0][1:] == key[1:]


def _naming(job: StackJob, uid: int, value: FloatArray) -> Naming:
    """Return the classes of a layer's values, and whether those are probabilities."""
    names = names_of(job.state, uid, value.shape)
    return names, bool(names) and ends_in_softmax(job.state)


def _answer(job: StackJob, columns: tuple[MapColumn, ...]) -> Verdict | None:
    """Return what the last layer says; None if it does not run, or gives maps."""
    last, active = columns[-1], job.state.active
    if not active or last.uid != active[-1].uid or len(last.shape) != 1 or last.shape == (1,):
        return None
    return answer_of(job.state, columns[0].maps, last.values.ravel())
