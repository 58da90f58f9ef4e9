"""The command palette: type a few letters of anything that can be done, and Enter does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from convlab.runtime.settings import Settings
from convlab.ui.fuzzy import fit
from convlab.ui.palette_entries import Entry
from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import describe, filled, quiet_label

WIDTH, ROWS = 620, 12
MOST_RECENT = 20
MOST_SHOWN = 200
RECENT = "recent_commands"
ENTRY = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex

_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: ROWS - 1,
    Qt.Key.Key_PageUp: 1 - ROWS,
}


def ranked(entries: Sequence[Entry], typed: str, recent: Sequence[str]) -> list[Entry]:
    """Return what fits, the best first; with nothing typed, what was used last comes first."""
    place = {text: number for number, text in enumerate(recent)}
    scored = []
    for entry in entries:
        score = fit(typed, entry.text)
        if score is not None:
            last = place.get(entry.text, len(recent))
            bonus = (len(recent) - last) * (0.4 if typed.strip() else 1000.0)
            scored.append((score * bool(typed.strip()) + bonus, entry))
    scored.sort(key=lambda each: -each[0])
    return [entry for _, entry in scored]


class _Entries(QAbstractListModel):
    """The entries that fit."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.text
        return entry.keys if role == Qt.ItemDataRole.AccessibleDescriptionRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        can_be_done = self.entries[index.row()].why is None
        enabled = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return enabled if can_be_done else Qt.ItemFlag.ItemIsSelectable


class _Row(QStyledItemDelegate):
    """Paints an entry: its text, and its keys or why it cannot be done."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(100), option.fontMetrics.height() + px(10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        room = QRectF(option.rect)
        colors = theme()
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        can_be_done = entry.why is None
        if is_chosen:
            painter.fillRect(room, QColor(colors.accent if can_be_done else colors.line))
        text = colors.text if can_be_done else colors.faint
        if is_chosen:
            text = colors.on_accent if can_be_done else colors.text
        inner = room.adjusted(px(12), 0, -px(12), 0)
        metrics = option.fontMetrics
        aside = entry.keys if can_be_done else entry.why or "not now"
        aside = f"{aside}  ✓" if entry.is_on else aside
        painter.setPen(QColor(text))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(right), aside)
        inner.adjust(0, 0, -metrics.horizontalAdvance(aside) - px(12), 0)
        elided = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), elided)


class CommandPalette(QFrame):
    """Lies over the window while it is open; the keyboard is enough for it.

    Args:
        window: Over which it lies.
        settings: Keeps what was used last.
        gather: Returns everything that can be done now.
    """

    def __init__(
        self, window: QWidget, settings: Settings, gather: Callable[[], Iterable[Entry]]
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._gather = window, settings, gather
        self._entries: list[Entry] = []
        self._focus: QWidget | None = None  # had the keyboard before
        self.setObjectName("command_palette")
        self.setAccessibleName("Commands")
        self.line = describe(
            QLineEdit(), "palette_line", "Find a command", "A few letters of it, in order."
        )
        self.line.setPlaceholderText("What do you want to do?")
        self.list = describe(QListView(), "palette_list", "Commands", "Enter does the chosen one.")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._model = _Entries(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Row(self.list))
        self._none = quiet_label("Nothing fits: type fewer letters.", name="palette_none")
        column = QVBoxLayout(self)
        self._column = filled(
            column, self.line, self.list, self._none, margins=(8, 8, 8, 8), spacing=6
        )
        self.line.textChanged.connect(self._on_text_changed)
        self.list.clicked.connect(self._on_clicked)
        self.line.installEventFilter(self)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._window.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._window.removeEventFilter(self)  # each of its events passes through here

    def open(self) -> None:
        """Show everything, what was used last first; once more closes it."""
        if self.isVisible():
            self.close_up()
            return
        self._focus = QApplication.focusWidget()
        self._entries = list(self._gather())
        self.line.clear()
        self._on_text_changed("")
        self.show()
        self._place()
        self.raise_()
        self.line.setFocus()

    def close_up(self) -> None:
        """Go away, and give the keyboard back."""
        if not self.isVisible():
            return
        self.hide()
        if self._focus is not None:
            self._focus.setFocus()
        self._focus = None
        self._entries = []
        self._model.show([])

    @property
    def shown(self) -> list[Entry]:
        """What is listed now, from above."""
        return list(self._model.entries)

    def _on_text_changed(self, typed: str) -> None:
        found = ranked(self._entries, typed, self._recent())[:MOST_SHOWN]
        self._model.show(found)
        self.list.setVisible(bool(found))
        self._none.setVisible(not found)
        if found:
            self.list.setCurrentIndex(self._model.index(0))
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        """Stand in the upper middle of the window, as high as what is listed."""
        window = self._window
        width = min(px(WIDTH), window.width() - px(16))
        row = self.list.sizeHintForRow(0) if self._model.entries else 0
        rows = min(len(self._model.entries), ROWS)
        self.list.setFixedHeight(max(rows * row + 2, 1))
        self._column.activate()
        top = min(px(70), window.height() // 8)
        height = min(self._column.sizeHint().height(), window.height() - top - px(8))
        self.setGeometry((window.width() - width) // 2, top, width, height)

    # ---- what was used last ----

    def _recent(self) -> list[str]:
        return [text for text in self._settings.text(RECENT).split("\n") if text]

    def _remember(self, entry: Entry) -> None:
        texts = [entry.text, *(text for text in self._recent() if text != entry.text)]
        self._settings.set_text(RECENT, "\n".join(texts[:MOST_RECENT]))

    # ---- choosing ----

    def _on_clicked(self, index: QModelIndex) -> None:
        self._run(index)

    def _run(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        entry = self._model.entries[index.row()]
        if entry.why is not None:
            return
        self._remember(entry)
        self.close_up()
        entry.run()

    def _move(self, rows: int) -> None:
        count = self._model.rowCount()
        if count:
            place = self.list.currentIndex().row() + rows
            if abs(rows) == 1:
                place %= count
            index = self._model.index(min(max(place, 0), count - 1))
            self.list.setCurrentIndex(index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            if self.isVisible():
                self._place()
        elif watched is self.line:
            if event.type() == QEvent.Type.FocusOut and self.isVisible():
                self.hide()
            elif isinstance(event, QKeyEvent):
                return self._on_key(event)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        is_ours = key in _MOVES or key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() == QEvent.Type.ShortcutOverride and is_ours:
            event.accept()  # no shortcut of the window's
            return True
        if event.type() != QEvent.Type.KeyPress or not is_ours:
            return False
        if key == Qt.Key.Key_Escape:
            self.close_up()
        elif key in _MOVES:
            self._move(_MOVES[key])
        else:
            self._run(self.list.currentIndex())
        return True
