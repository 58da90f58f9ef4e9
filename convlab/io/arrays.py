"""Arrays from the bytes of ``.npy`` files; nothing in them is run."""

from __future__ import annotations

import io
import math
import tokenize

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io import bounds
from convlab.io.rejection import Rejection

_REMEDY = "choose a file of numbers"
_BAD_HEADER = (
    ValueError,
    TypeError,
    SyntaxError,
    tokenize.TokenError,
    RecursionError,
    MemoryError,
    OverflowError,
)


def unpack_array(data: bytes) -> AnyArray:
    """Return the array of a ``.npy`` file; its size is that of the file, whatever it claims.

    Raises:
        Rejection: It is damaged, or holds other things than numbers.
    """
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0
        if version == (2, 0):
            read = np.lib.format.read_array_header_2_0
        shape, is_fortran, dtype = read(stream, bounds.LONGEST_ARRAY_HEADER)
    except _BAD_HEADER:
        raise Rejection("an array in it is damaged or of no known format", _REMEDY) from None
    if dtype.kind not in "fiu":
        raise Rejection(f"an array in it holds {dtype} where numbers belong", "save it as float32")
    rest = memoryview(data)[stream.tell() :]
    if min(shape, default=0) < 0 or len(rest) != math.prod(shape) * dtype.itemsize:
        raise Rejection("an array in it is cut off or damaged", "save it again")
    return np.frombuffer(rest, dtype).reshape(shape, order="F" if is_fortran else "C")
