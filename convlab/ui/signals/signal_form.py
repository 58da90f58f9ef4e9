"""The controls of one signal: what it is, and how wide, high and where."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from convlab.document.signal.model import SignalKind, SignalSpec
from convlab.io.signal_files import TOLD_APART
from convlab.ui.dropped import dropped_files
from convlab.ui.numbers import show_number
from convlab.ui.widgets.forms import as_panel, describe, filled, push_button, quiet_label
from convlab.ui.widgets.param_form import ParamForm

ROLES = {"f": "f stays", "g": "g is flipped and slides"}
ORDER = ("kind", "position", "width", "height", "seed", "is_normalised")
MOST_TYPED = 64  # values; more are drawn or read
FROM_FILES = (SignalKind.DRAWING, SignalKind.SOUND)


class SignalForm(QWidget):
    """What one signal is; its controls' names begin with ``f`` or ``g``.

    Signals:
        parameter_chosen: Name of a parameter of the signal, and its new value.
        file_asked: A file is to be chosen.
        table_asked: How its table is read is to be shown.
        values_typed: Its values, as somebody typed them.
        file_dropped: The path of a sound or table that was dropped on the controls.
    """

    parameter_chosen = Signal(str, object)
    file_asked = Signal()
    table_asked = Signal()
    values_typed = Signal(str)
    file_dropped = Signal(str)

    def __init__(self, which: str) -> None:
        super().__init__()
        self.setObjectName(f"{which}_form")
        as_panel(self)
        self.setAcceptDrops(True)
        aliases = {"is_normalised": "normalised"}
        bare = ("kind", "is_normalised")
        self._form = ParamForm(which, ORDER, aliases=aliases, bare=bare, of=which)
        self._file = push_button(
            f"{which}_file_button",
            f"Open a file as {which}",
            "Reads a sound (WAV, FLAC, OGG, MP3 and others), or a table with a column of numbers. "
            "Or drop one here.",
            "Open…",
        )
        self._table = push_button(
            f"{which}_table_button",
            f"How the table of {which} is read",
            "Shows its first rows, and which column, separator and decimal sign were taken.",
            "How it is read…",
        )
        self._values = describe(
            QLineEdit(),
            f"{which}_values_edit",
            f"Values of {which}",
            "Type the values one after another, such as 0.1 0.2 1/4, and press Enter.",
        )
        layout = filled(QVBoxLayout(self), margins=(10, 4, 10, 4), spacing=4)
        filled(layout, quiet_label(ROLES[which], "title"), self._form, self._values)
        filled(layout, self._file, self._table)
        layout.addStretch(1)
        self._form.parameter_chosen.connect(self.parameter_chosen)
        self._values.editingFinished.connect(self._on_values_typed)
        self._file.clicked.connect(self.file_asked)
        self._table.clicked.connect(self.table_asked)
        self.show_spec(SignalSpec())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.setAccepted(_signal_file(event.mimeData()) is not None)

    def dropEvent(self, event: QDropEvent) -> None:
        path = _signal_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    def show_spec(self, spec: SignalSpec) -> None:
        """Show a signal without telling anyone; only what means something for its kind."""
        self._form.show_record(spec)
        self._file.setVisible(spec.kind in FROM_FILES)
        self._table.setVisible(spec.is_from_table)
        is_typed = spec.kind is SignalKind.DRAWING and len(spec.values) <= MOST_TYPED
        self._values.setVisible(is_typed and not spec.is_from_file)
        self._values.setText(" ".join(show_number(value, 6) for value in spec.values))
        self._values.setModified(False)

    def _on_values_typed(self) -> None:
        if self._values.isModified():
            self._values.setModified(False)
            self.values_typed.emit(self._values.text())


def _signal_file(data: QMimeData) -> str | None:
    """Return the sound or table that is dragged; None: all else is for the window."""
    paths = dropped_files(data)
    return next((path for path in paths if path.lower().endswith(TOLD_APART)), None)
