"""How memory and threads grow while cells and weights are edited over live video."""

from __future__ import annotations

from dataclasses import replace

from convlab.bench import soak
from convlab.bench.table import Row
from convlab.document.document import Lab

MINUTES = 1.0  # of each lab; ten with --soak-minutes 10


def measure(minutes: float = MINUTES) -> list[Row]:
    """Return the figures of each lab."""
    return [
        replace(row, name=f"{lab.value} lab, {minutes:g} min of edits: {row.name}")
        for lab in (Lab.KERNEL, Lab.STACK)
        for row in soak.minutes(minutes, lab)
    ]
