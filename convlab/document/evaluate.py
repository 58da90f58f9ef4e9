"""Run a Job: planes, convolution, colours, statistics, the sum under the cursor.

Each stage keeps its last answer, so that an edit recomputes only what it touches: turning the
colour map does not convolve again, moving the mouse does not paint again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np

from convlab.document.document import Axis, Combine
from convlab.document.job import Job, Panel, Profile, Shown, SumDetail, Timing
from convlab.engine.arrays import ByteArray, FloatArray, frozen
from convlab.engine.border import Border, pad
from convlab.engine.color import ColorSpace, to_planes
from convlab.engine.conv2d import choose, run
from convlab.engine.conv_arguments import build_problem
from convlab.engine.cv import cv2
from convlab.engine.display import (
    DisplayMode,
    Scale,
    choose_scale,
    extremes,
    histogram,
    nice_ceiling,
    paint,
    stats,
)

Answer = TypeVar("Answer")

# Padded cells are drawn at this strength over the tint, so that they are seen to be no pixels.
PADDING_STRENGTH = 0.45
PADDING_TINT = (150, 120, 190)


@dataclass(frozen=True, slots=True, eq=False)
class Convolved:
    """Output planes ``(C, H', W')``, the algorithm that made them and how long it took [ms]."""

    planes: FloatArray
    algorithm: str
    milliseconds: float


class Evaluator:
    """Runs jobs one after another; not thread-safe, one worker owns it."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Any, ...], Any]] = {}

    def run(self, job: Job) -> Shown:
        """Return everything the window paints for a job.

        Raises:
            ValueError: The border cannot be built for this picture.
        """
        started = time.perf_counter()
        planes = self._planes(job)
        convolved = self._output(job, planes)
        output = convolved.planes
        shown_input = self._input_panel(job, planes)
        shown_output = self._output_panel(job, output)
        detail = sum_detail(job, planes, output) if job.probe else None
        profile = take_profile(job, planes, output) if job.probe else None
        total = (time.perf_counter() - started) * 1000
        timing = Timing(convolved.algorithm, convolved.milliseconds, total)
        return Shown(job, shown_input, shown_output, detail, profile, timing)

    def _keep(self, stage: str, key: tuple[Any, ...], make: Callable[[], Answer]) -> Answer:
        """Return the stage's last answer if its key is the same, else make a new one."""
        kept = self._kept.get(stage)
        if kept is None or kept[0] != key:
            kept = self._kept[stage] = (key, make())
        return cast(Answer, kept[1])

    def _planes(self, job: Job) -> FloatArray:
        """Active planes of the picture, ``(C, H, W)``."""

        def make() -> FloatArray:
            planes = to_planes(job.frame.pixels, job.channels.space)
            active = job.channels.active()
            return frozen(planes if len(active) == len(planes) else planes[list(active)])

        return self._keep("planes", (job.frame, job.channels), make)

    def _output(self, job: Job, planes: FloatArray) -> Convolved:
        return self._keep("output", _output_key(job), partial(convolve, job, planes))

    def _input_panel(self, job: Job, planes: FloatArray) -> Panel:
        def make() -> Panel:
            mode, scale = input_scale(job, planes)
            rgb = _with_padding(job, _input_colors(job, planes, mode, scale))
            origin = (-job.padding.top, -job.padding.left)
            return _panel(planes, rgb, origin, _names(job), mode, scale)

        geometry = job.geometry
        key = (job.frame, job.channels, job.padding, geometry.border, geometry.value)
        return self._keep("input", key, make)

    def _output_panel(self, job: Job, output: FloatArray) -> Panel:
        def make() -> Panel:
            mode = job.display.mode
            scale = choose_scale(mode, *extremes(output), job.frame.white, job.display.limit)
            rgb = paint(output, mode, scale)
            names = _names(job) if len(output) == len(_names(job)) else ("Sum",)
            return _panel(output, rgb, (0, 0), names, mode, scale)

        return self._keep("painted", (*_output_key(job), job.display), make)


def _output_key(job: Job) -> tuple[Any, ...]:
    """What the output depends on."""
    weights = job.weights
    return job.frame, job.channels, weights.shape, weights.tobytes(), job.geometry


