"""Who goes first when there is more to do than cores."""

from __future__ import annotations

import os
import sys
import threading

BEHIND = 5  # of 19, in the kernel's steps of niceness: about a third of the window's share


def go_behind_window() -> None:
    """Let the window's thread go first, and with it what a person does.

    On Linux niceness belongs to a thread, and threads that it starts have it too: the engine's, for
    instance. Elsewhere it belongs to the process, and nothing is done.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        niceness = os.getpriority(os.PRIO_PROCESS, thread) + BEHIND
        os.setpriority(os.PRIO_PROCESS, thread, min(niceness, 19))
