"""What the signal lab says of a sum: (f ∗ g)(c) is a value of the convolution, c its place."""

from __future__ import annotations

from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalState
from convlab.ui.numbers import show_number


def value_name(is_flipped: bool, c: float) -> str:
    """``(f ∗ g)(3)``; of a correlation ``(f ⋆ g)(3)``."""
    return f"(f {'∗' if is_flipped else '⋆'} g)({show_number(c)})"


def sum_name(state: SignalState) -> str:
    """Return what products add up to: a sum, of curves an area."""
    return "area" if state.is_continuous else "sum"


def reason_text(shown: SignalShown, is_flipping: bool) -> str:
    """Say in one line why g runs backwards, or does not."""
    state, c = shown.job.state, show_number(shown.window.c)
    if not state.is_flipped:
        return f"a − b = {c}: as a grows, b grows too. So g slides as it is."
    if is_flipping:
        return f"a + b = {c}: as a grows, b falls. So the lines cross until g is flipped."
    return f"a + b = {c}: as a grows, b falls. So g runs backwards over f."
