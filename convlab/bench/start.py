"""From the command to the first painted picture, each time in a new process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from time import perf_counter

from convlab.bench.table import Row, at_most

STARTS = 5
LIMIT = 30  # [s]
# The window says when it has painted, and leaves at once.
PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from convlab.app import create_window, make_application
app = make_application()
window = create_window(["--source", "pattern:torch"])
window.labs.current.painted.connect(app.exit)
window.show()
app.exec()
print("painted", flush=True)
window.close()
"""


def measure() -> list[Row]:
    """Return the median time of warm starts."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "CONVLAB_HOME": home}
        times = [_start(environment) for _ in range(STARTS + 1)][1:]
    return [at_most("start to first painted picture, warm", statistics.median(times), "s", 1.0)]


def _start(environment: dict[str, str]) -> float:
    started = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    elapsed = perf_counter() - started
    process.communicate(timeout=LIMIT)
    return elapsed
