"""Statistics of every map of one layer: mean, standard deviation, zeros, range, histogram."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from weakref import ref

import numpy as np

from convlab.document.stack.activity import PACE
from convlab.document.stack.model import StackViewing
from convlab.engine.arrays import AnyArray, FloatArray, frozen

BINS = 24
"""Of each histogram."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerFigures:
    """Statistics of the maps of one layer; a vector is as many maps of one value.

    Attributes:
        uid: Of the layer.
        mean: Of each map, ``(C,)`` float64; so are the others.
        std: Standard deviation.
        zeros: Share of the values that are exactly 0.
        least: Smallest value.
        largest: Largest value.
        counts: How many values lie in each of BINS equal parts from the least to the largest value
            of the layer, ``(C, BINS)``.
    """

    uid: int
    mean: AnyArray
    std: AnyArray
    zeros: AnyArray
    least: AnyArray
    largest: AnyArray
    counts: AnyArray

    @property
    def low(self) -> float:
        """Where the histograms begin."""
        return float(self.least.min())

    @property
    def high(self) -> float:
        """Where the histograms end."""
        return float(self.largest.max())


def figures_of(uid: int, result: FloatArray) -> LayerFigures:
    """Return the statistics of a layer's result ``(C, H, W)`` or ``(F,)``."""
    rows = result.reshape(len(result), -1)
    least, largest = rows.min(axis=1).astype(np.float64), rows.max(axis=1).astype(np.float64)
    low, high = float(least.min()), float(largest.max())
    wide = BINS / (high - low) if high > low else 0.0
    place = np.minimum(((rows - np.float32(low)) * np.float32(wide)).astype(np.intp), BINS - 1)
    place += np.arange(len(rows))[:, np.newaxis] * BINS
    counts = np.bincount(place.ravel(), minlength=len(rows) * BINS).reshape(-1, BINS)
    return LayerFigures(
        uid,
        frozen(rows.mean(axis=1, dtype=np.float64)),
        frozen(rows.std(axis=1, dtype=np.float64)),
        frozen((rows == 0).mean(axis=1)),
        frozen(least),
        frozen(largest),
        frozen(counts),
    )


class FiguresKeeper:
    """Measures a layer now and then while it is looked at; one worker owns it.

    Args:
        clock: Rises [s].
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._last: LayerFigures | None = None
        self._of: Callable[[], FloatArray | None] = _nothing
        self._seen: Callable[[], FloatArray | None] = _nothing
        self._at = -PACE

    @property
    def is_settled(self) -> bool:
        """What was measured is of what is there."""
        return self._of() is self._seen()

    def wanted(
        self, viewing: StackViewing, results: Mapping[int, FloatArray]
    ) -> LayerFigures | None:
        """Return the statistics of the layer that is looked at; None unless they are wanted.

        Args:
            viewing: What is looked at.
            results: The picture, and what each layer gave, by uid.
        """
        if not viewing.wants_figures:
            self._last, self._of, self._seen = None, _nothing, _nothing
            return None
        figured = viewing.figured(results)
        uid = [*results][-1] if figured is None else figured
        return self.figures(uid, results[uid])

    def figures(self, uid: int, result: FloatArray) -> LayerFigures:
        """Return the statistics of a result, or of one shortly before.

        What stands is measured when it is looked at again, what changes every PACE seconds.
        """
        if self._of() is result and self._last is not None:
            self._seen = ref(result)
            return self._last
        now, stands = self._clock(), self._seen() is result
        self._seen = ref(result)
        last = self._last
        is_like = last is not None and last.uid == uid and len(last.mean) == len(result)
        if last is not None and is_like and not stands and now - self._at < PACE:
            return last
        self._last, self._of, self._at = figures_of(uid, result), ref(result), now
        return self._last


def _nothing() -> None:
    return None
