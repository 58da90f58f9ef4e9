"""How many times as high a signal is drawn, to be seen beside another: round numbers."""

from __future__ import annotations

import math

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.ui.widgets.plot_frame import Axis

MOST_APART = 4.0  # times that one signal is higher than the other, and both drawn alike


def drawn_gain(f: AnyArray, g: AnyArray) -> float:
    """Return how many times as high g is drawn, to be seen beside f: one of 1, 2, 5, 10 and so on.

    1 where both are of one size, to four times; less where g is the higher one.
    """
    highest_f, highest_g = (
        float(np.abs(signal[np.isfinite(signal)]).max(initial=0.0)) for signal in (f, g)
    )
    if highest_f == 0.0 or highest_g == 0.0:
        return 1.0
    ratio = highest_f / highest_g
    if 1 / MOST_APART <= ratio <= MOST_APART:
        return 1.0
    return _round_below(ratio)


def fitting_gain(products: AnyArray, axis: Axis) -> float:
    """Return how many times as high products are drawn, to lie between its ends: 1 or less."""
    low, high = float(products.min()), float(products.max())
    room = min(axis.high / high if high > 0 else math.inf, axis.low / low if low < 0 else math.inf)
    return 1.0 if room >= 1.0 or room <= 0.0 else _round_below(room)


def _round_below(ratio: float) -> float:
    """Return the largest of 1, 2, 5, 10 and so on, or 0.5, 0.2, 0.1, that is no larger."""
    power = 10.0 ** math.floor(math.log10(ratio))
    return float(f"{max(power * step for step in (1, 2, 5) if power * step <= ratio):.6g}")