def convolve(job: Job, planes: FloatArray) -> Convolved:
    """Return the output planes: one per input plane, or one for their sum."""
    geometry, count = job.geometry, len(planes)
    groups = 1 if job.channels.combine is Combine.SUM else count
    kernel = np.broadcast_to(job.weights, (groups, count // groups, *job.weights.shape))
    started = time.perf_counter()
    problem, _ = build_problem(
        planes,
        kernel,
        None,
        geometry.stride,
        job.padding,
        geometry.dilation,
        groups,
        geometry.border,
        geometry.value,
        geometry.flip,
    )
    algorithm = choose(problem)
    output = run(problem, algorithm)[0]
    return Convolved(frozen(output), algorithm.value, (time.perf_counter() - started) * 1000)


def input_scale(job: Job, planes: FloatArray) -> tuple[DisplayMode, Scale]:
    """Plain pictures are grey from 0 to white; planes with negative values are signed."""
    low, high = extremes(planes)
    if low < 0.0:
        return DisplayMode.SIGNED, choose_scale(DisplayMode.SIGNED, low, high, 1.0, None)
    white = job.frame.white
    return DisplayMode.CLIPPED, Scale(0.0, white if high <= white else nice_ceiling(high))


def sum_detail(job: Job, planes: FloatArray, output: FloatArray) -> SumDetail:
    """Return the terms of the sum behind the job's probe."""
    assert job.probe is not None
    row, column = job.probe
    geometry, (kh, kw) = job.geometry, job.weights.shape
    corner = (
        row * geometry.stride - job.padding.top,
        column * geometry.stride - job.padding.left,
    )
    rows = corner[0] + geometry.dilation * np.arange(kh)
    columns = corner[1] + geometry.dilation * np.arange(kw)
    height, width = job.input_size
    inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))
    patch = _patch(job, planes, rows, columns)
    kernel = np.ascontiguousarray(job.weights[::-1, ::-1]) if geometry.flip else job.weights
    return SumDetail(
        cell=(row, column),
        corner=corner,
        step=geometry.dilation,
        patch=frozen(patch),
        padded=frozen(~inside),
        kernel=kernel,
        turned=geometry.flip,
        products=frozen(patch * kernel),
        names=_names(job),
        results=tuple(float(value) for value in output[:, row, column]),
        combine=job.channels.combine,
    )


def take_profile(job: Job, planes: FloatArray, output: FloatArray) -> Profile:
    """Return the output's line through the probe and the input line under the kernel's anchor."""
    assert job.probe is not None
    geometry, (height, width) = job.geometry, job.input_size
    axis = 0 if job.profile is Axis.ROW else 1
    line = job.probe[axis]
    under = [
        at * geometry.stride - before + geometry.dilation * ((side - 1) // 2)
        for at, before, side in (
            (line, (job.padding.top, job.padding.left)[axis], job.weights.shape[axis]),
            (0, (job.padding.left, job.padding.top)[axis], job.weights.shape[1 - axis]),
        )
    ]
    input_line = min(max(under[0], 0), (height, width)[axis] - 1)
    values = np.take(planes, input_line, axis=axis + 1)
    results = np.take(output, line, axis=axis + 1)
    at = under[1] + geometry.stride * np.arange(results.shape[1])
    return Profile(job.profile, input_line, line, frozen(values), frozen(results), frozen(at))


def _patch(job: Job, planes: FloatArray, rows: np.ndarray, columns: np.ndarray) -> FloatArray:
    """Cut the cells out of the padded planes, by the pipeline's own padding."""
    padded = pad(planes, job.padding, job.geometry.border, job.geometry.value)
    return padded[:, (rows + job.padding.top)[:, None], columns + job.padding.left]


def _panel(
    planes: FloatArray,
    rgb: ByteArray,
    origin: tuple[int, int],
    names: tuple[str, ...],
    mode: DisplayMode,
    scale: Scale,
) -> Panel:
    figures = stats(planes, scale, mode)
    counts = histogram(planes, _histogram_scale(figures.minimum, figures.maximum))
    return Panel(frozen(rgb), origin, planes, names, mode, scale, figures, counts)


def _histogram_scale(minimum: float, maximum: float) -> Scale:
    """Bars span all values; zero stands in the middle as soon as one is negative."""
    largest = nice_ceiling(max(abs(minimum), abs(maximum)))
    return Scale(-largest if minimum < 0.0 else 0.0, largest)


def _names(job: Job) -> tuple[str, ...]:
    names = job.channels.space.channels
    return tuple(names[index] for index in job.channels.active())


def _input_colors(job: Job, planes: FloatArray, mode: DisplayMode, scale: Scale) -> ByteArray:
    """Colours of the picture itself: its own pixels where nothing was converted."""
    pixels = job.frame.pixels
    if pixels.dtype == np.uint8 and len(planes) == 3 and job.channels.space is ColorSpace.RGB:
        return cast(ByteArray, pixels)
    if len(planes) == 2:  # one of three is muted: its colour stays black
        missing = np.zeros_like(planes[0])
        planes = np.insert(planes, min(job.channels.muted), missing, axis=0)
    return paint(planes, mode, scale)


_CV_BORDER: dict[Border, int] = {
    Border.ZEROS: cv2.BORDER_CONSTANT,
    Border.CONSTANT: cv2.BORDER_CONSTANT,
    Border.REPLICATE: cv2.BORDER_REPLICATE,
    Border.REFLECT: cv2.BORDER_REFLECT_101,
    Border.CIRCULAR: cv2.BORDER_WRAP,
}


def _with_padding(job: Job, rgb: ByteArray) -> ByteArray:
    """Draw the padded cells around the picture, tinted, in the colours of their values."""
    top, bottom, left, right = job.padding
    if not any(job.padding):
        return rgb
    border, white = job.geometry.border, job.frame.white
    level = 0.0 if border is Border.ZEROS else job.geometry.value
    grey = int(np.clip(level / white, 0.0, 1.0) * 255)
    padded = np.asarray(
        cv2.copyMakeBorder(rgb, top, bottom, left, right, _CV_BORDER[border], value=(grey,) * 3),
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
