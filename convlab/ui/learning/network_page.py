"""A small network is trained: loss, accuracy, kernels, maps, confusion, misclassified pictures."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from convlab.document.document import Lab
from convlab.document.learning.network import (
    OWN_DATA,
    NetworkTask,
    NetworkViewing,
    set_data,
    set_own_data,
)
from convlab.document.learning.network_fit import as_learned
from convlab.document.learning.network_view import NetworkShown, SampleShown
from convlab.document.learning.training import Stage, Training
from convlab.document.stack.edits import replace_stack
from convlab.document.stack.model import StackState
from convlab.runtime.learning import LearningWorker
from convlab.runtime.session import Session
from convlab.runtime.timers import single_shot
from convlab.ui.lab_edits import LabEdits
from convlab.ui.learning import network_words
from convlab.ui.learning.confusion_view import Cell, ConfusionView
from convlab.ui.learning.learning_page import Page
from convlab.ui.learning.network_form import Action, NetworkForm
from convlab.ui.learning.score_bars import ScoreBars
from convlab.ui.learning.tile_strip import TileStrip
from convlab.ui.learning.training_plots import EpochPlot
from convlab.ui.widgets.forms import (
    as_panel,
    describe,
    filled,
    quiet_label,
    scrolled,
    spin_box,
    wrapped_label,
)
from convlab.ui.widgets.map_grid import MapGrid
from convlab.ui.widgets.map_node import Node

TASK = "learning.network"
FORM_WIDTH = 250  # [px]
SIDE_WIDTHS = 196, 300  # the least and the most [px]
PREPARE_AFTER = 150  # an edit without a longer pause before the next is not prepared for [ms]
DATA_FILTER = "Pictures with labels (*.npz);;All files (*)"


class NetworkPage(Page):
    """Arranges the widgets, connects their intents, and shows documents and results.

    Args:
        session: Takes the edits.
        worker: Trains the network.

    Signals:
        progressed: ``progress_text`` may be another.
        opened: The network was put into the stack lab, which is to be shown.
        save_wanted: What ``learned`` gives is wanted as a file.
    """

    progressed = Signal()
    opened = Signal()
    save_wanted = Signal()

    def __init__(self, session: Session, worker: LearningWorker) -> None:
        super().__init__(session, "network")
        self._worker = worker
        self._shown: NetworkShown | None = None
        self._nodes: dict[int, Node] = {}
        self._prepared: tuple[NetworkTask, StackState] | None = None
        self._prepare_due = single_shot(self, PREPARE_AFTER, self._prepare)
        self.edits = LabEdits(session, self.message)
        self.form = NetworkForm()
        self._make_views()
        self._arrange()
        self._connect_form()
        self._connect_views()
        worker.changed.connect(self._on_worker_changed)
        session.watch("document.learning document.stack", self._on_document_changed, Lab.LEARNING)
        self._on_document_changed()

    # ---- where things stand ----

    def _make_views(self) -> None:
        self.maps = describe(
            MapGrid(has_links=False),
            "network_maps",
            "Maps of the chosen picture",
            "What each layer makes of one picture of the test set, while the network learns. The "
            "wheel zooms, a drag pans, a double click fits. Batch norm, dropout and flatten "
            "hardly change the picture and are left out. Open the network in the stack lab to "
            "take every value of every layer apart.",
        )
        self.loss = EpochPlot(
            "network_loss_plot",
            "Loss",
            "Mean cross entropy, −log of the probability of the true class: 0 is perfect. Where "
            "the loss of the test set rises again while that of training falls, the network is "
            "overfitting: it learns its pictures by heart.",
            is_share=False,
        )
        self.accuracy = EpochPlot(
            "network_accuracy_plot",
            "Accuracy",
            "Fraction of pictures classified correctly, of the batches and of the test set.",
            is_share=True,
        )
        self.confusion = ConfusionView()
        self.scores = ScoreBars("network_scores")
        self.kernels = TileStrip(
            "network_kernels",
            "Kernels of the first layer",
            "What the first convolution looks for: red cells want light, blue cells want none. "
            "Random initialisation at first; watch edges and spots come out.",
            "The network has no convolution.",
        )
        self.misclassified = TileStrip(
            "network_wrong",
            "Misclassified",
            "Pictures of the test set: true class → prediction. Click one to see it go through the "
            "layers.",
            "None.",
        )
        self.misclassified.set_clickable()
        self._sample = spin_box(
            "network_sample_spin",
            "Picture of the test set",
            "Which one goes through the network. It never learned from any of them.",
            1,
            1,
        )
        self._verdict = wrapped_label("network_verdict", role="title")
        self._sample_words = wrapped_label("network_sample_words")
        self._listed_words = wrapped_label("network_listed_words", "Misclassified")

    def _arrange(self) -> None:
        layout = filled(QHBoxLayout(self), margins=(0, 0, 0, 0), spacing=0)
        layout.addWidget(self._scrolled(self.form))
        filled(layout, (self._middle(), 5), (self._side(), 4))

    def _scrolled(self, form: QWidget) -> QScrollArea:
        area = scrolled(form, "What the network learns from, and how")
        area.setObjectName("network_form")
        area.setFixedWidth(FORM_WIDTH)
        area.setFrameShape(QFrame.Shape.NoFrame)
        return area

    def _middle(self) -> QVBoxLayout:
        self._sample.setFixedWidth(72)
        parts = quiet_label("Picture"), self._sample, (self._sample_words, 1)
        head = filled(QHBoxLayout(), *parts)
        below = QWidget()
        as_panel(below)
        grid = QGridLayout(below)
        grid.setContentsMargins(2, 2, 2, 6)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        for column, (title, view, stretch) in enumerate(
            (
                (quiet_label("Probabilities"), self.scores, 4),
                (quiet_label("First kernels"), self.kernels, 4),
                (self._listed_words, self.misclassified, 6),
            )
        ):
            title.setMinimumWidth(10)
            grid.addWidget(title, 0, column)
            grid.addWidget(view, 1, column)
            grid.setColumnStretch(column, stretch)
        below.setFixedHeight(200)
        layout = filled(QVBoxLayout(), margins=(4, 8, 4, 0), spacing=5)
        self.message.lie_over(self, within=self)
        return filled(layout, self._verdict, head, (self.maps, 1), below)

    def _side(self) -> QVBoxLayout:
        layout = filled(QVBoxLayout(), margins=(6, 4, 8, 6), spacing=4)
        for view, stretch in ((self.loss, 3), (self.accuracy, 3), (self.confusion, 5)):
            view.setMinimumWidth(SIDE_WIDTHS[0])
            view.setMaximumWidth(SIDE_WIDTHS[1])
            layout.addWidget(view, stretch)
        return layout

    # ---- intents ----

    def _connect_form(self) -> None:
        form = self.form
        form.data_chosen.connect(self._on_data_chosen)
        form.own_data_wanted.connect(self._on_own_data_wanted)
        self.edits.set_by(form.parameter_chosen, TASK)
        form.action_wanted.connect(self._on_action_wanted)

    def _connect_views(self) -> None:
        self.maps.painted.connect(self.painted)
        self.maps.sight_changed.connect(self._on_sight_changed)
        self._sample.valueChanged.connect(self._on_sample_chosen)
        self.confusion.cell_chosen.connect(self._on_cell_chosen)
        self.misclassified.chosen.connect(self._on_misclassified_chosen)

    @property
    def _task(self) -> NetworkTask:
        return self._state.network

    @property
    def _wanted(self) -> tuple[NetworkTask, StackState]:
        return self._task, self._session.document.stack

    @property
    def training(self) -> Training | None:
        """Where training stands; None before the data are there."""
        return self._worker.training

    @property
    def progress_text(self) -> str:
        """How far a training is that is not over; else empty."""
        return network_words.progress_text(self.training)

    def learned(self) -> StackState | None:
        """Return the network as a stack, with its input; None before there is one."""
        now = self.training
        return None if now is None else as_learned(now)

    def show_saved(self, name: str) -> None:
        """Say that the network was saved."""
        self.form.show_note(f"Saved as {name}: open it in the stack lab.")

    def _on_data_chosen(self, name: str) -> None:
        if name != OWN_DATA:
            self.edits.change(TASK, partial(set_data, name=name), "set data")

    def _on_own_data_wanted(self) -> None:
        self.form.show_task(self._task)  # the choice is not made yet
        path, _ = QFileDialog.getOpenFileName(
            self, "Pictures with labels to learn from", "", DATA_FILTER
        )
        if path:
            self.edits.change(TASK, partial(set_own_data, path=path), "set data")

    def play_or_pause(self) -> bool:
        """Train, pause the training or go on."""
        self.form.press_go()
        return True

    def _on_action_wanted(self, action: str) -> None:
        worker, now = self._worker, self.training
        match action:
            case Action.TRAIN:
                self._train(math.inf)
            case Action.PAUSE:
                worker.pause()
            case Action.GO_ON:
                worker.go_on()
            case Action.STEP:
                self._take_steps(1)
            case Action.EPOCH:
                count = 1 if now is None else len(now.data.training)
                self._take_steps(-(-count // self._task.batch))
            case Action.CANCEL:
                worker.cancel()
            case Action.OPEN if now is not None:
                learned, text = as_learned(now), f"open {now.title.lower()}"
                self.edits.change("stack", lambda stack: replace_stack(stack, learned), text)
                self.opened.emit()
            case Action.SAVE:
                self.save_wanted.emit()

    def _take_steps(self, steps: int) -> None:
        if self._worker.is_busy and self._worker.stage is Stage.PAUSED:
            self._worker.go_on(steps)
        else:
            self._train(steps)

    def _train(self, steps: float) -> None:
        self._prepare_due.stop()
        self._prepared = self._wanted
        self._worker.train(*self._wanted, steps)

    # ---- what is looked at ----

    @property
    def _network_viewing(self) -> NetworkViewing:
        return self._viewing.network

    def _look_at(self, **changes: object) -> None:
        network: NetworkViewing = replace(self._network_viewing, **changes)  # type: ignore[arg-type]
        self._look(network=network)

    def _on_sight_changed(self) -> None:
        self._look_at(in_sight=self.maps.in_sight, cell_width=self.maps.cell_width)

    def _on_sample_chosen(self, number: int) -> None:
        self._look_at(sample=number - 1)

    def _on_cell_chosen(self, cell: Cell | None) -> None:
        self._look_at(cell=cell)

    def _on_misclassified_chosen(self, index: int) -> None:
        listed = None if self._shown is None else self._shown.listed
        if listed is not None and index < len(listed.indices):
            self._look_at(sample=listed.indices[index])

    def unpin(self) -> None:
        """Let go of the chosen cell; a training goes on."""
        if self._network_viewing.cell is not None:
            self._look_at(cell=None)

    # ---- before it learns ----

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._prepare_due.start()

    def _on_document_changed(self) -> None:
        self.form.show_task(self._task)
        if self.training is not None:
            self._show_stage(self.training)
        if self.isVisible():
            self._prepare_due.start()

    def _prepare(self) -> None:
        """Show the untrained network, as long as nothing was learned that this would replace."""
        worker = self._worker
        if not self.isVisible() or self._prepared == self._wanted:
            return
        if worker.training is None or worker.training.step == 0:
            self._prepared = self._wanted
            worker.prepare(*self._wanted)

    # ---- results ----

    def _on_worker_changed(self) -> None:
        now = self.training
        if now is not None:
            self._show_stage(now)
            self._show_verdict(now)
        self.show_error(None)
        self.progressed.emit()

    def _show_stage(self, now: Training) -> None:
        words = network_words.status_text(now), network_words.next_text(now, self._task)
        self.form.show_stage(now.stage, now.progress, " ".join(filter(None, words)))

    def show_error(self, error: str | None) -> None:
        """Say why there is nothing new, or why nothing more is learned."""
        now = self.training
        stopped = "" if now is None else now.stopped
        super().show_error(error or self._worker.error or stopped)

    def show_result(self, shown: NetworkShown) -> None:
        """Paint where training stands."""
        self._shown = shown
        if shown.training is None or shown.sample is None:
            self.painted.emit()
            return
        self._show_training(shown.training)
        self._show_sample(shown.training, shown.sample)
        self._show_kernels(shown)
        self._show_listed(shown, shown.training)

    def _show_training(self, now: Training) -> None:
        self._show_verdict(now)
        curves, epochs = now.curves, now.task.epochs
        self.loss.show_curves(curves.loss, curves.test_loss, epochs)
        self.accuracy.show_curves(curves.accuracy, curves.test_accuracy, epochs)
        cell = self._network_viewing.cell
        self.confusion.show_counts(now.evaluation.confusion, now.data.names, cell)

    def _show_verdict(self, now: Training) -> None:
        """Say how well it classifies; what does not fit has left the results of another."""
        whose = "The last network that fits. " if self._worker.error else ""
        self._verdict.setText(f"{whose}{network_words.accuracy_text(now)}")

    def _show_sample(self, now: Training, sample: SampleShown) -> None:
        self._sample.setMaximum(len(now.data.test))
        self._sample.show_number(sample.index + 1)
        self._sample_words.setText(network_words.sample_text(now, sample))
        self.scores.show_probabilities(now.data.names, sample.probabilities, sample.label)
        maps = sample.maps
        nodes = network_words.nodes(sample, self._nodes)
        self._nodes = {node.uid: node for node in nodes}
        self.maps.set_layers(nodes, network_words.cards(sample))
        self.maps.show_columns(maps.columns, frozenset())

    def _show_kernels(self, shown: NetworkShown) -> None:
        kernels = shown.kernels
        if kernels is None:
            return
        tips = [
            f"kernel of map {number // kernels.channels + 1}, from channel "
            f"{number % kernels.channels + 1}"
            for number in range(len(kernels.tiles))
        ]
        self.kernels.show_tiles(kernels.tiles, (), tips, None)

    def _show_listed(self, shown: NetworkShown, now: Training) -> None:
        listed = shown.listed
        if listed is None:
            return
        names, test = now.data.names, now.data.test
        classified = [
            (names[int(test.labels[index])], names[int(now.evaluation.predictions[index])])
            for index in listed.indices
        ]
        sample = self._network_viewing.sample
        chosen = listed.indices.index(sample) if sample in listed.indices else None
        captions = [f"{label}→{prediction}" for label, prediction in classified]
        tips = [f"{label}, classified as {prediction}" for label, prediction in classified]
        self.misclassified.show_tiles(listed.tiles, captions, tips, chosen)
        self._listed_words.setText(network_words.listed_text(shown, self._network_viewing.cell))
