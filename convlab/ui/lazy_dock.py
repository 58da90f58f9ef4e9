"""A panel beside a lab's page, closed at first; its content is made when it is opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget


class LazyDock(QDockWidget):
    """Opens on the right, in one place with the others of its kind.

    Args:
        lab: In which it stands.
        name: Its object name.
        title: What it is called in menus.
        short: What stands above it, and on its tab beside those of others.
        make: Returns its content, when it is first seen.
    """

    def __init__(
        self, lab: QMainWindow, name: str, title: str, short: str, make: Callable[[], QWidget]
    ) -> None:
        super().__init__(short, lab)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.toggleViewAction().setText(title)
        self._make: Callable[[], QWidget] | None = make
        self._lab = lab
        lab.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        if self._make is not None:
            make, self._make = self._make, None
            self.setWidget(make())
        self._join_others()
        super().showEvent(event)

    def _join_others(self) -> None:
        """Share the place of another of its kind: before there are two, there are no tabs."""
        mates = self._lab.tabifiedDockWidgets(self)
        for dock in self._lab.findChildren(LazyDock):
            if dock is not self and dock.isVisible() and not mates and not dock.isFloating():
                self._lab.tabifyDockWidget(dock, self)
                return

    def open(self) -> None:
        """Bring it to the front."""
        self.show()
        self.raise_()

    def toggle(self) -> None:
        """Open it, or close it."""
        if self.isVisible():
            self.close()
        else:
            self.open()
