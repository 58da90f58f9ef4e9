"""Panels stand in the next start as they were left in this one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget
from pytestqt.qtbot import QtBot

from convlab.app import create_window
from convlab.document.document import Document, Lab
from convlab.runtime.latest import Latest
from convlab.runtime.learning import LearningWorker
from convlab.runtime.session import Session
from convlab.runtime.thumbnails import Thumbnailer
from convlab.ui.docked_lab import DockedLab, LabServices
from convlab.ui.file_desk import FileDesk
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.signals.signal_lab import SignalLab
from convlab.ui.widgets.message_bar import MessageBar
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver

pytestmark = pytest.mark.display

SIZE = ("--size", "1440x900")
Sizes = dict[str, tuple[int, int]]


def sizes_in(lab: DockedLab) -> Sizes:
    """Return the size of every panel in sight."""
    return {
        dock.objectName(): (dock.width(), dock.height()) for dock in lab.docks() if dock.isVisible()
    }


def panels(user: Driver) -> Sizes:
    """Go through all labs and look at their panels."""
    sizes: Sizes = {}
    for lab in Lab:
        user.window.go_to(lab)
        QApplication.processEvents()
        sizes |= sizes_in(user.window.labs.lab(lab))
    return sizes


def test_two_starts_look_alike(open_window: OpenWindow) -> None:
    starts: list[Sizes] = []
    for _ in range(2):
        user = open_window("--source", "pattern:step", "--lab", "stack", *SIZE)
        starts.append(panels(user))
        user.close()
    assert starts[1] == starts[0]


def test_a_lab_that_nobody_has_seen_leaves_no_layout(qtbot: QtBot) -> None:
    bar = MessageBar("message")  # owns all: what the garbage collector ends may end in a thread
    qtbot.addWidget(bar)
    session, desk = Session(Document(), bar), FileDesk(bar, bar)
    thumbnailer = Thumbnailer(lambda: None, bar)
    learning = LearningWorker(Latest(), bar)
    lab = KernelLab(LabServices(session, desk, learning, thumbnailer))
    qtbot.addWidget(lab)
    assert lab.layout_left() is None
    lab.show()
    assert lab.layout_left() is not None
    desk.worker.stop()
    thumbnailer.stop()


def test_a_moved_edge_is_kept_in_a_window_that_grows_late(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    """A window manager maximises a window only after it was shown."""
    given = ("--source", "pattern:step", "--lab", "signal")
    first = open_window(*given, *SIZE)
    lab = first.window.labs.of(SignalLab)
    tabs = first.find(QDockWidget, "signal_tabs_dock")
    before = tabs.width()
    lab.resizeDocks([tabs], [before - 90], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    left = sizes_in(lab)
    assert left["signal_tabs_dock"][0] < before - 40
    first.close()

    window = create_window([*given, "--size", "1100x760"])
    qtbot.addWidget(window)
    window.show()
    assert sizes_in(window.labs.of(SignalLab)) != left
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: window.pump.frames_shown > 0)
    assert sizes_in(window.labs.of(SignalLab)) == left
    window.close()
