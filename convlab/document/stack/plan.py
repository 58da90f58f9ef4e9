"""Which layers of a stack can be computed, which must be, and what is wrong with the others."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import accumulate

from convlab.document.stack.answer import tells_classes
from convlab.document.stack.job import LayerError, StackJob
from convlab.engine.errors import as_message
from convlab.layers import LayerSummary
from convlab.layers.base import Shape
from convlab.layers.fitting import check
from convlab.layers.graph import INPUT, Graph
from convlab.layers.memory import VALUE, check_memory, largest_allowed


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
