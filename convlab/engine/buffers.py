"""Memory for large results and intermediate planes that is used again.

The system hands out memory page by page as it is first written to, which takes several times as
long as filling it: a new plane of 720p costs more than sliding a kernel over it. So what nobody
holds any more, neither the array nor any view of it, is lent out again.
"""

from __future__ import annotations

import math
import mmap
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from convlab.engine.arrays import AnyArray, FloatArray

# Smaller ones the C library keeps by itself [bytes].
_LEAST = 1 << 17
# Every array begins with a page: a vector of the processor that crosses a line of the cache takes
# twice as long, and so does reading a little behind what is written, but for the page [bytes].
_PAGE = 4096
_MOST_KEPT = 1 << 26  # free memory in all [bytes]
_LOOKS = 8  # while as much as that is given back
_MOST_BLOCKS = 2  # free ones of a kind
_WASTE = 1.25  # a block may be so many times as large as what it is lent for


class _Block(np.ndarray):
    """Memory of bytes; views of another type than it keep the array it was lent as alive."""

    begin: int  # where an array is put in it
    length: int  # [bytes]: found in half the time of ``nbytes``


class _Loan(weakref.ref[Any]):
    """Tells when the last holder of an array has let it go."""

    __slots__ = ("block",)
    block: _Block


# Under the identity of each. Single operations of a dict are atomic: an array may be let go in any
# thread, and in the middle of what that thread does here.
_free: dict[int, _Block] = {}
_loans: dict[int, _Loan] = {}
# Given back since the last look; two threads at once may lose some of it.
_unchecked = 0


def empty(shape: tuple[int, ...], kind: DTypeLike = np.float32) -> AnyArray:
    """Return a contiguous array of any numbers, as ``np.empty``, in memory that nobody holds."""
    size = math.prod(shape) * 4
    if size < _LEAST or (kind is not np.float32 and kind != np.float32):
        return np.empty(shape, kind)
    return _lent(_take(size + _PAGE), shape, _give_back)


def _lent(block: _Block, shape: tuple[int, ...], give_back: Callable[[_Loan], None]) -> AnyArray:
    """Return an array in a block, which is given back when nobody holds it any more."""
    array: AnyArray = np.ndarray(shape, np.float32, block, block.begin)
    loan = _Loan(array, give_back)
    loan.block = block
    _loans[id(loan)] = loan
    return array


def _take(size: int) -> _Block:
    most = size * _WASTE
    for key, block in reversed(list(_free.items())):  # what was used last is still in the cache
        if size <= block.length <= most and _free.pop(key, None) is not None:
            return block
    block = _Block(size, np.uint8)
    block.begin, block.length = -block.ctypes.data % _PAGE, size
    return block


def _give_back(loan: _Loan) -> None:
    global _unchecked
    del _loans[id(loan)]
    block = loan.block
    _free[id(block)] = block
    _unchecked += block.length
    if _LOOKS * _unchecked > _MOST_KEPT:  # adding up takes as long as all of the rest
        _unchecked = 0
        _trim()


def _trim() -> None:
    """Let free memory go beyond what is kept, the longest unused first."""
    kept = list(_free.items())
    total = sum([each.length for _, each in kept])
    for key, each in kept:
        if total <= _MOST_KEPT:
            break
        total -= each.length
        _free.pop(key, None)


def forget() -> None:
    """Keep no free memory."""
    _free.clear()


class Blocks:
    """Lends blocks of one length, as large as all results of a network, again and again.

    They lie outside of the heap, which they would leave full of holes.

    Attributes:
        length: Of each, in float32 values.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        self._free: dict[int, _Block] = {}

    def take(self) -> FloatArray:
        """Return any numbers ``(length,)`` in memory that nobody holds."""
        try:
            _, block = self._free.popitem()  # what was used last is still in the cache
        except KeyError:
            size = self.length * 4 + _PAGE
            block = _Block(size, np.uint8, mmap.mmap(-1, size))
            block.begin, block.length = -block.ctypes.data % _PAGE, size
        return _lent(block, (self.length,), self._give_back)

    def _give_back(self, loan: _Loan) -> None:
        del _loans[id(loan)]
        self._free[id(loan.block)] = loan.block
        while len(self._free) > _MOST_BLOCKS:
            self._free.popitem()
