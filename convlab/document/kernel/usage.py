"""How often each pixel of the picture is used, and how the fields of the outputs overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from convlab.document.kernel.job import KernelJob, Panel, Usage
from convlab.document.kernel.panels import shrunk, shrunk_by
from convlab.document.kernel.surroundings import tint_padding
from convlab.document.sight import Fields
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.coverage import over_plane, paths
from convlab.engine.cv import cv2
from convlab.engine.display import DisplayMode, Scale, color_map, colorize, levels
from convlab.engine.window import Window


def usage_of(job: KernelJob) -> Usage:
    """Return how the outputs of a job share the picture among them."""
    counts = [
        Counter(paths([axis], size)[:: job.spread].tolist())
        for axis, size in zip(job.axes, job.input_size, strict=True)
    ]
    tally: Counter[int] = Counter()
    for times, rows in counts[0].items():
        for also, columns in counts[1].items():
            tally[times * also] += rows * columns
    down, across = job.axes
    return Usage(
        tuple(sorted(tally.items(), reverse=True)),
        (shared_by_neighbours(down), shared_by_neighbours(across)),
        Fields(
            (-down.before, -across.before),
            (down.stride, across.stride),
            (_span(down), _span(across)),
            job.output_size,
        ),
    )


def shared_by_neighbours(axis: Window) -> int:
    """Return how many pixels of a line two neighbouring outputs both see.

    >>> shared_by_neighbours(Window(3)), shared_by_neighbours(Window(3, dilation=2))
    (2, 0)
    """
    steps, rest = divmod(axis.stride, axis.dilation)
    return 0 if rest else max(axis.kernel - steps, 0)


def usage_panel(job: KernelJob) -> Panel:
    """Return the input as a heat map of counts in place of its pixels, without its figures."""
    planes = use_counts(job.axes, job.input_size, job.spread)
    scale = Scale(0.0, max(float(planes.max()), 1.0))
    small = shrunk(planes, DisplayMode.HEAT, shrunk_by(job))
    colors = colorize(levels(small, scale), DisplayMode.HEAT, palette=job.palette)
    (rows, columns), (top, bottom, left, right) = job.input_size, job.padding
    factor = rows / len(colors)
    above, below, before, behind = (round(count / factor) for count in job.padding)
    neutral = color_map(DisplayMode.HEAT, job.palette)[:1, ::-1]
    around = tint_padding(np.insert(neutral, 3, 255, axis=1)[None])[0, 0].tolist()
    padded = cv2.copyMakeBorder(
        colors, above, below, before, behind, cv2.BORDER_CONSTANT, value=around
    )
    return Panel(
        frozen(np.asarray(padded, np.uint8)),
        planes,
        DisplayMode.HEAT,
        scale,
        (-top, -left),
        (rows + top + bottom, columns + left + right),
        names=("uses",),
        places=(0,),
    )


def use_counts(axes: Sequence[Window], size: tuple[int, int], spread: int = 1) -> FloatArray:
    """Return how often each pixel is used, ``(1, H, W)`` float32.

    Args:
        axes: The windows along rows and columns.
        size: Of the picture.
        spread: Distance of its pixels; what lies between is none.
    """
    along = [paths([axis], side) for axis, side in zip(axes, size, strict=True)]
    for counts in along:
        counts[np.arange(len(counts)) % spread != 0] = 0
    return frozen(over_plane(along[0], along[1]).astype(np.float32)[None])


def _span(axis: Window) -> int:
    """Return how many pixels lie from a window's first cell to its last."""
    return axis.dilation * (axis.kernel - 1) + 1
