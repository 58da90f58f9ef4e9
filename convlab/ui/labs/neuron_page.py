"""One neuron: its weights are dragged, and one that is negative inhibits."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout

from convlab.document.learning.neuron_view import NeuronShown
from convlab.runtime.session import Session
from convlab.ui.labs.learning_page import Page


class NeuronPage(Page):
    """Arranges the widgets, connects their intents, and shows documents and results."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "neuron")
        layout = QVBoxLayout(self)
        layout.addWidget(self.message)
        layout.addWidget(QLabel("A neuron"), 1)

    def show_result(self, shown: NeuronShown) -> None:
        """Paint the neuron."""
        del shown
        self.painted.emit()
