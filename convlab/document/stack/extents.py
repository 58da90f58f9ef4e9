"""Between which values all results of a stack lie: measured where that is news, and known before.

To look at every value of a network of 144 layers takes a fifth as long as to compute them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from weakref import ref

from convlab.document.stack.column import as_maps
from convlab.document.stack.tiles import LARGEST, Extent, NotFinite, extent_after, extent_of
from convlab.engine.arrays import FloatArray
from convlab.engine.parallel import share
from convlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    Softmax,
    Upsample,
)
from convlab.layers.activation import Activation
from convlab.layers.base import Layer
from convlab.layers.channels import ChannelSlice
from convlab.layers.graph import INPUT, Graph
from convlab.layers.merge import Add, Concat

PACE = 0.5
"""What changes with each frame is measured this often [s]."""

# Of no negative values these make none.
_KEEPS_SIGN: tuple[type[Layer], ...] = (
    *(AdaptiveAvgPool2d, AvgPool2d, GlobalAvgPool2d, MaxPool2d, Upsample),
    *(Add, ChannelSlice, Concat, Dropout, Flatten),
)


def least_values(graph: Graph) -> dict[int, float]:
    """Return the least value that each result can have, whatever the picture: 0, or less.

    Args:
        graph: Layers that are on.

    Returns:
        By uid; nothing is painted that is less than minus LARGEST.
    """
    found = {INPUT: -LARGEST}
    for node in graph:
        layer, least = node.layer, -LARGEST
        if isinstance(layer, Activation) and layer.is_monotone:
            least = extent_after(layer, Extent(-LARGEST, LARGEST)).least
        elif isinstance(layer, Softmax):
            least = 0.0
        elif isinstance(layer, _KEEPS_SIGN):
            least = min(found[uid] for uid in node.inputs)
        found[node.uid] = min(least, 0.0)
    return found


class _Measured(NamedTuple):
    """What was measured of a result; it is not kept alive."""

    extent: Extent
    result: ref[FloatArray]


class Extents:
    """The least and the largest value of each result; one worker owns it.

    An edit is measured at once: where sums overflow, that is said. While only the picture changes,
    what was measured a moment ago still holds well enough.
    """

    def __init__(self) -> None:
        self._measured: dict[int, _Measured] = {}
        self._found: dict[int, Extent] = {}
        self._subject: object = None
        self._at = -math.inf
        self._seen: FloatArray | None = None  # the picture
        self.is_settled = True
        """All is of what is there."""

    def of(
        self, graph: Graph, results: Mapping[int, FloatArray], subject: object, now: float
    ) -> dict[int, Extent]:
        """Return the extents of results by uid, not to be changed: up to the first not finite.

        Args:
            graph: The layers that are on.
            results: The picture, and what each of them gave.
            subject: What changes the results beside the picture, by equality.
            now: Of a clock that only rises [s].
        """
        is_live = results[INPUT] is not self._seen and subject == self._subject
        self._seen, self._subject = results[INPUT], subject
        is_known = self._found.keys() == results.keys()
        if is_live and is_known and now - self._at < PACE:
            self.is_settled = False
            return self._found
        self._measure(graph, results)
        self._at, self.is_settled, self._found = now, True, {}
        for uid in results:
            if uid not in self._measured:
                break
            self._found[uid] = self._measured[uid].extent
        return self._found

    def _measure(self, graph: Graph, results: Mapping[int, FloatArray]) -> None:
        """Measure on all cores what is not measured yet."""
        kept = self._measured = {
            uid: known
            for uid, known in self._measured.items()
            if uid in results and known.result() is results[uid]
        }

        def measure(rest: Iterator[tuple[int, FloatArray]]) -> None:
            for uid, value in rest:
                with suppress(NotFinite):
                    kept[uid] = _Measured(extent_of(as_maps(value)), ref(value))

        monotone = {
            node.uid: (node.layer, node.inputs[0])
            for node in graph
            if isinstance(node.layer, Activation) and node.layer.is_monotone
        }
        fresh = [(uid, value) for uid, value in results.items() if uid not in kept]
        share(measure, [piece for piece in fresh if piece[0] not in monotone])
        for uid, value in fresh:
            layer, source = monotone.get(uid, (None, INPUT))
            if layer is not None and source in kept:
                kept[uid] = _Measured(extent_after(layer, kept[source].extent), ref(value))
