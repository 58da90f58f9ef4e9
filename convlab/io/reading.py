"""Reading a file's bytes so that whoever waits can see how far it is, and let go of it.

    with followed(report):
        read(path)      # any reader; each block of the file is reported

Whoever follows raises ``Cancelled`` to leave; readers that decode for long call ``go_on``, too.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TypeAlias

BLOCK = 4 << 20  # read at once [bytes]

Report: TypeAlias = Callable[[int, int], None]
"""Told how much is done, of how much in all; raises Cancelled to leave."""


class Cancelled(Exception):
    """Nobody waits for it any more."""


class ChangedError(Exception):
    """A file is not what it was when its reading began."""


def _silent(done: int, total: int) -> None:
    """Nobody follows."""


_report: ContextVar[Report] = ContextVar("report", default=_silent)


@contextmanager
def followed(report: Report) -> Iterator[None]:
    """Tell somebody of all that is read inside, in this thread."""
    token = _report.set(report)
    try:
        yield
    finally:
        _report.reset(token)


def go_on(done: int = 0, total: int = 0) -> None:
    """Say how far something is that takes long; nothing, if nobody counts.

    Raises:
        Cancelled: Nobody waits for it any more.
    """
    _report.get()(done, total)


@contextmanager
def part_of(done: int, total: int) -> Iterator[None]:
    """Tell of all that is read inside, however much, as so much done of a whole."""
    report = _report.get()
    with followed(lambda *_: report(done, total)):
        yield


def is_left() -> bool:
    """Tell whether nobody waits for it any more."""
    try:
        go_on()
    except Cancelled:
        return True
    return False


def read_bytes(path: Path, size: int) -> bytes:
    """Return the bytes of a regular file of a size that was looked up just now.

    Raises:
        ChangedError: It has become another kind of file, or was written or cut meanwhile.
        OSError: It cannot be read.
        Cancelled: Nobody waits for it any more.
    """
    # What has become a pipe since would wait for a writer.
    file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        before = os.fstat(file)
        if not stat.S_ISREG(before.st_mode) or before.st_size != size:
            raise ChangedError
        data = _read(file, size)
        after = os.fstat(file)
    finally:
        os.close(file)
    if len(data) != size or (after.st_size, after.st_mtime_ns) != (size, before.st_mtime_ns):
        raise ChangedError
    return data


def _read(file: int, size: int) -> bytes:
    """Return the bytes of an open file, no more than so many."""
    data = io.BytesIO()  # unlike a list of parts it is never copied
    while (done := data.tell()) < size:
        go_on(done, size)
        part = os.read(file, min(BLOCK, size - done))
        if not part:
            break
        data.write(part)
    return data.getvalue()
