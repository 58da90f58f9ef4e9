"""What the signal lab takes from files: sounds and tables, read once and kept with the document."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from convlab.document.asset import Asset
from convlab.document.signal.model import MOST_COUNT, OWN_SOUND, Held
from convlab.engine.arrays import AnyArray, frozen
from convlab.io import bounds, sounds, tables
from convlab.io.rejection import raised_as, read_regular_file
from convlab.paths import sample_sounds

TABLE_SUFFIXES = (".csv", ".tsv", ".txt")


def read_signal(path: str | os.PathLike[str]) -> Held:
    """Return what a sound (its channels' mean) or a table holds, and the file itself.

    Raises:
        ValueError: It cannot be read; one message with the remedy.
    """
    path = Path(path)
    largest = bounds.LARGEST_TABLE_FILE if _is_table(path.name) else bounds.LARGEST_SOUND_FILE
    with raised_as(ValueError, path, "cannot be read"):
        data = read_regular_file(path, largest)
    return unpack_signal(Asset.of(data), path.name)


def unpack_signal(asset: Asset, name: str) -> Held:
    """Return what the bytes of a sound or table hold.

    Args:
        asset: The whole file.
        name: Its ending tells a table from a sound.

    Raises:
        ValueError: It is damaged; one message with the remedy.
    """
    if _is_table(name):
        return _held(tables.unpack_table(asset.data, name), asset)
    sound = sounds.unpack_sound(asset.data, name)
    return _held(sound.samples.mean(axis=0), asset, sound.rate)


@lru_cache(maxsize=4)
def own_sound(path: str) -> Held | None:
    """Return a sound that comes with the program; None of any other file: it is not read here."""
    for file in sample_sounds():  # a name from a project leads nowhere else
        if path == OWN_SOUND + file.name:
            sound = sounds.unpack_sound(file.read_bytes(), file.name)
            return _held(sound.samples.mean(axis=0), None, sound.rate)
    return None


def _held(values: AnyArray, asset: Asset | None, rate: int = 0) -> Held:
    shown = values if len(values) <= MOST_COUNT else values[:MOST_COUNT].copy()
    return Held(frozen(shown), asset, len(values), rate)


def _is_table(name: str) -> bool:
    return Path(name).suffix.lower() in TABLE_SUFFIXES
