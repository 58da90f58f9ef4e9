"""Running a graph again and again: what did not change is not computed again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from convlab.engine.arrays import FloatArray, frozen
from convlab.layers.base import Layer
from convlab.layers.graph import INPUT, Graph, Node, called


def nothing() -> None:
    """Do nothing."""


class _Made(NamedTuple):
    """What a node gave, of which layer and of what."""

    layer: Layer
    inputs: tuple[FloatArray, ...]
    result: FloatArray
    milliseconds: float

    def is_of(self, node: Node, inputs: tuple[FloatArray, ...]) -> bool:
        """Tell whether it is what a node would give again."""
        same = len(inputs) == len(self.inputs)
        return (
            same
            and self.layer is node.layer
            and all(before is now for before, now in zip(self.inputs, inputs, strict=True))
        )


class Forward:
    """Keeps every node's last result; not thread-safe, one worker owns it."""

    def __init__(self) -> None:
        self._made: dict[int, _Made] = {}
        self.kept = 0
        """How many nodes were not computed again in the last run."""

    @property
    def milliseconds(self) -> dict[int, float]:
        """What each node took when it ran last, by its uid [ms]."""
        return {uid: made.milliseconds for uid, made in self._made.items()}

    def run(
        self, graph: Graph, x: FloatArray, give_way: Callable[[], object] = nothing
    ) -> dict[int, FloatArray]:
        """Return the result of each node that is on, by its uid, read-only.

        A node keeps its result as long as its layer, and all that it takes, are the same objects.

        Args:
            graph: The nodes.
            x: float32 ``(C, H, W)`` or ``(N, C, H, W)``.
            give_way: Called before each layer; what it raises ends the pass.

        Raises:
            ValueError: If a layer does not fit; the message names it. What was computed before it
                is kept.
        """
        before, found, self.kept = self._made, {INPUT: x}, 0
        self._made = {}
        for node in graph.active:
            inputs = tuple([found[uid] for uid in graph.sources(node)])
            made = before.get(node.uid)
            if made is not None and made.is_of(node, inputs):
                self.kept += 1
            else:
                give_way()
                made = _make(node, inputs, x)
            self._made[node.uid] = made
            found[node.uid] = made.result
        del found[INPUT]
        return found

    def take(
        self,
        graph: Graph,
        x: FloatArray,
        results: Mapping[int, FloatArray],
        milliseconds: float,
    ) -> None:
        """Keep what was computed elsewhere as if it had been computed here.

        Args:
            graph: The nodes.
            x: The picture.
            results: Of every node that is on, by its uid; read-only.
            milliseconds: What all took, which is shared out as it was spread in the last run.
        """
        known = self.milliseconds
        spread = {node.uid: known.get(node.uid, 1.0) for node in graph.active}
        share = milliseconds / (sum(spread.values()) or 1.0)
        found = {INPUT: x, **results}
        self.kept = 0
        self._made = {
            node.uid: _Made(
                node.layer,
                tuple([found[uid] for uid in graph.sources(node)]),
                results[node.uid],
                share * spread[node.uid],
            )
            for node in graph.active
        }


def _make(node: Node, inputs: tuple[FloatArray, ...], x: FloatArray) -> _Made:
    started = time.perf_counter()
    with called(node):
        result = node.layer.result_of(inputs)
    took = (time.perf_counter() - started) * 1000
    # Dropout and the like hand on what they were given, which may be the caller's.
    if any(each is x for each in inputs) and np.may_share_memory(result, x):
        result = result.copy()
    return _Made(node.layer, inputs, frozen(result), took)
