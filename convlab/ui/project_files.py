"""Opening and saving of projects and weights: the dialogs, and what becomes of what was read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from convlab.document.document import Document, Lab
from convlab.document.edits import draw_digit
from convlab.document.file_name import shown_name
from convlab.document.references import References, references, restored
from convlab.document.signal.edits import hold_file
from convlab.document.source import PROJECT_SUFFIX, SourceKind, SourceSpec
from convlab.document.stack.model import StackState
from convlab.document.view import View
from convlab.paths import digits_stack, user_cache_dir
from convlab.runtime.files import (
    Failed,
    FileTask,
    FileWorker,
    FoldersChecked,
    Outcome,
    ProjectRead,
    ProjectSaved,
    SignalRead,
    SoundSaved,
    StackRead,
    StackSaved,
    WeightsOffered,
    WeightsRead,
)
from convlab.ui.project_trust import ProjectTrust
from convlab.ui.weights_files import WeightsFiles
from convlab.ui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from convlab.ui.main_window import MainWindow

PROJECT_FILTER = f"ConvLab projects (*{PROJECT_SUFFIX})"
LONGEST_SAVE = 5.0  # that closing waits for: what is not saved by then is kept [s]


class ProjectFiles(QObject):
    """Asks for files, has them read and written, and passes on what they held.

    Args:
        window: Whose session is saved; its title says which file it is.
        message: Where to say what could not be read or written.

    Signals:
        failed: Something could not be read or written; the message says why.
        project_opened, project_saved, project_rejected: What became of a project, by its path.
        saved: The document as it is now is in a file.
        replacing: A project is about to take the document's place.
    """

    failed = Signal(str)
    project_opened = Signal(str)
    project_saved = Signal(str)
    project_rejected = Signal(str)
    saved = Signal()
    replacing = Signal()

    def __init__(self, window: MainWindow, message: MessageBar) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._message = message
        self._path: Path | None = None
        self._saved = self._session.document  # as a file has it, or as it was at the start
        self._awaited: SourceSpec | None = None  # opened by the program itself
        self._keeps_source = False
        self._keeps_lab = False
        self._network: Path | None = None  # whose stack is to be drawn a digit for
        self.worker = FileWorker(self)
        self.trust = ProjectTrust(self._session, self.worker, message)
        self.trust.accepted.connect(self._on_accepted)
        self.worker.done.connect(self._on_worker_done)
        self.weights = WeightsFiles(window, self.worker, message)
        self._session.undo_stack.cleanChanged.connect(self._show_title)
        self._session.undo_stack.indexChanged.connect(self._on_index_changed)

    def keep_lab(self, wanted: bool) -> None:
        """Stay in the lab on the screen when the next project opens: it was asked for."""
        self._keeps_lab = wanted

    def open(self, path: str, keeps_source: bool = False) -> None:
        """Read a project; the document follows when it has been read.

        Args:
            path: The file.
            keeps_source: The present source was asked for: the project's own is not used.
        """
        self._keeps_source = keeps_source
        self.worker.open_project(Path(path))

    def save(self) -> None:
        """Save to the file that was opened or saved last; ask for one if there is none."""
        if self._path is None:
            self.save_as()
        else:
            self._save(self._path)

    def save_as(self) -> None:
        """Ask for a file, and save there."""
        folder = Path(self._window.settings.text("folder"))
        start = self._path or folder / f"My stack{PROJECT_SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save the project", str(start), PROJECT_FILTER
        )
        if name:
            path = Path(name)
            self._save(path if path.suffix else path.with_suffix(PROJECT_SUFFIX))

    def _save(self, path: Path) -> None:
        self.worker.save_project(self._session.document, path, View.of(self._session.viewing))

    @property
    def path(self) -> Path | None:
        """The file that was opened or saved last."""
        return self._path

    @property
    def is_unsaved(self) -> bool:
        """A person has changed what no file has."""
        document, saved = self._session.document, self._saved
        if saved.source == replace(document.source, asset=None):  # its bytes came since
            saved = replace(saved, source=document.source)
        return document != saved

    @property
    def has_edits(self) -> bool:
        """More is unsaved than the choice of a source that can be chosen again."""
        document = self._session.document
        is_pasted = document.source.kind is SourceKind.CLIPBOARD
        same_source = replace(document, source=self._saved.source)
        return document != self._saved if is_pasted else same_source != self._saved

    def expect(self, source: SourceSpec) -> None:
        """The program opens a source by itself: that will be no edit of a person's."""
        self._awaited = source

    def bring_back(self, document: Document, path: Path | None) -> None:
        """Show unsaved work of an earlier window."""
        self._session.edit(document, "bring back unsaved work")
        self._path, self._awaited = path, None
        self._show_title()

    def put_back(self, document: Document, path: Path | None) -> None:
        """Show what there was before unsaved work was brought back."""
        self._session.edit(document, "discard unsaved work")
        self._path, self._saved = path, document
        self._show_title()

    def finish(self) -> None:
        """Wait a moment for what is being saved, and take note of it."""
        self.worker.finish(LONGEST_SAVE)
        self._on_worker_done()

    def stop(self) -> None:
        """Finish what was begun, and end the worker."""
        self.worker.stop()

    def open_stack(self, path: str) -> None:
        """Read a stack; it takes the place of the one there is when it has been read."""
        self.worker.open_stack(Path(path))

    def open_signal(self, which: str, path: str) -> None:
        """Read a sound or table; it becomes f or g when it has been read well."""
        self.worker.open_signal(Path(path), which)

    def draw_digit(self) -> None:
        """Read the network that knows digits; then it has a canvas to draw on."""
        try:
            self._network = digits_stack()
        except FileNotFoundError as error:
            self._message.show_message(str(error), FileTask.OPEN_STACK)
            return
        self.worker.open_stack(self._network)

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
            case StackRead() | SignalRead():
                self._take_part(outcome)
            case WeightsOffered(offer):
                self.weights.ask_which(offer)
            case WeightsRead(filling):
                self.weights.take(filling)
            case ProjectRead():
                self._take_project(outcome)
                self.project_opened.emit(str(outcome.path))
            case StackSaved(path):
                self._window.learning_lab.network.show_saved(shown_name(path))
            case SoundSaved(path):
                self._play_sound(path)
            case FoldersChecked(message):
                self._message.show_message(message, outcome.task)
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
        self._path, self._saved = path, document
        if document is self._session.document:
            self._session.undo_stack.setClean()
            self.saved.emit()
        self._show_title()

    def _message_of(self, task: FileTask) -> MessageBar:
        """Return where a task is spoken of."""
        match task:
            case FileTask.OPEN_WEIGHTS:
                return self._window.stack_lab.filter.message
            case FileTask.OPEN_SIGNAL:
                return self._window.signal_lab.message
            case _:
                return self._message

    def _take_part(self, read: StackRead | SignalRead) -> None:
        """Show the stack, or the sound or table, that was read."""
        if isinstance(read, SignalRead):
            self._take_signal(read)
        elif read.path == self._network:
            self._draw_digit(read.stack)
        else:
            self._window.stack_lab.edits.take(read.stack)

    def _draw_digit(self, network: StackState) -> None:
        """Show the network that knows digits with a canvas to draw one on."""
        self._network = None
        try:
            after = draw_digit(self._session.document, network)
        except ValueError as error:
            self._message.show_message(str(error), FileTask.OPEN_STACK)
            return
        self._session.edit(after, "draw a digit")
        self._window.show_lab(Lab.STACK)
        self._window.stack_lab.drawing.panel.view.setFocus()

    def _take_project(self, project: ProjectRead) -> None:
        """Show what a project holds, its source and its lab: all of it is one step of undo."""
        document = self.trust.admit(project, self._keeps_source)
        self.replacing.emit()
        self._session.edit(document, f"open {shown_name(project.path)}")
        if project.view is not None:
            viewing = self._session.viewing
            lab = viewing.lab if self._keeps_lab else project.view.lab
            self._keeps_lab = False
            self._session.look(replace(project.view, lab=lab).shown_in(viewing))
        self._awaited = None
        self._path = project.path
        self._set_saved()
        self._read_signals(references(document, ()))

    def _on_accepted(self, named: References) -> None:
        """Open what the project names: the file has it, so that is no edit of a person's."""
        is_saved = not self.is_unsaved
        self._session.edit(restored(self._session.document, named), "use the project's files")
        if is_saved:
            self._set_saved()
            self._awaited = named.source
        self._read_signals(named)
        if named.source is not None:
            self._window.pipeline.open(named.source)

    def _read_signals(self, named: References) -> None:
        for which, path in named.signals:
            self.open_signal(which, path)

    def _take_signal(self, read: SignalRead) -> None:
        """Let f or g be what was read; where the project names it, that is no edit."""
        document = self._session.document
        spec = document.signal.f if read.which == "f" else document.signal.g
        if spec.held is not None or spec.path != str(read.path):
            self._window.signal_lab.edits.set_file(read.which, str(read.path), read.held)
            return
        is_saved = not self.is_unsaved
        signal = hold_file(document.signal, read.which, read.held)
        self._session.complete(replace(document, signal=signal))
        if is_saved:
            self._saved = self._session.document

    def _on_index_changed(self) -> None:
        """The source that was awaited has come: that is no edit of a person's."""
        source = self._session.document.source
        if self._awaited is None or replace(source, asset=None) != self._awaited:
            return
        self._awaited = None
        self._saved = replace(self._saved, source=source)
        if not self.is_unsaved:
            self._session.undo_stack.setClean()

    def _set_saved(self) -> None:
        """The document is as the file has it."""
        self._saved = self._session.document
        self._session.undo_stack.setClean()
        self._show_title()

    def _show_title(self) -> None:
        is_file = self._path is not None
        # "[*]" is where Qt marks unsaved edits; doubled it stands for itself.
        name = "" if self._path is None else shown_name(self._path).replace("[*]", "[*][*]")
        name = name and f"{name}[*] – "
        self._window.setWindowTitle(f"{name}ConvLab")
        self._window.setWindowModified(is_file and not self._session.undo_stack.isClean())
