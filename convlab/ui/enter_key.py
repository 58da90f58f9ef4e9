"""The Enter key presses the button that has the focus: Space plays or pauses everywhere."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton, QWidget


class EnterKey(QObject):
    """Shortcuts that are at work only while a button of the window has the focus.

    Args:
        window: Whose buttons are pressed.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        self._shortcuts = [QShortcut(QKeySequence(key), window) for key in keys]
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.activated.connect(self._press)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        for shortcut in self._shortcuts:
            shortcut.setEnabled(isinstance(now, QAbstractButton))

    def _press(self) -> None:
        button = QApplication.focusWidget()
        if isinstance(button, QToolButton) and button.menu() is not None:
            button.showMenu()
        elif isinstance(button, QAbstractButton):
            button.click()
