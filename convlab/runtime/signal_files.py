"""What the worker reads for the signal lab: sounds and tables."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from convlab.document.signal.samples import Held
from convlab.document.signal.scenes import OWN_SOUND
from convlab.engine.arrays import frozen
from convlab.io.sounds import read_sound
from convlab.io.tables import read_table
from convlab.paths import resource

TABLE_SUFFIXES = (".csv", ".tsv", ".txt")


def read_signal(path: str) -> Held:
    """Return what a sound (its channels' mean) or a table holds, read-only.

    Raises:
        ValueError: It cannot be read; one message with the remedy.
    """
    if path.startswith(OWN_SOUND):
        return _read(str(resource("sounds", path.removeprefix(OWN_SOUND))), 0)
    try:
        changed = Path(path).stat().st_mtime_ns
    except OSError:
        changed = 0  # the readers say what is wrong
    return _read(path, changed)


@lru_cache(maxsize=4)
def _read(path: str, changed: int) -> Held:
    """Read a file once, until it changes."""
    if Path(path).suffix.lower() in TABLE_SUFFIXES:
        return Held(frozen(read_table(path)))
    sound = read_sound(path)
    return Held(frozen(sound.samples.mean(axis=0)), sound.rate)
