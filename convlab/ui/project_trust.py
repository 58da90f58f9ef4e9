"""A stranger may have made a project: what it names outside of itself is asked for first."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from convlab.document.document import Document
from convlab.document.file_name import shown_name
from convlab.document.references import References, references, without
from convlab.io.project_store import ProjectRead, ProjectStore
from convlab.paths import sample_pictures
from convlab.runtime.session import Session
from convlab.ui.file_desk import FileDesk
from convlab.ui.widgets.message_bar import MessageAction

OWNER = "trust"


class ProjectTrust(QObject):
    """Lets a project open what it names when that was allowed; offers it when nobody was asked.

    Args:
        session: Shows the project.
        store: Keeps the answers.
        desk: Has them written.

    Signals:
        accepted: The References that may be opened now.
    """

    accepted = Signal(object)

    def __init__(self, session: Session, store: ProjectStore, desk: FileDesk) -> None:
        super().__init__(session)
        self._session = session
        self._store, self._desk = store, desk
        self._message = desk.message
        self._opens_nothing = False
        self._offered_at = 0  # where the undo stack stands behind the opening of the project
        self._session.undo_stack.indexChanged.connect(self._on_index_changed)

    def open_nothing(self) -> None:
        """Leave off what projects name, whatever was answered: nobody sits at this screen."""
        self._opens_nothing = True

    def admit(self, project: ProjectRead, keeps_source: bool) -> Document:
        """Return what of a project is shown, and offer the rest.

        Args:
            project: As it was read.
            keeps_source: The present source was asked for by name: the project's is not used.
        """
        self._message.clear(OWNER)
        present, document = self._session.document.source, project.document
        if keeps_source:
            document = without(document, References(source=document.source), present)
        own = {str(path) for path in sample_pictures()}
        named = references(document, own)
        if document.source == replace(present, asset=None):  # it is open already
            named = References(None, named.files)
        if not named or (project.may_open and not self._opens_nothing):
            return document
        if self._opens_nothing:
            text = (
                f"{shown_name(project.path)} wants {named}: left off, for there is nobody to ask."
            )
            self._message.show_message(text, OWNER)
        elif project.may_open is None:
            self._offer(project, named)
        return without(document, named, present)

    def _offer(self, project: ProjectRead, named: References) -> None:
        use = MessageAction(
            "Use it" if len(named) == 1 else "Use them", partial(self._use, project.digest, named)
        )
        reject = partial(self._keep_answer, project.digest, False)
        text = f"This project wants {named}."
        self._message.show_message(text, OWNER, [use], reject, is_warning=False)
        self._offered_at = self._session.undo_stack.index() + 1

    def _use(self, digest: str, named: References) -> None:
        self._keep_answer(digest, True)
        self.accepted.emit(named)

    def _keep_answer(self, digest: str, may_open: bool) -> None:
        keep = partial(self._store.keep_answer, digest, may_open)
        self._desk.do("answer", keep, lambda _: None)

    def _on_index_changed(self, index: int) -> None:
        if index < self._offered_at:
            self._offered_at = 0
            self._message.clear(OWNER)  # the project itself was taken back
