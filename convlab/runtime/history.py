"""The steps that can be undone and done again, as many as a bound of memory has room for."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QObject, Signal

from convlab.document.document import Document
from convlab.document.patch import Patch, patches

MOST_STEPS = 5_000
MOST_BYTES = 256 * 1024 * 1024
_SMALL = 1024  # what is shared among steps is looked for from here on [bytes]


class _Step:
    """One edit: both documents while a gesture may go on, then only what tells them apart."""

    __slots__ = ("documents", "key", "large", "patches", "small", "text")

    def __init__(self, before: Document, after: Document, text: str, key: str | None) -> None:
        self.text = text
        self.key = key
        self.documents: tuple[Document, Document] | None = (before, after)
        self.patches: tuple[Patch, Patch] | None = None
        self.large: list[tuple[int, int]] = []
        """Id and size of the large objects that it keeps alive."""
        self.small = 0
        """The size of all others."""

    def beside(self, side: int, present: Document) -> Document:
        """Return the document in front of it (side 0) or behind it (1), from the other one."""
        if self.documents is not None:
            return self.documents[side]
        return self.patches[side].apply(present) if self.patches else present

    def pack(self) -> None:
        """Let go of the documents; see what is kept beyond those around it."""
        if self.documents is None:
            return
        self.patches = patches(*self.documents)
        self.documents = self.key = None
        back, forth = self.patches or (None, None)
        sizes = back.held() | forth.held() if back and forth else {}
        self.large = [(each, size) for each, size in sizes.items() if size >= _SMALL]
        self.small = 500 + sum(sizes.values()) - sum(size for _, size in self.large)


class History(QObject):
    """The present document, and the steps before and after it.

    Methods and signals are named as those of ``QUndoStack``, which cannot drop its oldest step
    because of its size. The newest step is always kept.
    """

    document_changed = Signal()
    indexChanged = Signal(int)
    cleanChanged = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._steps: list[_Step] = []
        self._index = 0
        self._clean: int | None = 0
        self._open: _Step | None = None  # may take the next edit of its gesture
        self._held: Counter[int] = Counter()  # how many steps keep a large object
        self.bytes = 0
        """What all steps but the newest keep alive."""

    def push(self, after: Document, text: str, key: str | None = None) -> None:
        """Go to another document, undoably; edits of one key become one step."""
        was_clean = self.isClean()
        if self._open is not None and key is not None and self._open.key == key:
            self._merge(self._open, after)
        else:
            self._append(_Step(self.document, after, text, key))
        self._bound()
        self._show(after, was_clean)

    def complete(self, document: Document) -> None:
        """Put in place of the present document one that says the same and holds more of it."""
        self._pack_newest()
        self._open = None
        self.document = document
        self.document_changed.emit()

    def undo(self) -> None:
        """Go back one step, if there is one."""
        target = self.undo_target()
        if target is not None:
            self._move(self._index - 1, target)

    def redo(self) -> None:
        """Do the step again that was undone last, if there is one."""
        target = self.redo_target()
        if target is not None:
            self._move(self._index + 1, target)

    def undo_target(self) -> Document | None:
        """Return the document that undoing leads to, or None."""
        step = self._steps[self._index - 1] if self.canUndo() else None
        return None if step is None else step.beside(0, self.document)

    def redo_target(self) -> Document | None:
        """Return the document that doing again leads to, or None."""
        step = self._steps[self._index] if self.canRedo() else None
        return None if step is None else step.beside(1, self.document)

    def canUndo(self) -> bool:
        """Whether there is a step to go back."""
        return self._index > 0

    def canRedo(self) -> bool:
        """Whether there is a step that was undone."""
        return self._index < len(self._steps)

    def undoText(self) -> str:
        """What the step did that would be undone; empty if there is none."""
        return self._steps[self._index - 1].text if self.canUndo() else ""

    def redoText(self) -> str:
        """What the step did that would be done again; empty if there is none."""
        return self._steps[self._index].text if self.canRedo() else ""

    def count(self) -> int:
        """Steps in all, those included that were undone."""
        return len(self._steps)

    def index(self) -> int:
        """Steps that could be undone."""
        return self._index

    def isClean(self) -> bool:
        """Whether the present document is the one that was saved."""
        return self._clean == self._index

    def setClean(self) -> None:
        """Say that the present document was saved."""
        was_clean = self.isClean()
        self._clean, self._open = self._index, None
        if not was_clean:
            self.cleanChanged.emit(True)

    # ---- the steps ----

    def _merge(self, step: _Step, after: Document) -> None:
        assert step.documents is not None
        before = step.documents[0]
        step.documents = (before, after)
        if before == after:  # the gesture came back to where it began
            self._steps.pop()
            self._index -= 1
            self._open = None

    def _append(self, step: _Step) -> None:
        for undone in self._steps[self._index :]:
            self._release(undone)
        del self._steps[self._index :]
        if self._clean is not None and self._clean > self._index:
            self._clean = None
        self._pack_newest()
        self._steps.append(step)
        self._index += 1
        self._open = step

    def _pack_newest(self) -> None:
        if self._steps and self._steps[-1].documents is not None:
            self._steps[-1].pack()
            self._hold(self._steps[-1])

    def _bound(self) -> None:
        """Drop the oldest steps."""
        while len(self._steps) > 1 and (len(self._steps) > MOST_STEPS or self.bytes > MOST_BYTES):
            self._release(self._steps.pop(0))
            self._index -= 1
            if self._clean is not None:
                self._clean = self._clean - 1 if self._clean > 0 else None

    def _hold(self, step: _Step) -> None:
        self.bytes += step.small
        for each, size in step.large:
            if not self._held[each]:
                self.bytes += size
            self._held[each] += 1

    def _release(self, step: _Step) -> None:
        self.bytes -= step.small
        for each, size in step.large:
            self._held[each] -= 1
            if not self._held[each]:
                del self._held[each]
                self.bytes -= size

    # ---- telling ----

    def _move(self, index: int, document: Document) -> None:
        was_clean = self.isClean()
        self._index, self._open = index, None
        self._show(document, was_clean)

    def _show(self, document: Document, was_clean: bool) -> None:
        self.document = document
        self.document_changed.emit()
        self.indexChanged.emit(self._index)
        if self.isClean() != was_clean:
            self.cleanChanged.emit(self.isClean())
