"""The files inside a project: each once, named by its content, and checked against that name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

import numpy as np

from convlab.document.asset import Asset
from convlab.document.signal.model import Held
from convlab.document.table_form import FOUND, TableForm
from convlab.engine.arrays import frozen
from convlab.io import bounds
from convlab.io.archive import Archive
from convlab.io.rejection import Rejection, in_words
from convlab.io.signal_files import unpack_signal

ENTRY = r"blobs/[0-9a-f]{64}(\.[a-z0-9]{1,8})?\Z"
"""The names that a file has inside a project: its digest, and the ending of its own name."""

FOLDER = "blobs/"


class Attachments:
    """Files by their names inside a project.

    Args:
        assets: What is there already.
    """

    def __init__(self, assets: Mapping[str, Asset] | None = None) -> None:
        self._assets = dict(assets or {})
        self._held: dict[tuple[str, TableForm], Held] = {}
        self._unused = set(self._assets)

    # ---- writing ----

    def add(self, asset: Asset, name: str) -> str:
        """Take a file, once however often it occurs; return its name inside the project."""
        for entry, known in self._assets.items():
            if known == asset:
                return entry
        suffix = PurePath(name).suffix.lower()
        suffix = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
        entry = f"{FOLDER}{asset.digest}{suffix}"
        self._assets[entry] = asset
        self._unused.add(entry)
        return entry

    def add_held(self, held: Held, name: str, table: TableForm = FOUND) -> str | None:
        """Take a sound or table; return its name inside, None if it comes with the program."""
        if held.asset is None:
            return None
        entry = self.add(held.asset, name)
        self._held[entry, table] = held
        return entry

    def entries(self) -> dict[str, bytes]:
        """Return what is to be written.

        Raises:
            Rejection: It is more than a project may hold.
        """
        check_size([asset.nbytes for asset in self._assets.values()])
        return {entry: self._assets[entry].data for entry in sorted(self._assets)}

    # ---- reading ----

    def asset(self, entry: str) -> Asset:
        """Return a file.

        Raises:
            Rejection: It is missing.
        """
        if entry not in self._assets:
            raise Rejection(f"{entry!r} is missing in it")
        self._unused.discard(entry)
        return self._assets[entry]

    def held(self, entry: str, name: str, table: TableForm = FOUND) -> Held:
        """Return what a sound or table holds; one that cannot be read any more says why.

        Args:
            entry: Its name inside the project.
            name: Its own.
            table: How it is read, if it is a table.

        Raises:
            Rejection: It is missing.
        """
        asset = self.asset(entry)
        if (entry, table) not in self._held:
            self._held[entry, table] = _unpacked(asset, name, table)
        return self._held[entry, table]

    def check_used(self) -> None:
        """Reject a file that nothing shows.

        Raises:
            Rejection: There is one.
        """
        if self._unused:
            raise Rejection(f"its {min(self._unused)!r} belongs to nothing")


def read_attachments(archive: Archive) -> Attachments:
    """Read the files of a project.

    Raises:
        Rejection: There are too many, one is too large or damaged, or its name is not that of its
            content.
    """
    entries = [name for name in archive.names if name.startswith(FOLDER)]
    check_size([archive.size(entry) for entry in entries])
    assets = {}
    for entry in entries:
        asset = Asset.of(archive.read(entry, bounds.LARGEST_ATTACHMENT))
        if not re.fullmatch(ENTRY, entry) or not entry.startswith(FOLDER + asset.digest):
            raise Rejection(f"{entry[:80]!r} in it is damaged")
        assets[entry] = asset
    return Attachments(assets)


def check_size(sizes: list[int]) -> None:
    """Reject more than a project may hold.

    Raises:
        Rejection: With both numbers.
    """
    if len(sizes) > bounds.MOST_ATTACHMENTS:
        raise Rejection(
            f"it holds {len(sizes)} pictures and sounds where "
            f"{bounds.MOST_ATTACHMENTS} are the most"
        )
    if sum(sizes) > bounds.LARGEST_ATTACHMENTS:
        raise Rejection(
            f"its pictures and sounds take {in_words(sum(sizes))} "
            f"where {in_words(bounds.LARGEST_ATTACHMENTS)} are the most",
            "choose smaller ones",
        )


def _unpacked(asset: Asset, name: str, table: TableForm) -> Held:
    try:
        return unpack_signal(asset, name, table)
    except ValueError as error:
        return Held(frozen(np.zeros(0, np.float32)), asset, error=str(error))
