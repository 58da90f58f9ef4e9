"""What every lab does with an intent: try the edit, or say why not where it was asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, SignalInstance

from convlab.document.document import Document
from convlab.document.parts import part_of, with_parameter, with_part
from convlab.layers.parameters import ParameterKind, parameter
from convlab.runtime.session import Session
from convlab.runtime.timers import single_shot
from convlab.ui.widgets.message_bar import MessageBar

IDLE = 600  # a longer pause ends a turn of a dial [ms]


DIALS = (ParameterKind.WHOLE, ParameterKind.PAIR, ParameterKind.DECIMAL)


class LabEdits(QObject):
    """The base of each lab's edits.

    Args:
        session: Takes the edits.
        message: Where to say what is rejected.
    """

    def __init__(self, session: Session, message: MessageBar) -> None:
        super().__init__(session)
        self._session = session
        self._message = message
        self._said_in: MessageBar | None = None  # what was said there last speaks of now
        self._idle = single_shot(self, IDLE, session.end_gesture)

    def set_by(self, chosen: SignalInstance, part: str) -> None:
        """Let a form change a part: its signal carries a parameter's name and the new value."""
        chosen.connect(partial(self.set, part))

    def set(
        self,
        part: str,
        name: str,
        value: object,
        text: str = "",
        message: MessageBar | None = None,
    ) -> None:
        """Change one declared parameter of a part of the document.

        The steps of a dial without a longer pause are one step of undo.

        Args:
            part: Its path, as "learning.network".
            name: Of the parameter.
            value: As its form reports it; what cannot be is said in the lab's message.
            text: What undo calls it; "" is "set" and what the parameter is called.
            message: Where to say what is rejected, if not in the lab's message.

        Raises:
            ValueError: There is no such part or parameter.
        """
        found = parameter(part_of(self._session.document, part), name)

        change = partial(with_parameter, path=part, name=name, value=value)
        text = text or f"set {found.subject}"
        if found.kind in DIALS:
            self._edit_dial(change, text, message)
        else:
            self._edit(change, text, message=message)

    def drag(self, part: str, name: str, value: object, text: str) -> None:
        """Change a parameter by a drag: one step of undo, however long the mouse pauses."""
        self._idle.stop()  # what a dial began must not end a drag
        change = partial(with_parameter, path=part, name=name, value=value)
        self._edit(change, text, f"drag {text}")

    def change(
        self,
        part: str,
        make: Callable[[Any], object],
        text: str,
        merge_key: str | None = None,
        message: MessageBar | None = None,
        is_dial: bool = False,
    ) -> None:
        """Replace a part of the document by what a function makes of it.

        Args:
            part: Its path; "" is all of the document.
            make: Takes the part and returns another; a ValueError is said in the lab's message.
            text: What undo calls it.
            merge_key: Changes with the same key are one step, however long the mouse pauses.
            message: Where to say what is rejected, if not in the lab's message.
            is_dial: Changes of that text without a longer pause are one step of undo.
        """
        if merge_key is not None:
            self._idle.stop()  # what a dial began must not end a drag

        def change(document: Document) -> Document:
            return with_part(document, part, make(part_of(document, part)))

        if is_dial:
            self._edit_dial(change, text, message)
        else:
            self._edit(change, text, merge_key, message)

    def _edit(
        self,
        make: Callable[[Document], Document],
        text: str,
        merge_key: str | None = None,
        message: MessageBar | None = None,
    ) -> None:
        bar = message or self._message
        try:
            after = make(self._session.document)
        except ValueError as error:
            self.say(str(error), bar)
            return
        bar.clear()
        self._session.edit(after, text, merge_key)

    def say(self, text: str, message: MessageBar, is_warning: bool = True) -> None:
        """Say something of the document as it is now: the next edit takes it back."""
        message.show_message(text, is_warning=is_warning)
        if self._said_in is None:
            self._session.document_changed.connect(self._on_document_changed)
        self._said_in = message

    def _on_document_changed(self) -> None:
        """Take back what was said of the document before."""
        self._session.document_changed.disconnect(self._on_document_changed)
        if self._said_in is not None:
            self._said_in.clear()
        self._said_in = None

    def _edit_dial(
        self, make: Callable[[Document], Document], text: str, message: MessageBar | None = None
    ) -> None:
        """Edit by a dial: its steps without a longer pause are one step of undo."""
        self._edit(make, text, text, message)
        self._idle.start()
