"""Opening networks of other programs: a child process tries them, the stack lab shows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convlab.document.file_name import shown_name
from convlab.document.stack import edits
from convlab.document.stack.model import StackState
from convlab.io.other_formats import OTHERS
from convlab.networks.trial import Progress
from convlab.runtime.network_opening import NetworkOpener
from convlab.runtime.session import Session
from convlab.ui.busy_sign import BusySign
from convlab.ui.labs import NETWORK_LAB
from convlab.ui.widgets.message_bar import MessageAction, MessageBar

SUFFIX = ".onnx"
TOLD_APART = (SUFFIX, *OTHERS)
"""Endings of networks: of those that cannot be opened it is said what to do instead."""

NETWORK = "network"
"""Owner of messages, and task of the busy sign."""

GUESSED = "How a picture enters it was guessed: “Input and classes” says why."


class NetworkFiles(QObject):
    """Has networks opened, and puts them in the place of the stack: one step of undo.

    What was there stays until a network has opened.

    Args:
        session: Whose stack it becomes.
        busy: Says how far it is, with a way out.
        message: Says why it cannot be opened, or how its picture was guessed.

    Signals:
        network_opened, network_rejected: What became of a file, by its path.
        failed: A network could not be opened; the message says why.
        input_wanted: It is to be shown how its picture enters.
    """

    network_opened = Signal(str)
    network_rejected = Signal(str)
    failed = Signal(str)
    input_wanted = Signal()

    def __init__(self, session: Session, busy: BusySign, message: MessageBar) -> None:
        super().__init__(busy)
        self._session, self._busy, self._message = session, busy, message
        self._opener = NetworkOpener(self)
        self._opener.changed.connect(self._on_changed)
        self._title = ""
        self._described: object = (
            None  # of which network the message speaks: why its input was guessed
        )
        session.watch("document.stack", self._on_stack_changed)
        self.is_busy = False
        """A network is being opened."""

    def open(self, path: str, title: str = "") -> None:
        """Begin to open a network; the stack follows when it has been tried.

        Args:
            path: An ``.onnx`` file.
            title: What it is called; "": as its file.
        """
        self._title = title = title or Path(path).stem
        self._message.clear(NETWORK)
        self._busy.end(NETWORK)
        self._busy.begin(NETWORK, f"Opening {shown_name(path)} …", self.cancel)
        self.is_busy = True
        self._opener.open(path, title=title)

    def cancel(self) -> None:
        """Let go of what is being opened."""
        if self.is_busy:
            self._opener.cancel()

    def stop(self) -> None:
        """End the child process, and what goes on there."""
        self._opener.stop()

    def _on_changed(self) -> None:
        outcome = self._opener.outcomes.take()
        if outcome is None:
            progress = self._opener.progress.take()
            if progress is not None:
                self._busy.say_more(NETWORK, progress_text(self._title, progress))
            return
        self.is_busy = False
        self._busy.end(NETWORK)
        path = str(outcome.subject)
        if outcome.error:
            self._reject(outcome.error, path)
        elif outcome.opening is not None and outcome.stack is not None:
            self._show(outcome.stack, outcome.opening.note, path)

    def _reject(self, error: str, path: str) -> None:
        self._described = None
        self._message.show_message(error, NETWORK)
        self.network_rejected.emit(path)
        self.failed.emit(error)

    def _show(self, opened: StackState, note: str, path: str) -> None:
        document = self._session.document
        try:
            stack = edits.replace_stack(document.stack, opened)
        except ValueError as error:
            self._reject(f"{shown_name(path)} cannot be shown, because {error}.", path)
            return
        self._session.edit(replace(document, stack=stack), f"open {self._title}")
        self._session.look(replace(self._session.viewing, lab=NETWORK_LAB.name))
        words = f"{note} {GUESSED}".strip()
        show = MessageAction("Show", self.input_wanted.emit)
        self._described = self._session.document.stack.reasons
        self._message.show_message(words, NETWORK, [show], is_warning=bool(note))
        self.network_opened.emit(path)

    def _on_stack_changed(self) -> None:
        """Take back what was said of a network that has gone."""
        if (
            self._described is not None
            and self._session.document.stack.reasons is not self._described
        ):
            self._described = None
            self._message.clear(NETWORK)


def progress_text(title: str, progress: Progress) -> str:
    """Return how far the opening of a network is."""
    text = f"Opening {title}: {progress.stage.value}"
    if progress.total and progress.node:
        text += f" {progress.done:,} of {progress.total:,}"
    return f"{text} …"
