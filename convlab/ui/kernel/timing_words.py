"""What is said of the time that a convolution took."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from convlab.document.kernel.job import KernelTiming
from convlab.engine.planner import Plan


def time_text(timing: KernelTiming) -> str:
    """Say which algorithm convolved, and how long that took of all the work."""
    name = timing.plan.algorithm.value
    return f"{name} {timing.convolution:.1f} ms of {timing.total:.1f} ms"


@lru_cache(maxsize=8)  # of one frame after another
def plan_text(plan: Plan) -> str:
    """Say why the algorithm was picked, and what the others were expected to take, as HTML."""
    rows = "".join(
        f"<tr><td>{name.value}&nbsp;&nbsp;</td><td align='right'>{cost:.2f} ms</td></tr>"
        for name, cost in plan.others
    )
    return (
        "Which algorithm convolved and how long it took, of all the work behind one picture; and "
        "how old the picture was when it was painted.<br><br>"
        f"<b>Why {plan.algorithm.value}?</b> {escape(plan.reason)}.<br>"
        f"Expected of each that fits:<table>{rows}</table>"
    )
