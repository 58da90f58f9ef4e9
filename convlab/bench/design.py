"""Filters by example and undone: the engine alone, and the kernel lab with each design page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Qt

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
from convlab.document.kernel.model import PixelPage
from convlab.document.kernel.pages import KernelPages
from convlab.document.strokes import Stroke
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.engine.conv2d import conv2d
from convlab.runtime.pump import Pump
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.main_window import MainWindow

TURN = 3.0  # [s]
PAGES = tuple(DesignPage)
WINDOW = (1440, 900)  # [px]
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
    limits = {
        "9×9 by example": 20.0,
        "Wiener, circular": 15.0,
        "Wiener, borders continued": 15.0,
    }
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
    """Return the figures of live 720p beside each design page, and beside all panels at once."""
    rows = []
    for page in PAGES:
        with open_window(_painted(on_source(MOVING_720P))) as window:
            _look(window, design=page)
            rows += _live_rows(window, f"live 720p, design page {page}")
    with open_window(_painted(on_source(MOVING_720P))) as window:
        _open_every_panel(window)
        rows += _live_rows(window, "live 720p, every panel open")
    return rows


def _live_rows(window: MainWindow, name: str) -> list[Row]:
    """Return the pictures and the pages shown per second, and the event loop's gaps."""
    run(WARM_UP)
    gaps, pages = GapMeter(), PageMeter(window.pump)
    rate = frame_rate(window, TURN)
    rows = [at_least(name, rate, "frames/s", 30)]
    if window.session.viewing.kernel.design is not DesignPage.CLOSED:
        rows.append(at_least("the same, new pages", pages.count / TURN, "pages/s", 5))
    gap = float(np.percentile(gaps.gaps, 99))
    return [*rows, at_most("the same, event-loop gap p99", gap, "ms", 16)]


class PageMeter(QObject):
    """Counts the design pages shown, each of them once."""

    def __init__(self, pump: Pump) -> None:
        super().__init__()
        self._pump = pump
        self._last: object = None
        self.count = 0
        pump.pages_changed.connect(self._on_pages_changed)

    def _on_pages_changed(self) -> None:
        pages = self._pump.pages
        if isinstance(pages, KernelPages) and pages.design is not self._last:
            self._last = pages.design
            self.count += 1


def _look(window: MainWindow, **changes: object) -> None:
    run(WARM_UP)
    viewing = window.session.viewing
    kernel = replace(viewing.kernel, **changes)  # type: ignore[arg-type]
    window.session.look(viewing.with_part(Lab.KERNEL, kernel))


def _open_every_panel(window: MainWindow) -> None:
    """Open all docks side by side, the dearest design page, and the displays."""
    window.resize(*WINDOW)
    run(WARM_UP)
    lab = window.labs.of(KernelLab)
    left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
    tools = lab.tools
    for dock, area in ((tools.generator, left), (tools.analysis, left), (tools.design, right)):
        dock.open()
        lab.addDockWidget(area, dock)  # out of the tabs that panels of one place share
    seen = {"page": PixelPage.DISPLAYS, "probe": (300, 400), "pinned": True}
    _look(window, design=DesignPage.EXAMPLE, **seen)


def _painted(document: Document) -> Document:
    stroke = Stroke(((0.4, 0.4), (0.6, 0.6)), 0.05, 1.0)
    design = document.kernel.design
    example = replace(design.example, strokes=(stroke,))
    return replace(
        document, kernel=replace(document.kernel, design=replace(design, example=example))
    )
