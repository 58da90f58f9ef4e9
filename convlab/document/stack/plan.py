"""Which layers of a stack can be computed, which must be, and what is wrong with the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import accumulate
from operator import is_

import numpy as np

from convlab.document.stack.answer import tells_classes
from convlab.document.stack.job import LayerError, StackJob
from convlab.engine.errors import as_message
from convlab.layers import LayerSummary
from convlab.layers.base import Shape
from convlab.layers.fitting import check
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.memory import VALUE, check_memory, largest_allowed
from convlab.layers.parameters import arrays


@dataclass(frozen=True)
class Plan:
    """The layers that can be computed.

    Attributes:
        graph: Those that are on and fit.
        summaries: What each of them is.
        error: What is wrong with the next one, or None.
    """

    graph: Graph
    summaries: tuple[LayerSummary, ...]
    error: LayerError | None
    _parts: dict[int, Graph] = field(default_factory=dict)

    def first(self, count: int) -> Graph:
        """Return the first layers; they take nothing of the others."""
        if count == len(self.graph):
            return self.graph
        if count not in self._parts:
            self._parts[count] = Graph(self.graph.nodes[:count])
        return self._parts[count]

    def with_layers(self, slots: Sequence[Node]) -> Plan:
        """Return the plan of slots that have other numbers in their layers, and nothing else."""
        layers = {slot.uid: slot.layer for slot in slots}
        nodes = [
            node if layers[node.uid] is node.layer else replace(node, layer=layers[node.uid])
            for node in self.graph
        ]
        return Plan(Graph(nodes), self.summaries, self.error)


class Planner:
    """Keeps the last plan: an edit of a weight needs no other, which takes half as long as a pass.

    One worker owns it.
    """

    def __init__(self) -> None:
        self._last: tuple[tuple[Node, ...], Shape, Plan] | None = None

    def plan(self, slots: tuple[Node, ...], shape: Shape) -> Plan:
        """Return the plan of slots for a picture ``(C, H, W)``; the same if they are the same."""
        last = self._last
        if last is None or shape != last[1] or not _are_alike(last[0], slots):
            plan = plan_of(Graph(slots), shape)
        elif all(map(is_, slots, last[0])):
            plan = last[2]
        else:
            plan = last[2].with_layers(slots)
        self._last = slots, shape, plan
        return plan


def _are_alike(before: Sequence[Node], after: Sequence[Node]) -> bool:
    """Tell whether slots differ in no more than the numbers in their layers."""
    return len(before) == len(after) and all(map(_is_like, before, after))


def _is_like(before: Node, after: Node) -> bool:
    if before is after:
        return True
    layer, other = before.layer, after.layer
    if type(layer) is not type(other) or replace(before, layer=other) != after:
        return False
    own = arrays(type(layer))
    return all(
        np.shape(x) == np.shape(y) and (x is None) == (y is None) if name in own else x == y
        for name, x, y in (
            (name, getattr(layer, name), getattr(other, name))
            for name in (each.name for each in fields(layer))  # type: ignore[arg-type]
        )
    )


def plan_of(graph: Graph, shape: Shape) -> Plan:
    """Return the layers that fit and have room, and what is wrong with the next one."""
    graph, error = graph.resolved(), None
    shapes, misfit = check(graph, shape)
    if misfit is not None:
        error = LayerError(misfit.uid, misfit.message, misfit.remedies)
        graph = Graph(graph.nodes[: len(shapes) - 1])
    graph, too_much = _within_memory(graph, shape)
    return Plan(graph, tuple(graph.summary(shape).values()), too_much or error)


def _within_memory(graph: Graph, shape: Shape) -> tuple[Graph, LayerError | None]:
    """Return the layers whose maps fit into memory, and what is wrong with the next one."""
    try:
        check_memory(graph, shape)
    except ValueError as error:
        sizes = accumulate(VALUE * math.prod(each) for each in graph.shapes(shape).values())
        limit = largest_allowed()
        first = next(count for count, size in enumerate(sizes) if size > limit)
        uid = graph.nodes[first - 1].uid if first else INPUT
        return Graph(graph.nodes[: max(first - 1, 0)]), LayerError(uid, as_message(error))
    return graph, None


def needed(job: StackJob, graph: Graph) -> int:
    """Return how many layers must run: up to the last that is looked at."""
    viewing = job.viewing
    figured = viewing.figured({INPUT, *(node.uid for node in graph)})
    wants_last = viewing.wants_figures and figured is None
    # Wherever one looks.
    has_answer = job.state.classes or tells_classes(job.state) or job.state.marks.uid != INPUT
    if viewing.wants_shift or has_answer or wants_last:
        return len(graph)
    wanted = {*viewing.in_sight, figured if viewing.wants_figures else None}
    if viewing.unit is not None:
        wanted.add(viewing.unit.uid)
    return max((number for number, node in enumerate(graph, 1) if node.uid in wanted), default=0)
