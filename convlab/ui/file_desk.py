"""Has files read and written, and says where that failed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from convlab.document.file_name import shown_name
from convlab.document.source import PROJECT_SUFFIX
from convlab.runtime.files import FileJob, FileWorker
from convlab.ui.widgets.message_bar import MessageAction, MessageBar

PROJECT_FILTER = f"ConvLab projects (*{PROJECT_SUFFIX})"

Read = TypeVar("Read")


OPENED = "opened file"
"""Task of the file that is being opened, and owner of the message why it could not be."""


class FileDesk(QObject):
    """Hands jobs to the threads that read and write, and what came of them to who asked.

    Args:
        message: The window's, where nobody names another.

    Signals:
        failed: Something could not be read or written; the message says why.
        begun: A task, what is said of it if it takes long, and what cancels it or None.
        went_on: A task, and what is said of it from now on.
        ended: A task, however it went.
    """

    failed = Signal(str)
    begun = Signal(str, str, object)
    went_on = Signal(str, str)
    ended = Signal(str)

    def __init__(self, message: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.worker = FileWorker(self)
        self.worker.progressed.connect(self._on_progressed)
        self._opening = ""  # what is said of it
        self._told = message  # where it was said last that a file does not open

    def do(
        self,
        task: str,
        work: Callable[[], Read],
        take: Callable[[Read], None],
        message: MessageBar | None = None,
        fail: Callable[[], None] | None = None,
    ) -> None:
        """Begin to read or write; the window goes on.

        Args:
            task: What it is: what is said about it stays until it succeeds.
            work: Does it in the worker's thread. ValueError and OSError are messages for a person.
            take: Gets what that returned, in the window's thread.
            message: Where to say that it failed; the window's if that is None.
            fail: Called when it failed.
        """
        self.begun.emit(task, f"Reading or writing: {task} …", None)
        self.worker.do(self._job(task, work, take, message, fail))

    def open(
        self,
        path: str | os.PathLike[str],
        work: Callable[[], Read],
        take: Callable[[Read], None],
        message: MessageBar | None = None,
        fail: Callable[[], None] | None = None,
    ) -> None:
        """Begin to open a file that a person chose; another one that is being opened is let go of.

        Args:
            path: It, for what is said meanwhile.
            work: Reads it, as above; whatever it reads is followed, and can be cancelled.
            take: Gets what that returned; nobody hears of what is cancelled.
            message: Where to say that it failed; the window's if that is None.
            fail: Called when it failed.
        """
        self.cancel_opening()
        self._opening = f"Opening {shown_name(path)}"
        self.begun.emit(OPENED, f"{self._opening} …", self.cancel_opening)
        self.worker.open(self._job(OPENED, work, take, message, fail))

    def cancel_opening(self) -> None:
        """Let go of the file that is being opened; what was there stays."""
        self.worker.cancel()
        self.ended.emit(OPENED)

    def say_failure(self, reason: str, message: MessageBar, *actions: MessageAction) -> None:
        """Say why a file does not open, until another one does."""
        self.clear_failure()
        self._told = message
        message.show_message(reason, OPENED, actions)

    def clear_failure(self) -> None:
        """Take back what was said of a file that did not open: another one has."""
        self._told.clear(OPENED)

    def _job(
        self,
        task: str,
        work: Callable[[], Read],
        take: Callable[[Read], None],
        message: MessageBar | None,
        fail: Callable[[], None] | None,
    ) -> FileJob:
        bar = message or self.message

        def taken(read: Read) -> None:
            self.ended.emit(task)
            bar.clear(task)
            if task == OPENED:
                self.clear_failure()
            take(read)

        def failed(reason: str) -> None:
            self.ended.emit(task)
            if task == OPENED:
                self.say_failure(reason, bar)
            else:
                bar.show_message(reason, task)
            self.failed.emit(reason)
            if fail is not None:
                fail()

        return FileJob(work, taken, failed)

    def _on_progressed(self) -> None:
        progress = self.worker.progress.take()
        if progress is not None:
            self.went_on.emit(OPENED, f"{self._opening}: {100 * progress:.0f} % …")


def ask_where(parent: QWidget, title: str, start: Path) -> Path | None:
    """Ask for a project file to write; None if a person thought better of it."""
    name, _ = QFileDialog.getSaveFileName(parent, title, str(start), PROJECT_FILTER)
    path = Path(name)
    return None if not name else path if path.suffix else path.with_suffix(PROJECT_SUFFIX)
