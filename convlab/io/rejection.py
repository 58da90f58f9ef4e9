"""Why a file is rejected, and reading one that is not: shared by all readers of untrusted files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convlab.document.file_name import shown_name
from convlab.io import reading

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


def read_regular_file(path: Path, largest: int, may_be_empty: bool = False) -> bytes:
    """Return a file's bytes; what could block for ever is rejected before it is opened.

    Args:
        path: The file.
        largest: That it may be [bytes].
        may_be_empty: It has something to say without a byte, too.

    Raises:
        Rejection: It is missing, a folder, a device or pipe, empty, larger than that, not to be
            read, or changes meanwhile.
        Cancelled: Whoever follows has let go of it (see ``reading``).
    """
    size = check_regular_file(path)
    if size > largest:
        raise Rejection(f"it is larger than {in_words(largest)}", "choose a smaller file")
    if size == 0 and not may_be_empty:
        raise Rejection("it is empty", "choose another file")
    try:
        return reading.read_bytes(path, size)
    except reading.ChangedError:
        raise Rejection(
            "it changes while it is read", "wait until it is written, and open it again"
        ) from None
    except PermissionError:
        raise Rejection("reading it is not allowed", "check its permissions") from None
    except OSError as error:
        raise Rejection(f"reading it fails ({error.strerror})", "copy it to another disk") from None
    except MemoryError:
        raise Rejection("there is no memory for it", "close other programs") from None


def check_regular_file(path: Path) -> int:
    """Return the size of a file [bytes].

    Raises:
        Rejection: It is missing, a folder, a device, pipe or socket.
    """
    try:
        status = path.stat()
    except PermissionError:
        raise Rejection("its folder may not be opened", "check its permissions") from None
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
