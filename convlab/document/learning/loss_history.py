"""The losses of a long training, thinned so that they can be plotted at any time."""

from __future__ import annotations

import numpy as np

from convlab.engine.arrays import AnyArray, frozen

MOST = 1000  # points


class LossHistory:
    """Keeps every loss at first, then every second, every fourth, …, and always the last."""

    def __init__(self) -> None:
        self._points: list[tuple[int, float]] = []
        self._gap = 1
        self._last: tuple[int, float] | None = None

    def add(self, step: int, loss: float) -> None:
        """Note the loss of a step; steps rise."""
        self._last = (step, loss)
        if step % self._gap:
            return
        self._points.append(self._last)
        if len(self._points) > MOST:
            self._gap *= 2
            self._points = [point for point in self._points if point[0] % self._gap == 0]

    def points(self) -> tuple[AnyArray, AnyArray]:
        """Return steps and losses, two of ``(K,)`` float64, read-only; K is 1,001 at most."""
        points = list(self._points)
        if self._last is not None and (not points or points[-1] != self._last):
            points.append(self._last)
        steps, losses = np.array(points, np.float64).reshape(-1, 2).T
        return frozen(steps), frozen(losses)
