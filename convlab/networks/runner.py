"""Running a graph again and again in the faster of two ways, with the result of every node."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple, TypeAlias

from convlab.engine.algorithms.onnxruntime import is_installed
from convlab.engine.arrays import FloatArray
from convlab.layers.base import Layer, Shape
from convlab.layers.forward import Forward
from convlab.layers.graph import Graph
from convlab.networks.whole import NoOperator, WholeSession, free_kinds

_PACE = 1.0  # between two trials of a slower way, at least [s]
_HOPELESS = 1.25  # times as long as the fastest way takes: it is not tried again
_RARITY = 50  # times as long as it takes is a slower way left alone: a trial is seen as a stutter
_REMEMBERED = 3  # runs of each way: the best one counts, which met the least of other programs
_LEAST_NODES = 2  # a single one gains nothing by a session

_Layers: TypeAlias = dict[int, tuple[Layer, tuple[int, ...]]]


class Way(Enum):
    """How a graph is run."""

    NODES = "each node by itself"
    WHOLE = "in a session"


class GraphRunner:
    """Keeps every node's last result; not thread-safe, one worker owns it.

    A live picture's graph runs as a whole in a session of ONNX Runtime where that is installed, has
    operators for all its nodes, and is faster, which is measured now and then. An edit of a picture
    that stands runs the edited node and those that depend on it, each by itself.

    Args:
        clock: Rises [s].
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._forward = Forward()
        self._x: FloatArray | None = None
        self._whole: _Whole | None = None
        self._hopeless: object = None  # what has no session
        self._race = _Race()

    @property
    def milliseconds(self) -> dict[int, float]:
        """What each node took when it ran last; where a session ran, its share of that [ms]."""
        return self._forward.milliseconds

    @property
    def kept(self) -> int:
        """How many nodes were not computed again in the last run."""
        return self._forward.kept

    def run(self, graph: Graph, x: FloatArray, whole: bool = True) -> dict[int, FloatArray]:
        """Return the result of each node that is on, by its uid, read-only.

        Args:
            graph: The nodes, which fit.
            x: float32 ``(C, H, W)``.
            whole: It may run as a whole in a session; one of a stranger may once that was tried
                elsewhere.

        Raises:
            ValueError: If a layer does not fit; the message names it.
        """
        is_live, self._x = x is not self._x, x
        may = whole and is_live and is_installed()
        if not may or len(graph.active) < _LEAST_NODES:
            return self._forward.run(graph, x)
        structure = _structure(graph, x.shape)
        if structure == self._hopeless:
            return self._forward.run(graph, x)
        way, session = self._race.next(structure, self._clock()), None
        if way is not Way.NODES:
            try:
                session = self._whole_of(graph, x.shape)
            except NoOperator:
                self._hopeless = structure
                self._whole = None
                return self._forward.run(graph, x)
        started = self._clock()  # a session is made once
        results = self._forward.run(graph, x) if session is None else session.run(graph, x)
        took = self._clock() - started
        if session is not None:
            self._forward.take(graph, x, results, 1000 * took)
        self._race.note(way, took)
        return results

    def _whole_of(self, graph: Graph, shape: Shape) -> _Whole:
        """Return what runs a graph as a whole; the same as last time as long as it can.

        The arrays of one node may change without another session: of the one edited last.

        Raises:
            NoOperator: It cannot run as a whole.
        """
        whole, edited = self._whole, None
        if whole is not None and whole.is_like(graph, shape):
            changed = whole.changed(graph)
            if whole.takes(graph, changed):
                return whole
            edited = changed[0] if len(changed) == 1 else None
        self._whole = None  # its memory is free before that of the next one is taken
        self._whole = whole = _Whole.of(graph, shape, edited)
        return whole


class _Whole(NamedTuple):
    """A session and what it is of.

    Attributes:
        session: It.
        shape: Of the picture.
        layers: Layer and sources of each node when it was made.
        edited: uid of the node whose arrays enter with each run, or None.
        kinds: What the session must know of that node.
    """

    session: WholeSession
    shape: Shape
    layers: _Layers
    edited: int | None
    kinds: object

    @classmethod
    def of(cls, graph: Graph, shape: Shape, edited: int | None) -> _Whole:
        """Make the session of a graph.

        Raises:
            NoOperator: It cannot have one.
        """
        wanted = [node.uid for node in graph.active]
        session = WholeSession(graph, shape, wanted, edited)
        kinds = None if edited is None else free_kinds(graph, shape, edited)
        return cls(session, shape, _layers(graph), edited, kinds)

    def is_like(self, graph: Graph, shape: Shape) -> bool:
        """Tell whether a graph has the same nodes with the same inputs, for such a picture."""
        sources = {node.uid: graph.sources(node) for node in graph.active}
        return shape == self.shape and sources == {u: made[1] for u, made in self.layers.items()}

    def changed(self, graph: Graph) -> list[int]:
        """Return uids of the nodes of a like graph that have other layers."""
        return [n.uid for n in graph.active if n.layer is not self.layers[n.uid][0]]

    def takes(self, graph: Graph, changed: Sequence[int]) -> bool:
        """Tell whether the session computes a like graph in which some layers have changed."""
        if self.edited is None:
            return not changed
        kinds = free_kinds(graph, self.shape, self.edited)
        return kinds == self.kinds and not set(changed) - {self.edited}

    def run(self, graph: Graph, x: FloatArray) -> dict[int, FloatArray]:
        """Return the result of each node that is on, by its uid, read-only."""
        return self.session.run(x, graph)


def _layers(graph: Graph) -> _Layers:
    return {node.uid: (node.layer, graph.sources(node)) for node in graph.active}


def _structure(graph: Graph, shape: Shape) -> object:
    """Return what is run, by equality: all but the numbers in its layers."""
    nodes = tuple((node.uid, type(node.layer), graph.sources(node)) for node in graph.active)
    return shape, nodes


class _Race:
    """Which way was the fastest one lately."""

    def __init__(self) -> None:
        self._subject: object = None
        self._took: dict[Way, deque[float]] = {}
        self._tried: dict[Way, float] = {}

    def next(self, subject: object, now: float) -> Way:
        """Return which way to go: the fastest one, each in turn as long as one is unknown.

        Args:
            subject: What is run, by equality.
            now: Of a clock that only rises [s].
        """
        if subject != self._subject:
            self._subject = subject
            self._took = {way: deque(maxlen=_REMEMBERED) for way in Way}
            self._tried = dict.fromkeys(Way, now)
        for way, took in self._took.items():
            if not took:
                return self._go(way, now)
        best: dict[Way, float] = {way: min(took) for way, took in self._took.items()}
        for way, least in best.items():
            is_near = least <= _HOPELESS * min(best.values())
            if is_near and now - self._tried[way] >= max(_PACE, _RARITY * least):
                return self._go(way, now)
        return self._go(min(best, key=best.__getitem__), now)

    def _go(self, way: Way, now: float) -> Way:
        self._tried[way] = now
        return way

    def note(self, way: Way, took: float) -> None:
        """Remember how long a run of what is run now took [s]."""
        self._took[way].append(took)
