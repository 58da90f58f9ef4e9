"""Arrays from the bytes of ``.npy`` files; nothing in them is run."""

from __future__ import annotations

import io
import math
import sys
import tokenize
from typing import Any

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


def unpack_array(data: bytes, kinds: str = "fiu") -> AnyArray:
    """Return the array of a ``.npy`` file; its size is that of the file, whatever it claims.

    bfloat16, which NumPy writes as two bytes of nothing it knows, becomes float32.

    Args:
        data: The whole file.
        kinds: NumPy's letters of what it may hold.

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
    is_bfloat = dtype.kind == "V" and dtype.itemsize == 2 and dtype.names is None
    if dtype.kind not in kinds and not is_bfloat:
        raise Rejection(f"an array in it holds {_said(dtype)}", "save it as float32")
    rest = memoryview(data)[stream.tell() :]
    if min(shape, default=0) < 0 or len(rest) != math.prod(shape) * dtype.itemsize:
        raise Rejection("an array in it is cut off or damaged", "save it again")
    if dtype.kind == "U" and not _is_text(np.frombuffer(rest, dtype.byteorder + "u4")):
        raise Rejection("a text in it is damaged", "save it again")
    values = np.frombuffer(rest, "<u2" if is_bfloat else dtype)
    values = from_bfloat16(values) if is_bfloat else values
    return values.reshape(shape, order="F" if is_fortran else "C")


def from_bfloat16(bits: AnyArray) -> AnyArray:
    """Return what bfloat16 means, as float32: it is that without its lower half."""
    return (bits.astype("<u4") << 16).view("<f4")


def _is_text(codes: AnyArray) -> bool:
    """Tell whether numbers are characters: NumPy makes strings of any, which nothing can show."""
    is_surrogate = (codes >= 0xD800) & (codes <= 0xDFFF)
    return not bool((is_surrogate | (codes > sys.maxunicode)).any())


def _said(dtype: np.dtype[Any]) -> str:
    if dtype.kind == "V" and dtype.itemsize == 1 and dtype.names is None:
        return "numbers of one byte, probably float8, whose kind it does not tell"
    return f"{dtype} where numbers belong"
