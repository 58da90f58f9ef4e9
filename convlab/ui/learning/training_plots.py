"""What a training has come to: over its steps, or over its epochs."""

from __future__ import annotations

import math

import numpy as np

from convlab.document.learning.training import Curve
from convlab.engine.arrays import AnyArray
from convlab.engine.value_range import nice_ceiling
from convlab.ui.numbers import show_number
from convlab.ui.widgets.plot import TALL_HEAD, Look, Plot
from convlab.ui.widgets.plot_frame import Axis, Kind, decades
from convlab.ui.widgets.plot_trace import Style, Trace, accent, mark

ROOM = (46.0, TALL_HEAD, 10.0, 17.0)  # around it [px]
LEAST_STEPS = 50.0  # the axis is at least so long
ALL_EPOCHS = 60  # so many are given their room at once
FEW_POINTS = 30  # are marked
USUAL = np.array([0.01, 10.0])  # losses that the axis has at least: it seldom jumps then
LOWEST = 1e-6  # of the losses of a network on their axis
LOSS_TIP = (
    "Mean squared error of the batch in each step. Each line is a tenth of the one above: a "
    "straight fall is an error that shrinks by the same factor in every step."
)


class StepPlot(Plot):
    """Shows the loss over the steps; the axes are whole decades and round numbers of steps."""

    def __init__(self, name: str) -> None:
        look = Look(ROOM, y_text=power_text, value_text=_two_digits, x_name="step")
        super().__init__(name, "Loss over the steps", look, LOSS_TIP)
        self.setMinimumSize(160, 90)
        self.set_captions("Loss: mean squared error")
        self.show_history(np.zeros(0), np.zeros(0))

    def show_history(self, steps: AnyArray, losses: AnyArray) -> None:
        """Show losses ``(K,)`` of steps ``(K,)``; what is not finite is left out."""
        end = max(nice_ceiling(float(steps[-1])), LEAST_STEPS) if len(steps) else LEAST_STEPS
        self.set_axes(Axis(0.0, end, Kind.WHOLE), decades(losses, span=2))
        self.set_moving([Trace(steps, losses, accent, Style.LINE, "loss")])


class EpochPlot(Plot):
    """Shows a figure of the batches and of the test set over the epochs.

    Args:
        name: Object name.
        title: What the figure is.
        tip: What it teaches.
        is_share: It goes from 0 to 1 and is written in percent; else its axis is logarithmic.
    """

    def __init__(self, name: str, title: str, tip: str, is_share: bool) -> None:
        look = Look(
            ROOM,
            y_text=(lambda share: f"{100 * share:.0f} %") if is_share else "{:g}".format,
            value_text=(lambda share: f"{100 * share:.1f} %") if is_share else _two_digits,
            x_name="epoch",
        )
        super().__init__(name, title, look, tip)
        self.setMinimumSize(180, 96)
        self.set_captions(title)
        self._is_share = is_share

    def show_curves(self, batches: Curve, test: Curve, epochs: int) -> None:
        """Show both curves of a training that takes so many epochs."""
        now = max((float(curve.at[-1]) for curve in (batches, test) if len(curve.at)), default=0.0)
        last = float(epochs if epochs <= ALL_EPOCHS else min(nice_ceiling(now + 10), epochs))
        losses = (batches.values, test.values, USUAL)
        y = Axis() if self._is_share else decades(*losses, least=LOWEST)
        self.set_axes(Axis(0.0, last, Kind.WHOLE), y)
        is_marked = len(test.at) <= FEW_POINTS
        self.set_moving(
            [
                Trace(batches.at, batches.values, mark, Style.LINE, "training", 1.3),
                Trace(test.at, test.values, accent, Style.LINE, "test", 2.0, has_dots=is_marked),
            ]
        )


def _two_digits(loss: float) -> str:
    return show_number(float(f"{loss:.2g}"), 6)


def power_text(value: float) -> str:
    """Write a power of ten: ``10⁻³``."""
    return "10" + str(round(math.log10(value))).translate(_RAISED)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
