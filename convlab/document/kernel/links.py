"""What is joined by a convolution: an input pixel and the outputs it feeds, a cell and its inputs.

Rows and columns do not mix, so each link is a choice of rows and one of columns. Pure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from convlab.document.kernel.job import KernelJob
from convlab.engine.border import Border, sources
from convlab.engine.window import IndexArray, Window

Cell = tuple[int, int]


class Lattice(NamedTuple):
    """Places that are all pairs of some rows and some columns.

    Attributes:
        rows: Rising, ``(n,)``.
        columns: Rising, ``(m,)``.
    """

    rows: IndexArray
    columns: IndexArray

    @property
    def size(self) -> int:
        """How many places there are."""
        return self.rows.size * self.columns.size


def fed_by(job: KernelJob, pixel: Cell) -> Lattice:
    """Return the outputs that an input pixel feeds; through copies in the padding, too.

    Args:
        job: Says how the kernel travels.
        pixel: (row, column) in the picture; in the padding it feeds what its own cell does.
    """
    found = (
        _fed(axis, size, count, at, Border(job.layer.border))
        for axis, size, count, at in zip(
            job.axes, job.input_size, job.output_size, pixel, strict=True
        )
    )
    return Lattice(*found)


def _fed(axis: Window, size: int, count: int, at: int, border: Border) -> IndexArray:
    """Return the outputs along one axis whose window holds a pixel, or a copy of it."""
    padded = np.arange(-axis.before, size + axis.after)
    copied = sources(size, axis.before, axis.after, border) if 0 <= at < size else padded
    cells = padded[copied == at]
    # An output o holds the cell x if x = s*o - before + d*c for a c of its kernel.
    reach = cells[:, None] + axis.before - axis.dilation * np.arange(axis.kernel)
    outputs, rest = np.divmod(reach, axis.stride)
    found: IndexArray = np.unique(outputs[(rest == 0) & (outputs >= 0) & (outputs < count)])
    return found


def met_by(job: KernelJob, cell: Cell) -> Lattice:
    """Return the input pixels that a cell of the kernel meets on its way over the picture.

    Args:
        job: Says how the kernel travels.
        cell: (row, column) of the kernel as it is written.
    """
    laid = laid_at(job, cell)
    found = (
        axis.stride * np.arange(count) - axis.before + axis.dilation * at
        for axis, count, at in zip(job.axes, job.output_size, laid, strict=True)
    )
    return Lattice(*found)


def laid_at(job: KernelJob, cell: Cell) -> Cell:
    """Return where a cell of the kernel as it is written lies once it is laid, and back."""
    if not job.layer.flip:
        return cell
    down, across = job.axes
    return down.kernel - 1 - cell[0], across.kernel - 1 - cell[1]
