"""What all labs share: panels that are moved, closed and put back, and what the window asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

from convlab.document.document import Lab
from convlab.document.lab_part import LabViewing
from convlab.runtime.learning import LearningWorker
from convlab.runtime.session import Session
from convlab.runtime.thumbnails import Thumbnailer
from convlab.ui.drawing_dock import DrawingDock
from convlab.ui.file_desk import FileDesk
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.status_line import LabStatus

DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


@dataclass(frozen=True, slots=True, eq=False)
class LabServices:
    """What labs are given.

    Attributes:
        session: Takes their edits.
        desk: Has their files read and written.
        learning: Trains their network.
        thumbnails: Makes the small pictures of their lists.
    """

    session: Session
    desk: FileDesk
    learning: LearningWorker
    thumbnails: Thumbnailer


class _Layout(NamedTuple):
    """Where panels stood, and in how large a lab."""

    size: QSize
    state: QByteArray


class DockedLab(QMainWindow):
    """A lab whose widgets stand in docks; its object name is that of its stored layout.

    Args:
        session: Takes its edits.
        name: Which it is.

    Signals:
        painted: What the last result brought is on the screen.
        progressed: The Lab, and how far something is in it that goes on behind others.
        lab_wanted: The Lab that a person is sent to.
        value_pointed: What stands under the mouse, for the status bar; "" is nothing.
        file_answered: The path of a file of the lab's own, and whether it was read or written.
    """

    painted = Signal()
    progressed = Signal(object, str)
    lab_wanted = Signal(object)
    value_pointed = Signal(str)
    file_answered = Signal(str, bool)

    message: MessageBar
    """Says why there is nothing new to show."""

    layout_version = 0
    """Of the panels that the lab has: a layout of another version is left alone."""

    def __init__(self, session: Session, name: Lab) -> None:
        super().__init__()
        self._session = session
        self.name = name
        self.setObjectName(f"{name.value}_lab")
        self.setAccessibleName(f"{name.value.capitalize()} lab")
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
        self._bare_layout = self.saveState(self.layout_version)
        self.settle()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # Qt makes tabs for panels in one place
            for bar in self.findChildren(QTabBar, options=DIRECT):
                bar.setAccessibleName("Panels")
        return done

    def proportion(self) -> None:
        """Share the room among the panels; sizes are known only once the lab is shown."""

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
            self._proportioned = self.restoreState(state, self.layout_version)
            self.settle()
            if size == self.size():
                self._last_layout = None
        if not self._proportioned:
            self._proportioned = True
            self.proportion()

    def reset_layout(self) -> None:
        """Show all panels where they were at first."""
        self._last_layout = None
        self.restoreState(self._bare_layout, self.layout_version)
        self._proportioned = True
        self.settle()
        self.proportion()

    def follow_scale(self) -> None:
        """Share the room out again: there is another scale of the interface."""
        if self._proportioned:
            self.proportion()

    def show_lecture(self, is_on: bool) -> None:
        """Give what a room wants to see more space, or take it back."""

    def layout_left(self) -> QByteArray | None:
        """Return how the panels stand, for the next start; None: nobody has seen them yet."""
        if not self._proportioned:
            return None
        size = self.size()
        words = f"{size.width()}x{size.height()} "
        return QByteArray(words.encode()) + self.saveState(self.layout_version)

    def restore_layout(self, left: QByteArray) -> None:
        """Arrange the panels as they were left, once the lab has its size."""
        words, _, state = bytes(left.data()).partition(b" ")
        width, _, height = words.partition(b"x")
        if width.isdigit() and height.isdigit():
            self._last_layout = _Layout(QSize(int(width), int(height)), QByteArray(state))
            self.painted.connect(self._on_first_painted)

    def _on_first_painted(self) -> None:
        """What changes the lab's size from now on is a person."""
        self._last_layout = None
        self.painted.disconnect(self._on_first_painted)

    def settle(self) -> None:
        """Show a panel to draw on only while the picture is the drawing."""
        for dock in self.docks():
            if isinstance(dock, DrawingDock):
                dock.settle()

    def _look(self, **changes: object) -> None:
        """Look at something else in this lab."""
        viewing = self._session.viewing
        part = replace(viewing.part(self.name), **changes)  # type: ignore[type-var]
        self._session.look(viewing.with_part(self.name, part))

    def unpin(self) -> None:
        """Let go of what is pinned, and pause what plays."""
        raise NotImplementedError

    def hold(self) -> None:
        """Hold what is edited as A, to compare with it what it becomes."""
        self.message.show_message("Only the kernel lab and the stack lab can hold an A.")

    def play_or_pause(self) -> bool:
        """Play or pause what is the lab's own; False if that is the source."""
        return False

    def show_result(self, shown: Any) -> None:
        """Paint a result; its type is that of the lab's evaluator."""
        raise NotImplementedError

    def show_pages(self, pages: Any) -> None:
        """Show what was made beside the picture; its type is that of the page evaluator."""
        raise NotImplementedError

    def show_error(self, error: str | None) -> None:
        """Say why there is nothing new; the last good result stays."""
        self.message.report(error or "", "result")

    def status(self, shown: Any) -> LabStatus:
        """Return what the status bar says of a result."""
        rows, columns = shown.job.input_size
        time = f"{shown.timing.total:.1f} ms"
        return LabStatus(f"{columns} × {rows}", time, "What all the work took.")

    def read_named(self, paths: Mapping[str, str]) -> None:
        """Read the files that a project names and may open, by what the lab calls them."""

    def read_file(self, path: str) -> None:
        """Read a file with one of the endings that the lab declares."""
        raise NotImplementedError

    def receive(self) -> None:
        """Take the focus, if another lab has sent a person here."""

    def stop(self) -> None:
        """End what runs beside the window."""

    def docks(self) -> list[QDockWidget]:
        """Return the panels, for the menu that shows and hides them."""
        return self.findChildren(QDockWidget, options=DIRECT)

    def panel_actions(self) -> list[QAction]:
        """Return what opens and closes the lab's panels, for the menu and the palette."""
        return [dock.toggleViewAction() for dock in self.docks()]

    def open_panel(self, name: str) -> None:
        """Open one of the panels unless it is open, by the name of its dock."""
        for dock in self.docks():
            if dock.objectName() == name and dock.isHidden():
                dock.toggleViewAction().trigger()

    def page_actions(self) -> list[QAction]:
        """Return what opens pages that are not there until something is looked at."""
        return []

    def _look_at(self, part: LabViewing) -> None:
        """Look at something else in this lab, all of it."""
        self._session.look(self._session.viewing.with_part(self.name, part))
