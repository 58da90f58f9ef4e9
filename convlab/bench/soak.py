"""The window run for long: how its memory and its threads grow."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
from PySide6.QtCore import QTimer

from convlab.bench.live import MOVING_720P, dress, on_source, open_window, resident, run, with_cell
from convlab.bench.stack import LIVE, with_stack, with_weight
from convlab.bench.table import Row, at_most
from convlab.document.document import Document, Lab
from convlab.runtime.session import Session
from convlab.ui.main_window import MainWindow

PARTS = 10
PAUSE = 0.1  # between two edits [s]
TYPICAL = 0.5 / 20_000  # of a tenth, for each frame [MB]
STALLS, LATE = 10, 0.3  # times; how long each [s]
FIRST_FRAMES = 100  # by then the other labs are there, on a busy machine too

Edit = Callable[[Document, float], Document]


def frames(wanted: int) -> list[Row]:
    """Show many frames of a moving 720p picture; return how the memory grew.

    A leak grows with every part of the run alike. What the allocator takes in one step, a few
    pictures more than it had, and never again, is none.
    """
    dress()
    with open_window(on_source(MOVING_720P), throttled=False) as window:
        marks = _marks(lambda share: _show(window, round(share * wanted)))
        typical = float(np.median(np.diff(marks)))
        return [
            *_shown(window, marks),
            at_most("grown in a typical tenth", typical, "MB", TYPICAL * wanted),
            at_most("grown since", marks[-1] - marks[0], "MB", 15.0),
        ]


def minutes(wanted: float, lab: Lab) -> list[Row]:
    """Edit ten times a second beside a moving 720p picture; return how the memory grew.

    Args:
        wanted: For how long [min].
        lab: The kernel lab edits cells of the kernel, the stack lab weights of its first layer;
            every edit is a step that can be undone.
    """
    dress()
    is_stack = lab is Lab.STACK
    document = with_stack(MOVING_720P, LIVE) if is_stack else on_source(MOVING_720P)
    with open_window(document, lab) as window:
        _show(window, FIRST_FRAMES)
        threads = _count_threads()
        editing = _start_editing(window.session, with_weight if is_stack else with_cell)
        _stall()
        started = perf_counter()
        marks = _marks(lambda share: run(max(0.0, started + 60 * share * wanted - perf_counter())))
        editing.stop()
        return [
            *_shown(window, marks),
            Row("steps to undo", window.session.undo_stack.count(), ""),
            at_most("threads since the start", _count_threads() - threads, "", 4),
            at_most("grown since", marks[-1] - marks[0], "MB", 20.0),
        ]


def _stall() -> None:
    """Let the window's thread be late a few times, as on a busy machine.

    Then results wait for it, and as many are held at once as ever are: else one more is taken at
    any later moment, which looks as if the memory grew.
    """
    for _ in range(STALLS):
        sleep(LATE)
        run(LATE)


def _marks(run_until: Callable[[float], None]) -> list[float]:
    """Return the resident memory after a fifth, when every buffer was needed once, and on [MB]."""
    marks = []
    for part in range(PARTS + 1):
        run_until(0.2 + 0.8 * part / PARTS)
        marks.append(resident())
    return marks


def _shown(window: MainWindow, marks: list[float]) -> list[Row]:
    return [
        Row("frames shown", window.pump.frames_shown, ""),
        Row("resident after a fifth", marks[0], "MB"),
    ]


def _show(window: MainWindow, wanted: int) -> None:
    """Run until so many frames have been shown in all."""
    while window.pump.frames_shown < wanted:
        run(0.5)


def _start_editing(session: Session, edit: Edit) -> QTimer:
    numbers = count(1)
    timer = QTimer(session)
    timer.setInterval(round(1000 * PAUSE))
    timer.timeout.connect(
        lambda: session.edit(edit(session.document, next(numbers) % 997 / 100), "change a weight")
    )
    timer.start()
    return timer


def _count_threads() -> int:
    """Return the threads of the process, those of libraries too where the system tells."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()
