"""What all labs share: panels that are moved, closed and put back."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from PySide6.QtCore import QByteArray, QSize, Qt, SignalInstance
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget


class Painter(Protocol):
    """A view with the signal ``painted``: what the last result brought is on the screen."""

    @property
    def painted(self) -> SignalInstance:
        """Without payload."""


class _Layout(NamedTuple):
    """Where panels stood, and in how large a lab."""

    size: QSize
    state: QByteArray


class DockedLab(QMainWindow):
    """A lab whose widgets stand in docks; its object name is that of its stored layout."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWindowFlags(Qt.WindowType.Widget)
        self._proportioned = False
        self._bare_layout = QByteArray()
        self._last_layout: _Layout | None = None  # of the last start, until it stands here

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
        self._place_panels()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._last_layout is not None and self.isVisible():
            self._place_panels()

    def _place_panels(self) -> None:
        """Place the panels as they were left, or as at first.

        Stored sizes hold for the size the lab had then: Qt would share any other out again, so they
        are taken once more when the lab gets that size, as in a window that is maximised late.
        """
        if self._last_layout is not None:
            size, state = self._last_layout
            self._proportioned = self.restoreState(state)
            self.settle()
            if size == self.size():
                self._last_layout = None
        if not self._proportioned:
            self._proportioned = True
            self.proportion()

    def reset_layout(self) -> None:
        """Show all panels where they were at first."""
        self._last_layout = None
        self.restoreState(self._bare_layout)
        self._proportioned = True
        self.settle()
        self.proportion()

    def layout_left(self) -> QByteArray | None:
        """Return how the panels stand, for the next start; None: nobody has seen them yet."""
        if not self._proportioned:
            return None
        size = self.size()
        return QByteArray(f"{size.width()}x{size.height()} ".encode()) + self.saveState()

    def restore_layout(self, left: QByteArray) -> None:
        """Arrange the panels as they were left, once the lab has its size."""
        words, _, state = bytes(left.data()).partition(b" ")
        width, _, height = words.partition(b"x")
        if width.isdigit() and height.isdigit():
            self._last_layout = _Layout(QSize(int(width), int(height)), QByteArray(state))
            self.painter.painted.connect(self._on_first_painted)

    def _on_first_painted(self) -> None:
        """What changes the lab's size from now on is a person."""
        self._last_layout = None
        self.painter.painted.disconnect(self._on_first_painted)

    def settle(self) -> None:
        """Hide panels that have nothing to show just now, whatever the layout says."""

    def unpin(self) -> None:
        """Let go of what is pinned, and pause what plays."""
        raise NotImplementedError

    def play_or_pause(self) -> bool:
        """Play or pause what is the lab's own; False if that is the source."""
        return False

    def show_error(self, error: str | None) -> None:
        """Say why there is nothing new; the last good result stays."""
        raise NotImplementedError

    def stop(self) -> None:
        """End what runs beside the window."""

    def docks(self) -> list[QDockWidget]:
        """Return the panels, for the menu that shows and hides them."""
        return self.findChildren(QDockWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
