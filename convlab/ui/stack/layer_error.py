"""Why a layer does not fit, said beside its card, with what fixes it for a click."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from convlab.ui.stack.layer_list import LayerEntry
from convlab.ui.widgets.forms import as_panel, describe, filled, quiet_label, wrapped_label

WIDTH = 268  # [px]


class LayerError(QFrame):
    """Shows what is wrong with one layer.

    Signals:
        remedy_chosen: (uid, number).
    """

    remedy_chosen = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layer_error")
        self.setAccessibleName("What does not fit")
        as_panel(self)
        self.setFixedWidth(WIDTH)
        self._column = filled(QVBoxLayout(self), margins=(12, 8, 12, 10), spacing=5)
        self._entry: LayerEntry | None = None
        self.hide()

    @property
    def uid(self) -> int | None:
        """Of the layer that does not fit; None if all do."""
        return None if self._entry is None else self._entry.uid

    def show_entry(self, entry: LayerEntry | None) -> None:
        """Show what is wrong; None hides it."""
        if entry == self._entry:
            return
        self._entry = entry
        for part in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self.setVisible(entry is not None)
        if entry is None:
            return
        self._column.addWidget(quiet_label(entry.title, "title"))
        name = f"layer_{entry.uid}_error"
        self._column.addWidget(wrapped_label(name, entry.error, "warning"))
        for number, text in enumerate(entry.remedies):
            button = describe(
                QPushButton(text), f"remedy_{number}_button", "Remedy", f"{text}: then it fits."
            )
            button.setProperty("number", number)
            button.clicked.connect(self._on_remedy_clicked)
            self._column.addWidget(button)

    def wanted_height(self) -> int:
        """Return the height that the words need [px]."""
        return self._column.heightForWidth(WIDTH)

    def _on_remedy_clicked(self) -> None:
        sender = self.sender()
        if sender is not None and self._entry is not None:
            self.remedy_chosen.emit(self._entry.uid, int(sender.property("number")))
