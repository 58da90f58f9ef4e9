"""What lies around the pixels that an output sees: drawn padding, and pixels that none sees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convlab.document.kernel.job import KernelJob, Panel
from convlab.document.painted import Rim
from convlab.engine.arrays import ByteArray, frozen
from convlab.engine.border import Border, sources
from convlab.engine.coverage import never_used
from convlab.engine.cv import cv2
from convlab.engine.display import colorize, levels
from convlab.engine.window import IndexArray

# Padded cells are drawn at this strength over the tint, so that they are seen to be no pixels.
PADDING_STRENGTH = 0.45
PADDING_TINT = (190, 120, 150, 255)  # BGRA

_CV_BORDER: dict[Border, int] = {
    Border.ZEROS: cv2.BORDER_CONSTANT,
    Border.CONSTANT: cv2.BORDER_CONSTANT,
    Border.REPLICATE: cv2.BORDER_REPLICATE,
    Border.REFLECT: cv2.BORDER_REFLECT_101,
    Border.CIRCULAR: cv2.BORDER_WRAP,
}

# Pixels that no output sees fade into this.
UNUSED_STRENGTH = 0.3
UNUSED_TINT = (110, 110, 110, 255)  # BGRA


def _mixed(tint: tuple[int, int, int, int], strength: float) -> ByteArray:
    """Return what each level of a channel becomes where so much is left of it, ``(1, 256, 4)``."""
    left = np.arange(256, dtype=np.float32)[:, None] * np.float32(strength)
    mixed = (left + np.array(tint, np.float32) * np.float32(1 - strength)).astype(np.uint8)
    mixed[:, 3] = 255
    return frozen(mixed[None])


_PADDED = _mixed(PADDING_TINT, PADDING_STRENGTH)
_UNUSED = _mixed(UNUSED_TINT, UNUSED_STRENGTH)


def with_surroundings(job: KernelJob, panel: Panel) -> Panel:
    """Return an input panel with its padding drawn around it, and what is never used faded."""
    (rows, columns), (top, bottom, left, right) = job.input_size, job.padding
    factor = rows / len(panel.bgra)
    bgra = _with_padding(job, panel, _with_gaps(job, panel.bgra, factor), factor)
    return replace(
        panel,
        bgra=frozen(_faded(job, bgra, factor)),
        origin=(-top, -left),
        covered=(rows + top + bottom, columns + left + right),
        rim=_rim(job),
    )


def _with_gaps(job: KernelJob, bgra: ByteArray, factor: float) -> ByteArray:
    """Tint the zeros between pixels that are spread, where each of them is painted."""
    if job.spread == 1 or factor > 1:
        return bgra
    tinted = tint_padding(bgra)
    tinted[:: job.spread, :: job.spread] = bgra[:: job.spread, :: job.spread]
    return tinted


def tint_padding(colors: ByteArray) -> ByteArray:
    """Return colours ``(H, W, 4)`` as those of padded cells, which are no pixels."""
    return np.asarray(cv2.LUT(colors, _PADDED), np.uint8)


def _rim(job: KernelJob) -> Rim | None:
    """Return what stands in the padded cells; None where there are none."""
    if not any(job.padding):
        return None
    geometry = job.state.geometry
    rows, columns = (
        frozen(sources(size, axis.before, axis.after, geometry.border))
        for axis, size in zip(job.axes, job.input_size, strict=True)
    )
    return Rim(rows, columns, geometry.value if geometry.border is Border.CONSTANT else 0.0)


def _faded(job: KernelJob, bgra: ByteArray, factor: float) -> ByteArray:
    """Let the pixels that no output sees fade; of a shrunk picture those that are mostly such."""
    unused = [
        _blocks(never_used([axis], size), size, factor)
        for axis, size in zip(job.axes, job.input_size, strict=True)
    ]
    if not any(map(len, unused)):
        return bgra
    top, left = (round(axis.before / factor) for axis in job.axes)
    height, width = (round(size / factor) for size in job.input_size)
    faded = cv2.LUT(bgra, _UNUSED)
    rows, columns = (
        _marked(count, first, size, gone)
        for count, first, size, gone in zip(
            bgra.shape[:2], (top, left), (height, width), unused, strict=True
        )
    )
    return np.asarray(cv2.copyTo(bgra, np.multiply.outer(rows, columns), faded), np.uint8)


def _marked(count: int, first: int, size: int, unused: IndexArray) -> ByteArray:
    """Return 1 for each of so many cells of a line that keeps its colour, 0 for unused pixels."""
    marks = np.ones(count, np.uint8)
    marks[first : first + size][unused] = 0
    return marks


def _blocks(unused: IndexArray, size: int, factor: float) -> IndexArray:
    """Return which pixels of a shrunk line stand for unused ones for the most part."""
    if factor <= 1:
        return unused
    count = round(size / factor)
    counts = np.bincount((unused / factor).astype(np.int64), minlength=count)[:count]
    return np.flatnonzero(counts > factor / 2)


def _with_padding(job: KernelJob, panel: Panel, bgra: ByteArray, factor: float) -> ByteArray:
    """Draw the padded cells around a shrunk picture, tinted, in the colours of their values."""
    top, bottom, left, right = (round(count / factor) for count in job.padding)
    if not any((top, bottom, left, right)):
        return bgra
    border = job.state.geometry.border
    level = 0.0 if border is Border.ZEROS else job.state.geometry.value
    cell = np.full((len(panel.planes), 1, 1), level, np.float32)
    steps = levels(cell, panel.scale)
    color = colorize(steps, panel.mode, panel.places, job.palette)[0, 0].tolist()
    padded = np.asarray(
        cv2.copyMakeBorder(bgra, top, bottom, left, right, _CV_BORDER[border], value=color),
        dtype=np.uint8,
    )
    height, width = padded.shape[:2]
    for strip in (
        padded[:top],
        padded[height - bottom :],
        padded[top : height - bottom, :left],
        padded[top : height - bottom, width - right :],
    ):
        if strip.size:
            strip[:] = tint_padding(strip)
    return padded
