"""How the process keeps the memory of large arrays."""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # <malloc.h>
KEPT = 256 * 1024 * 1024  # [bytes]


def keep_large_blocks() -> None:
    """Let glibc keep the blocks of freed pictures instead of handing them back to the system.

    Every new picture would otherwise touch a thousand pages that the system must first clear; live
    720p loses about a tenth of its frames to that. Elsewhere than on glibc nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(_M_ARENA_MAX, 1)
    mallopt(_M_MMAP_THRESHOLD, KEPT)
    mallopt(_M_TRIM_THRESHOLD, KEPT)
