"""How the process keeps the memory of large arrays."""

from __future__ import annotations

from convlab.engine.heap import of_glibc

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # <malloc.h>
KEPT = 1024 * 1024 * 1024  # three planes of 24 million pixels are 288 million [bytes]


def keep_large_blocks() -> None:
    """Let glibc keep the blocks of freed pictures instead of handing them back to the system.

    Every new picture would otherwise touch a thousand pages that the system must first clear; live
    720p loses about a tenth of its frames to that. Elsewhere than on glibc nothing happens.
    """
    mallopt = of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, KEPT)
        mallopt(_M_TRIM_THRESHOLD, KEPT)
