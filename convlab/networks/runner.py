"""Running a chain again and again in the faster of two ways, with the result of every layer."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from convlab.engine.algorithms.onnxruntime import is_installed
from convlab.engine.arrays import FloatArray
from convlab.layers.base import Layer, Shape
from convlab.layers.forward import Forward
from convlab.layers.stack import Stack, named
from convlab.networks.nodes import Node, nodes_of
from convlab.networks.session import kinds_of, make_session, run_chain

_PACE = 1.0  # between two trials of the slower way [s]
_REMEMBERED = 3  # runs of each way: the best one counts, which met the least of other programs


class ChainRunner:
    """Keeps every layer's last result; not thread-safe, one worker owns it.

    A live picture's chain runs in a session of ONNX Runtime where that is installed, has operators
    for some layers in a row, and is faster, which is measured now and then. An edit of a picture
    that stands runs the edited layer and those behind it, each by itself.

    Args:
        clock: Rises [s].
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._forward = Forward()
        self._x: FloatArray | None = None
        self._steps: tuple[_Step, ...] = ()
        self._race = _Race()

    @property
    def milliseconds(self) -> tuple[float, ...]:
        """What each layer took when it ran last; where a session ran, its share of that [ms]."""
        return self._forward.milliseconds

    @property
    def kept(self) -> int:
        """How many layers were not computed again in the last run."""
        return self._forward.kept

    def run(self, stack: Stack, x: FloatArray) -> tuple[FloatArray, ...]:
        """Return the result of every layer, read-only.

        Args:
            stack: The layers, which fit.
            x: float32 ``(C, H, W)``.

        Raises:
            ValueError: If a layer does not fit; the message names it, counted from 1.
        """
        is_live, self._x = x is not self._x, x
        if not (is_live and is_installed()):
            return self._forward.run(stack, x)
        self._steps = tuple(self._steps_of(stack.layers, x.shape))
        parts = _parts(self._steps)
        if not any(part.is_chain for part in parts):
            return self._forward.run(stack, x)
        kinds = kinds_of([step.nodes for step in self._steps])
        started = self._clock()
        is_session = self._race.is_session_next((x.shape, kinds), started)
        if is_session:
            for part in parts:
                if part.is_chain:
                    make_session(kinds_of([step.nodes for step in part.steps]))
            started = self._clock()  # a session is made once
            results = tuple(_run(parts, x))
            took = self._clock() - started
            results = self._forward.take(stack, x, results, 1000 * took)
        else:
            results = self._forward.run(stack, x)
            took = self._clock() - started
        self._race.note(is_session, took)
        return results

    def _steps_of(self, layers: Sequence[Layer], shape: Shape) -> Iterator[_Step]:
        """Give the steps of a chain; those that are as they were are taken as they are."""
        for number, layer in enumerate(layers):
            step = self._steps[number] if number < len(self._steps) else None
            if step is None or step.layer is not layer or step.shape != shape:
                with named(number + 1, layer):
                    step = _Step(layer, shape, layer.output_shape(shape), nodes_of(layer, shape))
            yield step
            shape = step.result


class _Step(NamedTuple):
    """A layer in a chain.

    Attributes:
        layer: It.
        shape: Of its input.
        result: Shape of its result.
        nodes: What computes it in a session; none if nothing does.
    """

    layer: Layer
    shape: Shape
    result: Shape
    nodes: tuple[Node, ...]


class _Part(NamedTuple):
    """Some layers in a row, which a session runs at once if ``is_chain``."""

    is_chain: bool
    steps: tuple[_Step, ...]


def _parts(steps: Sequence[_Step]) -> list[_Part]:
    """Cut a chain where there are no nodes; what stands alone gains nothing by a session."""
    parts = []
    for has_nodes, some in groupby(steps, lambda step: bool(step.nodes)):
        row = tuple(some)
        parts.append(_Part(has_nodes and len(row) > 1, row))
    return parts


def _run(parts: Sequence[_Part], x: FloatArray) -> Iterator[FloatArray]:
    """Give the result of every layer."""
    for part in parts:
        if part.is_chain:
            results = run_chain(
                [step.nodes for step in part.steps], x, [s.result for s in part.steps]
            )
            yield from results
            x = results[-1]
        else:
            for step in part.steps:
                x = step.layer.forward(x)
                yield x


class _Race:
    """Which way was the faster one lately: the layers one by one, or a session."""

    def __init__(self) -> None:
        self._subject: object = None
        self._took: dict[bool, deque[float]] = {}
        self._tried = 0.0

    def is_session_next(self, subject: object, now: float) -> bool:
        """Return which way to go: the faster one, each in turn as long as one is unknown.

        Args:
            subject: What is run, by equality.
            now: Of a clock that only rises [s].
        """
        if subject != self._subject:
            self._subject, self._tried = subject, now
            self._took = {way: deque(maxlen=_REMEMBERED) for way in (False, True)}
        for way, took in self._took.items():
            if not took:
                return way
        is_session_faster = min(self._took[True]) < min(self._took[False])
        if now - self._tried < _PACE:
            return is_session_faster
        self._tried = now
        return not is_session_faster

    def note(self, is_session: bool, took: float) -> None:
        """Remember how long a run of what is run now took [s]."""
        self._took[is_session].append(took)
