"""Reads sounds and tables for f and g, and asks where a table can be read in several ways."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from convlab.document.file_name import shown_name
from convlab.document.signal.model import Held, SignalSpec
from convlab.document.table_form import FOUND, TableForm
from convlab.io.signal_files import OpenedTable, open_signal, open_table, read_signal
from convlab.io.table_memory import remember
from convlab.io.tables import Reading
from convlab.ui.file_desk import FileDesk
from convlab.ui.signals.signal_edits import FILE
from convlab.ui.signals.table_dialog import TableDialog
from convlab.ui.widgets.message_bar import MessageAction, MessageBar

Take: TypeAlias = Callable[[str, str, TableForm, Held], None]

MEMORY = "reading of tables"
"""Owner of a message."""


class SignalFiles(QObject):
    """Reads in the thread for files, and hands on what was read well.

    Args:
        desk: Has files read.
        message: Where to say what cannot be read.
        parent: The window that questions belong to.

    Signals:
        read: "f" or "g", the path, the Held, and the TableForm by which a table was read.
        answered: The path of a file that a person has chosen, and whether it was read.
    """

    read = Signal(str, str, object, object)
    answered = Signal(str, bool)

    def __init__(self, desk: FileDesk, message: MessageBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._message, self._window = desk, message, parent
        self._dialog: TableDialog | None = None  # the one that is open

    def open(self, which: str, path: str, message: MessageBar | None = None) -> None:
        """Read a file that a person has chosen.

        Args:
            which: "f" or "g".
            path: The file.
            message: Where to say that it cannot be read; the lab's if that is None.
        """
        bar = message or self._message
        take = partial(self._take, which, path, bar)
        failed = partial(self.answered.emit, path, False)
        self._desk.open(path, partial(open_signal, path), take, bar, failed)

    def read_named(self, which: str, path: str, table: TableForm) -> None:
        """Read a file that a project names, as that says."""
        take = partial(self._hand_on, which, path, table)
        self._desk.do(FILE, partial(read_signal, path, table), take, self._message)

    def ask(self, which: str, spec: SignalSpec) -> None:
        """Show how the table of a signal is read."""
        if spec.held is not None and spec.held.asset is not None:
            work = partial(open_table, spec.held.asset, spec.path, spec.table)
            ask = partial(self._ask, which, spec.path, self._hand_on)
            self._desk.do(FILE, work, ask, self._message)

    def _accept(self, which: str, path: str, table: TableForm, held: Held) -> None:
        """Hand on what a person has chosen."""
        self.answered.emit(path, True)
        self._hand_on(which, path, table, held)

    def _hand_on(self, which: str, path: str, table: TableForm, held: Held) -> None:
        self.read.emit(which, path, held, table)

    def _take(self, which: str, path: str, message: MessageBar, opened: Held | OpenedTable) -> None:
        """Take what is clear or was chosen before; ask about other tables, or offer to."""
        if isinstance(opened, Held):
            self._accept(which, path, FOUND, opened)
            return
        held, reading = opened.held, opened.reading
        if held is None:
            show = partial(self._ask, which, path, self._accept, opened)
            self._desk.say_failure(reading.error, message, MessageAction("How it is read…", show))
            self.answered.emit(path, False)
        elif opened.is_chosen or reading.is_clear:
            self._accept(which, path, reading.form if opened.is_chosen else FOUND, held)
        else:
            self._ask(which, path, self._accept, opened)

    def _ask(self, which: str, path: str, take: Take, opened: OpenedTable) -> None:
        dialog = TableDialog(self._window, shown_name(path), which, opened.reading)
        dialog.form_wanted.connect(partial(self._read_otherwise, path, opened))
        dialog.chosen.connect(partial(self._on_chosen, which, path, take, opened))
        dialog.finished.connect(self._on_finished)
        self._dialog = dialog
        dialog.open()

    def _on_finished(self) -> None:
        self._dialog = None

    def _read_otherwise(self, path: str, opened: OpenedTable, form: TableForm) -> None:
        work = partial(opened.read, shown_name(path), form)
        self._desk.do(FILE, work, self._show_reading, self._message)

    def _show_reading(self, reading: Reading | str) -> None:
        if self._dialog is not None:
            self._dialog.show_reading(reading)

    def _on_chosen(
        self, which: str, path: str, take: Take, opened: OpenedTable, reading: Reading
    ) -> None:
        chosen = opened.chosen(reading)
        assert chosen.held is not None  # else it could not be chosen
        form = chosen.reading.form
        self._desk.do(MEMORY, partial(remember, path, form), lambda _: None)
        take(which, path, form, chosen.held)
