"""Undo and redo that say what they do, and go to where it is seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from convlab.document.document import Document, Lab, changed_labs
from convlab.runtime.session import Session
from convlab.ui.labs import LABS
from convlab.ui.widgets.forms import plain_tip
from convlab.ui.widgets.message_bar import MessageAction, MessageBar

OWNER = "undo"
BEGUN = "All labs begin afresh. Undo (Ctrl+Z) brings everything back."


class UndoSteps(QObject):
    """Takes steps back and does them again.

    Args:
        session: Has the steps.
        message: Where to say what happened in another lab than the one on the screen.

    Signals:
        lab_wanted: The Lab in which the next change is seen.
    """

    lab_wanted = Signal(object)

    def __init__(self, session: Session, message: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._message = session, message
        session.document_changed.connect(self._on_document_changed)

    def show_on(self, undo: QAction, redo: QAction) -> None:
        """Let two actions say what they would do."""
        stack = self._session.undo_stack
        self._actions = undo, redo
        self._texts: tuple[str, str] | None = None
        stack.indexChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        stack = self._session.undo_stack
        texts = stack.undoText(), stack.redoText()
        if texts == self._texts:
            return
        self._texts = texts
        named = ("Undo", "Ctrl+Z"), ("Redo", "Ctrl+Y")
        for action, text, (name, keys) in zip(self._actions, texts, named, strict=True):
            said = as_title(text)
            action.setEnabled(bool(text))
            action.setText(f"{name}: {said}".replace("&", "&&") if said else name)
            action.setToolTip(f"<b>{name}</b> ({keys})<br>{plain_tip(said)}")

    def undo(self) -> None:
        """Take the last edit back, in its lab."""
        stack = self._session.undo_stack
        self._go("Undone", stack.undo_target(), stack.undoText(), stack.undo)

    def redo(self) -> None:
        """Do the edit again that was taken back last, in its lab."""
        stack = self._session.undo_stack
        self._go("Done again", stack.redo_target(), stack.redoText(), stack.redo)

    def say_begun(self) -> None:
        """Say how everything comes back that a new document has replaced."""
        actions = (MessageAction("Undo", self.undo),)
        self._message.show_message(BEGUN, OWNER, actions, is_warning=False)

    def _go(self, done: str, target: Document | None, text: str, go: Callable[[], None]) -> None:
        if target is None:
            return
        lab = self._lab_of(target)
        if lab is not None:
            self.lab_wanted.emit(lab)
        self._show_page(target)
        go()
        if lab is not None:
            where = LABS[[spec.name for spec in LABS].index(lab)].text.lower()
            text = f"{done} in the {where}: {as_title(text)}"
            self._message.show_message(text, OWNER, is_warning=False)

    def _lab_of(self, target: Document) -> Lab | None:
        """Return the lab in which a step is seen, if that is not the one on the screen."""
        present, viewing = self._session.document, self._session.viewing
        labs = changed_labs(present, target)
        if not labs and not viewing.shown_part.shows_source:
            labs = (LABS[0].name,)  # another source, or what is drawn on it
        return None if not labs or viewing.lab in labs else labs[0]

    def _show_page(self, target: Document) -> None:
        """Turn to the page of the lab on which the step is seen."""
        viewing, present = self._session.viewing, self._session.document
        lab = viewing.lab
        turned = viewing.shown_part.turned_to(present.part(lab), target.part(lab))
        self._session.look(viewing.with_part(lab, turned))

    def _on_document_changed(self) -> None:
        self._message.clear(OWNER)


def as_title(text: str) -> str:
    """Return what was done with a capital: "Set bias of 1 Conv 5×5"."""
    return text[:1].upper() + text[1:]
