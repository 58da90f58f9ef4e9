"""How many calls inside convlab one edit costs the window's thread.

Counted with ``sys.setprofile``, all labs having been shown, on a still source: until the handlers
return, and until nothing is left to do, painting included. ``python -m convlab.bench.calls`` names
the files called most.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType

from PySide6.QtWidgets import QApplication

from convlab.app import create_window
from convlab.bench.live import dress
from convlab.bench.table import Row, at_most
from convlab.document.document import Lab
from convlab.document.stack.model import Unit
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.main_window import MainWindow
from convlab.ui.stack.stack_lab import StackLab

PACKAGE = str(Path(sys.modules["convlab"].__file__ or "").parent) + os.sep
QUIET = 0.4  # without anything new: idle [s]
SOURCE = "pattern:step"
RETURNED, IDLE = 150, 800  # of a cell, at most


def measure() -> list[Row]:
    """Return how many calls an edit of each lab takes."""
    rows = []
    for title, is_judged, handlers, all_calls in _edits():
        name = f"calls of an edit of {title}"
        for when, calls, limit in (
            ("until the handlers return", handlers, RETURNED),
            ("until idle", all_calls, IDLE),
        ):
            figure = f"{name}, {when}"
            total = calls.total()
            rows.append(at_most(figure, total, "", limit) if is_judged else Row(figure, total, ""))
    return rows


def _edits() -> Iterator[tuple[str, bool, Counter[str], Counter[str]]]:
    """Edit a cell of the kernel, and a weight of the stack, each in its lab.

    Returns:
        What is edited, whether there is a goal, and the calls into each file: until the handlers
        return, and all.
    """
    app = dress()
    window = create_window(["--source", SOURCE])
    try:
        window.show()
        for lab in Lab:
            window.go_to(lab)
            _settle(app, window)
        for lab, title, edit in (
            (Lab.KERNEL, "a cell of the kernel", _edit_cell),
            (Lab.STACK, "a weight of the stack", _edit_weight),
        ):
            window.go_to(lab)
            slot = window.session.document.stack.slots[0]
            window.labs.of(StackLab).look_at_unit(Unit(slot.uid, 0, 0, 0))
            _settle(app, window)
            edit(window, 0.5)  # the first also renames the stack
            _settle(app, window)
            handlers = _counted(partial(edit, window, -0.5))
            rest = _counted(partial(_settle, app, window))
            yield title, lab is Lab.KERNEL, handlers, handlers + rest
    finally:
        window.close()


def _settle(app: QApplication, window: MainWindow) -> None:
    """Run the event loop until the last result has been shown for a while."""
    since, seen = time.monotonic(), -1
    while time.monotonic() - since < QUIET:
        app.processEvents()
        if window.pump.frames_shown != seen:
            since, seen = time.monotonic(), window.pump.frames_shown


def _counted(work: Callable[[], object]) -> Counter[str]:
    """Return how many calls went into each file of the package while something was done."""
    found: Counter[str] = Counter()

    def profile(frame: FrameType, event: str, argument: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(PACKAGE):
            found[name[len(PACKAGE) :]] += 1

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def _edit_cell(window: MainWindow, value: float) -> None:
    window.labs.of(KernelLab).kernel.grid.cell_edited.emit(0, 0, value)


def _edit_weight(window: MainWindow, value: float) -> None:
    window.labs.of(StackLab).detail.incoming.view.weight_edited.emit(0, 0, 0, value)


def main() -> None:
    """Print the files called most."""
    for title, _, _, calls in _edits():
        print(f"{title}, until idle: {calls.total()} calls in {len(calls)} files")
        for name, count in calls.most_common(30):
            print(f"    {count:5d} {name}")


if __name__ == "__main__":
    main()
