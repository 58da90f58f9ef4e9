"""Has files read and written, and says where that failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from convlab.document.source import PROJECT_SUFFIX
from convlab.runtime.files import FileJob, FileWorker
from convlab.ui.widgets.message_bar import MessageBar

PROJECT_FILTER = f"ConvLab projects (*{PROJECT_SUFFIX})"

Read = TypeVar("Read")


class FileDesk(QObject):
    """Hands jobs to the thread that reads and writes, and what came of them to who asked.

    Args:
        message: The window's, where nobody names another.

    Signals:
        failed: Something could not be read or written; the message says why.
        begun: A task, and what is said of it if it takes long.
        ended: A task, however it went.
    """

    failed = Signal(str)
    begun = Signal(str, str)
    ended = Signal(str)

    def __init__(self, message: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.worker = FileWorker(self)

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
        bar = message or self.message

        def taken(read: Read) -> None:
            self.ended.emit(task)
            bar.clear(task)
            take(read)

        def failed(reason: str) -> None:
            self.ended.emit(task)
            bar.show_message(reason, task)
            self.failed.emit(reason)
            if fail is not None:
                fail()

        self.begun.emit(task, f"Reading or writing: {task} …")
        self.worker.do(FileJob(work, taken, failed))


def ask_where(parent: QWidget, title: str, start: Path) -> Path | None:
    """Ask for a project file to write; None if a person thought better of it."""
    name, _ = QFileDialog.getSaveFileName(parent, title, str(start), PROJECT_FILTER)
    path = Path(name)
    return None if not name else path if path.suffix else path.with_suffix(PROJECT_SUFFIX)
