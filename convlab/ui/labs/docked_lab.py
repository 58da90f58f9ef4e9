"""What all labs share: panels that are moved, closed and put back."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QByteArray, Qt, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget


class Painter(Protocol):
    """A view with the signal ``painted``: what the last result brought is on the screen."""

    @property
    def painted(self) -> SignalInstance:
        """Without payload."""


class DockedLab(QMainWindow):
    """A lab whose widgets stand in docks; its object name is that of its stored layout."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWindowFlags(Qt.WindowType.Widget)
        self._proportioned = False
        self._bare_layout = QByteArray()

    def dock(self, name: str, title: str, widget: QWidget) -> QDockWidget:
        """Return a new panel, not yet placed."""
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(widget)
        return dock

    def keep_bare_layout(self) -> None:
        """Note where the panels stand at first; all have been placed."""
        self._bare_layout = self.saveState()

    @property
    def painter(self) -> Painter:
        """What says that a result is on the screen."""
        raise NotImplementedError

    def proportion(self) -> None:
        """Share the room among the panels; sizes are known only once the lab is shown."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._proportioned:
            self._proportioned = True
            self.proportion()

    def reset_layout(self) -> None:
        """Show all panels where they were at first."""
        self.restoreState(self._bare_layout)
        self._proportioned = True
        self.settle()
        self.proportion()

    def restore_layout(self, state: QByteArray) -> None:
        """Arrange the panels as they were left."""
        self._proportioned = self.restoreState(state)
        self.settle()

    def settle(self) -> None:
        """Hide panels that have nothing to show just now, whatever the layout says."""

    def restyle(self) -> None:
        """Give what paints itself the palette's colours."""
        raise NotImplementedError

    def unpin(self) -> None:
        """Let go of what is pinned, and pause what plays."""
        raise NotImplementedError

    def show_error(self, error: str | None) -> None:
        """Say why there is nothing new; the last good result stays."""
        raise NotImplementedError

    def stop(self) -> None:
        """End what runs beside the window."""

    def docks(self) -> list[QDockWidget]:
        """Return the panels, for the menu that shows and hides them."""
        return self.findChildren(QDockWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
