"""What lives beyond the test that made it: threads, child processes, timers and windows."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, NamedTuple

ENGINE_THREADS = "convlab-engine"  # sleep until they are needed again, for as long as Python runs


class Named(NamedTuple):
    """Something that lives."""

    name: str
    root: object  # what takes it along when it goes; itself, if nothing does


Living = dict[object, Named]
"""Each by something that tells it from others."""


def living() -> Living:
    """Return all that should not outlive whoever made it."""
    return dict([*_threads(), *_children(), *_timers(), *_windows()])


def left_since(before: Living) -> list[str]:
    """Return the names of what has come and still lives, without what is part of it."""
    new = {thing: named for thing, named in living().items() if thing not in before}
    return sorted(
        named.name for thing, named in new.items() if named.root == thing or named.root not in new
    )


def _threads() -> Iterator[tuple[object, Named]]:
    for thread in threading.enumerate():
        is_foreign = isinstance(thread, threading._DummyThread)  # of Qt: Python never sees its end
        if not is_foreign and not thread.name.startswith(ENGINE_THREADS):
            yield thread, Named(f"thread {thread.name}", thread)


def _children() -> Iterator[tuple[object, Named]]:
    tracker = getattr(resource_tracker, "_resource_tracker")._pid  # noqa: B009
    for pid in _child_pids() - {tracker}:
        yield pid, Named(f"child process {pid} {_command(pid)}".rstrip(), pid)


def _child_pids() -> set[int]:
    pids = {child.pid for child in multiprocessing.active_children() if child.pid is not None}
    for file in Path("/proc/self/task").glob("*/children"):  # none but on Linux
        with suppress(OSError):  # of a thread that ended just now
            pids |= {int(pid) for pid in file.read_text("ascii").split()}
    return pids


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return " ".join(os.fsdecode(word) for word in words)[:100]


def _timers() -> Iterator[tuple[object, Named]]:
    if "PySide6.QtCore" not in sys.modules:
        return
    from PySide6.QtCore import QTimer
    from shiboken6 import Shiboken

    for timer in Shiboken.getAllValidWrappers():
        if isinstance(timer, QTimer) and timer.isActive():
            what = f"timer {timer.objectName()}".rstrip()
            where = f" in {_said(timer.parent())}" if timer.parent() else ""
            yield _key(timer), Named(f"{what} of {timer.interval()} ms{where}", _root(timer))


def _windows() -> Iterator[tuple[object, Named]]:
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtWidgets import QApplication

    for widget in QApplication.topLevelWidgets():
        yield _key(widget), Named(f"top-level widget {_said(widget)}", _root(widget))


def _key(thing: Any) -> object:
    from shiboken6 import Shiboken

    return "C++", Shiboken.getCppPointer(thing)[0]


def _root(thing: Any) -> object:
    parent = thing.parent()
    return _key(thing) if parent is None else _root(parent)


def _said(thing: Any) -> str:
    """Name an object of Qt and where it hangs."""
    name = f"{type(thing).__name__} {thing.objectName()}".rstrip()
    return name if thing.parent() is None else f"{name} of {_said(thing.parent())}"
