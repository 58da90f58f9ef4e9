"""The line edit that opens over a cell: numbers are typed alike wherever they are."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from convlab.engine.kernels import parse_number
from convlab.ui.numbers import show_number

WIDTH, HEIGHT = 72, 28  # at least [px]
ROWS = {
    Qt.Key.Key_Return: 0,
    Qt.Key.Key_Enter: 0,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
}
"""Keys that take the number, and by how many rows they go on; Enter goes on as one reads."""


class CellEditor(QLineEdit):
    """Takes one number.

    Enter and Tab take it and go on to the next cell, Shift+Tab to the one before, the arrows up and
    down to the cell there; what is rejected can be corrected. Leaving takes it if it is a number.
    Escape gives it up.

    Args:
        grid: Over whose cells it opens; the focus goes back to it.
        name: Object name.
        label: What is typed, for a screen reader.
        read_more: Raises ValueError for a text that is no number and nothing else that is taken.

    Signals:
        accepted: The number.
        text_accepted: What ``read_more`` takes.
        went_on: After that: by (cells as one reads, rows).
        rejected: One message why an input was not taken; empty when it is fine again.
    """

    accepted = Signal(float)
    text_accepted = Signal(str)
    went_on = Signal(int, int)
    rejected = Signal(str)

    def __init__(
        self,
        grid: QWidget,
        name: str,
        label: str = "Weight",
        read_more: Callable[[str], object] = parse_number,
    ) -> None:
        super().__init__(grid)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        self._grid = grid
        self._read_more = read_more
        self._limits = (-math.inf, math.inf)

    def open(
        self,
        cell: QRectF,
        text: str,
        selected: bool = True,
        limits: tuple[float, float] = (-math.inf, math.inf),
    ) -> None:
        """Show the editor over a cell.

        Args:
            cell: Where [px].
            text: What stands in it.
            selected: It is selected, so that typing replaces it; else the cursor is behind it.
            limits: The least and the largest number that is taken.
        """
        self.move_over(cell)
        self._limits = limits
        self.setText(text)
        self.show()
        self.setFocus()
        if selected:
            self.selectAll()
        else:
            self.end(False)

    def move_over(self, cell: QRectF) -> None:
        """Lie over a cell, wherever it is now, and within the grid."""
        width = max(int(cell.width()), WIDTH)
        middle = cell.center().toPoint()
        x = min(middle.x() - width // 2, self._grid.width() - width)
        y = min(middle.y() - HEIGHT // 2, self._grid.height() - HEIGHT)
        self.setGeometry(max(x, 0), max(y, 0), width, HEIGHT)

    def dismiss(self) -> None:
        """Close, whatever was typed."""
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._grid.setFocus()

    def finish(self) -> None:
        """Take what was typed, or say why not; nothing is lost without a word."""
        if self.isVisible() and not self._take():
            self.dismiss()

    def _take(self) -> bool:
        """Hand the number on; say why not and return False otherwise."""
        text = self.text()
        try:
            value = parse_number(text)
        except ValueError as error:
            return self._take_text(text, str(error))
        low, high = self._limits
        if not low <= value <= high:
            ends = f"{show_number(low)} to {show_number(high)}"
            self.rejected.emit(f"{show_number(value)} is out of range: write a number from {ends}")
            return False
        self.dismiss()
        self.rejected.emit("")
        self.accepted.emit(value)
        return True

    def _take_text(self, text: str, reason: str) -> bool:
        try:
            self._read_more(text)
        except ValueError:
            self.rejected.emit(reason)
            return False
        self.dismiss()
        self.text_accepted.emit(text)
        return True

    def _go_on(self, cells: int, rows: int) -> None:
        if self._take():
            self.went_on.emit(cells, rows)

    # ---- keyboard ----

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()  # the window has a use for it too
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = ROWS.get(Qt.Key(event.key()))
        if rows is not None:
            self._go_on(0 if rows else 1, rows)
        elif event.key() == Qt.Key.Key_Escape:
            self.rejected.emit("")
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next_: bool) -> bool:
        if not self.isVisible():  # Qt looks for who has the focus next
            return super().focusNextPrevChild(next_)
        self._go_on(1 if next_ else -1, 0)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.finish()
