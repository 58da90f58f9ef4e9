"""Running a stack again and again: what did not change is not computed again."""

from __future__ import annotations

import time
from collections.abc import Sequence

from convlab.engine.arrays import FloatArray, frozen
from convlab.layers.base import Layer
from convlab.layers.stack import Stack, named


class Forward:
    """Keeps every layer's last result; not thread-safe, one worker owns it."""

    def __init__(self) -> None:
        self._x: FloatArray | None = None
        self._layers: tuple[Layer, ...] = ()
        self._results: tuple[FloatArray, ...] = ()
        self.milliseconds: tuple[float, ...] = ()
        """What each layer took when it ran last [ms]."""
        self.kept = 0
        """How many layers were not computed again in the last run."""

    def run(self, stack: Stack, x: FloatArray) -> tuple[FloatArray, ...]:
        """Return the result of every layer, read-only.

        Layers before the first one that is another object than in the last run keep their results,
        as long as ``x`` is the same object.

        Args:
            stack: The layers.
            x: float32 ``(C, H, W)`` or ``(N, C, H, W)``.

        Raises:
            ValueError: If a layer does not fit; the message names it, counted from 1. What was
                computed before it is kept.
        """
        kept = _same_beginning(self._layers, stack.layers) if x is self._x else 0
        self.kept = kept
        self._x, self._layers = x, stack.layers[:kept]
        self._results = self._results[:kept]
        self.milliseconds = self.milliseconds[:kept]
        for number, layer in enumerate(stack.layers[kept:], kept + 1):
            value = self._results[-1] if self._results else x
            started = time.perf_counter()
            with named(number, layer):
                result = layer.forward(value)
            self.milliseconds += ((time.perf_counter() - started) * 1000,)
            # Dropout and the like hand on what they were given, which may be the caller's.
            self._results += (frozen(result if result is not x else result.copy()),)
            self._layers += (layer,)
        return self._results

    def take(
        self, stack: Stack, x: FloatArray, results: Sequence[FloatArray], milliseconds: float
    ) -> tuple[FloatArray, ...]:
        """Keep what was computed elsewhere as if it had been computed here; return it read-only.

        Args:
            stack: The layers.
            x: Their input.
            results: Of every layer.
            milliseconds: What all took, which is shared out as it was spread in the last run.
        """
        self._x, self._layers, self.kept = x, stack.layers, 0
        self._results = tuple(frozen(r if r is not x else r.copy()) for r in results)
        before = (
            self.milliseconds if len(self.milliseconds) == len(results) else (1.0,) * len(results)
        )
        whole = sum(before) or 1.0
        self.milliseconds = tuple(each * milliseconds / whole for each in before)
        return self._results


def _same_beginning(before: Sequence[Layer], now: Sequence[Layer]) -> int:
    """Return how many layers are the same objects."""
    same = 0
    for old, new in zip(before, now, strict=False):
        if old is not new:
            break
        same += 1
    return same
