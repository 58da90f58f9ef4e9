"""Opening and saving of projects: the dialogs, and what becomes of what was read."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from convlab.document.document import Document
from convlab.document.file_name import shown_name
from convlab.document.references import References, references, restored
from convlab.document.source import PROJECT_SUFFIX, SourceKind, SourceSpec
from convlab.document.view import View
from convlab.io.project_store import ProjectRead, ProjectStore
from convlab.io.user_folders import not_kept
from convlab.runtime.project_trial import read_tried
from convlab.runtime.session import Session
from convlab.ui.file_desk import FileDesk, ask_where
from convlab.ui.project_trust import ProjectTrust

LONGEST_SAVE = 5.0  # that closing waits for: what is not saved by then is kept [s]
SAVING, FOLDERS = "saving", "folders"
"""Owners of messages."""


class ProjectFiles(QObject):
    """Asks for project files, has them read and written, and shows what they hold.

    Args:
        session: What is saved.
        desk: Has files read and written.
        parent: Owns it; the dialogs lie over it.

    Signals:
        project_opened, project_saved, project_rejected: What became of a project, by its path.
        saved: The document as it is now is in a file.
        begun: A new document stands in the place of another.
        replacing: A project is about to take the document's place.
        title_changed: The window is to be called so; "[*]" is where unsaved edits are marked.
        source_wanted: The SourceSpec that a project may open.
        files_named: The References of which labs may read theirs.
    """

    project_opened = Signal(str)
    project_saved = Signal(str)
    project_rejected = Signal(str)
    saved = Signal()
    begun = Signal()
    replacing = Signal()
    title_changed = Signal(str)
    source_wanted = Signal(object)
    files_named = Signal(object)

    def __init__(self, session: Session, desk: FileDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._desk, self._window = session, desk, parent
        self._path: Path | None = None
        self._saved = session.document  # as a file has it, or as it was at the start
        self._awaited: SourceSpec | None = None  # opened by the program itself
        self._keeps_source = False
        self._keeps_lab = False
        self._store = ProjectStore()
        self.trust = ProjectTrust(session, self._store, desk)
        self.trust.accepted.connect(self._on_accepted)
        session.completed.connect(self._on_completed)
        session.undo_stack.cleanChanged.connect(self._show_title)
        session.undo_stack.indexChanged.connect(self._on_index_changed)

    def keep_lab(self, wanted: bool) -> None:
        """Stay in the lab on the screen when the next project opens: it was asked for."""
        self._keeps_lab = wanted

    def new(self) -> None:
        """Begin afresh on the present source; work that is in no file is left to a later start.

        So nothing is lost, and nobody is asked; it is one step of undo, too.
        """
        before = self._session.document
        self.replacing.emit()
        self._session.edit(Document(source=before.source), "start a new document")
        self._path = self._awaited = None
        self._set_saved()
        if self._session.document != before:
            self.begun.emit()

    def open(self, path: str, keeps_source: bool = False) -> None:
        """Read a project; the document follows when it has been read.

        Args:
            path: The file.
            keeps_source: The present source was asked for: the project's own is not used.
        """
        self._keeps_source = keeps_source
        read, rejected = partial(read_tried, self._store, Path(path)), self.project_rejected.emit
        self._desk.open(path, read, self._show, fail=partial(rejected, path))

    def save(self) -> None:
        """Save to the file that was opened or saved last; ask for one if there is none."""
        if self._path is None:
            self.save_as()
        else:
            self.save_to(self._path)

    def save_as(self) -> None:
        """Ask for a file, and save there."""
        start = self._path or Path(f"My project{PROJECT_SUFFIX}")
        path = ask_where(self._window, "Save the project", start)
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Save to a file; the window goes on."""
        document, view = self._session.document, View.of(self._session.viewing)
        written = self._session.kept_document

        def take(_: object) -> None:
            self._take_saved(path, document)
            self.project_saved.emit(str(path))

        self._desk.do(SAVING, partial(self._store.write, written, view, path), take)

    def check_folders(self) -> None:
        """Say what cannot be kept where the user's own folders cannot be written."""
        say = partial(self._desk.message.show_message, owner=FOLDERS)
        self._desk.do(FOLDERS, not_kept, say)

    @property
    def path(self) -> Path | None:
        """The file that was opened or saved last."""
        return self._path

    @property
    def is_unsaved(self) -> bool:
        """A person has changed what no file has."""
        return not self._is_saved(self._session.document)

    def _is_saved(self, document: Document) -> bool:
        saved = self._saved
        if saved.source == replace(document.source, asset=None):  # its bytes came since
            saved = replace(saved, source=document.source)
        return document == saved

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
        self._desk.worker.finish(LONGEST_SAVE)

    def _take_saved(self, path: Path, document: Document) -> None:
        self._path, self._saved = path, document
        if document is self._session.document:
            self._session.undo_stack.setClean()
            self.saved.emit()
        self._show_title()

    def _show(self, project: ProjectRead) -> None:
        """Show what a project holds, its source and its lab: all of it is one step of undo."""
        document = self.trust.admit(project, self._keeps_source)
        self.replacing.emit()
        self._session.edit(document, f"open {shown_name(project.path)}")
        if project.view is not None:
            viewing = self._session.viewing
            lab = viewing.lab if self._keeps_lab else project.view.lab
            self._keeps_lab = False
            self._session.look(replace(project.view, lab=lab).shown_in(viewing, document))
        self._awaited = None
        self._path = project.path
        self._set_saved()
        self.files_named.emit(references(document, ()))
        self.project_opened.emit(str(project.path))

    def _on_accepted(self, named: References) -> None:
        """Open what the project names: the file has it, so that is no edit of a person's."""
        is_saved = not self.is_unsaved
        self._session.edit(restored(self._session.document, named), "use the project's files")
        if is_saved:
            self._set_saved()
            self._awaited = named.source
        self.files_named.emit(named)
        if named.source is not None:
            self.source_wanted.emit(named.source)

    def _on_completed(self, before: Document) -> None:
        """The document holds more of what it names: that is no edit."""
        if self._is_saved(before):
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
        # Doubled "[*]" stands for itself.
        name = "" if self._path is None else shown_name(self._path).replace("[*]", "[*][*]")
        name = name and f"{name}[*] – "
        self.title_changed.emit(f"{name}ConvLab")
        self._window.setWindowModified(bool(name) and not self._session.undo_stack.isClean())
