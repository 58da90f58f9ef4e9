"""The memory that the C library keeps for later; tuned where that is glibc."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from convlab.engine import buffers


def give_back() -> None:
    """Hand what is kept and not used back to the system: much less is needed from now on."""
    buffers.forget()
    trim = of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def of_glibc(name: str) -> Any:
    """Return a function of glibc, or None elsewhere."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
