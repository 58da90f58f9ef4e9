"""The rows of an open list: headings, and entries with their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from convlab.runtime.thumbnails import Thumbnail
from convlab.ui.choices.choice import Choice, found

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Row: TypeAlias = Choice | str
"""An entry, or a heading."""


class ChoiceModel(QAbstractListModel):
    """Holds what was found, group by group."""

    def __init__(self) -> None:
        super().__init__()
        self._choices: Sequence[Choice] = ()
        self._rows: list[Row] = []
        self._thumbnails: dict[str, Thumbnail] = {}

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Take the entries; pictures of others are let go."""
        self._choices = choices
        keys = {choice.key for choice in choices}
        self._thumbnails = {key: one for key, one in self._thumbnails.items() if key in keys}

    @property
    def has_lines(self) -> bool:
        """Some entry says more than its name."""
        return any(choice.line for choice in self._choices)

    def search(self, typed: str) -> None:
        """List what has all the words typed."""
        self.beginResetModel()
        self._rows = []
        for group, choices in found(self._choices, typed):
            self._rows += [group, *choices] if group else choices
        self.endResetModel()

    def show_thumbnail(self, key: str, thumbnail: Thumbnail) -> None:
        """Show the picture of an entry."""
        self._thumbnails[key] = thumbnail
        row = self.row_of(key)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def thumbnail(self, key: str) -> Thumbnail | None:
        """Return the picture of an entry, if it has come."""
        return self._thumbnails.get(key)

    def row(self, index: Index) -> Row:
        """Return what stands in a row."""
        return self._rows[index.row()]

    def choice(self, index: Index) -> Choice | None:
        """Return the entry of a row; None of a heading and of no row."""
        row = self._rows[index.row()] if index.isValid() else ""
        return row if isinstance(row, Choice) else None

    def row_of(self, key: str) -> int:
        """Return where an entry stands; -1: nowhere."""
        for number, row in enumerate(self._rows):
            if isinstance(row, Choice) and row.key == key:
                return number
        return -1

    @property
    def first_choice(self) -> int:
        """Row of the first entry; -1: there is none."""
        return self.next_choice(-1, 1)

    def next_choice(self, row: int, steps: int) -> int:
        """Return the row of the entry so many entries after one, at most the last; -1: none."""
        rows = [number for number, each in enumerate(self._rows) if isinstance(each, Choice)]
        if not rows:
            return -1
        place = rows.index(row) if row in rows else -1
        return rows[min(max(place + steps, 0), len(rows) - 1)]

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.name if isinstance(row, Choice) else row
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and isinstance(row, Choice):
            return row.line
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.choice(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
