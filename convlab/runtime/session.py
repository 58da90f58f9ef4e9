"""The Session owns the Document with its history, and what is being looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter, is_
from typing import NamedTuple
from weakref import WeakMethod

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from convlab.document.document import Document, Lab, Viewing
from convlab.document.frame import Moment
from convlab.runtime.history import History
from convlab.runtime.timers import single_shot

HOLD = 300  # a gesture without a longer pause has a hand on it, as one with a button down [ms]


class _State(NamedTuple):
    """What parts are found in."""

    document: Document
    viewing: Viewing


@dataclass(slots=True)
class _Watch:
    """A slot, what gets the parts that it shows, its lab, and the parts it was told of last."""

    parts: Callable[[_State], tuple[object, ...]]
    slot: WeakMethod[Callable[[], object]]
    lab: Lab | None
    seen: tuple[object, ...]


class Session(QObject):
    """The single owner of the program's state, living in the window's thread.

    Signals carry nothing: whoever is told reads ``document`` or ``viewing``.

    Signals:
        document_changed, viewing_changed: There is another.
        completed: The Document before ``complete``.
    """

    document_changed = Signal()
    viewing_changed = Signal()
    hold_changed = Signal()
    completed = Signal(object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewing = Viewing()
        self.moment: Moment | None = None
        """Where the frame on the screen stands in its film or file, if that has a time line."""
        self._gesture = 0
        self.undo_stack = History(document, self)
        self._watches: list[_Watch] = []
        self._is_held = False
        self._hold = single_shot(self, HOLD, self._on_pause)
        self.undo_stack.document_changed.connect(self.document_changed)
        self.document_changed.connect(self._notify)
        self.viewing_changed.connect(self._notify)

    @property
    def document(self) -> Document:
        """The state now."""
        return self.undo_stack.document

    @property
    def kept_document(self) -> Document:
        """The state now as it is written into a file: what plays opens there where it stands."""
        document, moment = self.document, self.moment
        if moment is None:
            return document
        return replace(document, source=replace(document.source, frame=moment.number))

    @property
    def viewing(self) -> Viewing:
        """What is being looked at."""
        return self._viewing

    @property
    def is_held(self) -> bool:
        """A hand drags something that changes the document."""
        return self._is_held

    def watch(self, parts: str, slot: Callable[[], object], lab: Lab | None = None) -> None:
        """Call a slot whenever a part of the state has become another object.

        Args:
            parts: Paths with blanks between: "document.stack viewing.stack".
            slot: A bound method; its object is not kept alive.
            lab: The slot waits while another lab is on the screen, and is called once, when this
                one comes back, if a part has changed.

        Raises:
            ValueError: There is no such part; the message lists those there are.
        """
        state = _State(self.document, self._viewing)
        for part in parts.split():
            _check_part(state, part)
        # The same part twice: of a single one attrgetter would give no tuple.
        get = attrgetter(*parts.split(), parts.split()[0])
        self._watches.append(_Watch(get, WeakMethod(slot), lab, get(state)))

    def _notify(self) -> None:
        """Call the slots of what has changed and is on the screen."""
        history = self.undo_stack
        state = _State(history.document, self._viewing)
        for watch in list(self._watches):
            slot = watch.slot()
            if slot is None:
                self._watches.remove(watch)
            elif watch.lab is None or watch.lab is self._viewing.lab:
                now = watch.parts(state)
                if not all(map(is_, now, watch.seen)):
                    watch.seen = now
                    slot()
                    state = _State(history.document, self._viewing)  # it may have edited

    def edit(self, after: Document, text: str, merge_key: str | None = None) -> None:
        """Replace the document, undoably.

        Args:
            after: The new state; nothing happens if it equals the present one.
            text: What was done, for the menu: "set cell".
            merge_key: Edits with the same key become one step until ``end_gesture``.
        """
        if after == self.document:
            return
        key = None
        if merge_key is not None:
            key = f"{merge_key} in gesture {self._gesture}"
            self._set_held(True)
            self._hold.start()
        self.undo_stack.push(after, text, key)

    def complete(self, document: Document) -> None:
        """Replace the document by one that says the same and holds more of it: no step of undo."""
        before = self.document
        if document != before:
            self.undo_stack.complete(document)
            self.completed.emit(before)

    def end_gesture(self) -> None:
        """Close the step that edits have been merged into: the mouse was released."""
        self._gesture += 1
        self._let_go()

    def _on_pause(self) -> None:
        """See whether the hand is still there, which nobody says of the keyboard and the wheel."""
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._let_go()
        else:
            self._hold.start()

    def _let_go(self) -> None:
        self._hold.stop()
        self._set_held(False)

    def _set_held(self, is_held: bool) -> None:
        if is_held != self._is_held:
            self._is_held = is_held
            self.hold_changed.emit()

    def look(self, viewing: Viewing) -> None:
        """Look at something else; not an edit."""
        if viewing != self._viewing:
            self._viewing = viewing
            self.viewing_changed.emit()


def _check_part(state: object, path: str) -> None:
    """Reject a path to a part that there is not."""
    for name in path.split("."):
        if not hasattr(state, name):
            kind = type(state)
            allowed = ", ".join(name for name in dir(state) if not name.startswith("_"))
            raise ValueError(f"{kind.__name__} has no part {name!r}: choose one of {allowed}")
        state = getattr(state, name)
