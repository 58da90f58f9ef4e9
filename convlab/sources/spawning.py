"""What every child process of the program needs from its parent."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

_starting = threading.Lock()


@contextmanager
def without_main_module() -> Iterator[None]:
    """Hide the program's main module while a child starts.

    A spawned child imports its parent's main module, and here that would load the window's whole
    library into a process that needs none of it (or run the program again, if it has no guard).
    """
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def waited(pid: int | None) -> float:
    """Return how long a process has waited for a processor [s]; 0 where nobody tells."""
    try:
        text = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii")
        return int(text.split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
