"""The planner's table of costs, kept in the user's cache folder for this machine for a month."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from zlib import crc32

import msgspec

from convlab.engine.calibration import is_plausible
from convlab.engine.costs import Costs
from convlab.engine.default_costs import DEFAULT_COSTS
from convlab.engine.steps import Steps
from convlab.io import bounds
from convlab.io.safe_write import write_bytes
from convlab.paths import user_cache_dir

_FILE = "costs.json"
_LIBRARIES = ("convlab-studio", "numpy", "opencv-python", "onnxruntime")
_LONGEST = 30 * 24 * 3600.0  # that costs are believed [s]


class _Stored(msgspec.Struct, forbid_unknown_fields=True):
    """What stands in the file."""

    machine: str
    measured: float  # seconds since 1970
    costs: dict[str, dict[str, float]]


def load(now: Callable[[], float] = time.time) -> Costs | None:
    """Return the costs measured on this machine.

    None: there are none, or too old ones, or of another machine or other versions, or such as no
    machine has.
    """
    try:
        data = (user_cache_dir() / _FILE).read_bytes()
    except OSError:
        return None
    try:
        stored = msgspec.json.decode(data[: bounds.LARGEST_COSTS_FILE], type=_Stored)
    except msgspec.MsgspecError:
        return None
    if stored.machine != _machine() or not 0.0 <= now() - stored.measured <= _LONGEST:
        return None
    costs = _read(stored.costs)
    return costs if costs is not None and is_plausible(costs) else None


def _read(tables: dict[str, dict[str, float]]) -> Costs | None:
    """Return the costs; None if they are not those that the planner counts with today."""
    try:
        return Costs(
            {way: _filled(steps, tables[way]) for way, steps in DEFAULT_COSTS.tables.items()}
        )
    except (KeyError, TypeError):
        return None


def _filled(steps: Steps, table: dict[str, float]) -> Steps:
    return type(steps)(**table)


def save(costs: Costs, now: Callable[[], float] = time.time) -> None:
    """Keep the costs of this machine, measured just now.

    Raises:
        OSError: The cache folder cannot be written to.
    """
    folder = user_cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    tables = {way.value: steps._asdict() for way, steps in costs.tables.items()}
    write_bytes(folder / _FILE, msgspec.json.encode(_Stored(_machine(), now(), tables)))


def _machine() -> str:
    """What the costs depend on: processor, cores, the program, the libraries that do the work."""
    fitted = f"fitted {crc32(repr(DEFAULT_COSTS).encode()):x}"  # again when an algorithm changes
    parts = [platform.machine(), _processor(), f"{os.cpu_count()} cores", fitted]
    for library in _LIBRARIES:
        try:
            parts.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            continue
    return ", ".join(parts)


def _processor() -> str:
    """Return the name of the processor, which Linux tells in a file only."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            text = file.read(bounds.LARGEST_COSTS_FILE)
        found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else platform.processor()
