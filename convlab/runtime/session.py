"""The Session owns the Document with its history, and what is being looked at."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from convlab.document.document import Document, Viewing
from convlab.runtime.history import History


class Session(QObject):
    """The single owner of the program's state, living in the window's thread.

    Signals carry nothing: whoever is told reads ``document`` or ``viewing``.
    """

    document_changed = Signal()
    viewing_changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewing = Viewing()
        self._gesture = 0
        self.undo_stack = History(document, self)
        self.undo_stack.document_changed.connect(self.document_changed)

    @property
    def document(self) -> Document:
        """The state now."""
        return self.undo_stack.document

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
        if after == self.document:
            return
        key = None if merge_key is None else f"{merge_key} in gesture {self._gesture}"
        self.undo_stack.push(after, text, key)

    def complete(self, document: Document) -> None:
        """Replace the document by one that says the same and holds more of it: no step of undo."""
        if document != self.document:
            self.undo_stack.complete(document)

    def end_gesture(self) -> None:
        """Close the step that edits have been merged into: the mouse was released."""
        self._gesture += 1

    def look(self, viewing: Viewing) -> None:
        """Look at something else; not an edit."""
        if viewing != self._viewing:
            self._viewing = viewing
            self.viewing_changed.emit()
