"""Arrays whose memory lies in a file: those of opened networks, of which history keeps many."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np

from convlab.engine.arrays import AnyArray


def root_of(array: AnyArray) -> AnyArray:
    """Return the array that owns the memory of another, or has it of a file."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def file_of(array: AnyArray) -> mmap.mmap | None:
    """Return the file in which an array lies; None if that is plain memory."""
    base: Any = root_of(array).base
    if isinstance(base, memoryview):
        base = base.obj
    return base if isinstance(base, mmap.mmap) else None
