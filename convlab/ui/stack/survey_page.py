"""What the maps do over a folder of pictures: chosen, looked through, read, copied, saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.stack.survey import HEADER, NEAR, MapRow, MapRows, SurveyResult
from convlab.runtime.surveying import Surveyed
from convlab.ui.numbers import show_number
from convlab.ui.stack.flow_row import FlowRow
from convlab.ui.stack.map_table import MapTable
from convlab.ui.widgets.forms import check_box, filled, progress_bar, push_button, wrapped_label

_NUMBER = "−8.8e-88"
SAMPLES = ("16 Convolution", "88888", "888 of 888", _NUMBER, _NUMBER, "100 %", _NUMBER)
CSV_FILTER = "Tables (*.csv)"
HINT = (
    "Choose a folder of pictures: which maps never fire, and how strong the others are. Where its "
    "folders are called like classes, also how often the network is right."
)
_TIP = "For how many pictures each map fired, that is had a value above 0, and its values in all."


class SurveyPage(QWidget):
    """Shows a survey and reports what a person wants of it.

    Signals:
        folder_chosen: Its path.
        cancelled: What was seen so far stays.
        save_wanted: Path of the file, and what is to be written into it.
    """

    folder_chosen = Signal(str)
    cancelled = Signal()
    save_wanted = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._result: SurveyResult | None = None
        self._shown: Sequence[MapRow] = ()
        self._is_running = False
        self._choose = push_button(
            "survey_folder_button",
            "Choose a folder",
            "Look at all pictures in a folder.",
            "Folder…",
        )
        self._progress = progress_bar("survey_progress", "How many pictures were looked at.", 1)
        self._words = wrapped_label("survey_words", HINT)
        self._dead = check_box(
            "survey_dead_check",
            "Only maps that never fire",
            "Leave out all maps that had a value above 0 for any picture.",
            "never fire",
        )
        self._copy = push_button("survey_copy_button", "Copy", "Copy the table as text.")
        self._save = push_button(
            "survey_save_button", "Save", "Write the table into a file, as CSV.", "Save…"
        )
        self.table = MapTable(
            "survey_table",
            "Maps over all pictures",
            _TIP,
            (HEADER[0], HEADER[1], "fired", "mean", "std", "zeros", "max"),
            self._texts,
            self._is_dead,
            SAMPLES,
        )
        self._arrange()
        self._choose.clicked.connect(self._on_choose_clicked)
        self._dead.toggled.connect(self._show_rows)
        self._copy.clicked.connect(self.table.copy)
        self._save.clicked.connect(self._on_save_clicked)
        self.show_news(None)

    def _arrange(self) -> None:
        tools = QWidget()
        row = FlowRow(tools, 6, 4)
        for part in (self._choose, self._dead, self._copy, self._save):
            row.addWidget(part)
        head = filled(QHBoxLayout(), tools, margins=(0, 0, 0, 0))
        filled(
            QVBoxLayout(self),
            head,
            self._progress,
            self._words,
            (self.table, 1),
            margins=(8, 6, 8, 6),
            spacing=4,
        )

    def show_news(self, news: Surveyed | None) -> None:
        """Show how far a survey is; None: there is none."""
        self._is_running = news is not None and news.is_running
        self._choose.setText("Cancel" if self._is_running else "Folder…")
        self._progress.setVisible(self._is_running)
        if news is not None:
            self._progress.setRange(0, news.total)
            self._progress.setValue(news.done)
            self._result = news.result
            self._words.setText(words_of(news))
        for part in (self._dead, self._copy, self._save):
            part.setVisible(self._result is not None)
        self._show_rows()

    def _show_rows(self) -> None:
        found = self._result
        self._shown = () if found is None else MapRows(found, self._dead.isChecked())
        self.table.rows.show_rows(len(self._shown))

    def _texts(self, number: int) -> tuple[str, ...]:
        row = self._shown[number]
        return (
            row.layer,
            str(row.map),
            f"{row.fired} of {row.pictures}",
            show_number(row.mean, 2),
            show_number(row.std, 2),
            f"{100 * row.zeros:.0f} %",
            show_number(row.largest, 2),
        )

    def _is_dead(self, number: int) -> bool:
        return not self._shown[number].fired

    def _on_choose_clicked(self) -> None:
        if self._is_running:
            self.cancelled.emit()
            return
        folder = QFileDialog.getExistingDirectory(self, "A folder of pictures")
        if folder:
            self.folder_chosen.emit(folder)

    def _on_save_clicked(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the table", "maps.csv", CSV_FILTER)
        if name and self._result is not None:
            path = Path(name)
            self.save_wanted.emit(
                str(path if path.suffix else path.with_suffix(".csv")), self._result
            )


def words_of(news: Surveyed) -> str:
    """Say what a survey found."""
    if news.error:
        return news.error
    result = news.result
    if result is None or not result.pictures:
        return "Looking at the pictures …" if news.is_running else "No picture could be read."
    never = sum(len(layer.never) for layer in result.layers)
    maps = sum(len(layer.fired) for layer in result.layers)
    parts = [
        f"{result.pictures:,} of {news.total:,} pictures: {never:,} of {maps:,} maps never fire."
    ]
    if result.labelled:
        share, near = (100 * n / result.labelled for n in (result.right, result.near))
        parts.append(
            f"Accuracy {share:.1f} % ({result.right:,} of {result.labelled:,}); among the {NEAR} "
            f"likeliest {near:.1f} %."
        )
    if news.unread:
        parts.append(f"{news.unread:,} could not be read.")
    return " ".join(parts)
