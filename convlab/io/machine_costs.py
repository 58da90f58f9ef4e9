"""The planner's table of costs, kept in the user's cache folder for this machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

import msgspec

from convlab.engine.planner import Costs
from convlab.io.safe_write import write_bytes
from convlab.paths import user_cache_dir

_FILE = "costs.json"
_LIBRARIES = ("numpy", "opencv-python", "onnxruntime")
_MOST_BYTES = 10_000


class _Stored(msgspec.Struct, forbid_unknown_fields=True):
    """What stands in the file."""

    machine: str
    costs: dict[str, float]


def load() -> Costs | None:
    """Return the costs measured on this machine, or None: there are none, or of another machine."""
    try:
        data = (user_cache_dir() / _FILE).read_bytes()
    except OSError:
        return None
    try:
        stored = msgspec.json.decode(data[:_MOST_BYTES], type=_Stored)
    except msgspec.MsgspecError:
        return None
    is_known = stored.machine == _machine() and set(stored.costs) == set(Costs.__slots__)
    if not is_known or not all(0.0 < cost < 1e9 for cost in stored.costs.values()):
        return None
    return Costs(**stored.costs)


def save(costs: Costs) -> None:
    """Keep the costs of this machine.

    Raises:
        OSError: The cache folder cannot be written to.
    """
    folder = user_cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    numbers = {name: float(getattr(costs, name)) for name in costs.__slots__}
    write_bytes(folder / _FILE, msgspec.json.encode(_Stored(_machine(), numbers)))


def _machine() -> str:
    """What the costs depend on: processor, cores, the libraries that do the work."""
    parts = [platform.machine(), platform.processor(), f"{os.cpu_count()} cores"]
    for library in _LIBRARIES:
        try:
            parts.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            continue
    return ", ".join(parts)
