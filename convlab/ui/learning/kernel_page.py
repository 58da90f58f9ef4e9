"""Training of one kernel: target, output and difference, its cells moving, the loss falling."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.learning import kernel_task_edits as edits
from convlab.document.learning.kernel_training import KernelTrainingShown
from convlab.document.learning.one_kernel import (
    KernelTask,
    KernelTrainingViewing,
    TargetKind,
)
from convlab.document.strokes import Brush
from convlab.runtime.session import Session
from convlab.ui.lab_edits import LabEdits
from convlab.ui.learning.kernel_pair import KernelPair
from convlab.ui.learning.kernel_training_words import figures_text, words
from convlab.ui.learning.learning_page import Page
from convlab.ui.learning.target_form import TargetForm
from convlab.ui.learning.training_bar import TrainingBar
from convlab.ui.learning.training_plots import StepPlot
from convlab.ui.titled_picture import TitledPicture
from convlab.ui.widgets.color_bar import ColorBar
from convlab.ui.widgets.forms import as_panel, filled, push_button, scrolled, wrapped_label
from convlab.ui.widgets.param_form import ParamForm

TASK = "learning.kernel"
WORDS_LINES = 3  # room that is kept for what is said
TRAINING = ("rule", "rate", "size", "patches", "noise", "spread", "seed", "centred")
"""The parameters of how the kernel learns; the others are those of its target."""


class KernelPage(Page):
    """Arranges the widgets, connects their intents, and shows documents and results."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "one_kernel")
        self._edits = LabEdits(session, self.message)
        self._painting = False
        self._make_pictures()
        self.kernels = KernelPair("walk_kernels")
        self.plot = StepPlot("walk_loss_plot")
        self.bar = TrainingBar()
        self.target = TargetForm()
        self.rule = ParamForm("walk", TRAINING, columns=2, bare={"rule"})
        self._make_words()
        self._arrange()
        self._connect()
        self._on_document_changed()
        self._on_viewing_changed()

    def _make_pictures(self) -> None:
        self.input = TitledPicture("walk_input", "Input", "Input, grey")
        self.target_image = TitledPicture("walk_wished", "Target", "Target image")
        self.output = TitledPicture("walk_output", "Output", "Output of the kernel")
        self.difference = TitledPicture("walk_difference", "Difference", "Output minus target")
        self.color_bar = ColorBar("walk")

    def _make_words(self) -> None:
        self._words = wrapped_label("walk_words")
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setMinimumHeight(WORDS_LINES * self.fontMetrics().lineSpacing() + 4)
        self._halve = push_button(
            "walk_halve_button",
            "Halve the rate",
            "Go on from the best kernel with half the learning rate.",
        )
        policy = self._halve.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._halve.setSizePolicy(policy)
        self._halve.hide()

    # ---- where things stand ----

    def _arrange(self) -> None:
        row = filled(QHBoxLayout(), (self._arrange_left(), 31), spacing=4)
        filled(row, (self._arrange_middle(), 42), (self._arrange_right(), 27))
        layout = filled(QVBoxLayout(self), margins=(8, 6, 8, 8))
        self.message.lie_over(self, within=self)
        layout.addLayout(row, 1)

    def _arrange_left(self) -> QVBoxLayout:
        """The input, and its target."""
        form = QWidget()
        as_panel(form)
        inner = filled(QVBoxLayout(form), self.target, self.rule, margins=(0, 2, 6, 0))
        inner.addStretch(1)
        area = scrolled(form, "What is learned, and how")
        area.setFrameShape(QFrame.Shape.NoFrame)
        return filled(QVBoxLayout(), (self.input, 1), (area, 1), spacing=8)

    def _arrange_middle(self) -> QVBoxLayout:
        """The kernel as it learns."""
        said = filled(QHBoxLayout(), (self._words, 1))
        said.addWidget(self._halve, 0, Qt.AlignmentFlag.AlignTop)
        parts = self.bar, self.bar.figures, (self.kernels, 5), said, (self.plot, 4)
        return filled(QVBoxLayout(), *parts, spacing=6)

    def _arrange_right(self) -> QVBoxLayout:
        """Target, output and their difference."""
        pictures = (self.target_image, 1), (self.output, 1), (self.difference, 1)
        return filled(QVBoxLayout(), *pictures, self.color_bar, spacing=6)

    # ---- intents ----

    def _connect(self) -> None:
        target, rule, bar = self.target, self.rule, self.bar
        self._edits.set_by(target.parameter_chosen, TASK)
        target.preset_chosen.connect(self._on_preset_chosen)
        target.clear_asked.connect(self._on_clear_asked)
        target.brush_chosen.connect(self._on_brush_chosen)
        self._edits.set_by(rule.parameter_chosen, TASK)
        self._halve.clicked.connect(self._on_halve_clicked)
        bar.play_toggled.connect(self.play_or_pause)
        bar.step_asked.connect(self._on_step_asked)
        bar.reset_asked.connect(self._on_reset_asked)
        bar.pace_chosen.connect(self._on_pace_chosen)
        self.target_image.view.dragged.connect(self._on_brush_moved)
        self.target_image.view.drag_ended.connect(self._on_brush_lifted)
        self.output.view.painted.connect(self.painted)
        self._session.watch("document.learning", self._on_document_changed, Lab.LEARNING)
        self._session.watch("viewing.learning", self._on_viewing_changed, Lab.LEARNING)

    @property
    def _task(self) -> KernelTask:
        return self._state.kernel

    @property
    def _looked_at(self) -> KernelTrainingViewing:
        return self._viewing.kernel

    def _view(self, **changes: object) -> None:
        kernel: KernelTrainingViewing = replace(self._looked_at, **changes)  # type: ignore[arg-type]
        self._look(kernel=kernel)

    def play_or_pause(self) -> bool:
        """Let the kernel learn, or hold it."""
        self._view(is_playing=not self._looked_at.is_playing)
        return True

    def _on_preset_chosen(self, name: str) -> None:
        self._edits.change(TASK, partial(edits.set_preset, name=name), f"learn {name}")

    def _on_clear_asked(self) -> None:
        self._edits.change(TASK, edits.clear_strokes, "clear the painting")

    def _on_halve_clicked(self) -> None:
        self._edits.change(TASK, edits.halve_rate, "halve the learning rate")

    def _on_step_asked(self) -> None:
        self._view(is_playing=False, steps=self._looked_at.steps + 1)

    def _on_reset_asked(self) -> None:
        self._view(resets=self._looked_at.resets + 1)

    def _on_pace_chosen(self, pace: int) -> None:
        self._view(pace=pace)

    def _on_brush_chosen(self, value: float, radius: float) -> None:
        self._view(brush=Brush(value, radius))

    def _on_brush_moved(self, row: float, column: float) -> None:
        paper = self.target_image.view.drawn_rect()
        if not self._painting and not paper.contains(column, row):
            return  # beside the paper
        at = (row / paper.height(), column / paper.width())
        if self._painting:
            draw = partial(edits.extend_stroke, at=at)
        else:
            self._painting = True
            self._session.end_gesture()  # another stroke is another step
            draw = partial(edits.begin_stroke, brush=self._looked_at.brush, at=at)
        self._edits.change(TASK, draw, "paint", "paint")

    def _on_brush_lifted(self) -> None:
        self._painting = False
        self._session.end_gesture()

    # ---- the document and the results are shown ----

    def _on_document_changed(self) -> None:
        self.target.show_task(self._task)
        self.rule.show_record(self._task)
        is_paper = self._task.target is TargetKind.PAINTED
        self.target_image.view.drag_moves_object = is_paper
        shape = Qt.CursorShape.CrossCursor if is_paper else Qt.CursorShape.ArrowCursor
        self.target_image.view.viewport().setCursor(shape)

    def _on_viewing_changed(self) -> None:
        viewing = self._looked_at
        self.bar.set_playing(viewing.is_playing)
        self.bar.set_pace(viewing.pace)
        self.target.show_brush(viewing.brush)

    def unpin(self) -> None:
        """Pause."""
        self._view(is_playing=False)

    def show_result(self, shown: KernelTrainingShown) -> None:
        """Paint where the kernel stands."""
        for picture, painted in (
            (self.input, shown.input),
            (self.target_image, shown.target_image),
            (self.output, shown.output),
            (self.difference, shown.difference),
        ):
            picture.show_painted(painted)
        self.color_bar.set_scale(shown.target_image.mode, shown.target_image.scale, several=False)
        self.kernels.show_kernels(shown.kernel, shown.target, shown.task.is_flipped)
        self.plot.show_history(shown.steps, shown.losses)
        self.bar.set_figures(figures_text(shown))
        self._say(words(shown), bool(shown.stopped))

    def _say(self, text: str, is_warning: bool) -> None:
        if text != self._words.text():
            self._words.setText(text)
            self._words.setProperty("role", "warning" if is_warning else "quiet")
            self._words.style().polish(self._words)
        self._halve.setVisible(is_warning)
