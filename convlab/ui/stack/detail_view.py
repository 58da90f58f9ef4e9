"""The detail of the selected map, which opens in the gap beside its layer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from convlab.document.stack.job import StackShown
from convlab.ui.stack.detail_tabs import DetailTabs
from convlab.ui.stack.filter_panel import FilterPanel
from convlab.ui.widgets.forms import as_panel, filled


class DetailView(QWidget):
    """Shows what comes into the selected map, what is done to it, and the map.

    It is made for a gap of the full height; whoever places it asks for ``wanted_width``.

    Signals:
        closed: The detail is to be closed.
    """

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("stack_detail")
        as_panel(self)
        self.filter = FilterPanel()
        self.details = DetailTabs()
        filled(QVBoxLayout(self), (self.filter, 1), (self.details, 1), margins=(0, 0, 0, 0))

    def show_result(self, shown: StackShown) -> None:
        """Show what belongs to the selected unit of a result."""
        self.details.show_result(shown)

    def wanted_width(self, height: int) -> int:
        """Return how wide the detail is at best in a gap of a height [px]."""
        return min(max(height, 420), 880)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
