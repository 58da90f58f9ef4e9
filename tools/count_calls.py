"""Count the calls inside convlab that one edit costs the window's thread.

Counted with ``sys.setprofile``, all labs having been shown, on a still source: until the handlers
return, and until nothing is left to do, painting included. Run it in two checkouts to compare.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["CONVLAB_HOME"] = tempfile.mkdtemp()

from PySide6.QtWidgets import QApplication

from convlab.app import create_window, make_application
from convlab.document.document import Lab
from convlab.document.stack.model import Unit
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.main_window import MainWindow
from convlab.ui.stack.stack_lab import StackLab

PACKAGE = str(Path(sys.modules["convlab"].__file__ or "").parent) + os.sep
QUIET = 0.4  # without anything new: idle [s]


def settle(app: QApplication, window: MainWindow) -> None:
    """Run the event loop until the last result has been shown for a while."""
    since, seen = time.monotonic(), -1
    while time.monotonic() - since < QUIET:
        app.processEvents()
        if window.pump.frames_shown != seen:
            since, seen = time.monotonic(), window.pump.frames_shown


def counted(work: Callable[[], object]) -> Counter[str]:
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


def report(title: str, found: Counter[str]) -> None:
    """Print the sum, and the files called most."""
    print(f"{title:52s} {found.total():5d} calls in {len(found):3d} files")
    if "--files" in sys.argv:
        for name, count in found.most_common():
            print(f"    {count:5d} {name}")


def edit_cell(window: MainWindow, value: float) -> None:
    """Change a cell of the kernel."""
    window.labs.of(KernelLab).kernel.grid.cell_edited.emit(0, 0, value)


def edit_weight(window: MainWindow, value: float) -> None:
    """Change a weight of the stack's first convolution."""
    window.labs.of(StackLab).detail.incoming.view.weight_edited.emit(0, 0, 0, value)


def main() -> None:
    """Edit a cell of the kernel, and a weight of the stack, each in its lab."""
    app = make_application()
    window = create_window(["--source", "pattern:step"])
    try:
        window.show()
        for lab in Lab:
            window.go_to(lab)
            settle(app, window)
        for lab, title, edit in (
            (Lab.KERNEL, "a cell of the kernel", edit_cell),
            (Lab.STACK, "a weight of the stack", edit_weight),
        ):
            window.go_to(lab)
            window.labs.of(StackLab).look_at_unit(
                Unit(window.session.document.stack.slots[0].uid, 0, 0, 0)
            )
            settle(app, window)
            for value, which in ((0.5, ""), (-0.5, " again")):  # the first also renames the stack
                handlers = counted(partial(edit, window, value))
                report(f"{title}{which}, until the handlers return", handlers)
                found = handlers + counted(lambda: settle(app, window))
                report(f"{title}{which}, until idle", found)
    finally:
        window.close()


if __name__ == "__main__":
    main()
