"""Filters by example and undone: the engine alone, and the kernel lab with each design page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convlab.bench.live import (
    MOVING_720P,
    WARM_UP,
    GapMeter,
    frame_rate,
    on_source,
    open_window,
    run,
)
from convlab.bench.table import Row, Task, at_least, at_most, times_of
from convlab.document.document import Document, Lab
from convlab.document.kernel.design.model import DesignPage
from convlab.document.strokes import Stroke
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.engine.conv2d import conv2d

TURN = 3.0  # [s]
MOTION = kernels.box((1, 15))


def measure(rounds: int = 9) -> list[Row]:
    """Return all figures; the application is there."""
    return [*engine_rows(rounds), *_window_rows()]


def engine_rows(rounds: int) -> list[Row]:
    """Return how long a picture of 640×480 takes."""
    plane = _picture((480, 640))
    target = conv2d(plane, kernels.sobel(3), padding="same")
    blurred = conv2d(plane, MOTION, padding="same", border="circular")
    inside = conv2d(plane, MOTION)
    tasks: dict[str, Task | None] = {
        "9×9 by example": lambda: kernels.from_example(plane, target, 9),
        "Wiener, circular": lambda: kernels.deconvolve(blurred, MOTION, 0.01),
        "Wiener, borders continued": lambda: kernels.deconvolve(inside, MOTION, 0.01),
        "Richardson-Lucy": lambda: kernels.deconvolve(blurred, MOTION, 0.01, "richardson-lucy"),
    }
    limits = {"9×9 by example": 20.0, "Wiener, circular": 15.0}
    return [
        at_most(f"{name}, 640×480", time, "ms", limits[name])
        if name in limits
        else Row(f"{name}, 640×480", time, "ms")
        for name, time in times_of(tasks, rounds).items()
    ]


def _picture(shape: tuple[int, int]) -> FloatArray:
    """Return a picture whose waves fall as those of photos."""
    noise = np.random.default_rng(0).standard_normal(shape)
    steps = [np.fft.fftfreq(side) for side in shape]
    fast = np.hypot(steps[0][:, np.newaxis], steps[1]) + 1 / max(shape)
    plane = np.fft.ifft2(np.fft.fft2(noise) / fast).real
    return np.asarray(0.5 + 0.2 * plane / plane.std(), np.float32)


def _window_rows() -> list[Row]:
    """Return the frames shown per second of live 720p, and the event loop's gaps, of each page."""
    rows = []
    for page in DesignPage:
        with open_window(_painted(on_source(MOVING_720P))) as window:
            run(WARM_UP)
            viewing = window.session.viewing
            kernel = replace(viewing.kernel, design=page)
            window.session.look(viewing.with_part(Lab.KERNEL, kernel))
            run(WARM_UP)
            meter = GapMeter()
            rate, name = frame_rate(window, TURN), f"live 720p, design page {page}"
            gap = float(np.percentile(meter.gaps, 99))
            rows.append(at_least(name, rate, "frames/s", 30))
            rows.append(at_most("the same, event-loop gap p99", gap, "ms", 16))
    return rows


def _painted(document: Document) -> Document:
    stroke = Stroke(((0.4, 0.4), (0.6, 0.6)), 0.05, 1.0)
    design = document.kernel.design
    example = replace(design.example, strokes=(stroke,))
    return replace(
        document, kernel=replace(document.kernel, design=replace(design, example=example))
    )
