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
    QHBoxLayout,
    QScrollArea,
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
from convlab.document.learning.network_view import NetworkShown
from convlab.document.learning.training import Stage, Training
from convlab.document.stack.edits import replace_stack
from convlab.document.stack.model import StackState
from convlab.learn.examples import Dataset
from convlab.runtime.learning import LearningWorker, own_data
from convlab.runtime.session import Session
from convlab.runtime.timers import single_shot
from convlab.ui.file_desk import FileDesk
from convlab.ui.lab_edits import LabEdits
from convlab.ui.learning import network_words
from convlab.ui.learning.confusion_view import Cell
from convlab.ui.learning.learning_page import Page
from convlab.ui.learning.network_form import Action, NetworkForm
from convlab.ui.learning.network_results import NetworkResults
from convlab.ui.widgets.forms import (
    filled,
    scrolled,
)

TASK = "learning.network"
FORM_WIDTH = 250  # [px]
PREPARE_AFTER = 150  # an edit without a longer pause before the next is not prepared for [ms]
DATA_FILTER = "Pictures with labels (*.npz *.npy *.csv *.tsv *.txt *ubyte *ubyte.gz);;All files (*)"
DATA_TITLE = "Pictures with labels to learn from"


class NetworkPage(Page):
    """Arranges the widgets, connects their intents, and shows documents and results.

    Args:
        session: Takes the edits.
        worker: Trains the network.
        desk: Has a person's own data read.

    Signals:
        progressed: ``progress_text`` may be another.
        opened: The network was put into the stack lab, which is to be shown.
        save_wanted: What ``learned`` gives is wanted as a file.
    """

    progressed = Signal()
    opened = Signal()
    save_wanted = Signal()

    def __init__(self, session: Session, worker: LearningWorker, desk: FileDesk) -> None:
        super().__init__(session, "network")
        self._worker, self._desk = worker, desk
        self._prepared: tuple[NetworkTask, StackState] | None = None
        self._prepare_due = single_shot(self, PREPARE_AFTER, self._prepare)
        self.edits = LabEdits(session, self.message)
        self.form = NetworkForm()
        self.results = NetworkResults()
        self._arrange()
        self._connect_form()
        self._connect_results()
        worker.changed.connect(self._on_worker_changed)
        session.watch("document.learning document.stack", self._on_document_changed, Lab.LEARNING)
        self._on_document_changed()

    # ---- where things stand ----

    def _arrange(self) -> None:
        layout = filled(QHBoxLayout(self), margins=(0, 0, 0, 0), spacing=0)
        filled(layout, self._scrolled(self.form), (self.results, 1))
        self.message.lie_over(self, within=self)

    def _scrolled(self, form: QWidget) -> QScrollArea:
        area = scrolled(form, "What the network learns from, and how")
        area.setObjectName("network_form")
        area.setFixedWidth(FORM_WIDTH)
        area.setFrameShape(QFrame.Shape.NoFrame)
        return area

    # ---- intents ----

    def _connect_form(self) -> None:
        form = self.form
        form.data_chosen.connect(self._on_data_chosen)
        form.own_data_wanted.connect(self._on_own_data_wanted)
        self.edits.set_by(form.parameter_chosen, TASK)
        form.action_wanted.connect(self._on_action_wanted)

    def _connect_results(self) -> None:
        results = self.results
        results.maps.painted.connect(self.painted)
        results.maps.sight_changed.connect(self._on_sight_changed)
        results.sample_chosen.connect(self._on_sample_chosen)
        results.confusion.cell_chosen.connect(self._on_cell_chosen)

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

    def _on_own_data_wanted(self, is_folder: bool) -> None:
        self.form.show_task(self._task)  # the choice is not made yet
        if is_folder:
            path = QFileDialog.getExistingDirectory(self, DATA_TITLE)
        else:
            path, _ = QFileDialog.getOpenFileName(self, DATA_TITLE, "", DATA_FILTER)
        if path:
            take = partial(self._take_own_data, path)
            self._desk.open(path, partial(own_data, path), take, self.message)

    def _take_own_data(self, path: str, data: Dataset) -> None:
        """Learn from what was read well; the worker has it at hand."""
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
        maps = self.results.maps
        self._look_at(in_sight=maps.in_sight, cell_width=maps.cell_width)

    def _on_sample_chosen(self, number: int) -> None:
        self._look_at(sample=number)

    def _on_cell_chosen(self, cell: Cell | None) -> None:
        self._look_at(cell=cell)

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
        if shown.training is None or shown.sample is None:
            self.painted.emit()
            return
        self._show_verdict(shown.training)
        self.results.show_result(shown, shown.training, shown.sample, self._network_viewing)

    def _show_verdict(self, now: Training) -> None:
        """Say how well it classifies; what does not fit has left the results of another."""
        whose = "The last network that fits. " if self._worker.error else ""
        self.results.show_verdict(f"{whose}{network_words.accuracy_text(now)}")
