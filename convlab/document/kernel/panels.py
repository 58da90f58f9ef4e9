"""From planes to panels: the colours, the figures and the drawn padding of a picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convlab.document.kernel.job import Figures, KernelJob, Panel
from convlab.engine.arrays import AnyArray, ByteArray, FloatArray, frozen
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.cv import cv2
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
from convlab.engine.value_range import nice_ceiling

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


def input_panel(job: KernelJob, split: AnyArray, planes: FloatArray) -> Panel:
    """Return the picture as it goes in, its padding drawn around it, without its figures.

    Args:
        job: What is wanted.
        split: The active planes in the picture's own type.
        planes: The same as float32.
    """
    if split.dtype == np.uint8:  # such a picture is its own levels
        panel = _panel(job, planes, job.names, DisplayMode.CLIPPED, Scale(0.0, 1.0), split)
    else:
        mode, scale = _input_scale(job, extremes(planes))
        panel = _panel(job, planes, job.names, mode, scale, levels(planes, scale))
    colors = to_bgra(job.frame.pixels) if _is_untouched(job) else panel.bgra
    bgra = frozen(_with_padding(job, panel, colors))
    return replace(panel, bgra=bgra, origin=(-job.padding.top, -job.padding.left))


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
    scale = choose_scale(mode, *ends, job.frame.white, limit)
    if mode in (DisplayMode.SIGNED, DisplayMode.ABSOLUTE):
        scale = scale._replace(curve=job.state.display.curve)
    names = job.names if len(output) == len(job.names) else ("Sum",)
    return _panel(job, shown, names, mode, scale, levels(shown, scale))


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


def _is_untouched(job: KernelJob) -> bool:
    """Tell whether the input can be shown as its own pixels."""
    channels = job.state.channels
    is_rgb = channels.space is ColorSpace.RGB and not channels.muted
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
    return Panel(bgra, planes, mode, scale, names=names, places=places)


def _input_scale(job: KernelJob, ends: tuple[float, float]) -> tuple[DisplayMode, Scale]:
    """Plain pictures are grey from 0 to white; planes with negative values are signed."""
    low, high = ends
    if low < 0.0:
        return DisplayMode.SIGNED, choose_scale(DisplayMode.SIGNED, low, high, 1.0, None)
    white = job.frame.white
    return DisplayMode.CLIPPED, Scale(0.0, white if high <= white else nice_ceiling(high))


def _with_padding(job: KernelJob, panel: Panel, bgra: ByteArray) -> ByteArray:
    """Draw the padded cells around the picture, tinted, in the colours of their values."""
    top, bottom, left, right = job.padding
    if not any(job.padding):
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
    tint = np.array(PADDING_TINT, np.float32) * (1 - PADDING_STRENGTH)
    for strip in (
        padded[:top],
        padded[height - bottom :],
        padded[top : height - bottom, :left],
        padded[top : height - bottom, width - right :],
    ):
        strip[:] = (strip * PADDING_STRENGTH + tint).astype(np.uint8)
    return padded
