"""The one way to write a file: a crash leaves the old one or the new one, never a half."""

from __future__ import annotations

import os
import re
import secrets
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from convlab.io.file_lock import try_lock

# The second part of the name says whose it is; the third keeps two writers apart.
_TEMPORARY = re.compile(r"\..+\.convlab\.[0-9a-f]{8}\.tmp", re.DOTALL)
_REPLACES_OPEN_FILES = sys.platform != "win32"
_LONGEST_WRITE = 3600.0  # [s]


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file by way of a temporary one beside it.

    A symbolic link stays one (its target is written), an existing file keeps its permissions and,
    where that is allowed, its owner; a new one gets those that the user's mask allows. What
    writers left behind that were ended in between is removed.

    Raises:
        OSError: The folder is missing, full or read-only; the old file is untouched.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(f"{target.name} is a folder: choose another name.")
    remove_abandoned(target.parent)
    descriptor, temporary = _create(target)
    try:
        with open(descriptor, "wb") as file:
            _fill(file, data, target)
            if not _REPLACES_OPEN_FILES:
                file.close()
            # Still locked: nobody takes it for abandoned before it has its name.
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def remove_abandoned(folder: Path) -> None:
    """Remove the temporary files in a folder whose writers were ended before they had finished.

    Only files with this module's names, of this user, that no living process holds.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        left = [entry.path for entry in entries if _TEMPORARY.fullmatch(entry.name)]
        for path in left:
            with suppress(OSError):
                _remove_if_abandoned(path)


def _remove_if_abandoned(path: str) -> None:
    found = os.lstat(path)
    is_mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    if not (stat.S_ISREG(found.st_mode) and is_mine):
        return
    if not _REPLACES_OPEN_FILES:  # nor removes them: one in use says so, unless just closed
        if time.time() - found.st_mtime > _LONGEST_WRITE:
            os.unlink(path)
        return
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        if try_lock(descriptor):
            os.unlink(path)
    finally:
        os.close(descriptor)


def _create(target: Path) -> tuple[int, Path]:
    """Create and lock the temporary file; return it open, and its path."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        name = f".{target.stem[:40]}.convlab.{secrets.token_hex(4)}.tmp"
        temporary = target.with_name(name)
        descriptor = os.open(temporary, flags, 0o666)
        try_lock(descriptor)
        if os.path.lexists(temporary):
            return descriptor, temporary
        os.close(descriptor)  # another writer took it for abandoned before it was locked


def _fill(file: BinaryIO, data: bytes, target: Path) -> None:
    """Wait until the bytes are on the disk: only then may the file replace another."""
    file.write(data)
    with suppress(OSError):  # there is no old file, or its folder knows no rights
        _take_rights(file.fileno(), target)
    file.flush()
    os.fsync(file.fileno())


def _take_rights(descriptor: int, target: Path) -> None:
    """Give an open file the owner and the permissions of another."""
    if sys.platform == "win32":
        return  # the folder's rights hold there
    old = target.stat()
    new = os.fstat(descriptor)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(OSError):
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    """Wait until a file's new name is on the disk, where the system can tell."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
