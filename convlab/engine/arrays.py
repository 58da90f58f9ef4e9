"""Names for the array types that pass between modules."""

import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
AnyArray = NDArray[Any]
DoubleArray = NDArray[np.float64]

SIGN = np.uint32(1 << 31)
"""The bit of a float32 that tells its sign: ``np.copysign`` takes five times as long."""

LONG_RUN = 512
"""Numbers of a row: with fewer it takes longer to come to the row than to compute with it."""


def read_rows_as_they_lie(length: int) -> None:
    """Let NumPy not copy what is repeated along rows so long; within ``np.errstate``, to its end.

    It copies a number per row to a buffer of 8192, as often as it is used. Where a row is longer
    than the buffer it does not, and takes a quarter of the time.
    """
    if length >= LONG_RUN:
        np.setbufsize(16)


def native(array: NDArray[Any]) -> NDArray[Any]:
    """Return numbers in this machine's byte order, without a copy where they are.

    Files hand out others (FITS, TIFF, PGM): NumPy tells their types apart, OpenCV does not.
    """
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array, made read-only: what is published is shared between threads."""
    array.flags.writeable = False
    return array


def is_frozen(array: NDArray[Any]) -> bool:
    """Tell whether nobody can write into an array, nor into what it is a view of."""
    while not array.flags.writeable:
        if not isinstance(array.base, np.ndarray):
            return array.base is None or file_of(array) is not None  # it has one array over it
        array = array.base
    return False


def root_of(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array that owns the memory of another, or has it of a file."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def file_of(array: NDArray[Any]) -> mmap.mmap | None:
    """Return the file in which an array lies; None if that is plain memory."""
    base: Any = root_of(array).base
    file = base.obj if isinstance(base, memoryview) else base
    return file if isinstance(file, mmap.mmap) else None


def lies_pictures_last(x: NDArray[Any]) -> bool:
    """Tell whether a batch ``(N, C, H, W)`` lies in memory as ``(C, H, W, N)``, without gaps.

    Training lays small pictures out so: what one channel has is one long run, whatever their size.
    """
    return x.ndim == 4 and not x.flags.c_contiguous and x.transpose(1, 2, 3, 0).flags.c_contiguous


def pictures_last(x: NDArray[Any]) -> NDArray[Any]:
    """Return a batch ``(N, C, H, W)`` as contiguous ``(C, H, W, N)``; a view where it lies so."""
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0))


def pictures_first(x: NDArray[Any]) -> NDArray[Any]:
    """Return what ``pictures_last`` gave as ``(N, C, H, W)``, a view that still lies so."""
    return x.transpose(3, 0, 1, 2)
