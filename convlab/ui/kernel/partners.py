"""What belongs together in input, kernel and output: frames, places and values."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF

from convlab.document.kernel.displays import as_shown
from convlab.document.kernel.job import KernelJob, KernelShown, Panel
from convlab.document.kernel.links import Lattice, fed_by, met_by
from convlab.document.kernel.resolve import first_anchor
from convlab.document.kernel.slide import waiting_spans
from convlab.document.sight import Sampling
from convlab.document.stack.arithmetic import Products
from convlab.engine.arrays import FloatArray
from convlab.engine.color import ColorSpace
from convlab.engine.window import IndexArray
from convlab.ui.numbers import show_number
from convlab.ui.widgets.unit_text import place_text

Cell = tuple[int, int]
MOST_MARKS = 1000  # as many as can be told apart and are painted at once


def patch_frames(sum_: Products, laid: Cell | None) -> list[QRectF]:
    """Return what to frame on the input.

    Args:
        sum_: The patch is framed, or its single cells if it is dilated.
        laid: A cell of the kernel as it is laid: the pixel that it meets is framed, too.
    """
    (top, left), (down, across) = sum_.corner, sum_.step
    rows, columns = sum_.padded.shape

    def frame(row: int, column: int) -> QRectF:
        return QRectF(left + across * column, top + down * row, 1, 1)

    if sum_.step == (1, 1):
        frames = [QRectF(left, top, columns, rows)]
    else:
        frames = [frame(*at) for at in np.ndindex(rows, columns)]
    if laid is not None:
        frames.append(frame(*laid))
    return frames


def cell_frames(probe: tuple[int, int] | None) -> list[QRectF]:
    """Return what to frame on the output: the pixel whose sum is shown."""
    return [] if probe is None else [QRectF(probe[1], probe[0], 1, 1)]


def fed_marks(job: KernelJob, pixel: Cell) -> list[QRectF]:
    """Return what to mark on the output: all that an input pixel feeds."""
    return _lattice_rects(fed_by(job, pixel))


def met_marks(job: KernelJob, cell: Cell) -> list[QRectF]:
    """Return what to mark on the input: all that a cell of the kernel meets on its way."""
    return _lattice_rects(met_by(job, cell))


def _lattice_rects(lattice: Lattice) -> list[QRectF]:
    """Return the places as rectangles; the one around them if there would be too many."""
    if not lattice.size:
        return []
    rows, columns = _runs(lattice.rows), _runs(lattice.columns)
    if len(rows) * len(columns) > MOST_MARKS:
        rows, columns = ([(runs[0][0], runs[-1][1])] for runs in (rows, columns))
    return [
        QRectF(left, top, right - left, bottom - top)
        for top, bottom in rows
        for left, right in columns
    ]


def _runs(numbers: IndexArray) -> list[tuple[int, int]]:
    """Return where rising numbers follow each other without a gap: first, and one past the last.

    >>> _runs(np.array([2, 3, 4, 7]))
    [(2, 5), (7, 8)]
    """
    parts = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def cover_frames(job: KernelJob) -> list[QRectF]:
    """Return what to cover of the output: where a sliding window has not been yet."""
    viewing = job.viewing
    if viewing.probe is None or not viewing.is_sliding:
        return []
    spans = waiting_spans(viewing.probe, job.output_size)
    return [QRectF(left, top, columns, rows) for top, left, rows, columns in spans]


def partner(shown: KernelShown, pixel: Cell) -> Cell | None:
    """Return the cell of the kernel, as it is laid, that meets an input pixel; None: none does."""
    if not shown.sums:
        return None
    sum_ = shown.sums[0]
    place = []
    for at, corner, step, count in zip(
        pixel, sum_.corner, sum_.step, sum_.padded.shape, strict=True
    ):
        number, rest = divmod(at - corner, step)
        if rest or not 0 <= number < count:
            return None
        place.append(number)
    return place[0], place[1]


def sampling(job: KernelJob) -> Sampling:
    """Return where the output's pixels lie over the input: under the kernel's anchor."""
    down, across = job.axes
    return Sampling((first_anchor(down), first_anchor(across)), down.stride)


def input_under(job: KernelJob, cell: Cell) -> Cell:
    """Return the input pixel under the anchor of an output pixel."""
    found = sampling(job)
    return found.first[0] + cell[0] * found.step, found.first[1] + cell[1] * found.step


def region_of(shown: KernelShown, found: Sampling) -> QRectF:
    """Return all that input and output cover, in coordinates of the input."""
    return _drawn(shown.input) | rect_outward(found, _drawn(shown.output))


def rect_outward(found: Sampling, rect: QRectF) -> QRectF:
    """Return where a part of the output lies over the input."""
    top, left = found.outward(rect.top() + 0.5, rect.left() + 0.5)
    # The first pixel lies over the middle of its steps.
    half, step = (found.step - 1) / 2, found.step
    return QRectF(left - 0.5 - half, top - 0.5 - half, rect.width() * step, rect.height() * step)


def rect_inward(found: Sampling, rect: QRectF) -> QRectF:
    """Return which part of the output lies over a part of the input."""
    top, left = found.inward(rect.top(), rect.left())
    return QRectF(left, top, rect.width() / found.step, rect.height() / found.step)


def pixel_text(shown: KernelShown, pixel: Cell, cell: Cell, feeding: Cell | None = None) -> str:
    """Return what the input has at a pixel and the output at a cell, rounded for reading.

    Args:
        shown: The result.
        pixel: Of the input.
        cell: Of the output.
        feeding: The input pixel of which is said how many outputs it feeds, or None.
    """
    value = _values(shown.input, pixel)
    value = f"{value}{_own(shown, pixel)}" if value else _padding(shown.input, pixel)
    at = f" {place_text(*cell)}" if cell != pixel else ""
    result = _values(shown.output, cell)
    if shown.usage is not None and not value.startswith("padding"):
        value = times_text(int(shown.input.planes[(0, *pixel)]))
    says = f"input {place_text(*pixel)} = {value}    output{at} = {result or 'none'}"
    if feeding is None:
        return says
    count = fed_by(shown.job, feeding).size
    outputs = {0: "no output", 1: "1 output"}.get(count, f"{count} outputs")
    return f"{says}    feeds {outputs}"


def times_text(count: int) -> str:
    """Return how often something is used."""
    return {0: "never used", 1: "used once"}.get(count, f"used {count:,} times")


def _padding(panel: Panel, place: Cell) -> str:
    row, column = (at - first for at, first in zip(place, panel.origin, strict=True))
    rim = panel.rim
    if rim is None or not (0 <= row < len(rim.rows) and 0 <= column < len(rim.columns)):
        return "padding"
    values = rim.values(panel.planes, row, column)
    return f"padding {', '.join(map(show_number, values))}"


def _values(panel: Panel, place: Cell) -> str:
    """Return the numbers at a place as they are shown, and the raw ones where those differ."""
    (row, column), values = place, panel.values
    if not (0 <= row < values.shape[1] and 0 <= column < values.shape[2]):
        return ""
    raw = values[:, row, column]
    shown, written = (_numbers(panel, each) for each in (as_shown(panel, raw), raw))
    return shown if shown == written else f"{shown} (raw {written})"


def _own(shown: KernelShown, pixel: Cell) -> str:
    """Return the picture's own numbers at a pixel, where it is deeper than 8 bits."""
    scale, job = shown.job.frame.scale, shown.job
    is_color = job.state.channels.space in (ColorSpace.GREY, ColorSpace.RGB)
    if scale is None or scale[:2] == (0.0, 1.0) or not is_color or job.spread > 1:
        return ""
    values = shown.input.planes[(slice(None), *pixel)].tolist()
    return f" ({', '.join(show_number(scale.own(value)) for value in values)} in the picture)"


def _numbers(panel: Panel, values: FloatArray) -> str:
    rounding = panel.scale.rounding
    return ", ".join(show_number(each if abs(each) > rounding else 0.0) for each in values.tolist())


def _drawn(panel: Panel) -> QRectF:
    rows, columns = panel.extent
    return QRectF(panel.origin[1], panel.origin[0], columns, rows)
