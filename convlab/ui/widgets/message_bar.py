"""One sentence about what went wrong, where it went wrong; it never stops anybody."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from convlab.ui.widgets.forms import describe, quiet_label


class MessageBar(QFrame):
    """Shows a sentence until it is closed or taken back."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("message_bar")
        self.setAccessibleName("Message")
        self._label = quiet_label(role="warning")
        self._label.setObjectName(name)
        self._label.setWordWrap(True)
        close = describe(QToolButton(), f"{name}_close", "Close", "Hide this message.")
        close.setText("×")
        close.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 3, 4, 3)
        layout.addWidget(self._label, 1)
        layout.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown; empty when hidden."""
        return self._label.text()

    def show_message(self, text: str) -> None:
        """Show a sentence; an empty one hides the bar."""
        if text == self._label.text():
            return
        self._label.setText(text)
        self.setAccessibleDescription(text)
        self.setVisible(bool(text))

    def clear(self) -> None:
        """Hide the bar."""
        self.show_message("")
