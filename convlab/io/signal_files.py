"""What the signal lab takes from files: sounds and tables, read once and kept with the document."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from convlab.document.asset import Asset
from convlab.document.signal.model import MOST_COUNT, OWN_SOUND, Held
from convlab.document.table_form import FOUND, TableForm
from convlab.engine.arrays import AnyArray, frozen
from convlab.io import sounds, table_memory, tables
from convlab.io.bounds import LARGEST_SOUND_FILE, LARGEST_TABLE_FILE
from convlab.io.rejection import raised_as, read_regular_file
from convlab.paths import sample_sounds

TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".dat", ".asc")
_SPREADSHEETS = (".xlsx", ".xls", ".ods")
SUFFIXES = (*sounds.SUFFIXES, *TABLE_SUFFIXES)
"""Endings of the files that are read."""

TOLD_APART = (*SUFFIXES, *sounds.OTHERS, *_SPREADSHEETS)
"""Endings of all that is a sound or a table: of those that are not read it is said why."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenedTable:
    """A table, to be looked at before it is taken.

    Attributes:
        asset: The whole file.
        reading: How it was read.
        is_chosen: A person has chosen that, for this file or now.
    """

    asset: Asset
    reading: tables.Reading
    is_chosen: bool = False

    @property
    def held(self) -> Held | None:
        """What it holds; None if it cannot be read so."""
        values = self.reading.values
        return None if values is None else _held(values, self.asset)

    def read(self, name: str, form: TableForm) -> tables.Reading | str:
        """Return how it is read otherwise; a text says why it cannot be."""
        try:
            return tables.look_at_table(self.asset.data, name, form)
        except tables.TableError as error:
            return str(error)

    def chosen(self, reading: tables.Reading) -> OpenedTable:
        """Return it with what a person chose."""
        return OpenedTable(self.asset, reading, True)


def read_signal(path: str | os.PathLike[str], table: TableForm = FOUND) -> Held:
    """Return what a sound (its channels' mean) or a table holds, and the file itself.

    Args:
        path: Its ending tells a table from a sound.
        table: How to read it, if it is a table.

    Raises:
        ValueError: It cannot be read; one message with the remedy.
    """
    path = Path(path)
    return unpack_signal(_asset(path), path.name, table)


def open_signal(path: str | os.PathLike[str]) -> Held | OpenedTable:
    """Return what a sound holds, or a table as this person reads that file.

    Raises:
        ValueError: It cannot be read at all; one message with the remedy.
    """
    path = Path(path)
    if not is_table(path.name):
        return read_signal(path)
    asset, chosen = _asset(path), table_memory.recall(path)
    if chosen is not None:
        try:
            opened = open_table(asset, path.name, chosen)
        except tables.TableError:  # there is something else in it now
            opened = None
        if opened is not None and opened.held is not None:
            return opened
    return OpenedTable(asset, tables.look_at_table(asset.data, path.name))


def open_table(asset: Asset, name: str, form: TableForm) -> OpenedTable:
    """Return a table that was read before.

    Raises:
        TableError: It cannot be read so at all.
    """
    return OpenedTable(asset, tables.look_at_table(asset.data, name, form), True)


def unpack_signal(asset: Asset, name: str, table: TableForm = FOUND) -> Held:
    """Return what the bytes of a sound or table hold.

    Args:
        asset: The whole file.
        name: Its ending tells a table from a sound.
        table: How to read it, if it is a table.

    Raises:
        ValueError: It is damaged; one message with the remedy.
    """
    if is_table(name):
        return _held(tables.unpack_table(asset.data, name, table), asset)
    sound, length = sounds.unpack_beginning(asset.data, name, MOST_COUNT)
    return Held(frozen(sound.samples.mean(axis=0)), asset, length, sound.rate)


@lru_cache(maxsize=4)
def own_sound(path: str) -> Held | None:
    """Return a sound that comes with the program; None of any other file: it is not read here."""
    for file in sample_sounds():  # a name from a project leads nowhere else
        if path == OWN_SOUND + file.name:
            sound = sounds.unpack_sound(file.read_bytes(), file.name)
            return _held(sound.samples.mean(axis=0), None, sound.rate)
    return None


def is_table(name: str) -> bool:
    """Tell a table, or what is taken for one, from a sound by the ending of its name."""
    return Path(name).suffix.lower() in (*TABLE_SUFFIXES, *_SPREADSHEETS)


def _asset(path: Path) -> Asset:
    largest = LARGEST_TABLE_FILE if is_table(path.name) else LARGEST_SOUND_FILE
    with raised_as(ValueError, path, "cannot be read"):
        return Asset.of(read_regular_file(path, largest))


def _held(values: AnyArray, asset: Asset | None, rate: int = 0) -> Held:
    shown = values if len(values) <= MOST_COUNT else values[:MOST_COUNT].copy()
    return Held(frozen(shown), asset, len(values), rate)
