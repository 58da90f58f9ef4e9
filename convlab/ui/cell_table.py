"""Painted numbers as a table, so that a screen reader walks through them cell by cell.

A widget that paints numbers says what stands in its cells (``Cells``). When a screen reader first
meets it, it gets a real table of Qt's as a child, which lies over the widget and paints nothing:
only Qt's own tables have the accessible table interface.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QTableView, QWidget

Place: TypeAlias = tuple[int, int]
Index: TypeAlias = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Cells:
    """What stands in a table of painted numbers.

    Attributes:
        shape: How many rows and columns there are.
        text: What is said of a cell, by row and column.
        row_title: What a row is, by its number.
        column_title: What a column is, by its number.
        rect: Where a cell is painted, by row and column [px in the widget]; None: all over it.
        current: (row, column) of the cell that the keyboard changes, or None.
    """

    shape: Place
    text: Callable[[int, int], str]
    row_title: Callable[[int], str]
    column_title: Callable[[int], str]
    rect: Callable[[int, int], QRectF] | None = None
    current: Place | None = None


@runtime_checkable
class PaintsCells(Protocol):
    """A widget that paints a table of numbers."""

    def cells(self) -> Cells:
        """Say what stands in the table now."""
        ...


def read_cells(widget: QWidget) -> None:
    """Lay a table over a widget that paints cells, for screen readers; once for each."""
    if isinstance(widget, PaintsCells) and not widget.property("has_cell_table"):
        widget.setProperty("has_cell_table", True)
        CellTable(widget, widget)


class _Model(QAbstractTableModel):
    """Asks the widget at each question: nothing is kept that could be old."""

    def __init__(self, source: PaintsCells, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._shape = source.cells().shape

    def refresh(self) -> Cells:
        """Take over what the widget shows now, and return it."""
        cells = self._source.cells()
        if cells.shape != self._shape:
            self.beginResetModel()
            self._shape = cells.shape
            self.endResetModel()
        return cells

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._shape[0]

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._shape[1]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        cells, (row, column) = self._source.cells(), (index.row(), index.column())
        is_there = row < cells.shape[0] and column < cells.shape[1]
        return cells.text(row, column) if is_there else ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        cells = self._source.cells()
        is_column = orientation is Qt.Orientation.Horizontal
        title, count = (
            (cells.column_title, cells.shape[1]) if is_column else (cells.row_title, cells.shape[0])
        )
        return title(section) if section < count else ""


class CellTable(QTableView):
    """Lies over a widget, paints nothing, takes neither mouse nor focus, and is read."""

    def __init__(self, source: PaintsCells, host: QWidget) -> None:
        super().__init__(host)
        self._cells = _Model(source, self)
        self._said: Place | None = None
        self.setObjectName(f"{host.objectName()}_cells")
        self.setAccessibleName(f"{host.accessibleName()}: cells")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        for widget in (self, self.viewport()):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            widget.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
            widget.setAutoFillBackground(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setModel(self._cells)
        self.setGeometry(host.rect())
        self.lower()  # editors in the widget stay above
        self.show()
        host.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the widget: what it paints again may be other cells."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        elif event.type() == QEvent.Type.Paint:
            self._say_current(self._cells.refresh().current)
        return super().eventFilter(watched, event)

    def visualRect(self, index: Index) -> QRect:
        """Where the widget paints a cell: a magnifier follows it there."""
        cells = self._cells.refresh()
        if cells.rect is None or not index.isValid():
            return self.rect()
        return cells.rect(index.row(), index.column()).toAlignedRect()

    def paintEvent(self, event: QPaintEvent) -> None:
        pass

    def _say_current(self, place: Place | None) -> None:
        """Tell the screen reader when the keyboard goes to another cell."""
        host = self.parentWidget()
        if place == self._said or host is None:
            return
        self._said = place
        if place is not None and host.hasFocus():
            # Among the children the headers come first: one row and one column.
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild((place[0] + 1) * (self._cells.columnCount() + 1) + place[1] + 1)
            QAccessible.updateAccessibility(event)
