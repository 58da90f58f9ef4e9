"""The loss over the steps of learning, on a logarithmic axis whose range does not jump."""

from __future__ import annotations

import math

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.engine.value_range import nice_ceiling
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.plot_view import LEAST, LinePlot

LEAST_STEPS = 50  # the axis is at least so long
TIP = (
    "Mean squared error of the batch in each step. Each line is a tenth of the one above: a "
    "straight fall is an error that shrinks by the same factor in every step."
)


class LossPlot(LinePlot):
    """Shows the history of a loss; the axes are whole decades and round numbers of steps."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "Loss", is_logarithmic=True)
        describe(self, name, "Loss over the steps", TIP)
        self.setMouseEnabled(x=False, y=False)
        self.setMinimumSize(160, 90)
        self._ranges = ((0.0, float(LEAST_STEPS)), (-1.0, 1.0))
        self._apply()

    def show_history(self, steps: AnyArray, losses: AnyArray) -> None:
        """Show losses ``(K,)`` of steps ``(K,)``; what is not finite is left out."""
        known = np.isfinite(losses)
        steps, losses = steps[known], losses[known]
        if not len(steps):
            self.clear_curves()
            return
        self.set_curves(steps, losses[np.newaxis], (0,), None)
        across = (0.0, max(nice_ceiling(float(steps[-1])), float(LEAST_STEPS)))
        ranges = (across, decades(losses))
        if ranges != self._ranges:
            self._ranges = ranges
            self._apply()

    def _apply(self) -> None:
        across, up = self._ranges
        self.setXRange(*across, padding=0.02)
        self.setYRange(*up, padding=0.07)


def decades(losses: AnyArray) -> tuple[float, float]:
    """Return the whole powers of ten below and above all losses ``(K,)``, at least two apart."""
    some = np.maximum(losses, LEAST)
    low = math.floor(math.log10(float(some.min())))
    high = math.ceil(math.log10(float(some.max())))
    return float(min(low, high - 2)), float(high)
