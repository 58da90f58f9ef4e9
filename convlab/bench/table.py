"""Figures with their goals, and the table they are printed in."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter, sleep
from typing import TypeAlias

import numpy as np

Task: TypeAlias = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        name: What was measured.
        value: The figure.
        unit: Its unit.
        goal: What it should be, in words; empty if it only explains another.
        good: Whether the goal was met in this run, or None without a goal.
    """

    name: str
    value: float
    unit: str
    goal: str = ""
    good: bool | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the row for a JSON file."""
        return asdict(self)


def at_most(name: str, value: float, unit: str, limit: float) -> Row:
    """Return a figure that should not be above a limit."""
    return Row(name, value, unit, f"<= {limit:g}", value <= limit)


def at_least(name: str, value: float, unit: str, limit: float) -> Row:
    """Return a figure that should not be below a limit."""
    return Row(name, value, unit, f">= {limit:g}", value >= limit)


def show_table(rows: Sequence[Row]) -> str:
    """Return the figures as text, the machine named on top."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    lines = [f"{platform.machine()}, {cores} cores, Python {platform.python_version()}", ""]
    width = max(len(row.name) for row in rows)
    for row in rows:
        verdict = {True: "met", False: "MISSED", None: ""}[row.good]
        figure = f"{row.value:10.2f} {row.unit:<9} {row.goal:<10} {verdict}"
        lines.append(f"{row.name:<{width}}  {figure}".rstrip())
    return "\n".join(lines)


def medians(tasks: Sequence[Task], rounds: int, warm: int = 10, rest: float = 0.0) -> list[float]:
    """Return the median time of each task [ms], run in turns, every other round backwards.

    Args:
        tasks: What is timed.
        rounds: How often each.
        warm: How often before that.
        rest: Pause before each, in which the threads of the last one stop spinning [s].
    """
    times: list[list[float]] = [[] for _ in tasks]
    for turn in range(rounds + warm):
        pairs = list(zip(tasks, times, strict=True))
        for task, seen in pairs if turn % 2 else reversed(pairs):
            sleep(rest)
            started = perf_counter()
            task()
            if turn >= warm:
                seen.append((perf_counter() - started) * 1000)
    return [float(np.median(seen)) for seen in times]


def times_of(
    tasks: Mapping[str, Task | None], rounds: int, warm: int = 2, rest: float = 0.0
) -> dict[str, float]:
    """Return ``medians`` of those that are installed, by their names; the others are None."""
    present = {name: task for name, task in tasks.items() if task is not None}
    return dict(zip(present, medians(list(present.values()), rounds, warm, rest), strict=True))
