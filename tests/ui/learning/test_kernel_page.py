"""The widgets of the kernel that learns, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from convlab.document.frame import Frame
from convlab.document.learning import kernel_task_edits as edits
from convlab.document.learning.kernel_training import KernelTraining, KernelTrainingShown
from convlab.document.learning.one_kernel import (
    KernelTask,
    KernelTrainingViewing,
    TargetKind,
)
from convlab.document.strokes import Brush
from convlab.ui.learning.kernel_pair import KernelPair
from convlab.ui.learning.kernel_training_words import figures_text, words
from tests.e2e.text_room import recording

NOISE = Frame(np.random.default_rng(0).integers(0, 256, (20, 20), np.uint8), 0, 0.0)
FLAT = Frame(np.full((20, 20), 128, np.uint8), 0, 0.0)
BLACK = Frame(np.zeros((20, 20), np.uint8), 0, 0.0)
RAMP = Frame(np.tile(np.arange(20, dtype=np.uint8), (20, 1)), 0, 0.0)


def shown(task: KernelTask, frame: Frame = NOISE, steps: int = 0) -> KernelTrainingShown:
    viewing = KernelTrainingViewing(is_playing=steps > 0, pace=steps)
    return KernelTraining(lambda: 0.0).run(frame, task, viewing)


@pytest.mark.parametrize(
    ("task", "frame", "steps", "said"),
    [
        (KernelTask(), NOISE, 0, "Random initialisation. Press Play"),
        (KernelTask(), NOISE, 3, "moves every cell against its gradient"),
        (KernelTask(), NOISE, 3000, "Converged: no cell is further"),
        (KernelTask(), BLACK, 0, "black: it teaches nothing"),
        (KernelTask(centred=False), FLAT, 0, "only the sum of the kernel can be learned: it is"),
        (KernelTask(), FLAT, 0, "Without Centre only the sum"),
        (KernelTask(), RAMP, 0, "have rank 2, but the kernel has 9 cells"),
        (KernelTask(is_flipped=True), NOISE, 5, "comes out flipped"),
        (KernelTask(target=TargetKind.PAINTED), NOISE, 0, "Paint on the target image"),
        (
            edits.begin_stroke(KernelTask(), Brush(), (0.5, 0.5)),
            NOISE,
            0,
            "0 where nothing was painted",
        ),
        (replace(KernelTask(), preset="Box blur 5×5"), NOISE, 0, "larger than 3×3"),
    ],
)
def test_the_most_telling_is_said(task: KernelTask, frame: Frame, steps: int, said: str) -> None:
    assert said in words(shown(task, frame, steps))


def test_figures_are_those_of_the_last_step() -> None:
    answer = shown(KernelTask(), steps=1200)
    text = figures_text(answer)
    assert text.startswith("step 1,200    loss ")
    assert text.endswith(f"max error {answer.max_error:.4f}")
    assert figures_text(shown(KernelTask(target=TargetKind.PAINTED))).endswith("max error —")


def test_each_cell_of_both_kernels_tells_its_exact_value(qtbot: QtBot) -> None:
    pair = KernelPair("walk_kernels")
    qtbot.addWidget(pair)
    pair.resize(500, 260)
    assert pair.is_empty
    kernel = np.array([[0.1, 0.2], [0.3, 0.4]], np.float32)
    pair.show_kernels(kernel, -kernel, is_flipped=True)
    picture = QPixmap(pair.size())
    pair.render(picture)
    said = [tip.text for tip in pair.tips()]
    assert said == ["0.1", "0.2", "0.3", "0.4", "−0.1", "−0.2", "−0.3", "−0.4"]
    assert pair.tip_at(QPointF(1, 1)) is None
    pair.show_kernels(kernel, None)
    pair.render(picture)
    assert len(pair.tips()) == 4


def test_numbers_do_not_touch_the_edges_of_their_cells(qtbot: QtBot) -> None:
    pair = KernelPair("pair")
    qtbot.addWidget(pair)
    kernel = np.array([[1.092, 0.456], [-0.459, -0.043]], np.float32)
    pair.show_kernels(kernel, np.eye(2, dtype=np.float32))
    for width in (200, 360, 600, 900):
        pair.resize(width, width)
        with recording() as recorder:
            pair.grab()
        cells = [each for each in recorder.painted if each.text.startswith("−0.")]
        assert len(cells) == 2
        for each in cells:
            assert each.room is not None
            assert each.ink.width() <= 0.9 * each.room.width(), width
