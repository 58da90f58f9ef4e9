"""The learning lab: how long one kernel takes from random numbers to its target, in the window."""

from __future__ import annotations

from dataclasses import replace

from convlab.bench.live import WARM_UP, on_source, open_window, run, time_until
from convlab.bench.table import Row, at_least, at_most
from convlab.document.document import Document, Lab
from convlab.document.learning.job import LearningShown
from convlab.document.learning.kernel_training import KernelTrainingShown
from convlab.document.learning.one_kernel import KernelTask, TargetKind
from convlab.document.request import AnyShown
from convlab.ui.learning.learning_lab import LearningLab
from convlab.ui.main_window import MainWindow

LIVE = "pattern:torch"  # 640×480, of which 320×240 are learned from
NEAR = 1e-2  # from the target, in every cell
LIMIT = 20.0  # [s]
TASKS = {"Sobel": KernelTask(), "edge of 70°": KernelTask(target=TargetKind.EDGE, angle=70.0)}


def measure() -> list[Row]:
    """Return all figures of the learning lab; the application is there."""
    return [row for name, task in TASKS.items() for row in _training_rows(name, task)]


def _training_rows(name: str, task: KernelTask) -> list[Row]:
    """Return the time from the first step to a kernel near its target, and the pictures shown."""
    with open_window(_learning(task), Lab.LEARNING) as window:
        run(WARM_UP)
        shown = window.pump.frames_shown
        elapsed = _train(window)
        rate = (window.pump.frames_shown - shown) / elapsed
    return [
        at_most(f"{name} learned from random numbers, live 320×240", elapsed, "s", 3),
        at_least("the same, pictures meanwhile", rate, "frames/s", 20),
    ]


def _learning(task: KernelTask) -> Document:
    document = on_source(LIVE)
    return replace(document, learning=replace(document.learning, kernel=task))


def _train(window: MainWindow) -> float:
    """Return how long it takes until the kernel is near its target [s]."""

    def play() -> None:
        viewing = window.session.viewing
        kernel = replace(viewing.learning.kernel, is_playing=True)
        window.session.look(replace(viewing, learning=replace(viewing.learning, kernel=kernel)))

    def is_near(shown: AnyShown) -> bool:
        if not isinstance(shown, LearningShown) or not isinstance(shown.page, KernelTrainingShown):
            return False
        error = shown.page.max_error
        return error is not None and error < NEAR

    return time_until(window, window.labs.of(LearningLab).painted, play, is_near, LIMIT) / 1000
