"""The Session owns the Document, what is being looked at, and the undo stack."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from convlab.document.document import Document, Viewing

UNDO_LIMIT = 500
_MERGEABLE_ID = 1


class ReplaceDocument(QUndoCommand):
    """The one undo command: the document before and after an edit.

    Edits with the same merge key within one gesture (a drag, a turn of the wheel) become one step.
    """

    def __init__(
        self, session: Session, before: Document, after: Document, text: str, merge_key: str | None
    ) -> None:
        super().__init__(text)
        self._session = session
        self._before = before
        self._after = after
        self._merge_key = merge_key

    def redo(self) -> None:
        """Put the later document in place."""
        self._session._replace(self._after)

    def undo(self) -> None:
        """Put the earlier document back."""
        self._session._replace(self._before)

    def id(self) -> int:
        """Tell Qt which commands may merge at all."""
        return _MERGEABLE_ID if self._merge_key is not None else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over a later edit of the same gesture."""
        if not isinstance(other, ReplaceDocument) or other._merge_key != self._merge_key:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True


class Session(QObject):
    """The single owner of the program's state, living in the window's thread.

    Signals carry nothing: whoever is told reads ``document`` or ``viewing``.
    """

    document_changed = Signal()
    viewing_changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._viewing = Viewing()
        self._gesture = 0
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)

    @property
    def document(self) -> Document:
        """The state now."""
        return self._document

    @property
    def viewing(self) -> Viewing:
        """What is being looked at."""
        return self._viewing

    def edit(self, after: Document, text: str, merge_key: str | None = None) -> None:
        """Replace the document, undoably.

        Args:
            after: The new state; nothing happens if it equals the present one.
            text: What was done, for the menu: "set cell".
            merge_key: Edits with the same key become one step until ``end_gesture``.
        """
        if after == self._document:
            return
        key = None if merge_key is None else f"{merge_key} in gesture {self._gesture}"
        self.undo_stack.push(ReplaceDocument(self, self._document, after, text, key))

    def end_gesture(self) -> None:
        """Close the step that edits have been merged into: the mouse was released."""
        self._gesture += 1

    def look(self, viewing: Viewing) -> None:
        """Look at something else; not an edit."""
        if viewing != self._viewing:
            self._viewing = viewing
            self.viewing_changed.emit()

    def _replace(self, document: Document) -> None:
        self._document = document
        self.document_changed.emit()
