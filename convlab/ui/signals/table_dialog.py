"""How a table was read: its first rows, and what can be chosen of it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from convlab.document.table_form import FOUND, TableForm
from convlab.io.tables import Reading
from convlab.layers.parameters import with_value
from convlab.ui.numbers import show_number
from convlab.ui.widgets.forms import describe, filled, push_button, wrapped_label
from convlab.ui.widgets.param_form import ParamForm

SIZE = 600, 460  # [px]
NARROWEST, WIDEST = 60, 220  # of a column [px]
_SAID = 4  # numbers


class TableDialog(QDialog):
    """Shows how a table was read; it is gone once it is answered.

    Args:
        parent: The window it belongs to.
        name: Of the file.
        which: "f" or "g", which the column becomes.
        reading: How it was read at first.

    Signals:
        form_wanted: A TableForm by which it is to be read, for ``show_reading``.
        chosen: The Reading that is taken.
    """

    form_wanted = Signal(object)
    chosen = Signal(object)

    def __init__(self, parent: QWidget, name: str, which: str, reading: Reading) -> None:
        super().__init__(parent)
        self.setObjectName("table_dialog")
        self.setWindowTitle(f"A table for {which}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._form = FOUND  # what a person chose; the rest is found
        self._reading = reading
        question = wrapped_label("table_question", f"Read {name} like this?", role="title")
        self._doubt = wrapped_label("table_doubt", role="warning")
        self._words = wrapped_label("table_words")
        for label in (question, self._words):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._fields = ParamForm("table", columns=2)
        self._fields.parameter_chosen.connect(self._on_parameter_chosen)
        self._rows = self._preview()
        self._take = push_button("table_take_button", "Take", "Takes the chosen column.")
        layout = filled(QVBoxLayout(self), question, self._doubt, self._fields, (self._rows, 1))
        filled(layout, self._words, self._buttons())
        self.resize(*SIZE)
        self.show_reading(reading)
        self._rows.setFocus()

    def _preview(self) -> QTableWidget:
        rows = describe(
            QTableWidget(),
            "table_preview",
            "First rows",
            "The table's first rows. Click into a column, or go there with the arrow keys: it "
            "becomes the signal.",
        )
        rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows.setTabKeyNavigation(False)
        rows.horizontalHeader().setMinimumSectionSize(NARROWEST)
        rows.horizontalHeader().setMaximumSectionSize(WIDEST)
        rows.currentCellChanged.connect(self._on_cell_chosen)
        rows.horizontalHeader().sectionClicked.connect(self._on_column_chosen)
        return rows

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        self._take.setDefault(True)
        cancel = push_button("table_cancel_button", "Cancel", "Leaves the signal as it is.")
        box.addButton(self._take, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box

    # ---- what is shown ----

    def show_reading(self, reading: Reading | str) -> None:
        """Show how it is read, or why it cannot be read as it is wanted."""
        if isinstance(reading, str):
            self._fields.show_record(self._form)
            self._words.setText(reading)
            self._take.setEnabled(False)
            return
        self._reading = reading
        self._fields.show_record(reading.form)
        self._doubt.setText(reading.doubt)
        self._doubt.setVisible(bool(reading.doubt))
        self._words.setText(reading.error or words_of(reading))
        self._take.setEnabled(reading.values is not None)
        self._show_rows(reading)

    def _show_rows(self, reading: Reading) -> None:
        table, titles = self._rows, reading.titles
        width = max(map(len, reading.rows), default=0)
        with QSignalBlocker(table):
            table.setRowCount(len(reading.rows))
            table.setColumnCount(width)
            table.setHorizontalHeaderLabels([_title(k, titles) for k in range(width)])
            for row, cells in enumerate(reading.rows):
                for column, cell in enumerate(cells):
                    table.setItem(row, column, _item(cell, column, reading))
            table.resizeColumnsToContents()
            table.setCurrentCell(max(table.currentRow(), 0), reading.form.column - 1)

    # ---- what is wanted ----

    def _on_parameter_chosen(self, name: str, value: object) -> None:
        self._want(with_value(self._form, name, value))

    def _on_cell_chosen(self, row: int, column: int, *_: int) -> None:
        self._on_column_chosen(column)

    def _on_column_chosen(self, column: int) -> None:
        if column >= 0 and column + 1 != self._reading.form.column:
            self._want(with_value(self._form, "column", column + 1))

    def _want(self, form: TableForm) -> None:
        self._form = form
        self._take.setEnabled(False)  # until it has been read so
        self.form_wanted.emit(form)

    def accept(self) -> None:
        """Report what is chosen."""
        super().accept()
        self.chosen.emit(self._reading)


def words_of(reading: Reading) -> str:
    """Say which numbers come of a table."""
    values = reading.values
    assert values is not None
    first = ", ".join(show_number(float(number)) for number in values[:_SAID])
    more = ", …" if len(values) > _SAID else ""
    above = reading.first_line - 1
    skipped = f", from line {reading.first_line} on" if above else ""
    return f"{len(values):,} numbers{skipped}: {first}{more}"


def _title(column: int, titles: tuple[str, ...]) -> str:
    title = titles[column] if column < len(titles) else ""
    return f"{column + 1} {title[:40]}".strip()


def _item(cell: str, column: int, reading: Reading) -> QTableWidgetItem:
    item = QTableWidgetItem(cell[:80])
    is_number = column < len(reading.numeric) and reading.numeric[column]
    side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return item
