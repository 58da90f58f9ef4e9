"""The line edit that opens over a cell of the kernel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

WIDTH, HEIGHT = 72, 28  # at least [px]
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CellEditor(QLineEdit):
    """Takes one number; Enter or leaving takes it, Escape gives it up.

    Signals:
        entered: Enter was pressed: the text.
        left: The keyboard's focus went elsewhere: the text.
        cancelled: Escape was pressed.
    """

    entered = Signal(str)
    left = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Weight")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def open(self, cell: QRectF, text: str, selected: bool) -> None:
        """Show the editor over a cell, its text selected or the cursor behind it."""
        width = max(int(cell.width()), WIDTH)
        corner = cell.center().toPoint()
        self.setGeometry(corner.x() - width // 2, corner.y() - HEIGHT // 2, width, HEIGHT)
        self.setText(text)
        self.show()
        self.setFocus()
        if selected:
            self.selectAll()
        else:
            self.end(False)

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()  # the window has a use for it too
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.entered.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isVisible() and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit(self.text())
