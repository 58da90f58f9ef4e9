"""Why a file is rejected, and reading one that is not: shared by all readers of untrusted files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convlab.document.file_name import shown_name

COPY = "restore it from a copy"


class Rejection(ValueError):
    """Why something cannot be read; whoever knows the file's name makes a message of it.

    Attributes:
        why: The reason, to follow "because".
        remedy: What to do.
    """

    def __init__(self, why: str, remedy: str = COPY) -> None:
        super().__init__(why)
        self.why = why
        self.remedy = remedy


@contextmanager
def raised_as(kind: type[Exception], path: str | os.PathLike[str], what: str) -> Iterator[None]:
    """Turn a Rejection into an error that names the file: "NAME what, because why: remedy."."""
    try:
        yield
    except Rejection as error:
        name = shown_name(path)
        raise kind(f"{name} {what}, because {error.why}: {error.remedy}.") from error


def read_regular_file(path: Path, largest: int) -> bytes:
    """Return a file's bytes; what could block for ever is rejected before it is opened.

    Raises:
        Rejection: It is missing, a folder, a device or pipe, larger than that, or not to be read.
    """
    if check_regular_file(path) > largest:
        raise Rejection(f"it is larger than {in_words(largest)}", "choose a smaller file")
    try:
        return path.read_bytes()
    except (OSError, MemoryError):
        raise Rejection("reading it is not allowed or fails", "check its permissions") from None


def check_regular_file(path: Path) -> int:
    """Return the size of a file [bytes].

    Raises:
        Rejection: It is missing, a folder, a device or pipe.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        raise Rejection("it is not there", "choose another file") from None
    if stat.S_ISDIR(status.st_mode):
        raise Rejection("it is a folder", "choose a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise Rejection("it is a device or pipe", "choose a regular file")
    return status.st_size


def in_words(size: int) -> str:
    """Return a size in MB, for a message."""
    return f"{size / (1 << 20):.0f} MB"
