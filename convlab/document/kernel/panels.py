"""From planes to panels: the colours, the figures and the drawn padding of a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from convlab.document.kernel.job import Figures, KernelJob, Panel
from convlab.document.kernel.surroundings import with_surroundings
from convlab.engine.arrays import AnyArray, ByteArray, FloatArray, frozen
from convlab.engine.color import ColorSpace
from convlab.engine.display import (
    DisplayMode,
    Scale,
    choose_scale,
    colorize,
    extremes,
    histogram,
    levels,
    to_bgra,
)
from convlab.engine.measure import measure, measure_bytes
from convlab.engine.shrink import means, strongest
from convlab.engine.value_range import nice_ceiling


def shrunk_by(job: KernelJob, step: int = 1) -> int:
    """Return how many pixels of a picture lie side by side under one of the screen, at least 1.

    Args:
        job: What is wanted.
        step: Pixels of the input between two of the picture.
    """
    viewing, (top, bottom, left, right) = job.viewing, job.padding
    rows, columns = job.input_size
    if viewing.sight is not None:
        zoom = viewing.sight.zoom * viewing.density
    else:
        room, across = viewing.room
        zoom = min(room / (rows + top + bottom), across / (columns + left + right))
    return max(int(1 / (zoom * step)), 1) if zoom > 0 else 1


def input_panel(job: KernelJob, split: AnyArray, planes: FloatArray) -> Panel:
    """Return the picture as it goes in, its padding drawn around it, without its figures.

    Args:
        job: What is wanted.
        split: The active planes in the picture's own type.
        planes: The same as float32.
    """
    if job.shows_planes:
        return _of_parts(job, planes, (_input_plane(job, planes, at) for at in range(len(planes))))
    factor = shrunk_by(job)
    if split.dtype == np.uint8:  # such a picture is its own levels
        mode, scale = DisplayMode.CLIPPED, Scale(0.0, 1.0)
        steps = shrunk(split, mode, factor)
    else:
        mode, scale = _input_scale(job, extremes(planes))
        steps = levels(shrunk(planes, mode, factor), scale)
    panel = _panel(job, planes, job.names, mode, scale, steps)
    untouched = _is_untouched(job)
    colors = to_bgra(shrunk_picture(job.frame.pixels, factor)) if untouched else panel.bgra
    return with_surroundings(job, replace(panel, bgra=colors))


def output_panel(
    job: KernelJob, output: FloatArray, mode: DisplayMode, limit: float | None
) -> Panel:
    """Return the result in the colours of a mode, without its figures.

    Args:
        job: What is wanted.
        output: The result's planes.
        mode: Any but AUTO; see ``painted_mode``.
        limit: The largest magnitude painted; None takes the picture's white or the largest.
    """
    shown = frozen(np.abs(output)) if mode is DisplayMode.ABSOLUTE else output
    is_chosen = limit is not None and mode is not DisplayMode.RAW
    ends = (0.0, 0.0) if is_chosen else extremes(shown)
    if job.shows_planes and len(shown) == len(job.names):
        parts = (
            replace(_output_plane(job, shown, at, mode, limit, ends), raw=output[at : at + 1])
            for at in range(len(shown))
        )
        return replace(_of_parts(job, shown, parts), raw=output)
    scale = choose_scale(mode, *ends, job.frame.white, limit)
    if mode in (DisplayMode.SIGNED, DisplayMode.ABSOLUTE):
        scale = scale._replace(curve=job.state.display.curve)
    names = job.names if len(output) == len(job.names) else ("Sum",)
    small = shrunk(shown, mode, shrunk_by(job, job.axes[0].stride))
    return replace(_panel(job, shown, names, mode, scale, levels(small, scale)), raw=output)


def shrunk(planes: AnyArray, mode: DisplayMode, factor: int) -> AnyArray:
    """Return planes ``(C, H, W)`` as small as the screen has room for, and nothing of them lost."""
    if mode is DisplayMode.CLIPPED:
        return np.stack([shrunk_picture(plane, factor) for plane in planes])
    return strongest(planes, factor, on_all_cores=True)


def shrunk_picture(pixels: AnyArray, factor: int) -> AnyArray:
    """Return the means of blocks whose sides are the power of two at or below a factor.

    OpenCV halves a picture three times as fast as it divides it by another number.
    """
    while factor > 1:
        pixels, factor = means(pixels, 2), factor // 2
    return pixels


def figures(panel: Panel, own: AnyArray | None = None) -> Figures:
    """Return the exact statistics and the histogram of a panel's values.

    Args:
        panel: Which.
        own: The same planes in the picture's own type, if they are at hand: of 8 bits it is enough
            to count them.
    """
    if own is not None and own.dtype == np.uint8:
        found = measure_bytes(own, panel.scale, panel.mode)
    else:
        found = measure(panel.planes, panel.scale, panel.mode)
    return Figures(found.stats, histogram(found.counts, panel.scale))


def measured(panel: Panel, own: AnyArray | None = None) -> Panel:
    """Return a panel with its figures, and those of its planes where they are shown alone.

    Args:
        panel: Which.
        own: As of ``figures``.
    """
    if not panel.parts:
        return replace(panel, figures=figures(panel, own))
    parts = tuple(map(measured, panel.parts))
    return replace(panel, parts=parts, figures=parts[0].figures)


def _of_parts(job: KernelJob, planes: FloatArray, parts: Iterable[Panel]) -> Panel:
    """Return a panel of planes shown each in its own right; it is signed if any of them is."""
    painted = tuple(parts)
    first, *_ = sorted(painted, key=lambda part: part.mode is not DisplayMode.SIGNED)
    places = job.state.channels.active()
    return replace(first, planes=planes, names=job.names, places=places, parts=painted)


def _input_plane(job: KernelJob, planes: FloatArray, number: int) -> Panel:
    plane = planes[number : number + 1]
    ends = extremes(plane)
    mode, scale = _signed_scale(*ends) if _is_signed(job, number) else _input_scale(job, ends)
    return with_surroundings(job, _plane(job, plane, number, mode, scale, 1))


def _output_plane(
    job: KernelJob,
    output: FloatArray,
    number: int,
    mode: DisplayMode,
    limit: float | None,
    ends: tuple[float, float],
) -> Panel:
    plane, display = output[number : number + 1], job.state.display
    is_picture = mode is DisplayMode.CLIPPED and display.mode is DisplayMode.AUTO
    if is_picture and _is_signed(job, number):
        mode, limit, ends = DisplayMode.SIGNED, None, extremes(plane)
    scale = choose_scale(mode, *ends, job.frame.white, limit)
    if mode in (DisplayMode.SIGNED, DisplayMode.ABSOLUTE):
        scale = scale._replace(curve=display.curve)
    return _plane(job, plane, number, mode, scale, job.axes[0].stride)


def _is_signed(job: KernelJob, number: int) -> bool:
    """Tell whether a plane has values on both sides of zero: a and b of Lab."""
    is_lab = job.state.channels.space is ColorSpace.LAB
    return is_lab and job.state.channels.active()[number] > 0


def _plane(
    job: KernelJob, plane: FloatArray, number: int, mode: DisplayMode, scale: Scale, step: int
) -> Panel:
    """Return the panel of one plane; ``step`` pixels of the input lie between two of it."""
    small = shrunk(plane, mode, shrunk_by(job, step))
    colors = frozen(colorize(levels(small, scale), mode, palette=job.palette))
    name, place = job.names[number], job.state.channels.active()[number]
    covered = plane.shape[1], plane.shape[2]
    return Panel(colors, plane, mode, scale, covered=covered, names=(name,), places=(place,))


def _signed_scale(low: float, high: float) -> tuple[DisplayMode, Scale]:
    return DisplayMode.SIGNED, choose_scale(DisplayMode.SIGNED, low, high, 1.0, None)


def _is_untouched(job: KernelJob) -> bool:
    """Tell whether the input can be shown as its own pixels."""
    channels = job.state.channels
    is_rgb = channels.space is ColorSpace.RGB and not channels.muted and job.spread == 1
    return is_rgb and job.frame.pixels.dtype == np.uint8


def _panel(
    job: KernelJob,
    planes: FloatArray,
    names: tuple[str, ...],
    mode: DisplayMode,
    scale: Scale,
    steps: ByteArray,
) -> Panel:
    places = job.state.channels.active()
    bgra = frozen(colorize(steps, mode, places, job.palette))
    covered = planes.shape[1], planes.shape[2]
    return Panel(bgra, planes, mode, scale, covered=covered, names=names, places=places)


def _input_scale(job: KernelJob, ends: tuple[float, float]) -> tuple[DisplayMode, Scale]:
    """Plain pictures are grey from 0 to white; planes with negative values are signed.

    What was brought into a range lies outside of it where it is too dark or too bright.
    """
    low, high = ends
    if job.frame.is_ranged:
        return DisplayMode.CLIPPED, Scale(0.0, 1.0)
    if low < 0.0:
        return _signed_scale(low, high)
    white = job.frame.white
    return DisplayMode.CLIPPED, Scale(0.0, white if high <= white else nice_ceiling(high))
