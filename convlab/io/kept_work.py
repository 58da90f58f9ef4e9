"""Unsaved work in the user's state folder: each piece in a folder of its own, locked by its owner.

A folder holds the work as a project file, a note, and the lock of the process it belongs to. While
a piece is being opened it is marked: one that ends the program is not opened unasked again.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

import msgspec

from convlab.document.document import Document
from convlab.io import bounds
from convlab.io.file_lock import try_lock
from convlab.io.project import Project, load_project, write_project
from convlab.io.safe_write import remove_abandoned, write_bytes
from convlab.paths import user_state_dir

WORK, NOTE, MARK, LOCK = "work.convlab", "note.json", "opening", "lock"
SET_ASIDE = "damaged"


class Note(msgspec.Struct, frozen=True):
    """What belongs to a piece of work beside the document.

    Attributes:
        project: The path of its project file, quoted; empty if it has none.
        changed: When that file was last written [ns since the epoch].
        lab: The name of the lab in sight.
    """

    project: str = ""
    changed: int = 0
    lab: str = ""

    @classmethod
    def of(cls, project: Path | None, lab: str) -> Note:
        """Note which project file work belongs to, and the lab in sight."""
        if project is None:
            return cls(lab=lab)
        path = project.absolute()
        return cls(quote_from_bytes(os.fsencode(path)), _changed(path), lab)

    def project_path(self) -> Path | None:
        """Return the project file, unless it is gone or was written by somebody since."""
        if not self.project:
            return None
        path = Path(os.fsdecode(unquote_to_bytes(self.project)))
        return path if self.changed and _changed(path) == self.changed else None


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except (OSError, ValueError):
        return 0


class KeptWork:
    """One piece of kept work that belongs to this process until it is released or deleted."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder = folder
        self._lock = lock

    @property
    def kept_at(self) -> datetime:
        """When it was kept, in local time."""
        return datetime.fromtimestamp((self.folder / WORK).stat().st_mtime)

    @property
    def is_marked(self) -> bool:
        """The program ended while it was being opened."""
        return (self.folder / MARK).exists()

    def mark(self) -> None:
        """It is about to be opened."""
        with suppress(OSError):
            (self.folder / MARK).touch()

    def unmark(self) -> None:
        """It was opened well."""
        with suppress(OSError):
            (self.folder / MARK).unlink(missing_ok=True)

    def write(self, document: Document, note: Note) -> None:
        """Keep a document in place of what was kept here before.

        Raises:
            OSError, ProjectError: It cannot be written; what was there before stays.
        """
        write_bytes(self.folder / NOTE, msgspec.json.encode(note))
        write_project(Project(document), self.folder / WORK)
        self.unmark()

    def note(self) -> Note:
        """Return what was noted; nothing if that cannot be read."""
        try:
            with open(self.folder / NOTE, "rb") as file:
                return msgspec.json.decode(file.read(bounds.LARGEST_NOTE_FILE), type=Note)
        except (OSError, msgspec.MsgspecError, UnicodeError):
            return Note()

    def read(self) -> Document:
        """Return the document.

        Raises:
            ProjectError: It is damaged.
        """
        return load_project(self.folder / WORK)

    def release(self) -> None:
        """Leave it to whoever looks for kept work next."""
        os.close(self._lock)

    def delete(self) -> None:
        """Remove it: it is saved, or nobody wants it."""
        for name in (WORK, NOTE, MARK):
            with suppress(OSError):
                (self.folder / name).unlink(missing_ok=True)
        _remove(self.folder, self._lock)

    def set_aside(self) -> Path:
        """Move it to where nobody looks for kept work; return its file there."""
        target = self.folder.parent.parent / SET_ASIDE / self.folder.name
        self.release()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self.folder.rename(target)
        except OSError:
            return self.folder / WORK  # it stays, and is told of again
        return target / WORK


def kept_folder() -> Path:
    """The folder of all kept work; not created here."""
    return user_state_dir() / "kept"


def create(root: Path) -> KeptWork:
    """Make a place for work to be kept in.

    Raises:
        OSError: The folder cannot be written.
    """
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        name = f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        folder = root / name
        folder.mkdir(mode=0o700)
        # Before it was locked another process may have removed it as an empty one.
        with suppress(FileNotFoundError):
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            try_lock(lock)
            if (folder / LOCK).exists():
                return KeptWork(folder, lock)
            os.close(lock)


def claim_newest(root: Path) -> tuple[KeptWork | None, int]:
    """Take over the newest work that no living process has; also tell how many more there are."""
    try:
        folders = [folder for folder in root.iterdir() if folder.is_dir()]
    except OSError:
        return None, 0
    claimed = [kept for folder in folders if (kept := _claim(folder)) is not None]
    claimed.sort(key=lambda kept: (kept.kept_at, kept.folder.name))
    for kept in claimed[:-1]:
        kept.release()
    return (claimed[-1], len(claimed) - 1) if claimed else (None, 0)


def _claim(folder: Path) -> KeptWork | None:
    """Take over work if its owner has ended; an empty place is removed."""
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    if not try_lock(lock):
        os.close(lock)
        return None
    remove_abandoned(folder)
    if (folder / WORK).is_file():
        return KeptWork(folder, lock)
    with suppress(OSError):
        (folder / NOTE).unlink(missing_ok=True)
    _remove(folder, lock)
    return None


def _remove(folder: Path, lock: int) -> None:
    """Remove a place, which holds no more than its lock."""
    if os.name == "posix":  # still locked: nobody else can take it for theirs
        with suppress(OSError):
            (folder / LOCK).unlink()
    os.close(lock)
    with suppress(OSError):
        (folder / LOCK).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
