"""Opening and saving of projects and weights: the dialogs, and what becomes of what was read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox

from convlab.document.document import Document, Lab
from convlab.document.edits import draw_digit
from convlab.document.source import PROJECT_SUFFIX, SourceSpec
from convlab.document.stack.model import StackState
from convlab.paths import digits_stack, user_cache_dir
from convlab.runtime.files import (
    Failed,
    FileTask,
    FileWorker,
    Outcome,
    ProjectRead,
    ProjectSaved,
    SoundSaved,
    StackRead,
    StackSaved,
    WeightsRead,
)
from convlab.ui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from convlab.ui.main_window import MainWindow

PROJECT_FILTER = f"ConvLab projects (*{PROJECT_SUFFIX})"
WEIGHTS_FILTER = "Weights (*.npy *.npz *.safetensors *.csv *.txt);;All files (*)"


class ProjectFiles(QObject):
    """Asks for files, has them read and written, and passes on what they held.

    Args:
        window: Whose session is saved; its title says which file it is.
        message: Where to say what could not be read or written.

    Signals:
        failed: Something could not be read or written; the message says why.
        project_opened, project_saved, project_rejected: What became of a project, by its path.
    """

    failed = Signal(str)
    project_opened = Signal(str)
    project_saved = Signal(str)
    project_rejected = Signal(str)

    def __init__(self, window: MainWindow, message: MessageBar) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._message = message
        self._path: Path | None = None
        self._awaited: SourceSpec | None = None  # of the project that was opened
        self._network: Path | None = None  # whose stack is to be drawn a digit for
        self.worker = FileWorker(self)
        self.worker.done.connect(self._on_worker_done)
        self._session.undo_stack.cleanChanged.connect(self._show_title)
        self._session.undo_stack.indexChanged.connect(self._on_index_changed)

    def open(self, path: str) -> None:
        """Read a project; the document follows when it has been read."""
        self.worker.open_project(Path(path))

    def save(self) -> None:
        """Save to the file that was opened or saved last; ask for one if there is none."""
        if self._path is None:
            self.save_as()
        else:
            self.worker.save_project(self._session.document, self._path)

    def save_as(self) -> None:
        """Ask for a file, and save there."""
        folder = Path(self._window.settings.text("folder"))
        start = self._path or folder / f"My stack{PROJECT_SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save the project", str(start), PROJECT_FILTER
        )
        if name:
            path = Path(name)
            path = path if path.suffix else path.with_suffix(PROJECT_SUFFIX)
            self.worker.save_project(self._session.document, path)

    def may_close(self) -> bool:
        """Ask what becomes of edits that are not in the project's file; False: stay open."""
        if not self._window.isWindowModified() or self._path is None:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "Unsaved edits",
            f"{self._path.name} does not have your last edits yet. Save them?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        if answer == buttons.Save:
            self.save()
            self.worker.finish()
            self._on_worker_done()
            return not self._window.isWindowModified()
        return answer == buttons.Discard

    def stop(self) -> None:
        """Finish what was begun, and end the worker."""
        self.worker.stop()

    def open_stack(self, path: str) -> None:
        """Read a stack; it takes the place of the one there is when it has been read."""
        self.worker.open_stack(Path(path))

    def draw_digit(self) -> None:
        """Read the network that knows digits; then it has a sheet to draw on."""
        try:
            self._network = digits_stack()
        except FileNotFoundError as error:
            self._message.show_message(str(error), FileTask.OPEN_STACK)
            return
        self.worker.open_stack(self._network)

    def ask_weights(self) -> None:
        """Ask for a file with weights for the layer whose kernels are in the grid."""
        lab = self._window.stack_lab
        uid, shape = lab.filter_uid, lab.weight_shape()
        folder = self._window.settings.text("folder")
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Weights for the layer", folder, WEIGHTS_FILTER
        )
        if name and uid is not None and shape is not None:
            self.worker.open_weights(Path(name), uid, shape)

    def play_sound(self) -> None:
        """Hand the result of the signal lab to the system's player."""
        heard = self._window.signal_lab.sound()
        if heard is not None:
            self.worker.save_sound(*heard, user_cache_dir() / "convolved.wav")

    def save_network(self) -> None:
        learned = self._window.learning_lab.network.learned()
        if learned is None:
            return
        start = Path(self._window.settings.text("folder")) / f"{learned.title}{PROJECT_SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save the network as a stack file", str(start), PROJECT_FILTER
        )
        if name:
            path = Path(name)
            path = path if path.suffix else path.with_suffix(PROJECT_SUFFIX)
            self.worker.save_stack(learned, path)

    def _on_worker_done(self) -> None:
        while self.worker.outcomes:
            self._take(self.worker.outcomes.popleft())

    def _take(self, outcome: Outcome) -> None:
        self._message_of(outcome.task).clear(outcome.task)
        match outcome:
            case Failed():
                self._take_failure(outcome)
            case StackRead():
                self._take_stack(outcome.path, outcome.stack)
            case WeightsRead():
                self._window.stack_lab.edits.set_weights(outcome.uid, outcome.weight)
            case ProjectRead():
                self._take_project(outcome.path, outcome.document)
                self.project_opened.emit(str(outcome.path))
            case StackSaved(path):
                self._window.learning_lab.network.show_saved(path.name)
            case SoundSaved(path):
                self._play_sound(path)
            case ProjectSaved():
                self._take_saved(outcome.path, outcome.document)
                self.project_saved.emit(str(outcome.path))

    def _take_failure(self, failure: Failed) -> None:
        self._message_of(failure.task).show_message(failure.message, failure.task)
        self.failed.emit(failure.message)
        if failure.task is FileTask.OPEN_PROJECT:
            self.project_rejected.emit(str(failure.path))

    def _play_sound(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._message.show_message(
                f"No program here plays sounds: open {path} with one of yours.",
                FileTask.SAVE_SOUND,
            )

    def _take_saved(self, path: Path, document: Document) -> None:
        self._path = path
        if document is self._session.document:
            self._session.undo_stack.setClean()
        self._show_title()

    def _message_of(self, task: FileTask) -> MessageBar:
        """Return where a task is spoken of."""
        is_weights = task is FileTask.OPEN_WEIGHTS
        return self._window.stack_lab.filter.message if is_weights else self._message

    def _take_stack(self, path: Path, stack: StackState) -> None:
        if path == self._network:
            self._draw_digit(stack)
        else:
            self._window.stack_lab.edits.take(stack)

    def _draw_digit(self, network: StackState) -> None:
        """Show the network that knows digits with a sheet to draw one on."""
        self._network = None
        try:
            after = draw_digit(self._session.document, network)
        except ValueError as error:
            self._message.show_message(str(error), FileTask.OPEN_STACK)
            return
        self._session.edit(after, "draw a digit")
        self._window.show_lab(Lab.STACK)
        self._window.stack_lab.drawing.panel.view.setFocus()

    def _take_project(self, path: Path, document: Document) -> None:
        """Show what a project holds; its source follows once it has delivered a picture."""
        source = self._session.document.source
        self._session.edit(replace(document, source=source), f"open {path.name}")
        if document.source != source:
            self._awaited = document.source
            self._window.pipeline.open(document.source)
        self._path = path
        self._session.undo_stack.setClean()
        self._show_title()

    def _on_index_changed(self) -> None:
        """The source of a project that was opened has come: that is no edit of a person's."""
        if self._awaited is not None and self._session.document.source == self._awaited:
            self._awaited = None
            self._session.undo_stack.setClean()

    def _show_title(self) -> None:
        is_file = self._path is not None
        name = "" if self._path is None else f"{self._path.name}[*] – "
        self._window.setWindowTitle(f"{name}ConvLab")
        self._window.setWindowModified(is_file and not self._session.undo_stack.isClean())
