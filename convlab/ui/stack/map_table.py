"""A table with a row for each map: read as Qt's views ask for it, copied as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView

from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import describe

ROW_HEIGHT = 22  # [px]
MARGIN = 12  # of a cell, both sides together [px]
Index: TypeAlias = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
_ROLE = Qt.ItemDataRole


class MapTableModel(QAbstractTableModel):
    """Rows whose texts are made when they are painted: there may be tens of thousands.

    Args:
        headers: Of the columns.
        texts: Returns what stands in a row.
        is_quiet: Tells whether a row says that its map does nothing.
    """

    def __init__(
        self,
        parent: QObject,
        headers: Sequence[str],
        texts: Callable[[int], Sequence[str]],
        is_quiet: Callable[[int], bool],
    ) -> None:
        super().__init__(parent)
        self.headers = tuple(headers)
        self._texts, self._is_quiet = texts, is_quiet
        self._count = 0

    def show_rows(self, count: int) -> None:
        """Show so many rows, all of them changed; with as many what is in sight stays."""
        if count != self._count:
            self.beginResetModel()
            self._count = count
            self.endResetModel()
        elif count:
            last = self.index(count - 1, len(self.headers) - 1)
            self.dataChanged.emit(self.index(0, 0), last, [_ROLE.DisplayRole])

    def as_text(self) -> str:
        """Return all of it, separated by tabs."""
        rows = (self.headers, *(self._texts(row) for row in range(self._count)))
        return "".join("\t".join(row) + "\n" for row in rows)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.headers)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> object:
        if role != _ROLE.DisplayRole:
            return None
        return self.headers[section] if orientation is Qt.Orientation.Horizontal else section + 1

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        if role == _ROLE.DisplayRole:
            return self._texts(index.row())[index.column()]
        if role == _ROLE.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == _ROLE.ForegroundRole:
            return QColor(theme().warning if self._is_quiet(index.row()) else theme().text)
        return None


class MapTable(QTableView):
    """Shows the rows; Ctrl+C copies all of them.

    Args:
        name: Object name.
        label: What a screen reader says.
        tip: What it shows.
        headers: As of the model; so are the others.
        texts: See the model.
        is_quiet: See the model.
        samples: The longest text that stands in each column.
    """

    def __init__(
        self,
        name: str,
        label: str,
        tip: str,
        headers: Sequence[str],
        texts: Callable[[int], Sequence[str]],
        is_quiet: Callable[[int], bool],
        samples: Sequence[str],
    ) -> None:
        super().__init__()
        describe(self, name, label, f"{tip} Ctrl+C copies the table.")
        self.rows = MapTableModel(self, headers, texts, is_quiet)
        self.setModel(self.rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(px(ROW_HEIGHT))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(px(24))
        header.setStretchLastSection(True)
        self._fit_columns(samples)

    def _fit_columns(self, samples: Sequence[str]) -> None:
        """Make each column as wide as its header and what stands in it at most."""
        metrics, header = self.fontMetrics(), self.horizontalHeader()
        for column, texts in enumerate(zip(self.rows.headers, samples, strict=True)):
            wide = max(metrics.horizontalAdvance(text) for text in texts) + px(MARGIN)
            header.resizeSection(column, wide)
        bar = self.verticalScrollBar().sizeHint().width()
        self.wanted_width = header.length() + bar + 2 * self.frameWidth()
        """With all columns in sight [px]."""

    def copy(self) -> None:
        """Copy all rows as text."""
        QGuiApplication.clipboard().setText(self.rows.as_text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)
