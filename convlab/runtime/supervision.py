"""A worker that meets what nobody foresaw begins again, instead of staying dead."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)

MOST = 5  # errors so soon after one another that going on has no sense
SOON = 60.0  # [s]
FIRST_PAUSE = 0.1  # doubled each time [s]


def keep_working(
    work: Callable[[], None],
    name: str,
    pause: Callable[[float], bool],
    report: Callable[[str], None],
) -> None:
    """Run a worker's loop until it returns; begin again when it raises, with growing pauses.

    Args:
        work: The loop; it must be able to begin again.
        name: What the worker does, for the message: "Capture".
        pause: Waits so many seconds; True if the worker is to end.
        report: Takes a message with its remedy; called in the worker's thread.
    """
    errors: deque[float] = deque(maxlen=MOST)
    while True:
        try:
            work()
            return
        except Exception as error:
            log.exception("%s failed", name)
            errors.append(time.monotonic())
            what = f"an error inside the program ({type(error).__name__}: {error})"
            if len(errors) == MOST and errors[-1] - errors[0] < SOON:
                report(f"{name} has stopped after {what} came again and again: save and restart.")
                return
            report(f"{name} began again after {what}: if that comes back, please report it.")
        if pause(FIRST_PAUSE * 2 ** len(errors)):
            return
