"""The parts of the bench, each in a process of its own."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from convlab.bench.table import Row

PARTS = {
    "start": "The start",
    "window": "The live window",
    "calls": "Calls of an edit",
    "drag": "Memory while editing",
    "large": "A large picture",
    "comparing": "A beside B",
    "design": "Design pages",
    "stack": "The stack lab",
    "everyday": "A network live",
    "signals": "The signal lab",
    "learning": "The learning lab",
    "training": "Training a network",
    "engine": "One kernel, layers, memory, growth",
    "blind_spots": "What was slow once",
    "networks": "Layers of networks",
    "planner": "The planner",
}
"""The modules of this package that measure something, with their titles."""

LIMIT = 1200.0  # of a part [s]
_OF_THE_WINDOW = ("design", "large", "stack", "everyday", "signals", "learning")

BUSY = (
    "Other programs kept this machine from being measured: planned with the defaults, and every "
    "figure is doubtful."
)


def measure(name: str) -> list[Row]:
    """Return the figures of a part, measured here."""
    if name in _OF_THE_WINDOW:
        from convlab.bench.live import dress

        dress()
    found: list[Row] = importlib.import_module(f"convlab.bench.{name}").measure()
    return found


def prepare() -> None:
    """Let this process plan and keep memory as the program does."""
    from convlab.engine import calibration, planner
    from convlab.io import machine_costs
    from convlab.runtime.memory import keep_large_blocks

    keep_large_blocks()
    costs = machine_costs.load() or calibration.calibrate()
    if costs is not None:
        planner.use_costs(costs)
    else:
        print(BUSY)


def measure_apart(names: Sequence[str]) -> Iterator[tuple[str, list[Row] | None]]:
    """Return the figures of each part as they come; None of one that failed.

    All plan with the same costs, measured before.
    """
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "CONVLAB_HOME": home}
        _calibrate(environment)
        for name in names:
            print(f"{PARTS[name]} …", flush=True)
            yield name, _measure_apart(name, environment, Path(home) / f"{name}.json")


_CALIBRATE = """
from convlab.bench import parts
from convlab.engine import calibration
from convlab.io import machine_costs
costs = calibration.calibrate()
if costs is None:
    print(parts.BUSY)
    costs = calibration.DEFAULT_COSTS
machine_costs.save(costs)
"""


def _calibrate(environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", _CALIBRATE], env=environment, check=True)


def _measure_apart(name: str, environment: dict[str, str], file: Path) -> list[Row] | None:
    """Return what a process finds; None if it failed or took too long."""
    command = [sys.executable, "-m", "convlab", "bench", "--only", name, "--json", str(file)]
    try:
        subprocess.run(
            command, env=environment, check=True, timeout=LIMIT, stdout=subprocess.DEVNULL
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return None
    return [Row(**row) for row in json.loads(file.read_text())[name]]
