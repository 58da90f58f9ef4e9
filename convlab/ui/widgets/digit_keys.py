"""Whether digits are typed into a cell, or choose a lab: both want the same keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

SIGNS = "+-−.,"
COMMAND_KEYS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
CHOOSING_KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_F2,
)
_TAB_REASONS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class DigitKeys(QObject):
    """Leaves digits to the window's shortcuts until a cell of a grid is chosen.

    A click, an arrow key or Enter chooses one; when Tab brings the focus none is chosen yet.

    Args:
        grid: Opens an editor for what ``begins`` a number.
        signs: What begins a number beside digits.
    """

    def __init__(self, grid: QWidget, signs: str = SIGNS) -> None:
        super().__init__(grid)
        self._signs = signs
        self._is_chosen = False
        grid.installEventFilter(self)

    def begins(self, event: QKeyEvent) -> bool:
        """Tell whether a key begins a number for the chosen cell."""
        if event.modifiers() & COMMAND_KEYS:
            return False
        text = event.text()
        is_number = len(text) == 1 and (text.isdigit() or text in self._signs)
        return is_number and self._is_chosen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._is_chosen = True
        elif isinstance(event, QFocusEvent) and kind == QEvent.Type.FocusIn:
            self._is_chosen &= event.reason() not in _TAB_REASONS
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            self._is_chosen |= Qt.Key(event.key()) in CHOOSING_KEYS
        is_override = kind == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self.begins(event):
            event.accept()  # the window's shortcuts do without it
            return True
        return False
