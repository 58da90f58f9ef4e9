"""A picture of 24 million pixels in the live window, and whether two pictures are of one frame."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from convlab.bench.live import (
    MOVING_720P,
    WARM_UP,
    on_source,
    open_window,
    resident,
    run,
    time_until,
    with_cell,
)
from convlab.bench.table import Row, at_most
from convlab.document.request import AnyShown
from convlab.engine.cv import cv2
from convlab.io.images import decode_image, read_image_file
from convlab.paths import sample_pictures
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.main_window import MainWindow

SIZE = (6000, 4000)  # width, height [px]
EDITS = 8
GRABS = 200
LIMIT = 30.0  # [s]


def measure() -> list[Row]:
    """Return the figures; the application is there."""
    return [*_large_picture(), _differing()]


def _large_picture() -> list[Row]:
    """From choosing a large JPEG to its picture painted, and from an edit to the new one at fit."""
    with tempfile.TemporaryDirectory() as folder, open_window(on_source(MOVING_720P)) as window:
        path = Path(folder) / "large.jpg"
        sample = sample_pictures()[0]
        photo = decode_image(read_image_file(sample), sample.name)
        cv2.imwrite(str(path), cv2.resize(photo, SIZE, interpolation=cv2.INTER_CUBIC))
        run(WARM_UP)
        painted = window.labs.of(KernelLab).output.view.painted

        def is_there(shown: AnyShown) -> bool:
            return shown.job.input_size[1] == SIZE[0]

        opened = time_until(
            window, painted, lambda: window.openings.open_file(str(path)), is_there, LIMIT
        )
        run(WARM_UP)
        edits = [_edit(window, (number + 1) / 100) for number in range(EDITS)]
        return [
            at_most("6000x4000 JPEG opened and painted", opened, "ms", 1000),
            at_most("edit of it painted, at fit", float(np.median(edits)), "ms", 250),
            Row("resident memory with it", resident(), "MB"),
        ]


def _edit(window: MainWindow, value: float) -> float:
    def edit() -> None:
        window.session.edit(with_cell(window.session.document, value), "change cell")

    def is_there(shown: AnyShown) -> bool:
        return bool(shown.job.state.weights[1][1] == np.float32(value))  # type: ignore[attr-defined]

    return time_until(window, window.labs.of(KernelLab).output.view.painted, edit, is_there, LIMIT)


class _Passes(QObject):
    """Counts the passes of painting after which input and output showed different frames."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._frames = {"input": -1, "output": -1}
        self.seen = self.differing = 0
        lab = window.labs.of(KernelLab)
        lab.input.view.painted.connect(self._on_input_painted)
        lab.output.view.painted.connect(self._on_output_painted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest and watched is self._window:
            self.seen += 1
            self.differing += self._frames["input"] != self._frames["output"]
        return False

    def _on_input_painted(self) -> None:
        self._note("input")

    def _on_output_painted(self) -> None:
        self._note("output")

    def _note(self, view: str) -> None:
        if self._window.pump.shown is not None:
            self._frames[view] = self._window.pump.shown.job.frame.index


def _differing() -> Row:
    """Paint a moving picture; count when input and output were of different frames."""
    document = on_source(MOVING_720P)
    document = replace(document, kernel=replace(document.kernel, weights=((1.0,),)))
    application = QApplication.instance()
    assert application is not None
    with open_window(document) as window:
        run(WARM_UP)
        passes = _Passes(window)
        application.installEventFilter(passes)
        while passes.seen < GRABS:
            run(0.1)
        application.removeEventFilter(passes)
    name = f"input and output of different frames, {GRABS} passes"
    return at_most(name, passes.differing, "", 0)
