"""Arrays with names, as bytes and back, in the format of safetensors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import numpy as np

from convlab.engine.arrays import AnyArray, frozen
from convlab.io import bounds
from convlab.io.arrays import from_bfloat16
from convlab.io.rejection import Rejection

_DTYPES: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F64": np.dtype("<f8"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U64": np.dtype("<u8"),
    "U32": np.dtype("<u4"),
    "U16": np.dtype("<u2"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
}
_BF16 = "BF16"
_FLOAT_8 = "multiply each array with its scale and save it as float32"  # alone it says little


def pack_tensors(tensors: Mapping[str, AnyArray]) -> bytes:
    """Return arrays as the bytes of a safetensors file; the same ones give the same.

    Bytes stay bytes, all numbers become float32.
    """
    from safetensors.numpy import save  # when it is needed: the program starts without it

    return save({name: np.ascontiguousarray(a, _written_as(a)) for name, a in tensors.items()})


def _written_as(array: AnyArray) -> str:
    return "u1" if array.dtype == np.uint8 else "<f4"


def unpack_tensors(data: bytes) -> dict[str, AnyArray]:
    """Return the arrays of a safetensors file, in the order of their names.

    bfloat16, which NumPy does not know, becomes float32: it is that without its lower half.

    Raises:
        Rejection: It is damaged, or holds numbers of a kind that NumPy does not know.
    """
    import safetensors

    # The list in front is read as JSON, which takes many times its room.
    if int.from_bytes(data[:8], "little") > min(bounds.LONGEST_TENSOR_LIST, max(len(data) - 8, 0)):
        raise Rejection("its weights are damaged or cut off")
    library: Any = safetensors  # its functions have no types
    try:
        entries = library.deserialize(data)
    except (safetensors.SafetensorError, ValueError, OverflowError, MemoryError):
        raise Rejection("its weights are damaged or cut off") from None
    return {name: _array(name, entry) for name, entry in sorted(entries, key=itemgetter(0))}


def _array(name: str, entry: Mapping[str, Any]) -> AnyArray:
    is_half = entry["dtype"] == _BF16
    dtype = _DTYPES["U16"] if is_half else _DTYPES.get(entry["dtype"])
    if dtype is None:
        kind = str(entry["dtype"])
        remedy = _FLOAT_8 if kind.startswith("F8") else "save it as float32"
        raise Rejection(f"{name[:80]!r} in it holds {kind} numbers", remedy)
    data, shape = entry["data"], tuple(entry["shape"])
    if len(data) != math.prod(shape) * dtype.itemsize:
        raise Rejection("its weights are damaged or cut off")
    values = np.frombuffer(data, dtype).reshape(shape)
    return frozen(from_bfloat16(values) if is_half else values)
