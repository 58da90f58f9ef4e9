"""What the signal lab says of a sum: (f ∗ g)(c) is a value of the convolution, c its place."""

from __future__ import annotations

from convlab.document.signal.estimate import Estimate
from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalState
from convlab.document.signal.scenes import Units
from convlab.ui.numbers import show_number


def value_name(is_flipped: bool, c: float) -> str:
    """``(f ∗ g)(3)``; of a correlation ``(f ⋆ g)(3)``."""
    return f"(f {'∗' if is_flipped else '⋆'} g)({show_number(c)})"


def sum_name(state: SignalState) -> str:
    """Return what products add up to: a sum, of curves an area."""
    return "area" if state.is_continuous else "sum"


def estimate_text(estimate: Estimate, units: Units) -> str:
    """``lag 5.3 s, noise 1.2 m, error 3.4 m``."""
    lag, noise, error = (show_number(n, 1) for n in (estimate.lag, estimate.noise, estimate.error))
    return f"lag {lag} {units.place}, noise {noise}, error {error} {units.f}".rstrip()


def reason_text(shown: SignalShown, is_flipping: bool) -> str:
    """Say in one line why g runs backwards, or does not."""
    state, c = shown.job.state, show_number(shown.window.c)
    if not state.is_flipped:
        return f"a − b = {c}: as a grows, b grows too. So g slides as it is."
    if is_flipping:
        return f"a + b = {c}: the lines cross until g is flipped."
    return f"a + b = {c}: as a grows, b falls. So g runs backwards."
