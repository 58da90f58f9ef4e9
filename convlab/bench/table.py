"""Figures with their goals, and the table they are printed in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from time import perf_counter, process_time, sleep
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

    @property
    def verdict(self) -> str:
        """Whether the goal was met, in a word; empty without a goal."""
        return {True: "met", False: "MISSED", None: ""}[self.good]


def at_most(name: str, value: float, unit: str, limit: float) -> Row:
    """Return a figure that should not be above a limit."""
    return Row(name, value, unit, f"<= {limit:g}", value <= limit)


def at_least(name: str, value: float, unit: str, limit: float) -> Row:
    """Return a figure that should not be below a limit."""
    return Row(name, value, unit, f">= {limit:g}", value >= limit)


def show_table(rows: Sequence[Row]) -> str:
    """Return the figures as text."""
    width = max((len(row.name) for row in rows), default=0)
    lines = [
        f"{row.name:<{width}}  {row.value:10.2f} {row.unit:<9} {row.goal:<10} {row.verdict}"
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


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


def in_blocks(
    tasks: Mapping[str, Task | None], rounds: int, rest: float = 0.05, block: int = 5
) -> dict[str, float]:
    """Return the median time [ms] of each task that is installed, by their names.

    For rivals whose threads spin after a run, waiting for the next: each runs a block of times
    after a rest, the first one uncounted, and disturbs itself only.
    """
    times: dict[str, list[float]] = {name: [] for name, task in tasks.items() if task is not None}
    while min(map(len, times.values())) < rounds:
        for name, seen in times.items():
            task = tasks[name]
            assert task is not None
            sleep(rest)
            task()
            for _ in range(block):
                started = perf_counter()
                task()
                seen.append((perf_counter() - started) * 1000)
    return {name: float(np.median(seen)) for name, seen in times.items()}


# On one core, by the processor's time.

_BLOCKS, _RUNS, _LONG_ENOUGH = 3, 9, 0.02


@contextmanager
def one_core() -> Iterator[None]:
    """Keep the present thread, and how many threads the engine starts, to one core."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def best_on_a_core(tasks: Mapping[str, Task | None]) -> dict[str, float]:
    """Return the least processor time [ms] of each task that is installed, by their names.

    In blocks, one after the other: each finds its own data in the cache. What other programs take
    meanwhile is not counted.
    """
    present = {name: task for name, task in tasks.items() if task is not None}
    times = dict.fromkeys(present, np.inf)
    for _ in range(_BLOCKS):
        for name, task in present.items():
            task()
            spent, runs = 0.0, 0
            while runs < _RUNS and not (runs > 2 and spent > _LONG_ENOUGH):
                started = process_time()
                task()
                taken, runs = process_time() - started, runs + 1
                spent += taken
                times[name] = min(times[name], 1000 * taken)
    return times


def against_best(times: Mapping[str, float], ours: str = "convlab") -> tuple[float, str]:
    """Return how many times as long as the fastest rival we take, and who that is; 0: alone."""
    rivals = {name: time for name, time in times.items() if name != ours}
    if not rivals:
        return 0.0, "nobody"
    best = min(rivals, key=lambda name: rivals[name])
    return times[ours] / rivals[best], best
