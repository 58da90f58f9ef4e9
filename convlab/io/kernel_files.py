"""One kernel from the bytes of a text: in any form that can be pasted, or as a table."""

from __future__ import annotations

from convlab.document.kernel.model import MAX_KERNEL_SIZE
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.io import text
from convlab.io.rejection import Rejection
from convlab.io.tables import unpack_matrix

_REMEDY = "choose a file with a kernel"


def kernel_in(data: bytes) -> FloatArray:
    """Return the kernel that a text holds, ``(kh, kw)``.

    Raises:
        Rejection: There is none, or it is no text.
    """
    try:
        return kernels.parse(text.decode(data))
    except Rejection:
        raise
    except ValueError as error:
        kernel = _table(data)
        if kernel is not None:
            return kernel
        why, _, remedy = str(error).partition(": ")
        raise Rejection(why, remedy or _REMEDY) from None


def _table(data: bytes) -> FloatArray | None:
    """Return a table as a kernel; None if it holds other things than numbers, or too many."""
    try:
        matrix = unpack_matrix(data)
    except Rejection:
        return None
    return matrix if max(matrix.shape) <= MAX_KERNEL_SIZE else None
