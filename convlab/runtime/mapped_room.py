"""Room for the weights of opened networks in files without names, which end with them.

History keeps the networks that were open before, each of them whole. In a file they take no memory
while nobody reads them.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from typing import IO
from weakref import WeakSet

import numpy as np

from convlab.engine.arrays import AnyArray

_LEAST = 1 << 20  # smaller ones are left in memory [bytes]
_PIECE = 1 << 20  # written at once where the system cannot reserve room [bytes]
_files: WeakSet[mmap.mmap] = WeakSet()


def mapped_room(nbytes: int) -> AnyArray:
    """Return uint8 ``(nbytes,)`` of any numbers, in plain memory where there is no such file.

    What was in files before leaves the memory; what is still read comes back by itself.
    """
    for each in list(_files):
        if hasattr(mmap, "MADV_DONTNEED"):
            each.madvise(mmap.MADV_DONTNEED)
    if nbytes < _LEAST:
        return np.empty(nbytes, np.uint8)
    try:
        with tempfile.TemporaryFile(prefix="convlab-") as file:
            _reserve(file, nbytes)
            mapped = mmap.mmap(file.fileno(), nbytes)
            _files.add(mapped)
    except OSError:
        return np.empty(nbytes, np.uint8)
    return np.frombuffer(mapped, np.uint8)


def _reserve(file: IO[bytes], nbytes: int) -> None:
    """Make a file so long, all of it on the disk: one that fills up later would end the program.

    Raises:
        OSError: There is no room.
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, nbytes)
        return
    zeros = bytes(_PIECE)
    for start in range(0, nbytes, _PIECE):
        file.write(zeros[: nbytes - start])
    file.flush()
