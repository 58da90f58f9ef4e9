"""The kernel's way over the picture: place after place, row by row, and the numbers around it."""

from __future__ import annotations

import numpy as np

from convlab.document.kernel.job import KernelJob, Showing, Slide
from convlab.document.stack.detail import met
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.window import IndexArray, Window

Size = tuple[int, int]
Span = tuple[int, int, int, int]
"""First row, first column, and how many of each."""


def number_of(place: Size, size: Size) -> int:
    """Return which of all places one is, counted from 0 row by row.

    >>> number_of((1, 2), (4, 4))
    6
    """
    return place[0] * size[1] + place[1]


def place_of(number: int, size: Size) -> Size:
    """Return the place with a number; the nearest one where there is none.

    >>> place_of(6, (4, 4))
    (1, 2)
    """
    rows, columns = size
    return divmod(min(max(number, 0), rows * columns - 1), columns)


def waiting_spans(place: Size, size: Size) -> list[Span]:
    """Return the parts of the output where a window has not been yet.

    >>> waiting_spans((1, 2), (4, 4))
    [(1, 3, 1, 1), (2, 0, 2, 4)]
    """
    (row, column), (rows, columns) = place, size
    spans = [(row, column + 1, 1, columns - column - 1), (row + 1, 0, rows - row - 1, columns)]
    return [span for span in spans if span[2] and span[3]]


def take_slide(
    job: KernelJob, planes: FloatArray, output: FloatArray, as_shown: Showing
) -> Slide | None:
    """Return the numbers around the job's probe; None where no window slides.

    Both grids turn over together, like pages: as long as the window stays on one nothing but the
    window moves, and the grid of the picture holds just what the places of the output meet.

    Args:
        job: What is wanted.
        planes: What the kernel runs over ``(C, H, W)``.
        output: Its values ``(C', H', W')``.
        as_shown: Returns some of them as the numbers that they are shown as.
    """
    viewing = job.viewing
    if viewing.probe is None or not viewing.is_sliding:
        return None
    down, across = job.axes
    rows, columns = viewing.slide_room
    counts = _fitting(down, rows, 0), _fitting(across, columns - across.kernel, 1)
    starts, shown = zip(
        *(
            _page(at, size, count)
            for at, size, count in zip(viewing.probe, job.output_size, counts, strict=True)
        ),
        strict=True,
    )
    rooms = rows, columns - across.kernel - shown[1]
    sizes = zip(job.axes, job.input_size, starts, shown, rooms, strict=True)
    cells = [_met_by(*each) for each in sizes]
    values, padded = met(job.layer, planes, *cells)
    (top, left), (high, wide) = starts, shown
    numbers = np.add.outer(
        np.arange(top, top + high) * job.output_size[1], np.arange(left, left + wide)
    )
    corner = int(cells[0][0]), int(cells[1][0])
    window = (
        viewing.probe[0] * down.stride - down.before - corner[0],
        viewing.probe[1] * across.stride - across.before - corner[1],
    )
    return Slide(
        corner,
        frozen(values),
        frozen(padded),
        window,
        (top, left),
        frozen(as_shown(output[:, top : top + high, left : left + wide]).copy()),
        frozen(numbers > number_of(viewing.probe, job.output_size)),
    )


def _fitting(axis: Window, room: int, beside: int) -> int:
    """Return how many places of a window there is room for, at least one.

    Args:
        axis: The window.
        room: Numbers beside each other.
        beside: 1 if the places stand beside what they meet, 0 if in rows of their own.
    """
    return max((room - _span(axis) - beside) // (axis.stride + beside) + 1, 1)


def _span(axis: Window) -> int:
    """Return how many pixels lie from a window's first cell to its last."""
    return axis.dilation * (axis.kernel - 1) + 1


def _page(at: int, size: int, count: int) -> tuple[int, int]:
    """Return the first of the places shown with one of them, and how many there are."""
    count = min(count, size)
    return min(at // count * count, size - count), count


def _met_by(axis: Window, size: int, start: int, count: int, room: int) -> IndexArray:
    """Return the pixels that some places meet; all there are where all places are shown."""
    first = start * axis.stride - axis.before
    length = (count - 1) * axis.stride + _span(axis)
    whole = axis.before + size + axis.after
    if count == axis.output_size(size) and whole <= room:
        length = whole  # what a stride leaves out is seen to be left out
    cells: IndexArray = np.arange(first, first + length, dtype=np.int64)
    return cells
