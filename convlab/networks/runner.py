"""Running a graph again and again in the faster of two ways, with the result of every node."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from convlab.engine import heap
from convlab.engine.algorithms.onnxruntime import is_installed
from convlab.engine.arrays import FloatArray
from convlab.engine.buffers import Blocks
from convlab.layers.base import Layer, Shape
from convlab.layers.forward import Forward
from convlab.layers.graph import Graph
from convlab.networks.interrupt import NEVER, Interrupt
from convlab.networks.whole import WholeSession
from convlab.networks.written import NoOperator

_PACE = 1.0  # between two trials of a slower way, at least [s]
_HOPELESS = 1.25  # times as long as the fastest way takes: it is not tried again
_RARITY = 50  # times as long as it takes is a slower way left alone: a trial is seen as a stutter
_SETTLED = 5  # runs after which no result of a run before is on the screen
_REMEMBERED = 3  # runs of each way: the best one counts, which met the least of other programs
_LEAST_NODES = 2  # a single one gains nothing by a session


class Way(Enum):
    """How a graph is run."""

    NODES = "each node by itself"
    WHOLE = "in a session"


# Before they are compared. On a busy machine a single run says little; the first ones of a session
# have their memory made, and the very first is not counted.
_LEAST_RUNS = {Way.NODES: 1, Way.WHOLE: 3}


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
        self._subject: _Subject | None = None
        self._whole: _Whole | None = None
        self._hopeless: object = None  # what has no session
        self._taken_up: int | None = None
        self._runs: tuple[object, int] = (None, 0)  # of a session, by structure
        self._race = _Race()

    @property
    def milliseconds(self) -> dict[int, float]:
        """What each node took when it ran last; where a session ran, its share of that [ms]."""
        return self._forward.milliseconds

    @property
    def kept(self) -> int:
        """How many nodes were not computed again in the last run."""
        return self._forward.kept

    def run(
        self,
        graph: Graph,
        x: FloatArray,
        whole: bool = True,
        taken_up: int | None = None,
        interrupt: Interrupt = NEVER,
    ) -> dict[int, FloatArray]:
        """Return the result of each node that is on, by its uid, read-only.

        Args:
            graph: The nodes, which fit.
            x: float32 ``(C, H, W)``.
            whole: It may run as a whole in a session; one of a stranger may once that was tried
                elsewhere.
            taken_up: uid of the node whose arrays will probably be edited: once a second picture
                comes with it, a session is made that waits for that.
            interrupt: Ends the pass.

        Raises:
            Interrupted: It was set.
            ValueError: If a layer does not fit; the message names it.
        """
        is_live, self._x = x is not self._x, x
        may = whole and is_live and is_installed()
        if not may or len(graph.active) < _LEAST_NODES:
            return self._forward.run(graph, x, interrupt.check)
        before, subject = self._subject, _Subject.of(graph, x.shape, self._subject)
        self._subject = subject
        if subject.structure == self._hopeless:
            return self._forward.run(graph, x, interrupt.check)
        made_before = self._whole
        stays = taken_up if taken_up == self._taken_up and taken_up in subject.layers else None
        self._taken_up = taken_up
        way, session = self._race.next(subject.structure, self._clock()), None
        if way is not Way.NODES:
            edited = subject.edited_since(before)
            try:
                session = self._whole_of(subject, stays if edited is None else edited)
            except NoOperator:
                self._hopeless = subject.structure
                self._whole = None
                return self._forward.run(graph, x, interrupt.check)
        started = self._clock()  # a session is made once
        if session is None:
            results = self._forward.run(graph, x, interrupt.check)
        else:
            results = session.run(x, graph, interrupt)
        took = self._clock() - started
        if session is not None:
            self._forward.take(graph, x, results, 1000 * took)
            self._tidy(subject.structure)
        if self._whole is made_before or session is None:
            self._race.note(way, took)
        return results

    def _tidy(self, structure: object) -> None:
        """Give the memory of the layers' own results back once a session runs, and they are gone.

        Of 144 nodes that are 160 MB, kept for the next ones.
        """
        count = self._runs[1] + 1 if self._runs[0] == structure else 1
        self._runs = structure, count
        if count == _SETTLED:
            heap.give_back()

    def _whole_of(self, subject: _Subject, edited: int | None) -> WholeSession:
        """Return what runs a graph as a whole; the same as last time as long as it can.

        Args:
            subject: It.
            edited: The node whose arrays may change without another session, if there must be one.

        Raises:
            NoOperator: It cannot run as a whole.
        """
        if self._whole is None or not self._whole.takes(subject, edited):
            blocks = None if self._whole is None else self._whole.session.blocks
            self._whole = None  # its memory is free before that of the next one is taken
            self._whole = _Whole.of(subject, edited, blocks)
        return self._whole.session


class _Subject(NamedTuple):
    """What is run.

    Attributes:
        graph: It.
        shape: Of the picture.
        structure: All but the numbers in its layers, by equality.
        layers: Of each node that is on, by its uid.
    """

    graph: Graph
    shape: Shape
    structure: object
    layers: dict[int, Layer]

    @classmethod
    def of(cls, graph: Graph, shape: Shape, last: _Subject | None) -> _Subject:
        """Return what is run; the same as last time if it is."""
        if last is not None and graph is last.graph and shape == last.shape:
            return last
        nodes = tuple((node.uid, type(node.layer), graph.sources(node)) for node in graph.active)
        layers = {node.uid: node.layer for node in graph.active}
        return cls(graph, shape, (shape, nodes), layers)

    def changed_since(self, before: _Subject) -> list[int]:
        """Return uids of the nodes that have other layers than in a graph of the same structure."""
        if self.layers is before.layers:
            return []
        return [uid for uid, layer in self.layers.items() if layer is not before.layers[uid]]

    def edited_since(self, before: _Subject | None) -> int | None:
        """Return the only node that has another layer than before, if there is just one."""
        if before is None or before.structure != self.structure:
            return None
        changed = self.changed_since(before)
        return changed[0] if len(changed) == 1 else None


class _Whole(NamedTuple):
    """A session and what it is of.

    Attributes:
        session: It.
        subject: It was made of.
        edited: uid of the node whose arrays enter with each run, or None.
    """

    session: WholeSession
    subject: _Subject
    edited: int | None

    @classmethod
    def of(cls, subject: _Subject, edited: int | None, blocks: Blocks | None) -> _Whole:
        """Make the session of a graph, which may write into blocks of one before.

        Raises:
            NoOperator: It cannot have one.
        """
        wanted = list(subject.layers)
        session = WholeSession(subject.graph, subject.shape, wanted, edited, blocks)
        return cls(session, subject, edited)

    def takes(self, subject: _Subject, edited: int | None) -> bool:
        """Tell whether it computes a graph.

        Args:
            subject: The graph.
            edited: The node whose arrays it must leave open; None: any or none.
        """
        if subject.structure != self.subject.structure or edited not in (None, self.edited):
            return False
        changed = subject.changed_since(self.subject)
        return not changed or (
            changed == [self.edited] and self.session.takes(subject.layers[changed[0]])
        )


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
            if len(took) < _LEAST_RUNS[way]:
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
